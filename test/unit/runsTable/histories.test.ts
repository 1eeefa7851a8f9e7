import { describe, expect, it } from 'vitest'
import { extremesOf, reduced } from '../../../src/extension/panels/runsTable/histories'

describe('of a history', () => {
  const of = (...values: number[]) => extremesOf({ values: Float64Array.from(values) })

  it.each([
    [[3, NaN, 1, 2], { first: 3, min: 1, max: 3 }],
    [[NaN, NaN], { first: NaN, min: NaN, max: NaN }],
    [[NaN, -Infinity, 5], { first: NaN, min: -Infinity, max: 5 }],
    [[Number.MAX_VALUE, 0], { first: Infinity, min: 0, max: Infinity }],
  ])('%j the ends are known', (values, expected) => expect(of(...values)).toEqual(expected))

  it('that is empty nothing is', () => expect(of()).toBeUndefined())

  it('a short one is drawn as it is, a long one with its spikes', () => {
    const series = (values: number[]) => ({
      runId: 'r',
      key: 'k',
      steps: Float64Array.from(values.keys()),
      values: Float64Array.from(values),
      timestamps: new Float64Array(values.length),
    })
    expect(reduced(series([1, NaN, 3]), 10)).toEqual(Float64Array.of(1, NaN, 3))
    const long = Array.from({ length: 10_000 }, (_, at) => (at === 5000 ? 99 : 1))
    const line = reduced(series(long), 60)
    expect(line.length).toBeLessThanOrEqual(60)
    expect(Math.max(...line)).toBe(99)
  })
})
