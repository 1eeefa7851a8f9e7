import { type Points, sortedByX, upperBound } from '../downsample'

export interface Joined {
  /** In ascending x. */
  readonly points: Points
  /** Points of y that have no finite x. */
  readonly unplaced: number
}

/**
 * One metric against another: each of y's points at the value that x has at the same step, its last one where it has several.
 *
 * @param y, x in ascending steps
 */
export function joinedByStep(y: Points, x: Points): Joined {
  const places = new Float64Array(y.x.length)
  const values = new Float64Array(y.x.length)
  let count = 0
  let at = 0
  for (let i = 0; i < y.x.length; i++) {
    const step = y.x[i] ?? NaN
    while (at < x.x.length && (x.x[at] ?? 0) <= step) at++
    const place = at > 0 && x.x[at - 1] === step ? (x.y[at - 1] ?? NaN) : NaN
    if (!Number.isFinite(place)) continue
    places[count] = place
    values[count++] = y.y[i] ?? NaN
  }
  return {
    points: sortedByX({ x: places.slice(0, count), y: values.slice(0, count) }),
    unplaced: y.x.length - count,
  }
}

/** The points that a logarithmic x axis has a place for. @param points in ascending x */
export function positive({ x, y }: Points): Points {
  const start = upperBound(x, 0)
  return start === 0 ? { x, y } : { x: x.subarray(start), y: y.subarray(start) }
}
