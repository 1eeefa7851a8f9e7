import type { Points } from '../downsample'

/** Distances of points that count as one where there are many: so that a long series is smoothed over as wide a part of it as one of so many points. */
const mostUnits = 1000

/**
 * The values' exponential moving average, weighted by how far apart in x they lie: a value counts `strength` times as much for
 * each unit of x that it lies behind. The unit is the points' mean distance, or a thousandth of their extent if that is more: evenly spaced
 * points are smoothed as TensorBoard does, 200,000 of them as a thousand would be. What is not finite stays, and counts for nothing.
 *
 * @param points in ascending x
 * @param strength from 0 (nothing is smoothed) to less than 1
 */
export function smoothed({ x, y }: Points, strength: number): Float64Array {
  if (!(strength > 0)) return y
  const first = x[0] ?? 0
  const last = x.at(-1) ?? 0
  const unit = (last - first) / Math.min(mostUnits, Math.max(1, x.length - 1))
  const found = new Float64Array(y.length)
  let mean = 0
  let weight = 0
  let before = first
  let [distance, decay] = [-1, 1]
  for (let i = 0; i < y.length; i++) {
    const value = y[i] ?? NaN
    if (!Number.isFinite(value)) {
      found[i] = value
      continue
    }
    const at = x[i] ?? 0
    if (at - before !== distance) {
      distance = at - before
      decay = unit > 0 ? strength ** (distance / unit) : 1
    }
    before = at
    weight = weight * decay + 1
    // Of values near the greatest double the difference would be infinite.
    mean += value / weight - mean / weight
    found[i] = mean
  }
  return found
}
