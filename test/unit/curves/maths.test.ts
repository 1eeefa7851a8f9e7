import { describe, expect, it } from 'vitest'
import { joinedByStep, positive } from '../../../src/shared/curves/against'
import { BandBuilder, Joiner } from '../../../src/shared/curves/bands'
import { coreOf } from '../../../src/shared/curves/core'
import { smoothed } from '../../../src/shared/curves/smooth'
import { downsample, type Points } from '../../../src/shared/downsample'

const points = (x: readonly number[], y: readonly number[]): Points => ({
  x: Float64Array.from(x),
  y: Float64Array.from(y),
})
const evenly = (length: number, valueOf: (index: number) => number): Points =>
  points(
    Array.from({ length }, (_, index) => index),
    Array.from({ length }, (_, index) => valueOf(index)),
  )

describe('smoothing', () => {
  /** As TensorBoard smooths: an exponential average, divided by the weights so far. */
  function debiased(values: readonly number[], strength: number): number[] {
    let last = 0
    return values.map((value, index) => {
      last = last * strength + (1 - strength) * value
      return last / (1 - strength ** (index + 1))
    })
  }

  it('of evenly spaced points is TensorBoard’s', () => {
    const values = [5, 1, 4, 4, 9, -2, 0, 3]
    const found = smoothed(
      evenly(8, (index) => values[index] ?? 0),
      0.6,
    )
    expect([...found]).toEqual(debiased(values, 0.6).map((value) => expect.closeTo(value, 10) as number))
  })

  it('is nothing at strength 0', () => {
    const series = evenly(4, (index) => index ** 2)
    expect(smoothed(series, 0)).toBe(series.y)
  })

  it('weighs by distance: after a long pause what was before counts for little', () => {
    const close = smoothed(points([0, 1, 2, 100], [0, 0, 10, 10]), 0.9)
    const far = smoothed(points([0, 1, 99, 100], [0, 0, 10, 10]), 0.9)
    expect(far[2]).toBeGreaterThan(close[2] ?? NaN)
  })

  it('covers as much of a long series as of one of a thousand points', () => {
    const step = (length: number): number => {
      const y = smoothed(
        evenly(length, (index) => (index < length / 2 ? 0 : 1)),
        0.9,
      )
      return y[Math.floor(length * 0.51)] ?? NaN
    }
    expect(step(200_000)).toBeCloseTo(step(1001), 1)
  })

  it('keeps NaN and infinities where they are, and lets them count for nothing', () => {
    const found = smoothed(points([0, 1, 2, 3], [2, NaN, Infinity, 2]), 0.5)
    expect([...found]).toEqual([2, NaN, Infinity, 2])
  })

  it('takes repeated x, a single point, nothing, and the greatest values', () => {
    expect([...smoothed(points([3, 3, 3], [1, 2, 6]), 0.9)]).toEqual([1, 1.5, 3])
    expect([...smoothed(points([7], [4]), 0.9)]).toEqual([4])
    expect(smoothed(points([], []), 0.9)).toHaveLength(0)
    expect(
      smoothed(
        evenly(50, () => 1.7e308),
        0.99,
      ).every((value) => value > 1.69e308 && value < Infinity),
    ).toBe(true)
  })
})

describe('one metric against another', () => {
  it('joins by step, takes the last of repeated steps, and counts what has no x', () => {
    const y = points([0, 1, 1, 2, 5], [10, 11, 12, 13, 14])
    const x = points([0, 1, 1, 3, 5], [0.5, 9, 0.1, 7, NaN])
    const { points: joined, unplaced } = joinedByStep(y, x)
    expect([...joined.x]).toEqual([0.1, 0.1, 0.5])
    expect([...joined.y]).toEqual([11, 12, 10])
    expect(unplaced).toBe(2)
  })

  it('takes negative steps, and nothing', () => {
    expect([...joinedByStep(points([-5, -1], [1, 2]), points([-5, -1], [3, 4])).points.x]).toEqual([3, 4])
    expect(joinedByStep(points([1], [1]), points([], []))).toMatchObject({ unplaced: 1 })
  })

  it('of a logarithmic axis keeps what is above zero', () => {
    expect([...positive(points([-2, 0, 0.5, 3], [1, 2, 3, 4])).y]).toEqual([3, 4])
  })
})

