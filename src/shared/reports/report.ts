/** A comparison as a report tells it, before it is HTML or Markdown. */
import { formatDateTime, formatDuration, formatExact, formatMetric } from '../format'
import { t } from '../l10n'
import { shortLine } from '../markup'
import type { Axis, RunDetails } from '../protocol'
import type { Mark } from '../runColor'

export interface ReportRun {
  readonly name: string
  readonly runId: string
  readonly mark: Mark
}

/** A value of one run; undefined where it has none. */
export type ReportCell = { readonly text: string; readonly change?: string } | undefined

export interface ReportRow {
  readonly key: string
  /** One for each run. */
  readonly cells: readonly ReportCell[]
}

export interface ReportGroup {
  readonly heading: string
  /** Rows in which runs differ, and those in which all are the same. */
  readonly differing: readonly ReportRow[]
  readonly same: readonly ReportRow[]
}

export interface ReportCurve {
  /** Index of the run. */
  readonly run: number
  readonly x: Float64Array
  readonly y: Float64Array
}

export interface ReportChart {
  readonly key: string
  readonly axis: Axis
  readonly curves: readonly ReportCurve[]
  /** What the picture stands for, in a sentence. */
  readonly note: string
}

export interface Report {
  readonly title: string
  /** Milliseconds since the epoch. */
  readonly madeAt: number
  readonly runs: readonly ReportRun[]
  readonly facts: readonly ReportRow[]
  readonly groups: readonly ReportGroup[]
  readonly charts: readonly ReportChart[]
  /** What is not in it and why, in sentences. */
  readonly leftOut: readonly string[]
}

/** Characters of a value, and rows of one kind. */
const longestValue = 300
const mostRows = 1000

const collator = new Intl.Collator('en', { numeric: true })

/** A cell and what decides whether two are different. */
interface Told {
  readonly exact: string
  readonly cell: { readonly text: string; readonly change?: string }
}

/** What stands at the head of each run. @param statusWord a status for people */
export function factsOf(runs: readonly RunDetails[], statusWord: (run: RunDetails) => string): ReportRow[] {
  const tag = (run: RunDetails, key: string): string => run.tags.find(([name]) => name === key)?.[1] ?? ''
  const rows: readonly (readonly [string, (run: RunDetails) => string])[] = [
    [t('Status'), (run) => (run.deleted ? t('{0}, deleted', statusWord(run)) : statusWord(run))],
    [t('Experiment'), ({ experimentName }) => experimentName],
    [t('Tracking URI'), ({ connection }) => connection.uri],
    [t('Started'), ({ startTime }) => (startTime === null ? '' : formatDateTime(startTime))],
    [
      t('Duration'),
      ({ startTime, endTime }) => (startTime === null || endTime === null ? '' : formatDuration(endTime - startTime)),
    ],
    [t('User'), ({ user }) => user],
    [t('Source'), (run) => tag(run, 'mlflow.source.name')],
    [t('Git commit'), (run) => tag(run, 'mlflow.source.git.commit')],
    [t('Run ID'), ({ runId }) => runId],
  ]
  return rows.flatMap(([key, textOf]) => {
    const cells = runs.map((run) => cellOf(textOf(run)))
    return cells.some((cell) => cell !== undefined) ? [{ key, cells }] : []
  })
}

const cellOf = (text: string): ReportCell => (text === '' ? undefined : { text: shortened(text) })

/** Cut where it is too long; lines stay lines. */
const shortened = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text)

/** Parameters, last values of metrics with their change against the first run, tags and datasets. */
export function groupsOf(runs: readonly RunDetails[]): { groups: ReportGroup[]; leftOut: string[] } {
  const leftOut: string[] = []
  const group = (heading: string, tables: readonly ReadonlyMap<string, Told>[]): ReportGroup => {
    const keys = [...new Set(tables.flatMap((table) => [...table.keys()]))].sort(collator.compare)
    if (keys.length > mostRows)
      leftOut.push(t('{0}: {1} of {2} rows are in this report.', heading, mostRows, keys.length))
    const differing: ReportRow[] = []
    const same: ReportRow[] = []
    for (const key of keys.slice(0, mostRows)) {
      const told = tables.map((table) => table.get(key))
      const row = { key, cells: told.map((one) => one?.cell) }
      const isSame = told.every((one) => one?.exact === told[0]?.exact)
      ;(isSame ? same : differing).push(row)
    }
    return { heading, differing, same }
  }
  const texts = (pairs: readonly (readonly [string, string])[]): Map<string, Told> =>
    new Map(pairs.map(([key, text]) => [key, { exact: text, cell: { text: shortened(text) } }]))
  const baseline = runs[0] && valuesOf(runs[0])
  const groups = [
    group(
      t('Parameters'),
      runs.map(({ params }) => texts(params)),
    ),
    group(
      t('Metrics (last values)'),
      runs.map((run, index) => metricsOf(run, index === 0 ? undefined : baseline)),
    ),
    group(
      t('Tags'),
      runs.map(({ tags }) => texts(tags.filter(([key]) => !key.startsWith('mlflow.')))),
    ),
    group(
      t('Datasets'),
      runs.map(({ datasets }) =>
        texts(datasets.map(({ name, digest, context }) => [context === '' ? name : `${name} (${context})`, digest])),
      ),
    ),
  ]
  const long = runs.flatMap(({ params, tags }) => [...params, ...tags]).filter(([key, text]) => text.length > longestValue && !key.startsWith('mlflow.')) // prettier-ignore
  if (long.length > 0)
    leftOut.push(
      long.length === 1
        ? t('1 value is cut after {0} characters.', longestValue)
        : t('{0} values are cut after {1} characters.', long.length, longestValue),
    )
  return { groups: groups.filter(({ differing, same }) => differing.length + same.length > 0), leftOut }
}

const valuesOf = ({ metrics }: RunDetails): ReadonlyMap<string, number> =>
  new Map(metrics.keys.map((key, index) => [key, metrics.values[index] ?? NaN]))

function metricsOf(run: RunDetails, baseline: ReadonlyMap<string, number> | undefined): Map<string, Told> {
  return new Map(
    [...valuesOf(run)].map(([key, value]) => {
      const change = changeText(value, baseline?.get(key))
      return [key, { exact: formatExact(value), cell: { text: formatMetric(value), ...(change && { change }) } }]
    }),
  )
}

/** `+12.5 %`; undefined where there is nothing to compare with, or no ratio. */
export function changeText(value: number, before: number | undefined): string | undefined {
  if (before === undefined || before === 0 || value === before) return undefined
  const percent = ((value - before) / Math.abs(before)) * 100
  if (!Number.isFinite(percent)) return undefined
  const size = Math.abs(percent)
  const digits = size >= 1e6 ? size.toExponential(1) : size >= 100 ? size.toFixed(0) : size.toPrecision(2)
  return `${percent < 0 ? '−' : '+'}${digits} %`
}

/** A run's name, or its id where it has none. */
export const nameOf = ({ name, runId }: RunDetails): string => (name === '' ? runId : shortLine(name, 200))
