/** Points of metrics as a server sends them. */
import { SeriesBuilder, type Points } from '../series'
import { fieldsOf, idOf, integerOf, metricValueOf } from './shape'

export function appendPoint(value: unknown, series: SeriesBuilder): void {
  const point = fieldsOf(value, 'metrics[…]')
  series.add(
    integerOf(point.step, 'metric.step') ?? 0,
    metricValueOf(point.value, 'metric.value'),
    integerOf(point.timestamp, 'metric.timestamp') ?? 0,
  )
}

/** Points of several runs, mixed. */
export class Samples {
  readonly #series = new Map<string, SeriesBuilder>()

  add(value: unknown): void {
    const runId = idOf(fieldsOf(value, 'metrics[…]').run_id, 'metric.run_id')
    let series = this.#series.get(runId)
    if (!series) this.#series.set(runId, (series = new SeriesBuilder()))
    appendPoint(value, series)
  }

  byRun(): Map<string, Points> {
    return new Map([...this.#series].map(([runId, series]) => [runId, series.points()]))
  }
}
