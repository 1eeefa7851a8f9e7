import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import {
  escaped,
  hoverCommands,
  metricHover,
  paramHover,
  type HoverFacts,
} from '../../../src/extension/editor/hoverText'
import { metricFacts } from '../../../src/extension/editor/metricFacts'
import { chart, sparkline, ticks } from '../../../src/extension/editor/pictures'
import { allRows, frameOf } from './runs'

function hover(runs: Parameters<typeof frameOf>[0], more: Partial<HoverFacts> = {}): string {
  const frame = frameOf(runs)
  const by = { reference: 'last', directionOf: () => undefined, productionOf: () => undefined } as const
  const [key = ''] = frame.metricKeys
  const facts = metricFacts({ frame, rows: allRows(frame) }, key, by, 20)
  if (!facts) throw new Error('no run has the metric')
  const curve = { x: [0, 1, 2], y: [3, 2, 1] }
  return metricHover(
    {
      ...{ connection: 'c', experimentId: '1', experimentName: 'exp', file: 'file:///a.py', isAll: false },
      ...{ rule: { by: 'code', line: 4 }, reference: 'last', facts, curve, otherCurve: curve, isOverRuns: false },
      hasCode: false,
      ...more,
    },
    'dark',
    10_000,
  )
}

/** VS Code shows pictures that are data. */
const reader = new MarkdownIt()
reader.validateLink = () => true
const html = (markdown: string): string => reader.render(markdown)

