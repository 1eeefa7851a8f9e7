import type { Steps } from '../steps'
import type { Dimension } from './dimension'
import { featuresOf, type Feature } from './features'
import { growForest } from './forest'
import { rankRatio, spearman } from './ranks'

/** Runs that a forest needs to learn anything. */
export const leastRuns = 10
const trees = 100

export interface Importance {
  readonly feature: Feature
  /** Spearman's, of the runs that have a number there; of words the correlation ratio of ranks, which has no sign. NaN where there is none. */
  readonly correlation: number
  /** Runs that the correlation is of. */
  readonly runs: number
  /** As a share of the metric's variance; NaN where no forest was grown. */
  readonly importance: number
}

export interface Importances {
  readonly all: readonly Importance[]
  /** Runs with a finite value of the metric: the others are left out. */
  readonly runs: number
  readonly leftOut: number
  /** Out-of-bag R²; NaN where no forest was grown. */
  readonly explained: number
  readonly constant: readonly string[]
  readonly unique: readonly string[]
}

/** What each parameter has to do with a metric, in two ways; the most important first. */
export function* importances(
  params: readonly Dimension[],
  metric: Dimension,
  rows: readonly number[],
): Steps<Importances> {
  const usable = rows.filter((row) => Number.isFinite(metric.values[row] ?? NaN))
  const { features, constant, unique } = featuresOf(params, usable)
  const target = Float64Array.from(usable, (row) => metric.values[row] ?? 0)
  yield
  const varies = new Set(target).size > 1
  const grown =
    usable.length >= leastRuns && features.length > 0 && varies
      ? yield* growForest(features, target, { trees, seed: 1 })
      : undefined
  const all = features.map((feature, at): Importance => {
    const param = params.find(({ id }) => id === feature.id)
    return {
      feature,
      ...(param ? rankCorrelation(param, metric, usable) : { correlation: NaN, runs: 0 }),
      importance: grown?.importance[at] ?? NaN,
    }
  })
  const weight = ({ importance, correlation }: Importance): number =>
    Number.isNaN(importance) ? Math.abs(correlation || 0) : importance
  return {
    all: all.sort((a, b) => weight(b) - weight(a)),
    runs: usable.length,
    leftOut: rows.length - usable.length,
    explained: grown?.explained ?? NaN,
    constant,
    unique,
  }
}

/** Spearman's of the runs that have numbers in both; of words the correlation ratio of ranks. NaN where one of the two does not vary. */
export function rankCorrelation(
  { numeric, values }: Dimension,
  metric: Dimension,
  rows: readonly number[],
): { readonly correlation: number; readonly runs: number } {
  const there = rows.filter((row) => !Number.isNaN(values[row] ?? NaN) && !Number.isNaN(metric.values[row] ?? NaN))
  const x = there.map((row) => values[row] ?? 0)
  const y = there.map((row) => metric.values[row] ?? 0)
  return { correlation: numeric ? spearman(x, y) : rankRatio(x, y), runs: there.length }
}