describe('the core of values', () => {
  it('is from the 5th to the 95th percentile, of finite values in range', () => {
    expect(
      coreOf(
        evenly(101, (index) => index),
        0,
        100,
        'finite',
      ),
    ).toEqual([5, 95])
    expect(coreOf(points([0, 1, 2, 9], [1, NaN, Infinity, 1e9]), 0, 5, 'finite')).toEqual([1, 1])
    expect(
      coreOf(
        evenly(3, () => NaN),
        0,
        5,
        'finite',
      ),
    ).toBeNull()
  })

  it('is of the positive values where an axis shows no others', () => {
    const curve = evenly(1000, (index) => (index < 100 ? -1 : index))
    expect(coreOf(curve, 0, 1000, 'finite')?.[0]).toBe(-1)
    expect(coreOf(curve, 0, 1000, 'positive')?.[0]).toBe(145)
    expect(coreOf(points([0, 1], [-1, 0]), 0, 5, 'positive')).toBeNull()
  })

  it('looks at some of many', () => {
    const [low, high] =
      coreOf(
        evenly(500_000, (index) => index),
        0,
        499_999,
        'finite',
      ) ?? []
    expect(low).toBeCloseTo(25_000, -3)
    expect(high).toBeCloseTo(475_000, -3)
  })
})

describe('bands', () => {
  function bandOf(
    all: readonly Points[],
    spread: 'range' | 'deviation' = 'range',
    range: [number, number] | null = [0, 10],
    pixels = 100,
  ) {
    const joiner = new Joiner(range, pixels, false)
    for (const one of all) joiner.add(one)
    const builder = new BandBuilder(joiner.joints(), joiner.range[0])
    for (const one of all) builder.add(one)
    return builder.build(spread)
  }

  it('joins few points at each x that there is, by lines between where a run has none', () => {
    const band = bandOf([points([0, 2], [0, 4]), points([0, 1, 2, 3], [2, 2, 2, 2])])
    expect([...band.x]).toEqual([0, 1, 2, 3])
    expect([...band.mean]).toEqual([1, 2, 3, 2])
    expect([...band.low]).toEqual([0, 2, 2, 2])
    expect([...band.high]).toEqual([2, 2, 4, 2])
    expect([...band.runs]).toEqual([2, 2, 2, 1])
  })

  it('is one standard deviation wide where that is wanted', () => {
    const band = bandOf([points([0, 1], [1, 5]), points([0], [2]), points([0], [6])], 'deviation')
    const deviation = 2.6457513110645907 // numpy.std([1, 2, 6], ddof=1)
    expect([band.low[0], band.mean[0], band.high[0]]).toEqual([3 - deviation, 3, 3 + deviation])
    // Of one run there is none.
    expect([band.low[1], band.mean[1], band.high[1]]).toEqual([5, 5, 5])
  })

  it('of many points loses no spike', () => {
    const spiky = evenly(100_000, (index) => (index === 54_321 ? 99 : 0))
    const band = bandOf([spiky, evenly(100_000, () => -1)], 'range', [0, 99_999], 300)
    expect(band.x).toHaveLength(300)
    expect(Math.max(...band.high)).toBe(99)
    expect(Math.min(...band.low)).toBe(-1)
    expect(band.runs.every((count) => count === 2)).toBe(true)
  })

  it('leaves out what is not finite, counts it, and has a gap where there is nothing else', () => {
    const band = bandOf([points([0, 1, 2], [1, NaN, 1]), points([0, 1, 2], [3, Infinity, NaN])])
    expect([...band.mean]).toEqual([2, NaN, 1])
    expect(band.notFinite).toBe(3)
  })

  it('takes repeated x as one, and reaches to the neighbours of a range', () => {
    const band = bandOf([points([1, 1, 5, 20], [0, 4, 2, 2])], 'range', [3, 8])
    expect([...band.x]).toEqual([1, 5, 20])
    expect([band.low[0], band.mean[0], band.high[0]]).toEqual([0, 2, 4])
  })

  it('without a range reaches over all curves, few points or many', () => {
    const both = [points([-5, 0], [1, 1]), points([3, 70], [3, 3])]
    expect([...bandOf(both, 'range', null).x]).toEqual([-5, 0, 3, 70])
    const many = [evenly(1000, () => 1), points([-1000, 1000], [2, 2])]
    expect(bandOf(many, 'range', null, 20)).toEqual(bandOf(many, 'range', [-1000, 1000], 20))
  })

  it('of nothing is nothing', () => {
    expect(bandOf([points([], [])]).x).toHaveLength(0)
    expect(bandOf([points([], [])], 'range', null).x).toHaveLength(0)
  })
})

describe('a logarithmic x axis', () => {
  it('has as many pixels for each power of ten', () => {
    const series = evenly(100_000, (index) => (index === 3 ? 50 : 1))
    const { x, y } = downsample(positive(series), 1, 99_999, 100, true)
    expect(x.length).toBeLessThanOrEqual(202)
    expect(x.filter((at) => at <= 10).length).toBeGreaterThan(5)
    expect(Math.max(...y)).toBe(50)
  })
})
