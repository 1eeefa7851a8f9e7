/** The history of a metric as a server sends it: by timestamp. */
import type { SeriesBuilder } from '../series'
import { fieldsOf, integerOf, listOf, metricValueOf, type Fields } from './shape'

export function appendPoints(page: Fields, series: SeriesBuilder): void {
  for (const value of listOf(page.metrics, 'metrics')) {
    const point = fieldsOf(value, 'metrics[…]')
    series.add(
      integerOf(point.step, 'metric.step') ?? 0,
      metricValueOf(point.value, 'metric.value'),
      integerOf(point.timestamp, 'metric.timestamp') ?? 0,
    )
  }
}
