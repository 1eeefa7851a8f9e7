/** How a runs table is set: which columns, what it finds, in what order. Kept over a reload, saved by name, shared as a file. */
import * as v from 'valibot'

const name = v.pipe(v.string(), v.maxLength(2000))
/** ms since the epoch, as far as a date can be of it. */
const moment = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15))

/** Where a column's values come from. */
export const columnGroupSchema = v.picklist(['attribute', 'metric', 'param', 'tag', 'dataset', 'model'])
export type ColumnGroup = v.InferOutput<typeof columnGroupSchema>

/** Which value of a metric's history a column shows. `best` is the least or the greatest, as the user said for that metric. */
export const metricValueSchema = v.picklist(['latest', 'first', 'min', 'max', 'best'])
export type MetricValue = v.InferOutput<typeof metricValueSchema>

/**
 * A column: attributes are `name`, `status`, `start_time`, `end_time`, `duration`, `user_id`, `run_id`, `experiment`, `source`,
 * `version`, `note`; of datasets `name` and `digest`; of models `registered` and `logged`; else MLflow's key.
 */
export const columnSchema = v.object({
  group: columnGroupSchema,
  key: name,
  value: v.optional(metricValueSchema),
})
export type Column = v.InferOutput<typeof columnSchema>

/** Equal text, equal column. */
export function columnId({ group, key, value }: Column): string {
  return value === undefined || value === 'latest' ? `${group}:${key}` : `${group}.${value}:${key}`
}

export const shownColumnSchema = v.object({
  column: columnSchema,
  /** CSS pixels; left out, as wide as the grid finds fit. */
  width: v.optional(v.pipe(v.number(), v.minValue(24), v.maxValue(4000))),
  /** Stays in sight while the others scroll sideways. */
  pinned: v.optional(v.boolean()),
  /** What a metric's cell draws beside its number. */
  draw: v.optional(v.picklist(['bar', 'sparkline'])),
})
export type ShownColumn = v.InferOutput<typeof shownColumnSchema>

export const tableOrderSchema = v.object({ column: columnSchema, descending: v.boolean() })
export type TableOrder = v.InferOutput<typeof tableOrderSchema>

const runIds = v.array(v.pipe(v.string(), v.maxLength(64)))

/** Any key: valibot's own record leaves out `constructor` and `prototype`, which a metric may be called. */
const isBetter = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((way) => way === 'lower' || way === 'higher')

export const tableViewSchema = v.object({
  version: v.literal(1),
  /** MLflow's search expression with our extensions, or plain text that is looked for in names, ids, parameters and tags. */
  filter: v.optional(v.pipe(v.string(), v.maxLength(20_000)), ''),
  lifecycle: v.optional(v.picklist(['active', 'deleted', 'all']), 'active'),
  statuses: v.optional(v.array(v.picklist(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'])), []),
  /** Runs that started within the last so many ms; `null`: whenever. */
  startedWithin: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))), null),
  /** Runs that started from one moment until before another, ms since the epoch; an end may be open. */
  startedBetween: v.optional(v.nullable(v.object({ from: v.nullable(moment), to: v.nullable(moment) })), null),
  /** Name of a dataset that the runs used; `null`: any or none. */
  dataset: v.optional(v.nullable(name), null),
  /** Only runs that the user starred. */
  onlyStarred: v.optional(v.boolean(), false),
  /** First counts first. The newest first where this is empty. */
  orderBy: v.optional(v.array(tableOrderSchema), []),
  /** Parameters, tags, or the dataset's name. Empty: no groups. */
  groupBy: v.optional(v.array(columnSchema), []),
  /** What a group's cell of a metric shows. */
  aggregate: v.optional(v.picklist(['mean', 'min', 'max']), 'mean'),
  /** Child runs under their parents. */
  nested: v.optional(v.boolean(), true),
  /** Row keys whose children or members show. */
  expanded: v.optional(v.array(name), []),
  /** In order; `null`: the table's own choice. */
  columns: v.optional(v.nullable(v.array(shownColumnSchema)), null),
  /** Hides columns in which all runs found are the same. */
  onlyChanged: v.optional(v.boolean(), false),
  /** Runs kept at the top, and runs left out. */
  pinnedRuns: v.optional(runIds, []),
  hiddenRuns: v.optional(runIds, []),
  /** By metric's key: which way is better, where the user said so. */
  better: v.optional(
    v.custom<Readonly<Record<string, 'lower' | 'higher'>>>(isBetter, 'not lower or higher by key'),
    {},
  ),
})
export type TableView = v.InferOutput<typeof tableViewSchema>

export const defaultView: TableView = v.parse(tableViewSchema, { version: 1 })
