import { expect, test } from 'vitest'
import { chartSubject, emptySubject } from '../../../src/extension/editor/chartSubject'
import type { CompareBy } from '../../../src/extension/editor/metricFacts'
import { besideWebviewHalf } from '../../../src/shared/besideProtocol'
import * as v from 'valibot'
import { allRows, frameOf } from './runs'

const setting = { file: 'train.py', pinned: false, count: 5, epoch: 0 } as const

function subject(runs: Parameters<typeof frameOf>[0], by: Partial<CompareBy> = {}, metric = 'loss') {
  const frame = frameOf(runs)
  const known = {
    runs: { frame, rows: allRows(frame) },
    by: { reference: 'last', directionOf: () => undefined, productionOf: () => undefined, ...by },
    primaryMetric: undefined,
    curveOf: () => undefined,
    versionsOf: () => undefined,
  } as const
  const shown = {
    connection: 'c',
    metric,
    metrics: ['loss', 'lift'],
    known,
    problem: '',
    why: 'why',
    mayReadCode: true,
  }
  return chartSubject(setting, shown, () => 3)
}

const sevenRuns = Object.fromEntries(
  ['g', 'f', 'e', 'd', 'c', 'b', 'a'].map((id, at) => [id, { metrics: { loss: id === 'a' ? 0.5 : 1 + at } }]),
)

test('the latest runs with their latest values, and the reference among them', () => {
  const { runs, values, total, comparison, metrics } = subject(sevenRuns)
  expect(runs.map(({ runId, isReference }) => [runId, isReference])).toEqual([
    ['g', false],
    ['f', true],
    ['e', false],
    ['d', false],
    ['c', false],
  ])
  expect([...values]).toEqual([1, 2, 3, 4, 5])
  expect(total).toBe(7)
  expect(comparison).toBe('−50 % against f (2).')
  expect(metrics).toEqual(['loss', 'lift'])
})

test('a reference that is older comes last', () => {
  const { runs, comparison } = subject(sevenRuns, { reference: 'best', directionOf: () => 'lower' })
  expect(runs.map(({ runId }) => runId)).toEqual(['g', 'f', 'e', 'd', 'c', 'a'])
  expect(runs.at(-1)?.isReference).toBe(true)
  expect(comparison).toBe('+100 % against a (0.5). That is worse.')
})

test('numbers that are none cross as they are', () => {
  const { values } = subject({ a: { metrics: { loss: NaN } }, b: { metrics: { loss: Infinity } } })
  expect([...values]).toEqual([NaN, Infinity])
})

test('a metric that no run has is said to be the one meant', () => {
  const { runs, metric, metrics, total } = subject({ a: { metrics: { loss: 1 } } }, {}, 'new')
  expect([runs, metric, metrics, total]).toEqual([[], 'new', ['new', 'loss', 'lift'], 0])
})

test('what is sent is what the page understands', () => {
  const { notifications } = besideWebviewHalf
  for (const one of [subject(sevenRuns), emptySubject(setting, 'failed', 'loss', 'gone')])
    expect(v.is(notifications.subject, { subject: one, uri: 'file:///train.py' })).toBe(true)
})
