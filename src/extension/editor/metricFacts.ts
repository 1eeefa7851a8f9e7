/** What is to be told of a metric beside the line that logs it. Pure. */
import { formatDigits, formatMetric, isMinusInfinity, isPlusInfinity } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Metric, Run } from '../../shared/model'
import type { RunFrame } from '../../shared/runFrame'
import type { Curve } from './pictures'

/** MLflow's functions that log metrics. */
export const metricFunctions: ReadonlySet<string> = new Set(['log_metric', 'log_metrics'])

/** Runs of a file, newest first. */
export interface FileRuns {
  readonly frame: RunFrame
  readonly rows: readonly number[]
}

/** What the latest value is compared with. `production`: the run of the version in Production. */
export const references = ['last', 'best', 'production'] as const
export type Reference = (typeof references)[number]

/** Which values of a metric are the better ones, as the user has said. */
export const directions = ['lower', 'higher'] as const
export type Direction = (typeof directions)[number]

/** A run's latest value of a metric. */
export interface Value extends Metric {
  readonly runId: string
  readonly runName: string
  readonly isRunning: boolean
}

export interface Comparison {
  readonly with: Value
  /** Of the value compared with, in per cent; undefined where that is zero or no number. */
  readonly percent: number | undefined
  readonly difference: number
  /** Undefined unless the user has said which way is better, and where nothing is better or worse than what it is compared with. */
  readonly isWorse: boolean | undefined
}

export interface MetricFacts {
  readonly key: string
  readonly latest: Value
  /** Runs that have the metric, newest first, at most as many as asked for. */
  readonly values: readonly Value[]
  readonly comparison: Comparison | undefined
  /** The latest run is the one that others would be compared with. */
  readonly isReference: boolean
  readonly direction: Direction | undefined
}

export interface CompareBy {
  readonly reference: Reference
  readonly directionOf: (key: string) => Direction | undefined
  /** Of the run in Production, where that is the reference. */
  readonly productionOf: (key: string) => Value | undefined
}

/** Undefined where no run has the metric. @param count values that are wanted */
export function metricFacts(runs: FileRuns, key: string, by: CompareBy, count: number): MetricFacts | undefined {
  const column = runs.frame.metric(key)
  if (!column) return undefined
  const rows = runs.rows.filter((row) => column.logged[row] === 1)
  const [first] = rows
  if (first === undefined) return undefined
  const direction = by.directionOf(key)
  const latest = valueAt(runs.frame, first, key)
  const other = referenceRow(runs.frame, column.values, rows, by.reference, direction)
  const reference =
    by.reference === 'production'
      ? by.productionOf(key)
      : other === undefined
        ? undefined
        : valueAt(runs.frame, other, key)
  const isReference = reference?.runId === latest.runId
  return {
    key,
    latest,
    values: rows.slice(0, count).map((row) => valueAt(runs.frame, row, key)),
    comparison: reference && !isReference ? compared(latest, reference, direction) : undefined,
    isReference,
    direction,
  }
}

export function valueAt(frame: RunFrame, row: number, key: string): Value {
  const { runId, runName, status } = frame.info(row)
  const metric = frame.metricAt(row, key) ?? { value: NaN, step: 0, timestamp: 0 }
  return { ...metric, runId, runName: runName || runId.slice(0, 8), isRunning: status === 'RUNNING' }
}

export function valueOf(run: Run | undefined, key: string): Value | undefined {
  const metric = run?.metrics.get(key)
  if (!run || !metric) return undefined
  const { runId, runName, status } = run.info
  return { ...metric, runId, runName: runName || runId.slice(0, 8), isRunning: status === 'RUNNING' }
}

/** Among all but the first. */
function referenceRow(
  frame: RunFrame,
  values: Float64Array,
  [, ...others]: readonly number[],
  reference: Reference,
  direction: Direction | undefined,
): number | undefined {
  if (reference === 'last') return others[0]
  if (reference !== 'best' || !direction) return undefined
  const sign = direction === 'lower' ? 1 : -1
  let best: number | undefined
  for (const row of others) {
    if (frame.info(row).status === 'RUNNING') continue // not judged yet
    const value = values[row] ?? NaN
    if (!Number.isNaN(value) && (best === undefined || sign * value < sign * (values[best] ?? NaN))) best = row
  }
  return best
}

function compared(latest: Value, reference: Value, direction: Direction | undefined): Comparison {
  const [now, before] = [withInfinity(latest.value), withInfinity(reference.value)]
  const difference = now === before ? 0 : now - before
  const percent = (100 * difference) / Math.abs(before)
  const isWorse =
    direction === undefined || Number.isNaN(before)
      ? undefined
      : Number.isNaN(now) || (direction === 'lower' ? difference > 0 : difference < 0)
  return { with: reference, difference, percent: Number.isFinite(percent) ? percent : undefined, isWorse }
}

/** MLflow's databases keep an infinity as the greatest double. */
const withInfinity = (value: number): number =>
  isPlusInfinity(value) ? Infinity : isMinusInfinity(value) ? -Infinity : value

/**
 * Whether the metric got worse by more than the threshold (per cent); where per cents mean nothing, at all. A run under way has not
 * come to its end: it is not judged yet.
 */
export const isMarked = ({ latest, comparison }: MetricFacts, threshold: number): boolean =>
  !latest.isRunning && comparison?.isWorse === true && Math.abs(comparison.percent ?? Infinity) > threshold

/** `+3.1 %`, `−0.002`; `±0` where nothing changed. */
export function changeText({ difference, percent, with: { value } }: Comparison): string {
  if (difference === 0) return t('±0')
  if (!Number.isFinite(difference)) return t('was {0}', formatMetric(value))
  const number = percent === undefined ? formatMetric(difference) : `${percentText(percent)} %`
  return difference > 0 ? `+${number}` : number
}

function percentText(percent: number): string {
  const size = Math.abs(percent)
  if (size >= 1e9) return formatDigits(percent, 3)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2
  const text =
    size < 0.01
      ? '<0.01'
      : size
          .toFixed(digits)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '')
  return percent < 0 ? `−${text}` : text
}

/** A parameter's values in these runs: each once, the most recent first. */
export function paramValues({ frame, rows }: FileRuns, key: string): readonly string[] {
  const values = new Set<string>()
  for (const row of rows) {
    const value = frame.paramAt(row, key)
    if (value !== undefined) values.add(value)
  }
  return [...values]
}

/** The row of the best run by a metric whose direction is known. */
export function bestRow({ frame, rows }: FileRuns, key: string, direction: Direction): number | undefined {
  const column = frame.metric(key)
  if (!column) return undefined
  const logged = rows.filter((row) => column.logged[row] === 1)
  return referenceRow(frame, column.values, [-1, ...logged], 'best', direction)
}

/** Whether each run has a single value, which a training that has only begun has, too; undefined while that is not known. */
export function isOverRuns(
  { latest, values, key }: MetricFacts,
  read: (runId: string, key: string) => Curve | undefined,
): boolean | undefined {
  const own = read(latest.runId, key)
  if (!own || own.x.length > 1) return own && false
  const [, before] = values
  if (!before || (before.step === latest.step && !latest.isRunning)) return true
  const other = read(before.runId, key)
  return other && other.x.length < 2
}
