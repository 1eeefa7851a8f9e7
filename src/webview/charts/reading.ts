import { lowerBound, upperBound } from '../../shared/downsample'
import type { Curve, Drawn, Range } from './types'

/** What a curve says at one x: one value, or the lowest and highest of the points that share its pixel. */
export interface Reading {
  readonly x: number
  readonly low: number
  readonly high: number
  /** The infinities among these points. */
  readonly plusInfinity: boolean
  readonly minusInfinity: boolean
  /** True if there is nothing but NaN. */
  readonly nan: boolean
}

/**
 * Reads a curve at the point nearest to `x`, together with all within `reach` of that point; undefined where the curve does
 * not extend to `x`.
 */
export function readAt(curve: Pick<Curve, 'x' | 'y'>, x: number, reach: number): Reading | undefined {
  const nearest = nearestIndex(curve.x, x)
  const at = curve.x[nearest]
  const first = curve.x[0]
  const last = curve.x.at(-1)
  if (at === undefined || first === undefined || last === undefined) return undefined
  const margin = 8 * reach
  if (x < first - margin || x > last + margin) return undefined
  return readBetween(curve, [at - reach, at + reach], at)
}

/** Reads all points from one x to another, both included; undefined where there are none. */
export function readBetween(curve: Pick<Curve, 'x' | 'y'>, [from, to]: Range, at = from): Reading | undefined {
  const start = lowerBound(curve.x, from)
  const end = upperBound(curve.x, to)
  if (start === end) return undefined
  let low = Infinity
  let high = -Infinity
  let plusInfinity = false
  let minusInfinity = false
  for (let i = start; i < end; i++) {
    const value = curve.y[i] ?? NaN
    if (value === Infinity) plusInfinity = true
    else if (value === -Infinity) minusInfinity = true
    else {
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  const none = low === Infinity
  return {
    x: at,
    low: none ? NaN : low,
    high: none ? NaN : high,
    plusInfinity,
    minusInfinity,
    nan: none && !plusInfinity && !minusInfinity,
  }
}

/** Index of the value nearest to `x`, the lower of two equally near; -1 of nothing. */
export function nearestIndex(sorted: Float64Array, x: number): number {
  const after = lowerBound(sorted, x)
  const before = after - 1
  if (before < 0) return sorted.length > 0 ? after : -1
  if (after >= sorted.length) return before
  return x - (sorted[before] ?? 0) <= (sorted[after] ?? 0) - x ? before : after
}

/** The x extent of some curves: of the series behind them, not only of the points drawn. */
export function extentOf(drawn: readonly Drawn[]): Range | undefined {
  let low = Infinity
  let high = -Infinity
  for (const { curve } of drawn) {
    if (!curve.extent) continue
    low = Math.min(low, curve.extent[0])
    high = Math.max(high, curve.extent[1])
  }
  return low <= high ? [low, high] : undefined
}

export interface Heights {
  readonly low: number
  readonly high: number
  /** Finite values that a logarithmic axis can't show. */
  readonly notPositive: number
}

/** Lowest and highest finite value (of a log axis: positive value) within an x range; undefined where there is none. */
export function heightsOf(drawn: readonly Drawn[], [from, to]: Range, log: boolean): Heights | undefined {
  let low = Infinity
  let high = -Infinity
  let notPositive = 0
  for (const { curve } of drawn) {
    const end = upperBound(curve.x, to)
    for (let i = lowerBound(curve.x, from); i < end; i++) {
      const value = curve.y[i] ?? NaN
      if (!Number.isFinite(value)) continue
      if (log && value <= 0) {
        notPositive++
        continue
      }
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (low > high) return undefined
  return { low, high, notPositive }
}

/** Of smaller distances, and of greater ones, arithmetic makes zero and infinity, and a chart without end. */
const least = 1e-290
const greatest = 8e307

/** A y axis around some values, with a little air. */
export function yAxisOf(heights: Heights | undefined, log: boolean): Range {
  if (!heights) return log ? [0.1, 10] : [0, 1]
  const [low, high] = [heights.low, heights.high].map((value) =>
    Math.min(greatest, Math.max(log ? least : -greatest, value)),
  ) as [number, number]
  if (log) {
    const air = Math.max(1.05, (high / low) ** 0.05)
    return [low / air, Math.min(2 * greatest, high * air)]
  }
  const air = Math.max(least, high === low ? Math.abs(high) * 0.05 || 1 : (high - low) * 0.05)
  return [low - air, high + air]
}
