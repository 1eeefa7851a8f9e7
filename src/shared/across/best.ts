import type { Dimension } from './dimension'

/** Which end of a metric is wanted: nothing is better until the user says so. */
export type Direction = 'higher' | 'lower'

/** Rows with a finite value of a metric, best first; of equal ones in the order given. */
export function ranked(metric: Dimension, rows: readonly number[], direction: Direction): number[] {
  const sign = direction === 'higher' ? -1 : 1
  const valueOf = (row: number): number => metric.values[row] ?? NaN
  return rows.filter((row) => Number.isFinite(valueOf(row))).sort((a, b) => sign * (valueOf(a) - valueOf(b)))
}
