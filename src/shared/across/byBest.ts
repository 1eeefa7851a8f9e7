/** Metrics by the best of all their values, where the last is not what counts. */
import { formatMetric } from '../format'
import { t } from '../l10n'
import type { Stats } from '../protocol'
import type { Direction } from './best'
import { type Dimension, metricOf } from './dimension'

/** The best value of a history, which may be infinite; NaN where nothing but NaN was logged. */
export function bestOf({ min, max, plusInfinity, minusInfinity }: Stats, direction: Direction): number {
  const [none, some] = direction === 'higher' ? [minusInfinity, plusInfinity] : [plusInfinity, minusInfinity]
  const worst = direction === 'higher' ? -Infinity : Infinity
  if (some > 0) return -worst
  return (direction === 'higher' ? max : min) ?? (none > 0 ? worst : NaN)
}

/** @param statsAt of the metric's history; undefined of a run that has not been read */
export function byBest(
  metric: Dimension,
  direction: Direction,
  statsAt: (row: number) => Stats | undefined,
): Dimension {
  const stats = Array.from(metric.values, (_, row) => (metric.textAt(row) === undefined ? undefined : statsAt(row)))
  const values = Float64Array.from(stats, (one) => (one ? bestOf(one, direction) : NaN))
  const textAt = (row: number): string | undefined => {
    if (metric.textAt(row) === undefined) return undefined
    return stats[row] ? formatMetric(values[row] ?? NaN) : t('not read')
  }
  return metricOf({ id: metric.id, kind: metric.kind, key: `${metric.key} (${t('best')})` }, values, textAt)
}
