/** The runs of a table as text for other programs: CSV, JSON and Markdown. */
import { csvText, isoTime } from '../csv'
import { formatDateTime, formatDuration, formatExact, formatMetric } from '../format'
import { stringAt, type RunFrame } from '../runFrame'
import type { Steps } from '../steps'
import { fieldOf, isText, presenceAt, type Beyond, type CellKind } from './fields'
import { kindOf } from './fields'
import { cut } from './window'
import { columnId, type Column } from './view'

/** What is to be written: these runs with these columns, in that order. */
export interface Sheet {
  readonly frame: RunFrame
  readonly rows: Uint32Array
  readonly columns: readonly Column[]
  readonly beyond: Beyond
}

/** A value as it is: times and durations in ms. */
export type Value = number | string | undefined

export interface SheetColumn {
  /** As `mlflow.search_runs` names the columns of its frame. */
  readonly header: string
  readonly kind: CellKind
  readonly valueAt: (row: number) => Value
}

const prefixes = { metric: 'metrics', param: 'params', tag: 'tags', dataset: 'datasets', model: 'models' } as const

export function headerOf({ group, key, value = 'latest' }: Column): string {
  if (group === 'attribute') return key === 'name' ? 'run_name' : key
  return `${prefixes[group]}.${key}${value === 'latest' ? '' : ` (${value})`}`
}

/** The run's id first, so that every line says which run it is. */
export function sheetColumns({ frame, columns, beyond }: Sheet): SheetColumn[] {
  const runId: Column = { group: 'attribute', key: 'run_id' }
  const all = [runId, ...columns.filter((column) => columnId(column) !== columnId(runId))]
  return all.map((column) => {
    const field = fieldOf(frame, column, beyond)
    const valueAt = isText(field)
      ? (row: number) => stringAt(field, row)
      : (row: number) => (presenceAt(field, row) === 1 ? field.values[row] : undefined)
    return { header: headerOf(column), kind: kindOf(column), valueAt }
  })
}

/** Rows that are written without a pause. */
const atOnce = 500

function* eachRow(rows: Uint32Array, write: (row: number) => string, before: string, between: string): Steps<string> {
  const parts = [before]
  for (const [at, row] of rows.entries()) {
    if (at % atOnce === atOnce - 1) yield
    parts.push(at === 0 ? write(row) : between + write(row))
  }
  return parts.join('')
}

/**
 * As RFC 4180 has it, with a header. Times in ISO 8601 (UTC), durations in seconds, numbers with all their digits; `nan`, `inf` and
 * `-inf` as pandas reads them.
 *
 * A text that a spreadsheet would take for a formula has an apostrophe put before it, as OWASP advises; numbers are left alone.
 */
export function* toCsv(sheet: Sheet): Steps<string> {
  const columns = sheetColumns(sheet)
  const header = columns.map((column) => csvText(withUnit(column))).join(',')
  const line = (row: number): string => columns.map((column) => csvValue(column.valueAt(row), column.kind)).join(',')
  const text = yield* eachRow(sheet.rows, line, `${header}\r\n`, '\r\n')
  return sheet.rows.length > 0 ? `${text}\r\n` : text
}

const withUnit = ({ header, kind }: SheetColumn): string => (kind === 'duration' ? `${header}_s` : header)

function csvValue(value: Value, kind: CellKind): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return csvText(value)
  if (kind === 'time') return isoTime(value)
  return formatExact(kind === 'duration' ? value / 1000 : value)
}

/** A list of objects, by the names of the columns. JSON has no NaN and no infinities: they are texts there. */
export function* toJson(sheet: Sheet): Steps<string> {
  const columns = sheetColumns(sheet)
  const write = (row: number): string => {
    const entries = columns.flatMap((column) => {
      const value = column.valueAt(row)
      if (value === undefined) return []
      return [`    ${JSON.stringify(withUnit(column))}: ${jsonValue(value, column.kind)}`]
    })
    return `  {\n${entries.join(',\n')}\n  }`
  }
  const text = yield* eachRow(sheet.rows, write, '[\n', ',\n')
  return `${text}\n]\n`
}

function jsonValue(value: number | string, kind: CellKind): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (kind === 'time') return JSON.stringify(isoTime(value))
  const number = kind === 'duration' ? value / 1000 : value
  return Number.isFinite(number) && Math.abs(number) !== Number.MAX_VALUE
    ? JSON.stringify(number)
    : JSON.stringify(namedNumber(number))
}

const namedNumber = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity')

/** A table for reading: numbers in six digits, texts cut. Nothing in it is more than text. */
export function* toMarkdown(sheet: Sheet): Steps<string> {
  const all = sheetColumns(sheet)
  // The id only where it is one of the columns.
  const columns = sheet.columns.some((column) => headerOf(column) === 'run_id') ? all : all.slice(1)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const head = line(columns.map(({ header }) => markdownText(header)))
  const rule = line(columns.map(({ kind }) => (kind === 'number' || kind === 'duration' ? '---:' : '---')))
  const write = (row: number): string => line(columns.map(({ valueAt, kind }) => markdownValue(valueAt(row), kind)))
  const text = yield* eachRow(sheet.rows, write, `${head}\n${rule}\n`, '\n')
  return sheet.rows.length > 0 ? `${text}\n` : text
}

function markdownValue(value: Value, kind: CellKind): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return markdownText(value)
  if (kind === 'time') return formatDateTime(value)
  return kind === 'duration' ? formatDuration(value) : formatMetric(value)
}

const markdownText = (text: string): string =>
  (cut(text) ?? '')
    .replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&')
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim()
