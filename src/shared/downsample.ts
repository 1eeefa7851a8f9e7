/** Curves for the screen: at most two finite points a pixel, and nothing that a pixel would show is lost. */

import { sortByNumber } from './radixSort'

export interface Points {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** The same points in ascending x; those of equal x keep their order, those without an x (NaN) are left out. */
export function sortedByX(points: Points): Points {
  const { x, y } = points
  if (isAscending(x)) return points
  const order = new Uint32Array(x.length)
  let count = 0
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(x[i])) order[count++] = i
  const places = order.subarray(0, count)
  sortByNumber(places, x)
  return { x: gathered(x, places), y: gathered(y, places) }
}

function gathered(values: Float64Array, places: Uint32Array): Float64Array {
  const found = new Float64Array(places.length)
  for (let at = 0; at < places.length; at++) found[at] = values[places[at] ?? 0] ?? NaN
  return found
}

/** By index: an iterator over a typed array is ten times as slow. */
function isAscending(x: Float64Array): boolean {
  // Written so that NaN fails too.
  for (let i = 1; i < x.length; i++) if (!((x[i] ?? NaN) >= (x[i - 1] ?? NaN))) return false
  return !Number.isNaN(x[0])
}

/**
 * The points of `from` ≤ x ≤ `to` reduced to `width` pixels, with one neighbour on either side so that lines reach the edges.
 *
 * Each pixel keeps its lowest and highest finite value, its first and last NaN, and its first +∞ and −∞, in their order: a lone spike,
 * a gap and an infinity always survive. With no more than two points a pixel all are kept as they are.
 *
 * @param points in ascending x, see `sortedByX`.
 * @param log the pixels are those of a logarithmic axis: then all x are positive
 */
export function downsample(points: Points, from: number, to: number, width: number, log = false): Points {
  const { x, y } = points
  const start = lowerBound(x, from)
  const end = upperBound(x, to)
  const first = Math.max(0, start - 1)
  const last = Math.min(x.length, end + 1)
  if (end - start <= 2 * width) return { x: x.slice(first, last), y: y.slice(first, last) }

  const kept = new Int32Array(6 * (width + 1) + 2)
  let count = 0
  if (first < start) kept[count++] = first
  const placeOf = (at: number): number => (log ? Math.log(at) : at)
  const origin = placeOf(from)
  const scale = width / (placeOf(to) - origin)
  const perPixel = Number.isFinite(scale) ? scale : 0
  const pixelOf = (i: number): number => Math.floor((placeOf(x[i] ?? 0) - origin) * perPixel)
  for (let i = start; i < end;) {
    const next = firstBeyond(pixelOf, pixelOf(i), i + 1, end)
    let lowest = -1
    let highest = -1
    let low = Infinity
    let high = -Infinity
    let firstNan = -1
    let lastNan = -1
    let plus = -1
    let minus = -1
    for (; i < next; i++) {
      const value = y[i] ?? NaN
      if (value >= low && value <= high) continue // most are
      if (value < low) {
        if (value === -Infinity) {
          if (minus < 0) minus = i
        } else {
          low = value
          lowest = i
        }
      }
      if (value > high) {
        if (value === Infinity) {
          if (plus < 0) plus = i
        } else {
          high = value
          highest = i
        }
      } else if (Number.isNaN(value)) {
        if (firstNan < 0) firstNan = i
        lastNan = i
      }
    }
    count = append(kept, count, lowest, highest, firstNan, lastNan, plus, minus)
  }
  if (end < last) kept[count++] = end

  const keptX = new Float64Array(count)
  const keptY = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const index = kept[i] ?? 0
    keptX[i] = x[index] ?? NaN
    keptY[i] = y[index] ?? NaN
  }
  return { x: keptX, y: keptY }
}

/** The first place from `low` on, and before `high`, in a pixel beyond that one; `high` where there is none. */
function firstBeyond(pixelOf: (i: number) => number, pixel: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1
    if (pixelOf(middle) > pixel) high = middle
    else low = middle + 1
  }
  return low
}

/** Appends the indexes that exist (≥ 0), ascending and each once; returns the new count. */
function append(kept: Int32Array, count: number, ...indexes: number[]): number {
  const start = count
  for (const index of indexes) {
    if (index < 0) continue
    let at = count
    while (at > start && (kept[at - 1] ?? 0) > index) at--
    if (at > start && kept[at - 1] === index) continue
    kept.copyWithin(at + 1, at, count)
    kept[at] = index
    count++
  }
  return count
}

/** First index whose value is ≥ `limit`. */
export function lowerBound(sorted: Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}

/** First index whose value is > `limit`. */
export function upperBound(sorted: Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** What a whole series holds, ignoring nothing. `min` and `max` are of finite values; `null` where there are none. */
export interface SeriesStats {
  readonly count: number
  readonly min: number | null
  readonly max: number | null
  readonly nan: number
  readonly plusInfinity: number
  readonly minusInfinity: number
}

export function statsOf(values: Float64Array): SeriesStats {
  let min = Infinity
  let max = -Infinity
  let nan = 0
  let plusInfinity = 0
  let minusInfinity = 0
  for (const value of values) {
    if (value > -Infinity && value < Infinity) {
      if (value < min) min = value
      if (value > max) max = value
    } else if (value === Infinity) plusInfinity++
    else if (value === -Infinity) minusInfinity++
    else nan++
  }
  const none = min === Infinity
  return { count: values.length, min: none ? null : min, max: none ? null : max, nan, plusInfinity, minusInfinity }
}
