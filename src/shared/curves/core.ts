import { lowerBound, type Points, upperBound } from '../downsample'

/** Values that are looked at: of more, every so many. */
const mostValues = 10_000

/** Of which values a core is told: of all that are finite, or of the positive ones, which a logarithmic axis can show. */
export type CoreKind = 'finite' | 'positive'

/** From the 5th to the 95th percentile of the values from one x to another; null where there are none. @param points in ascending x */
export function coreOf({ x, y }: Points, from: number, to: number, kind: CoreKind): [number, number] | null {
  const start = lowerBound(x, from)
  const end = upperBound(x, to)
  const every = Math.max(1, Math.ceil((end - start) / mostValues))
  const values = new Float64Array(Math.ceil((end - start) / every))
  let count = 0
  for (let i = start; i < end; i += every) {
    const value = y[i] ?? NaN
    if (Number.isFinite(value) && (kind === 'finite' || value > 0)) values[count++] = value
  }
  if (count === 0) return null
  const sorted = values.subarray(0, count).sort()
  const at = (share: number): number => sorted[Math.round(share * (count - 1))] ?? NaN
  return [at(0.05), at(0.95)]
}

/** The same of a curve that is drawn as a band: from the core of its lower edge to that of its upper one. */
export function coreOfBand(
  { x, low, high }: { readonly x: Float64Array; readonly low: Float64Array; readonly high: Float64Array },
  from: number,
  to: number,
  kind: CoreKind,
): [number, number] | null {
  const lower = coreOf({ x, y: low }, from, to, kind)
  const higher = coreOf({ x, y: high }, from, to, kind)
  return lower && higher && [lower[0], higher[1]]
}
