import type { Dimension } from './dimension'

/** Which end of a metric is wanted: nothing is better until the user says so. */
export type Direction = 'higher' | 'lower'

/** Which value of a metric counts: that of the last step, or the best of all steps. */
export const counted = ['latest', 'best'] as const
export type Counted = (typeof counted)[number]

/** Rows with a finite value of a metric, best first; of equal ones in the order given. */
export function ranked(metric: Dimension, rows: readonly number[], direction: Direction): number[] {
  const sign = direction === 'higher' ? -1 : 1
  const valueOf = (row: number): number => metric.values[row] ?? NaN
  return rows.filter((row) => Number.isFinite(valueOf(row))).sort((a, b) => sign * (valueOf(a) - valueOf(b)))
}

/**
 * Rows in the order in which they are drawn, so that the best lie over the others: those without a share first, then by share; where no
 * direction is chosen, as if higher were better.
 *
 * @param shareOf 0 for the lowest value of the metric, 1 for the highest
 */
export function bestLast(
  rows: readonly number[],
  shareOf: (row: number) => number | undefined,
  direction: Direction | undefined,
): number[] {
  const goodness = (row: number): number => {
    const share = shareOf(row)
    if (share === undefined) return -1
    return direction === 'lower' ? 1 - share : share
  }
  return [...rows].sort((a, b) => goodness(a) - goodness(b))
}
