import { describe, expect, it } from 'vitest'
import { coreHeights, heightsOf, nearestIndex, readAt, readBetween, yAxisOf } from '../../src/webview/charts/reading'
import { tickLabel, ticksOf, valueLabel, valueTicks } from '../../src/shared/ticks'
import type { Curve, Drawn } from '../../src/webview/charts/types'

const points = (x: number[], y: number[]): Curve => ({
  x: Float64Array.from(x),
  y: Float64Array.from(y),
  extent: [x[0] ?? 0, x.at(-1) ?? 0],
  total: x.length,
  inRange: x.length,
  ...{ raw: null, band: null, core: null, unplaced: 0, inSeconds: false },
  reduced: false,
  sampled: false,
  asOf: 0,
  refreshError: null,
})

const drawn = (curve: Curve): Drawn => ({
  run: { id: 'r', ref: { connection: 'c', runId: 'r' }, name: 'r', mark: { color: 0, dash: [] }, version: '' },
  curve,
})

describe('reading at the cursor', () => {
  const curve = points([0, 10, 10.2, 20, 30], [1, 5, 7, NaN, Infinity])

  it('takes the nearest point, and what shares its pixel with it', () => {
    expect(readAt(curve, 1, 0.5)).toMatchObject({ x: 0, low: 1, high: 1 })
    expect(readAt(curve, 9, 0.5)).toMatchObject({ x: 10, low: 5, high: 7 })
  })

  it('tells NaN from infinity and both from nothing', () => {
    expect(readAt(curve, 20, 0.5)).toMatchObject({ nan: true })
    expect(readAt(curve, 30, 0.5)).toMatchObject({ nan: false, plusInfinity: true })
    expect(readAt(curve, 60, 0.5)).toBeUndefined()
    expect(readBetween(curve, [11, 19])).toBeUndefined()
    expect(readAt(points([], []), 0, 1)).toBeUndefined()
  })

  it('finds the nearest index', () => {
    expect([-5, 4, 5, 6, 99].map((x) => nearestIndex(Float64Array.of(0, 10), x))).toEqual([0, 0, 0, 1, 1])
  })
})

describe('the y axis', () => {
  it('spans the finite values in range', () => {
    const heights = heightsOf([drawn(points([0, 1, 2, 9], [3, NaN, Infinity, 100]))], [0, 5], false)
    expect(heights).toMatchObject({ low: 3, high: 3 })
    expect(yAxisOf(heights, false)).toEqual([2.85, 3.15])
  })

  it('of a logarithmic scale leaves out and counts what is not positive', () => {
    expect(heightsOf([drawn(points([0, 1, 2], [-1, 0, 5]))], [0, 5], true)).toEqual({ low: 5, high: 5, notPositive: 2 })
  })

  it.each([
    [0, 5e-322],
    [5e-324, 5e-324],
    [-1.7e308, 1.7e308],
    [1e-300, 1.7e308],
    [9e307, 9e307],
  ])('of the values %d and %d has ends that can be calculated with', (low, high) => {
    for (const log of low > 0 ? [false, true] : [false]) {
      const [from, to] = yAxisOf({ low, high, notPositive: 0 }, log)
      expect(to - from).toBeGreaterThan(1e-292)
      expect(to - from).toBeLessThan(Infinity)
      const ticks = valueTicks([from, to], 5, log)
      expect(ticks.length).toBeLessThan(20)
    }
  })

  it('without outliers is that of what is in sight, also where the host is not asked again', () => {
    const x = Array.from({ length: 500 }, (_, n) => n)
    const curve = { ...points(x, x), core: [25, 474] as [number, number] }
    expect(coreHeights([drawn(curve)], [0, 499], false)).toMatchObject({ low: 25, high: 474 })
    expect(coreHeights([drawn(curve)], [100, 200], false)).toMatchObject({ low: 105, high: 195 })
    expect(coreHeights([drawn({ ...curve, reduced: true })], [100, 200], false)).toMatchObject({ low: 25, high: 474 })
  })

  it('of a logarithmic scale without outliers keeps curves that begin below zero', () => {
    const x = Array.from({ length: 101 }, (_, n) => n)
    const curve = points(
      x,
      x.map((n) => n - 10),
    )
    expect(coreHeights([drawn(curve)], [0, 100], true)).toMatchObject({ low: 5, high: 86 })
  })

  it('is labelled in as many digits as tell its ticks apart', () => {
    const labels = (...ticks: number[]): string[] => ticks.map((tick) => valueLabel(tick, ticks))
    expect(labels(0, 0.5, 1)).toEqual(['0', '0.5', '1'])
    expect(labels(2.389961, 2.3899612, 2.3899614)).toEqual(['2.389961', '2.3899612', '2.3899614'])
    expect(labels(-1.00000001e-7, -1e-7)).toEqual(['−1.00000001e−7', '−1e−7'])
    expect(labels(2_000_000_000, 2_000_000_500)).toEqual(['2000000000', '2000000500'])
    expect(labels(2_000_000_000)).toEqual(['2e9'])
    expect(labels(1e-9, 1, 1e9)).toEqual(['1e−9', '1', '1e9'])
  })

  it('has round ticks', () => {
    expect(valueTicks([0.13, 0.98], 5, false)).toEqual([0.2, 0.4, 0.6, 0.8])
    expect(valueTicks([0.0008, 2000], 5, true)).toEqual(
      [0.001, 0.1, 10, 1000].map((tick) => expect.closeTo(tick, 8) as number),
    )
  })
})

describe('the x axis', () => {
  it('has whole steps', () => {
    expect(ticksOf('step', [0, 3], 10)).toEqual([0, 1, 2, 3])
    expect(ticksOf('step', [0, 99_999], 5)).toEqual([0, 20_000, 40_000, 60_000, 80_000])
  })

  it('has times at round minutes', () => {
    const ticks = ticksOf('relative', [0, 600_000], 6)
    expect(ticks.map((tick) => tickLabel('relative', tick, ticks))).toEqual([
      '0 s',
      '2 min',
      '4 min',
      '6 min',
      '8 min',
      '10 min',
    ])
  })

  it('never makes more than it was allowed, whatever the range', () => {
    for (const range of [
      [0, 1e-9],
      [1e15, 1e15 + 4],
      [-5, 5],
      [0, 1e300],
      [3, 3],
    ] as const)
      for (const axis of ['step', 'time', 'relative'] as const)
        expect(ticksOf(axis, range, 8).length).toBeLessThanOrEqual(10)
  })
})
