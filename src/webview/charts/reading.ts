import { coreOf, coreOfBand } from '../../shared/curves/core'
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
  /** Where the curve is smoothed: what was logged there. */
  readonly raw?: Reading | undefined
  /** Where the curve is of a group: its edges, and how many runs are in it. */
  readonly band?: { readonly low: number; readonly high: number; readonly runs: number } | undefined
}

/** As much of a curve as is read. */
type Readable = Pick<Curve, 'x' | 'y'> & Partial<Pick<Curve, 'raw' | 'band'>>

/**
 * Reads a curve at the point nearest to `x`, together with all within `reach` of that point; undefined where the curve does
 * not extend to `x`.
 */
export function readAt(curve: Readable, x: number, reach: number): Reading | undefined {
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
export function readBetween(curve: Readable, [from, to]: Range, at = from): Reading | undefined {
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
    raw: curve.raw ? readBetween(curve.raw, [from, to], at) : undefined,
    band: curve.band ? bandBetween(curve.band, start, end) : undefined,
  }
}

function bandBetween({ low, high, runs }: NonNullable<Curve['band']>, start: number, end: number): Reading['band'] {
  const [lows, highs] = [low, high].map((edge) => edge.subarray(start, end).filter(Number.isFinite))
  if (!lows?.length || !highs?.length) return undefined
  return { low: least(lows), high: greatest(highs), runs: greatest(runs.subarray(start, end)) }
}

const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), Infinity)
const greatest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), -Infinity)

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

/** Lowest and highest finite value (of a log axis: positive value) within an x range, raw values and bands included; undefined where there is none. */
export function heightsOf(drawn: readonly Drawn[], [from, to]: Range, log: boolean): Heights | undefined {
  let low = Infinity
  let high = -Infinity
  let notPositive = 0
  const look = (x: Float64Array, y: Float64Array, counts: boolean): void => {
    const end = upperBound(x, to)
    for (let i = lowerBound(x, from); i < end; i++) {
      const value = y[i] ?? NaN
      if (!Number.isFinite(value)) continue
      if (log && value <= 0) {
        if (counts) notPositive++
        continue
      }
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  for (const { curve } of drawn) {
    look(curve.x, curve.y, true)
    if (curve.raw) look(curve.raw.x, curve.raw.y, false)
    if (curve.band) for (const edge of [curve.band.low, curve.band.high]) look(curve.x, edge, false)
  }
  if (low > high) return undefined
  return { low, high, notPositive }
}

/**
 * The heights without outliers within an x range: from the lowest 5th to the highest 95th percentile of the curves; undefined
 * where that is not known. Of a curve that was reduced the host has told it; one that is here as a whole may be zoomed without the host.
 */
export function coreHeights(drawn: readonly Drawn[], [from, to]: Range, log: boolean): Heights | undefined {
  const kind = log ? 'positive' : 'finite'
  const cores = drawn.flatMap(({ curve }) => {
    const { x, y, band, reduced } = curve
    const core = reduced
      ? curve.core
      : band
        ? coreOfBand({ x, ...band }, from, to, kind)
        : coreOf({ x, y }, from, to, kind)
    return core ? [core] : []
  })
  if (cores.length === 0) return undefined
  return {
    low: Math.min(...cores.map(([low]) => low)),
    high: Math.max(...cores.map(([, high]) => high)),
    notPositive: 0,
  }
}

/** Of smaller distances, and of greater ones, arithmetic makes zero and infinity, and a chart without end. */
const shortest = 1e-290
const farthest = 8e307

/** A y axis around some values, with a little air. */
export function yAxisOf(heights: Heights | undefined, log: boolean): Range {
  if (!heights) return log ? [0.1, 10] : [0, 1]
  const [low, high] = [heights.low, heights.high].map((value) =>
    Math.min(farthest, Math.max(log ? shortest : -farthest, value)),
  ) as [number, number]
  if (log) {
    const air = Math.max(1.05, (high / low) ** 0.05)
    return [low / air, Math.min(2 * farthest, high * air)]
  }
  const air = Math.max(shortest, high === low ? Math.abs(high) * 0.05 || 1 : (high - low) * 0.05)
  return [low - air, high + air]
}
