import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import MarkdownIt from 'markdown-it'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { gatherReport, type ReportRequest } from '../../../src/extension/reports/gather'
import { writeReport } from '../../../src/extension/reports/write'
import type { AcrossData } from '../../../src/shared/across/data'
import { acrossData } from '../../../src/shared/across/fromFrames'
import { statsOf } from '../../../src/shared/downsample'
import type { Curve, CurveQuery, RunAnswer, RunDetails, RunRef, Stats } from '../../../src/shared/protocol'
import { escapeMarkdown } from '../../../src/shared/markup'
import { reportHtml } from '../../../src/shared/reports/html'
import { chartFiles, reportMarkdown } from '../../../src/shared/reports/markdown'
import type { Report } from '../../../src/shared/reports/report'
import { RunFrameBuilder } from '../../../src/shared/runFrame'

interface MadeUp {
  readonly name?: string
  readonly params?: Record<string, string>
  readonly metrics?: Record<string, readonly number[]>
  readonly tags?: Record<string, string>
  readonly datasets?: readonly { readonly name: string; readonly digest: string }[]
}

/** As pages read many runs at once. */
function acrossOf(runs: readonly (readonly [runId: string, made: MadeUp])[]): AcrossData {
  const builder = new RunFrameBuilder()
  for (const [runId, { name = runId, params = {}, metrics = {}, tags = {}, datasets = [] }] of runs) {
    const row = builder.addRun({
      ...{ runId, experimentId: '1', runName: name, userId: 'ann', status: 'FINISHED' },
      ...{ startTime: 1000, endTime: 62_000, artifactUri: '', lifecycleStage: 'active' },
    })
    for (const [key, value] of Object.entries(params)) builder.setParam(row, key, value)
    for (const [key, value] of Object.entries(tags)) builder.setTag(row, key, value)
    for (const [key, values] of Object.entries(metrics)) builder.setMetric(row, key, values.at(-1) ?? NaN, 0, 0)
    for (const dataset of datasets)
      builder.addDataset(row, {
        dataset: { ...dataset, sourceType: '', source: '', schema: '', profile: '' },
        tags: new Map(),
      })
  }
  const frame = builder.build()
  return acrossData(
    frame.runIds().map((_, row) => ({ frame, row })),
    () => 'pricing',
  )
}

const hostile = '"><img src=x onerror=alert(1)>\n| `x` [a](javascript:b) </script></style>&\u0000\u202e'

function detailsOf(runId: string, { name = runId, params = {}, metrics = {} }: MadeUp): RunDetails {
  const keys = Object.keys(metrics)
  return {
    connection: { id: 'c', name: 'db', uri: 'sqlite:///db' },
    runId,
    name,
    experimentId: '1',
    experimentName: 'pricing',
    user: 'ann',
    status: 'FINISHED',
    deleted: false,
    mayEdit: true,
    mayDelete: true,
    startTime: 1000,
    endTime: 62_000,
    problem: null,
    artifactUri: '',
    parentRunId: null,
    metrics: {
      keys,
      values: Float64Array.from(keys, (key) => metrics[key]?.at(-1) ?? NaN),
      steps: Float64Array.from(keys, (key) => (metrics[key]?.length ?? 1) - 1),
      timestamps: new Float64Array(keys.length),
    },
    params: Object.entries(params),
    tags: [],
    datasets: [],
    modelOutputs: [],
  }
}

function answersOf(runs: Record<string, MadeUp>, asked: (query: CurveQuery) => void) {
  return {
    runs: (refs: readonly RunRef[]): Promise<RunAnswer[]> =>
      Promise.resolve(
        refs.map(({ runId }) => {
          const made = runs[runId]
          return made ? { run: detailsOf(runId, made) } : { problem: `no run ${runId}` }
        }),
      ),
    across: (refs: readonly RunRef[]) => Promise.resolve(acrossOf(refs.map(({ runId }) => [runId, runs[runId] ?? {}]))),
    stats: ({ runId }: RunRef, key: string): Promise<Stats> =>
      key === 'broken'
        ? Promise.reject(new Error('a torn file'))
        : Promise.resolve(statsOf(Float64Array.from(runs[runId]?.metrics?.[key] ?? []))),
    curve: (query: CurveQuery): Promise<Curve> => {
      const {
        run: { runId },
        key,
      } = query
      asked(query)
      const y = Float64Array.from(runs[runId]?.metrics?.[key] ?? [])
      if (key === 'broken') return Promise.reject(new Error('a torn file'))
      return Promise.resolve({
        x: y.map((_, index) => index),
        y,
        extent: [0, y.length - 1],
        total: y.length,
        inRange: y.length,
        reduced: false,
        sampled: false,
        ...{ raw: null, band: null, core: null, unplaced: 0, inSeconds: false },
        asOf: 0,
        refreshError: null,
      })
    },
  }
}

