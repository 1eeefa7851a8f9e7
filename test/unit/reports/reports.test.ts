import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import MarkdownIt from 'markdown-it'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { gatherReport, type ReportRequest } from '../../../src/extension/reports/gather'
import { writeReport } from '../../../src/extension/reports/write'
import type { Curve, CurveQuery, RunAnswer, RunDetails, RunRef } from '../../../src/shared/protocol'
import { escapeMarkdown } from '../../../src/shared/markup'
import { reportHtml } from '../../../src/shared/reports/html'
import { reportMarkdown } from '../../../src/shared/reports/markdown'
import { changeText, type Report } from '../../../src/shared/reports/report'

interface MadeUp {
  readonly name?: string
  readonly params?: Record<string, string>
  readonly metrics?: Record<string, readonly number[]>
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

function answersOf(runs: Record<string, MadeUp>) {
  return {
    runs: (refs: readonly RunRef[]): Promise<RunAnswer[]> =>
      Promise.resolve(
        refs.map(({ runId }) => {
          const made = runs[runId]
          return made ? { run: detailsOf(runId, made) } : { problem: `no run ${runId}` }
        }),
      ),
    curve: ({ run: { runId }, key }: CurveQuery): Promise<Curve> => {
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

const gather = (runs: Record<string, MadeUp>, more: Partial<ReportRequest> = {}): Promise<Report> =>
  gatherReport(
    answersOf(runs),
    {
      runs: Object.keys(runs).map((runId) => ({ connection: 'c', runId })),
      beyond: 0,
      title: undefined,
      metrics: undefined,
      axis: 'step',
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
    [1.234, 1, '+23 %'],
    [-1, -2, '+50 %'],
    [5, 1, '+400 %'],
    [1, 0, undefined],
    [NaN, 1, undefined],
    [1, Infinity, undefined],
    [1e9, 1e-9, '+1.0e+20 %'],
    [1, 1, undefined],
  ])('%d after %d is %s', (value, before, text) => expect(changeText(value, before)).toBe(text))

  test('as HTML runs no script and loads nothing, whatever names are', async () => {
    const html = reportHtml(
      await gather({
        [hostile]: { name: hostile, params: { [hostile]: hostile }, metrics: { [hostile]: [1, NaN, 3] } },
      }),
    )
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
    const { text, charts } = reportMarkdown(report, 'charts')
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

  test('HTML is one file, Markdown has its charts beside it, and neither replaces what is there unasked', async () => {
    const report = await gather(two)
    const html = path.join(folder, 'new', 'r.html')
    expect(await writeReport(report, 'html', html, false)).toEqual([html])
    expect(readdirSync(path.dirname(html))).toEqual(['r.html'])
    const markdown = path.join(folder, 'my report (1).md')
    const files = await writeReport(report, 'markdown', markdown, false)
    const linked = [...readFileSync(markdown, 'utf8').matchAll(/\]\(([^)]+)\)/g)].map(([, link]) =>
      path.join(folder, link ?? ''),
    )
    expect(files).toEqual([markdown, ...linked])
    expect(linked).toHaveLength(1)
    writeFileSync(markdown, 'mine')
    await expect(writeReport(report, 'markdown', markdown, false)).rejects.toThrow(/there already/)
    expect(readFileSync(markdown, 'utf8')).toBe('mine')
    await writeReport(report, 'markdown', markdown, true)
    expect(readFileSync(markdown, 'utf8')).toContain('one ↔ other')
  })
})
