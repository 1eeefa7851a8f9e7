/** What pages ask of a run's details again and again. */
import type { RunDetails } from '../../shared/protocol'

export const isOver = (details: RunDetails | undefined): boolean =>
  details !== undefined && details.status !== 'RUNNING' && details.status !== 'SCHEDULED'

/**
 * Changes each time that a run is read while it goes on, and once it is over: there may be more to it than its details tell.
 * The latest point of a metric is that of the greatest step, so that new ones may come before it.
 *
 * @param slot `asOf`: when `details` were read
 */
export function versionOf({ details, asOf }: { readonly details?: RunDetails; readonly asOf?: number }): string {
  return isOver(details) ? (details?.status ?? '') : String(asOf)
}

/** Changes when a metric of a run has another latest point. */
export function latestOf(details: RunDetails | undefined, key: string): string {
  const index = details && metricIndex(details, key)
  if (!details || index === undefined) return ''
  const { steps, timestamps, values } = details.metrics
  return `${steps[index] ?? 0} ${timestamps[index] ?? 0} ${values[index] ?? NaN}`
}

const indexes = new WeakMap<RunDetails, ReadonlyMap<string, number>>()

/** Where a metric is among those that a run has logged; undefined where it has not. */
export function metricIndex(details: RunDetails, key: string): number | undefined {
  let index = indexes.get(details)
  if (!index) indexes.set(details, (index = new Map(details.metrics.keys.map((name, at) => [name, at]))))
  return index.get(key)
}