describe('a hover', () => {
  const runs = { new: { metrics: { 'val/loss': 1 } }, old: { metrics: { 'val/loss': 2 } } }

  test('has a chart with words for it, a table and links', () => {
    const text = html(hover(runs))
    expect(text).toContain('alt="Chart of val/loss in the run new up to step 9: between 1 and 3, now 1"')
    expect(text).toContain('src="data:image/svg+xml;base64,')
    expect(text.match(/<tr>/g)).toHaveLength(3)
    expect(text).toContain('−50 % against old (2).')
    expect(text).toContain('The experiment is the one that line 5 sets.')
    expect(text).not.toContain('command:mlflow.openRunCode')
    const withCode = html(hover(runs, { hasCode: true }))
    const commands = [...withCode.matchAll(/href="command:([\w.]+)\?/g)].map((match) => match[1])
    expect(new Set(commands)).toEqual(new Set(hoverCommands))
  })

  test('options of links are what the commands take', () => {
    const [, query = ''] = /href="command:mlflow.openRun\?([^"]+)"/.exec(html(hover(runs))) ?? []
    expect(JSON.parse(decodeURIComponent(query))).toEqual([{ connection: 'c', runId: 'new', name: 'new' }])
  })

  test('names of anybody can neither draw nor link', () => {
    const evil = '](command:evil) | <img src=x> **b** `c` ![i](http://x)\n# h'
    const text = html(
      hover({ [evil]: { metrics: { [evil]: 1 } }, b: { metrics: { [evil]: 2 } } }, { experimentName: evil }),
    )
    expect(text).not.toMatch(/command:evil"|<img src=x|<strong>b|<code>|src="http|<h1>/)
    expect(text.match(/<tr>/g)).toHaveLength(3)
  })

  test('of a metric without steps says that it is drawn over time, and labels that', () => {
    const curve = { x: [0, 3_600_000, 7_200_000], y: [3, 2, 1], over: 'time' } as const
    const text = html(hover(runs, { curve, otherCurve: { x: [0, 1], y: [2, 3] } }))
    expect(text).toContain('new · over time: all of it is logged at step 9')
    expect(text).toContain('alt="Chart of val/loss in the run new over 2 h: between 1 and 3, now 1"')
    const picture = chart([curve], 'dark') ?? ''
    expect([...picture.matchAll(/middle">([^<]+)</g)].map((match) => match[1])).toEqual(['0 s', '30 min', '1 h', '1 h 30 min', '2 h']) // prettier-ignore
  })

  test('of values without steps and times says that they are in the order of logging', () => {
    const curve = { x: [1, 2, 3], y: [3, 2, 1], over: 'order' } as const
    const text = html(hover(runs, { curve }))
    expect(text).toContain('new · in the order of logging: all of it is logged at step 9 in one millisecond')
    expect(text).toContain('alt="Chart of val/loss in the run new in the order of logging: between 1 and 3, now 1"')
    const picture = chart([curve], 'dark') ?? ''
    expect([...picture.matchAll(/middle">([^<]+)</g)].map((match) => match[1])).toEqual(['1', '2', '3'])
  })

  test('of a training that has begun draws its first value before the curve of the run before', () => {
    const text = html(hover(runs, { curve: { x: [0], y: [3] }, otherCurve: { x: [0, 1], y: [2, 1] } }))
    expect(text).toContain('new, dashed old')
    expect(text).toContain('src="data:image/svg+xml;base64,')
  })

  test('says why nothing is compared', () => {
    const alone = { new: { metrics: { 'val/loss': 1 } } }
    const frame = frameOf(alone)
    const inProduction = { value: 1, step: 9, timestamp: 1500, runId: 'new', runName: 'new', isRunning: false }
    const by = { reference: 'production', directionOf: () => undefined, productionOf: () => inProduction } as const
    const facts = metricFacts({ frame, rows: [0] }, 'val/loss', by, 20)
    if (!facts) throw new Error('no run has the metric')
    expect(hover(alone, { reference: 'production', facts })).toContain('This run is the one in Production')
    expect(hover(alone, { reference: 'production' })).toContain('is known to be in Production')
  })

  test('of a parameter has the last values', () => {
    const frame = frameOf({ a: { params: { lr: '0.1|2' } }, b: {}, c: { params: { lr: '0.3' } } })
    const subject = { connection: 'c', experimentId: '1', experimentName: 'exp', file: 'f', isAll: true } as const
    const text = html(paramHover({ ...subject, rule: { by: 'choice' } }, 'lr', { frame, rows: allRows(frame) }))
    expect(text.match(/<tr>/g)).toHaveLength(3)
    expect(text).toContain('0.1|2')
    expect(text).toContain('All runs of “exp”. You chose the experiment.')
  })

  test('makes no links of addresses', () => {
    const addresses = 'https://evil.example/x ftp://a.b www.evil.example mailto:a@evil.example'
    expect(escaped(addresses)).not.toMatch(/\w:\/\/|www\.|mailto:|@\w+\./)
  })

  test('escapes nothing away', () => {
    const written = 'a_b*c [d](e) <f> | g & #h `i` \\j k:l'
    expect(
      html(escaped(written))
        .replace(/<[^>]+>/g, '')
        .trim(),
    ).toBe(written.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;'))
  })
})

describe('pictures', () => {
  test('leave gaps where there is no number', () => {
    const picture = sparkline({ x: [0, 1, 2, 3, 4, 5], y: [1, 2, NaN, Infinity, 1, Number.MAX_VALUE] }, 'dark') ?? ''
    expect(/d="([^"]+)"/.exec(picture)?.[1]?.match(/M/g)).toHaveLength(2)
    expect(picture).not.toMatch(/NaN|Infinity/)
  })

  test('draw nothing of less than two points', () => {
    expect(sparkline({ x: [0], y: [1] }, 'light')).toBeUndefined()
    expect(sparkline({ x: [0, 1], y: [NaN, 1] }, 'light')).toBeUndefined()
    expect(sparkline({ x: [0, 0], y: [2, 1] }, 'light')).toBeUndefined()
    expect(chart([{ x: [], y: [] }], 'light')).toBeUndefined()
  })

  test('take values of any size', () => {
    for (const y of [
      [5, 5],
      [0, 1.7e308, -1.7e308],
      [1e-300, 2e-300],
      [1e15, 1e15 + 1],
    ])
      expect(chart([{ x: y.map((_, at) => at), y }], 'highContrastDark')).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('ticks are round numbers in the range', () => {
    expect(ticks(0, 1, 4)).toEqual([0, 0.5, 1])
    expect(ticks(0.0163, 0.0379, 3)).toEqual([0.02, 0.03])
    expect(ticks(3, 3, 3)).toEqual([3])
  })
})
