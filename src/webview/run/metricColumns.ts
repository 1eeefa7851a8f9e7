import type { RunDetails } from '../../shared/protocol'

type Metrics = RunDetails['metrics']

/** A run's metrics by what they are about. */
export interface SplitMetrics {
  readonly own: Metrics
  /** What MLflow measured of the machine. */
  readonly system: Metrics
}

export function splitMetrics(metrics: Metrics): SplitMetrics {
  return { own: metricsWhere(metrics, (key) => !isSystem(key)), system: metricsWhere(metrics, isSystem) }
}

const isSystem = (key: string): boolean => key.startsWith('system/')

function metricsWhere(metrics: Metrics, isWanted: (key: string) => boolean): Metrics {
  const at = metrics.keys.flatMap((key, index) => (isWanted(key) ? [index] : []))
  const of = (column: Float64Array): Float64Array => Float64Array.from(at, (index) => column[index] ?? NaN)
  return {
    keys: at.map((index) => metrics.keys[index] ?? ''),
    values: of(metrics.values),
    steps: of(metrics.steps),
    timestamps: of(metrics.timestamps),
  }
}