const gather = (
  runs: Record<string, MadeUp>,
  more: Partial<ReportRequest> = {},
  asked: (query: CurveQuery) => void = () => undefined,
): Promise<Report> =>
  gatherReport(
    answersOf(runs, asked),
    {
      runs: Object.keys(runs).map((runId) => ({ connection: 'c', runId })),
      beyond: 0,
      title: undefined,
      metrics: undefined,
      axis: 'step',
      aim: undefined,
      colorOf: () => 3,
      ...more,
    },
    new AbortController().signal,
  )

const two: Record<string, MadeUp> = {
  one: { params: { lr: '0.1', seed: '1' }, metrics: { loss: [1, 0.5, NaN], auc: [0.8] } },
  other: { params: { lr: '0.2', seed: '1' }, metrics: { loss: [2, 1, 0.25], broken: [1, 2] } },
}

describe('a report', () => {
  test('parts what differs from what does not, and charts what was logged over steps', async () => {
    const { title, groups, charts, leftOut, runs } = await gather(two)
    expect(title).toBe('one ↔ other')
    expect(runs.map(({ mark }) => mark.dash.length)).toEqual([0, 2]) // one colour, so two dashes
    expect(groups.map(({ heading, differing, same }) => [heading, differing.length, same.length])).toEqual([
      ['Parameters', 1, 1],
      ['Metrics (last values)', 3, 0],
    ])
    expect(groups[1]?.differing.find(({ key }) => key === 'auc')?.cells).toEqual([{ text: '0.8' }, undefined])
    expect(charts.map(({ key, curves, note }) => [key, curves.length, note])).toEqual([
      ['loss', 2, 'Step; 6 points; × marks NaN, ▲ and ▼ infinities'],
    ])
    expect(leftOut).toEqual(['broken of other: a torn file'])
  })

  test('says what is not in it', async () => {
    const metrics = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`m${n}`, [1, 2]]))
    const { leftOut, charts, title } = await gather(
      { a: { metrics, params: { p: 'x'.repeat(1000) } } },
      { beyond: 1200, runs: ['a', 'gone'].map((runId) => ({ connection: 'c', runId })) },
    )
    expect(title).toBe('a')
    expect(charts).toHaveLength(24)
    expect(leftOut.join('\n')).toMatch(/1,200 more runs[^]*gone: no run gone[^]*1 value is cut[^]*24 of 30 metrics/)
    await expect(gather({}, { runs: [{ connection: 'c', runId: 'gone' }] })).rejects.toThrow(/no run to report.*gone/)
    const named = await gather(two, { metrics: ['auc', 'nope'] })
    expect(named.charts.map(({ key }) => key)).toEqual(['auc'])
    expect(named.leftOut).toEqual(['Metric nope: no run has it.'])
  })

  test.each([
    [0.5, 1, '−50 %'],
    [1.125, 1, '+12.5 %'],
    [1.996, 1, '+99.6 %'],
    [-1, -2, '+50 %'],
    [5, 1, '+400 %'],
    [1, 0, undefined],
    [NaN, 1, undefined],
    [1, Infinity, undefined],
    [1, 1, undefined],
  ])('says that %d after %d is %s', async (value, before, text) => {
    const { groups } = await gather({ a: { metrics: { m: [before] } }, b: { metrics: { m: [value] } } })
    expect([...(groups[0]?.differing ?? []), ...(groups[0]?.same ?? [])][0]?.cells[1]?.change).toBe(text)
  })

  test('tells all digests of a dataset, and where the code ran', async () => {
    const tags = { 'mlflow.source.git.branch': 'main', 'mlflow.source.git.commit': 'abc' }
    const datasets = ['aaa', 'bbb'].map((digest) => ({ name: 'sales', digest }))
    const { groups } = await gather({ a: { datasets, tags }, b: { tags } })
    expect(groups.map(({ heading, differing, same }) => [heading, ...differing, ...same])).toEqual([
      ['Datasets', { key: 'sales', cells: [{ text: 'aaa, bbb' }, undefined] }],
      ['Environment', { key: 'Git branch', cells: [{ text: 'main' }, { text: 'main' }] }],
    ])
  })

  test('of more rows than it takes keeps those that differ', async () => {
    const params = (last: string) =>
      Object.fromEntries(Array.from({ length: 1200 }, (_, at) => [`p${at}`, at === 1199 ? last : '1']))
    const { groups, leftOut } = await gather({ a: { params: params('1') }, b: { params: params('2') } })
    expect(groups[0]?.differing.map(({ key }) => key)).toEqual(['p1199'])
    expect(groups[0]?.same).toHaveLength(999)
    expect(leftOut).toEqual(['Parameters: 1000 of 1,200 rows are in this report.'])
  })

  test('of 500 runs draws no more than can be told apart, in pieces that hold nothing up', async () => {
    const values = Array.from({ length: 1000 }, (_, step) => Math.sin(step))
    const metrics = { loss: values, auc: values, f1: values }
    const widths = new Set<number>()
    const runs = Object.fromEntries(Array.from({ length: 500 }, (_, run) => [`run${run}`, { metrics }]))
    const report = await gather(runs, {}, ({ width }) => widths.add(width))
    expect(report.charts.map(({ curves }) => curves.length)).toEqual([40, 40, 40])
    expect(report.charts[0]?.note).toContain('the first 40 of 500 runs are drawn')
    expect([...widths]).toEqual([150])
    const pieces = [...reportHtml(report)]
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1_000_000)
    expect(
      pieces
        .join('')
        .split('class="legend"')[1]
        ?.split('</p>')[0]
        ?.match(/<span>/g),
    ).toHaveLength(40)
  })

  test('tells which runs are best and what made them so, once it is told what is wanted', async () => {
    const runs = Object.fromEntries(
      Array.from({ length: 40 }, (_, run): [string, MadeUp] => [
        `run${run}`,
        {
          params: { lr: String(run), seed: String((run * 7) % 11), fixed: '1' },
          metrics: { loss: [run === 3 ? NaN : run] },
        },
      ]),
    )
    const report = await gather(runs, { aim: { metric: 'loss', direction: 'higher', counts: 'latest' } })
    const [best, importance] = report.lists
    expect(best?.head).toEqual(['Run', 'loss', 'lr', 'seed'])
    expect(best?.rows[0]).toEqual(['run39', '39', '39', '9'])
    expect(best?.notes).toEqual(['Higher is better', 'Last value', '39 of 40 runs have a finite value.'])
    expect(importance?.rows[0]?.slice(0, 2)).toEqual(['lr', '+1.00'])
    expect([...reportHtml(report)].join('')).toContain('<th scope="row">run39</th><td>39</td>')
    expect([...reportMarkdown(report, '')].join('')).toContain('| run39 | 39 | 39 | 9 |')
    const none = await gather(runs, { aim: { metric: 'nope', direction: 'lower', counts: 'latest' } })
    expect([none.lists, none.leftOut]).toEqual([[], ['No run has a finite value of nope.']])
  })

  test('judges runs by the best of all their values, where that is what counts', async () => {
    const runs: Record<string, MadeUp> = {
      late: { params: { lr: '1' }, metrics: { loss: [3, 2, 1] } },
      early: { params: { lr: '2' }, metrics: { loss: [3, 0.5, 2] } },
      other: { params: { lr: '3' } },
    }
    const { lists, leftOut } = await gather(runs, { aim: { metric: 'loss', direction: 'lower', counts: 'best' } })
    expect(lists[0]?.head[1]).toBe('loss (best)')
    expect(lists[0]?.rows.map((row) => row.slice(0, 2))).toEqual([['early', '0.5'], ['late', '1']]) // prettier-ignore
    expect(lists[0]?.notes).toEqual(['Lower is better', 'Best value', '2 of 3 runs have a finite value.'])
    expect(leftOut).toEqual([])
    const broken = { ...runs, torn: { metrics: { broken: [1] } } }
    const partly = await gather(broken, { aim: { metric: 'broken', direction: 'lower', counts: 'best' } })
    expect(partly.leftOut).toContain('broken of torn: a torn file')
  })

  test('as HTML runs no script and loads nothing, whatever names are', async () => {
    const report = await gather(
      { [hostile]: { name: hostile, params: { [hostile]: hostile }, metrics: { [hostile]: [1, NaN, 3] } } },
      { aim: { metric: hostile, direction: 'lower', counts: 'latest' } },
    )
    const html = [...reportHtml(report)].join('')
    expect(html).toContain("default-src 'none'")
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    // Tags are all ours, and so are their attributes.
    const tags = new Set([...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag))
    const ours = 'html head meta title style body main h1 h2 h3 p section div table thead tbody tr th td details summary figure figcaption svg rect path g text circle ul li span'.split(' ') // prettier-ignore
    expect([...tags].filter((tag) => !ours.includes(tag ?? ''))).toEqual([])
    expect(html.match(/<\/style>/g)).toHaveLength(1)
    expect(html.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<[^>]* on\w+=/)
  })

  test('as Markdown makes nothing of names but text', async () => {
    const report = await gather({
      a: { name: hostile, params: { [hostile]: hostile }, metrics: { [hostile]: [1, 2] } },
      b: { name: '# b', params: { [hostile]: '- x' }, metrics: { [hostile]: [3, Infinity] } },
    })
    const charts = [...chartFiles(report)]
    const text = [...reportMarkdown({ ...report, charts: report.charts.map((chart) => ({ ...chart, note: hostile })) }, 'charts')].join('') // prettier-ignore
    const html = new MarkdownIt({ html: true, linkify: true }).render(text)
    expect(html).not.toMatch(/<script|<img src="x|<a |<code>/)
    expect([...html.matchAll(/<img src="([^"]*)"/g)].map(([, src]) => src)).toEqual([`charts/${charts[0]?.name ?? ''}`])
    expect(html.match(/<table>/g)).toHaveLength(3)
    expect(html.match(/<h1>/g)).toHaveLength(1)
    for (const row of html.matchAll(/<tr>([^]*?)<\/tr>/g)) expect(row[1]?.match(/<t[hd]/g)).toHaveLength(3)
    expect(charts[0]?.name).toMatch(/^01-[a-z0-9-]+\.svg$/i)
    expect(charts[0]?.svg).not.toContain('<img')
  })
})

