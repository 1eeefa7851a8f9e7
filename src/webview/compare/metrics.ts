import type { RunDetails } from '../../shared/protocol'

/** A metric that some of the compared runs have. */
export interface MetricChoice {
  readonly key: string
  /** How many of the runs have it. */
  readonly runs: number
  /** True if a run logged it after step 0, so that there is a curve to see. */
  readonly hasCurve: boolean
}

const collator = new Intl.Collator('en', { numeric: true })

/** What was found last: each render asks for the same, and 500 runs may have thousands of metrics each. */
let last: { readonly runs: readonly RunDetails[]; readonly metrics: readonly MetricChoice[] } | undefined

/** All metrics of some runs, by name. */
export function metricsOf(runs: readonly RunDetails[]): readonly MetricChoice[] {
  const known = last
  if (known?.runs.length === runs.length && runs.every((run, index) => run === known.runs[index])) return known.metrics
  const metrics = metricsAmong(runs)
  last = { runs, metrics }
  return metrics
}

function metricsAmong(runs: readonly RunDetails[]): MetricChoice[] {
  const found = new Map<string, { runs: number; hasCurve: boolean }>()
  for (const { metrics } of runs)
    metrics.keys.forEach((key, index) => {
      const entry = found.get(key) ?? { runs: 0, hasCurve: false }
      entry.runs++
      entry.hasCurve ||= (metrics.steps[index] ?? 0) > 0
      found.set(key, entry)
    })
  return [...found].map(([key, entry]) => ({ key, ...entry })).sort((a, b) => collator.compare(a.key, b.key))
}

const chosenAtFirst = 4

/** What is shown before the user chooses: metrics with a curve, of most runs, system metrics last. */
export function firstChoice(metrics: readonly MetricChoice[]): string[] {
  const rank = (metric: MetricChoice): number => (metric.hasCurve ? 0 : 2) + (metric.key.startsWith('system/') ? 1 : 0)
  return [...metrics]
    .sort((a, b) => rank(a) - rank(b) || b.runs - a.runs)
    .slice(0, chosenAtFirst)
    .map((metric) => metric.key)
}
