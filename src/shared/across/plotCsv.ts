/** What plots show, as CSV files: numbers with all their digits, parameters as they were logged. */
import { csvLine, isoTime } from '../csv'
import { formatExact } from '../format'
import type { Cell } from './bins'
import type { Dimension, DimensionKind } from './dimension'

const prefixes: Readonly<Record<Exclude<DimensionKind, 'fact'>, string>> = {
  metric: 'metrics',
  param: 'params',
  tag: 'tags',
  dataset: 'datasets',
  package: 'packages',
}
const factHeads: Readonly<Record<string, string>> = { 'fact:duration': 'duration_s', 'fact:start': 'start_time' }

/** As the files of the runs table name it. */
export function headOf({ id, kind, key }: Dimension): string {
  return kind === 'fact' ? (factHeads[id] ?? id.slice('fact:'.length)) : `${prefixes[kind]}.${key}`
}

function textOf({ id, kind, values, textAt }: Dimension, row: number): string {
  const text = textAt(row)
  const value = values[row] ?? NaN
  if (text === undefined) return ''
  if (kind === 'metric') return formatExact(value)
  if (id === 'fact:start') return isoTime(value)
  return id === 'fact:duration' ? formatExact(value / 1000) : text
}

export interface NamedRuns {
  readonly nameOf: (row: number) => string
  readonly runIdOf: (row: number) => string
}

/** A line a run. @param groups which runs are plotted together, if any are */
export function runsCsv(
  { nameOf, runIdOf }: NamedRuns,
  rows: readonly number[],
  dimensions: readonly (Dimension | undefined)[],
  groups?: ReadonlyMap<number, string>,
): string {
  const shown = [...new Map(dimensions.flatMap((one) => (one ? [[one.id, one] as const] : []))).values()]
  const head = ['run', 'run_id', ...(groups ? ['group'] : []), ...shown.map(headOf)]
  const lines = rows.map((row) => [
    ...[nameOf(row), runIdOf(row)],
    ...(groups ? [groups.get(row) ?? ''] : []),
    ...shown.map((one) => textOf(one, row)),
  ])
  return [head, ...lines].map(csvLine).join('')
}

export interface GridCells {
  readonly x: { readonly dimension: Dimension; readonly labels: readonly string[] }
  readonly y: { readonly dimension: Dimension; readonly labels: readonly string[] }
  /** By x, then by y. */
  readonly cells: readonly (readonly (Cell | undefined)[])[]
  readonly metric: Dimension
  /** What a cell's value is of the metric, as `mean`. */
  readonly summary: string
}

/** A line a cell that has runs. */
export function cellsCsv({ x, y, cells, metric, summary }: GridCells): string {
  const head = [headOf(x.dimension), headOf(y.dimension), `${headOf(metric)} (${summary})`, 'runs']
  const lines = cells.flatMap((column, at) =>
    column.flatMap((cell, row) =>
      cell ? [[x.labels[at] ?? '', y.labels[row] ?? '', valueOf(metric, cell), String(cell.rows.length)]] : [],
    ),
  )
  return [head, ...lines].map(csvLine).join('')
}

/** A cell whose runs have no finite value has what they have. */
function valueOf(metric: Dimension, { value, rows }: Cell): string {
  return Number.isFinite(value) ? formatExact(value) : textOf(metric, rows[0] ?? 0)
}
