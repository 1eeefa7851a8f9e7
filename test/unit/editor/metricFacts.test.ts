import { expect, test } from 'vitest'
import { curveOf, metricText } from '../../../src/extension/editor/lineNotes'
import {
  bestRow,
  isMarked,
  isOverRuns,
  metricFacts,
  type CompareBy,
  type Direction,
  type MetricFacts,
} from '../../../src/extension/editor/metricFacts'
import type { Curve } from '../../../src/extension/editor/pictures'
import { allRows, frameOf } from './runs'

/** What databases hold instead of infinity. */
const greatest = Number.MAX_VALUE

function factsOf(runs: Parameters<typeof frameOf>[0], by: Partial<CompareBy> = {}): MetricFacts {
  const frame = frameOf(runs)
  const found = metricFacts(
    { frame, rows: allRows(frame) },
    'k',
    { reference: 'last', directionOf: () => 'lower', productionOf: () => undefined, ...by },
    20,
  )
  if (!found) throw new Error('no run has the metric')
  return found
}

const after = (now: number, before: number, direction: Direction = 'lower'): [string, boolean | undefined] => {
  const facts = factsOf(
    { now: { metrics: { k: now } }, a: { metrics: { k: before } } },
    { directionOf: () => direction },
  )
  expect(isMarked(facts, 5)).toBe(facts.comparison?.isWorse === true)
  return [metricText(facts), facts.comparison?.isWorse]
}

test('an infinity from a database is compared as one', () => {
  for (const infinity of [Infinity, greatest]) {
    expect(after(1, infinity)).toEqual(['1 · was ∞ vs a', false])
    expect(after(infinity, 1)).toEqual(['∞ · was 1 vs a', true])
    expect(after(-infinity, 1)).toEqual(['−∞ · was 1 vs a', false])
    expect(after(infinity, infinity)).toEqual(['∞ · ±0 vs a', false])
    expect(after(infinity, -infinity, 'higher')).toEqual(['∞ · was −∞ vs a', false])
  }
  expect(after(Infinity, greatest)).toEqual(['∞ · ±0 vs a', false])
})

test('what was no number before is neither better nor worse now', () => {
  expect(after(NaN, NaN)).toEqual(['NaN · was NaN vs a', undefined])
  expect(after(1, NaN)).toEqual(['1 · was NaN vs a', undefined])
  expect(after(NaN, 1)).toEqual(['NaN · was 1 vs a', true])
})

test('great per cents are written as great numbers are', () => {
  expect(after(1e12, 1e-10)[0]).toBe('1e12 · +1e24 % vs a')
  expect(after(-1e12, 1e-10)[0]).toBe('−1e12 · −1e24 % vs a')
  expect(after(300, 1)[0]).toBe('300 · +29900 % vs a')
})

test('a run under way is not the best one yet', () => {
  const runs = {
    now: { metrics: { k: 3 } },
    running: { status: 'RUNNING', metrics: { k: 0.1 } },
    a: { metrics: { k: 2 } },
  } as const
  expect(factsOf(runs, { reference: 'best' }).comparison?.with.runName).toBe('a')
  const frame = frameOf(runs)
  expect(bestRow({ frame, rows: allRows(frame) }, 'k', 'lower')).toBe(2)
})

test('the run in Production is not compared with itself', () => {
  const inProduction = { value: 2, step: 1, timestamp: 1, runId: 'now', runName: 'now', isRunning: false }
  const runs = { now: { metrics: { k: 2 } }, a: { metrics: { k: 3 } } }
  const by = { reference: 'production', productionOf: () => inProduction } as const
  expect(factsOf(runs, by)).toMatchObject({ comparison: undefined, isReference: true })
  expect(factsOf(runs, { reference: 'production' })).toMatchObject({ comparison: undefined, isReference: false })
})

test('the first value of a training is not drawn over runs that have many', () => {
  const curves: Record<string, Curve> = { now: { x: [0], y: [3] }, a: { x: [0, 1], y: [2, 1] } }
  const read = (runId: string): Curve | undefined => curves[runId]
  const facts = (status: 'RUNNING' | 'FINISHED'): MetricFacts =>
    factsOf({ now: { status, metrics: { k: 3 } }, a: { metrics: { k: 1 } } })
  expect(isOverRuns(facts('RUNNING'), read)).toBe(false)
  expect(curveOf(facts('RUNNING'), read)).toBe(curves.now)
  curves.a = { x: [0], y: [1] }
  expect(isOverRuns(facts('RUNNING'), read)).toBe(true)
  expect(curveOf(facts('RUNNING'), read)?.y).toEqual([1, 3])
  delete curves.a
  expect(curveOf(facts('RUNNING'), read)).toBeUndefined()
  expect(isOverRuns(facts('FINISHED'), read)).toBe(true)
})
