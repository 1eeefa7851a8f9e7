export interface Box {
  readonly count: number
  readonly low: number
  readonly quarter: number
  readonly median: number
  readonly threeQuarters: number
  readonly high: number
  /** Ends of the whiskers: the farthest values within one and a half boxes of the box. */
  readonly whiskers: readonly [number, number]
}

/** The value below which a share of some sorted values lies, interpolated between two. NaN of nothing. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? NaN
  const above = sorted[Math.ceil(at)] ?? NaN
  return below === above ? below : below + (above - below) * (at - Math.floor(at))
}

/** @param values finite; undefined of none */
export function boxOf(values: Iterable<number>): Box | undefined {
  const sorted = Float64Array.from(values).sort()
  const low = sorted[0]
  const high = sorted.at(-1)
  if (low === undefined || high === undefined) return undefined
  const [quarter, median, threeQuarters] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share)) as [
    number,
    number,
    number,
  ]
  const reach = 1.5 * (threeQuarters - quarter)
  return {
    count: sorted.length,
    ...{ low, quarter, median, threeQuarters, high },
    whiskers: [
      sorted.find((value) => value >= quarter - reach) ?? low,
      sorted.findLast((value) => value <= threeQuarters + reach) ?? high,
    ],
  }
}