test.each([
  ['learning_rate', 'learning_rate'],
  ['2026-11-20 10:00', '2026-11-20 10:00'],
  ['# a', '\\# a'],
  ['- a', '\\- a'],
  ['1. a', '1\\. a'],
  ['_a_ *b* `c`', '\\_a\\_ \\*b\\* \\`c\\`'],
  ['https://a.b www.c.d', 'https\\://a.b www\\.c.d'],
  ['cost $x^2$', 'cost \\$x^2\\$'],
  ['a|b\n<b>&lt;', 'a\\|b \\<b\\>\\&lt;'],
])('in Markdown, %j is %j', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped)
  const shown = new MarkdownIt({ html: true, linkify: true }).renderInline(escaped)
  expect(shown).toBe(new MarkdownIt().utils.escapeHtml(text.replaceAll('\n', ' ')))
})

describe('on the disk', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-lens-report-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (report: Report, format: 'html' | 'markdown', target: string, overwrite = false): Promise<string[]> =>
    writeReport(report, format, target, overwrite, new AbortController().signal)

  const linkedIn = (markdown: string): string[] =>
    [...readFileSync(markdown, 'utf8').matchAll(/\]\(([^)]+)\)/g)].map(([, link]) =>
      path.join(path.dirname(markdown), decodeURIComponent(link ?? '')),
    )

  test('HTML is one file, Markdown has its charts beside it, and neither replaces what is there unasked', async () => {
    const report = await gather(two)
    const html = path.join(folder, 'new', 'r.html')
    expect(await write(report, 'html', html)).toEqual([html])
    expect(readdirSync(path.dirname(html))).toEqual(['r.html'])
    const markdown = path.join(folder, 'my report (1).md')
    const files = await write(report, 'markdown', markdown)
    expect(files).toEqual([markdown, ...linkedIn(markdown)])
    expect(linkedIn(markdown)).toHaveLength(1)
    writeFileSync(markdown, 'mine')
    await expect(write(report, 'markdown', markdown)).rejects.toThrow(/there already/)
    expect(readFileSync(markdown, 'utf8')).toBe('mine')
    await write(report, 'markdown', markdown, true)
    expect(readFileSync(markdown, 'utf8')).toContain('one ↔ other')
  })

  test('charts replace those of the same report only', async () => {
    const report = await gather(two)
    const notes = path.join(folder, 'notes.md')
    mkdirSync(path.join(folder, 'notes-charts'))
    writeFileSync(path.join(folder, 'notes-charts', '01-loss.svg'), 'mine')
    writeFileSync(notes, 'see ![](notes-charts/other.svg)')
    const [, chart = ''] = await write(report, 'markdown', notes, true)
    expect(path.relative(folder, chart)).toBe(path.join('notes-charts-2', '01-loss.svg'))
    expect(readFileSync(path.join(folder, 'notes-charts', '01-loss.svg'), 'utf8')).toBe('mine')
    expect(await write(report, 'markdown', notes, true)).toEqual([notes, chart]) // its own
    const names = ['比較.md', '実験.md', '!.md', '?.md'].map((name) => path.join(folder, name))
    const charts: string[] = []
    for (const name of names) {
      const files = await write(report, 'markdown', name)
      expect(files).toEqual([name, ...linkedIn(name)])
      charts.push(...files.slice(1).map((file) => path.basename(path.dirname(file))))
    }
    expect(charts).toEqual(['比較-charts', '実験-charts', 'report-charts', 'report-charts-2'])
  })

  test('a cancelled report leaves nothing', async () => {
    const report = await gather(two)
    for (const format of ['html', 'markdown'] as const)
      await expect(
        writeReport(report, format, path.join(folder, 'r'), false, AbortSignal.abort(new Error('cancelled'))),
      ).rejects.toThrow()
    expect(readdirSync(folder)).toEqual([])
  })
})
