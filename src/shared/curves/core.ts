import { lowerBound, type Points, upperBound } from '../downsample'

/** Values that are looked at: of more, every so many. */
const mostValues = 10_000

/** From the 5th to the 95th percentile of the finite values from one x to another; null where there are none. @param points in ascending x */
export function coreOf({ x, y }: Points, from: number, to: number): [number, number] | null {
  const start = lowerBound(x, from)
  const end = upperBound(x, to)
  const every = Math.max(1, Math.ceil((end - start) / mostValues))
  const values = new Float64Array(Math.ceil((end - start) / every))
  let count = 0
  for (let i = start; i < end; i += every) {
    const value = y[i] ?? NaN
    if (Number.isFinite(value)) values[count++] = value
  }
  if (count === 0) return null
  const sorted = values.subarray(0, count).sort()
  const at = (share: number): number => sorted[Math.round(share * (count - 1))] ?? NaN
  return [at(0.05), at(0.95)]
}
