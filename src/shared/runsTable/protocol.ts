/**
 * Messages between the runs table and its host. The host holds the frame of all runs, filters, sorts, groups and nests it; the
 * webview asks for the rows and columns that are in sight.
 */
import * as v from 'valibot'
import type { Half } from '../channel'
import { statusSchema } from '../protocol'
import { columnGroupSchema, columnSchema, shownColumnSchema, tableViewSchema } from './view'

const floats = v.custom<Float64Array>((value) => value instanceof Float64Array, 'not a Float64Array')
const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, 'not a Uint8Array')
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const nothing = v.optional(v.null(), null)
const runIds = v.array(v.pipe(v.string(), v.maxLength(64)))

/** Which runs a table has: kept over a reload together with its view. */
export const tableSubjectSchema = v.object({
  connection: v.string(),
  experimentIds: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(200)),
})
export type TableSubject = v.InferOutput<typeof tableSubjectSchema>

const rowKey = v.nullable(v.pipe(v.string(), v.maxLength(2000)))

/** Where the user is in a table. */
export const tablePlaceSchema = v.object({
  /** Key of the row at which the part that scrolls begins; null at the top. */
  first: rowKey,
  /** Pixels of that row that are above, and pixels scrolled sideways. */
  within: v.number(),
  left: v.number(),
  /** Where the focus is: a row's key, null in the header, and a column's id. */
  row: rowKey,
  column: v.string(),
  selected: runIds,
})
export type TablePlace = v.InferOutput<typeof tablePlaceSchema>

/** What a runs table keeps in getState: over a reload, and while its tab is hidden. */
export const tableStateSchema = v.object({
  version: v.literal(1),
  subject: tableSubjectSchema,
  view: tableViewSchema,
  place: v.fallback(v.optional(tablePlaceSchema), undefined),
})
export type TableState = v.InferOutput<typeof tableStateSchema>

const helloReply = v.object({
  bundle: v.record(v.string(), v.string()),
  connection: v.object({ id: v.string(), name: v.string(), uri: v.string() }),
  experiments: v.array(v.object({ id: v.string(), name: v.string() })),
  subject: tableSubjectSchema,
  /** How the table is to be set, where the webview remembers nothing. */
  view: tableViewSchema,
  savedViews: v.array(v.string()),
  /** Filters used before, the latest first, and those that were saved. */
  history: v.array(v.string()),
  savedFilters: v.array(v.string()),
})

/** How the loading of runs stands. */
export const loadingSchema = v.object({
  state: v.picklist(['loading', 'complete', 'failed', 'stopped']),
  /** What is being waited for, in words. */
  what: v.string(),
  loaded: count,
  /** When it began, and when all rows were last known to be as the store has them; ms since the epoch. */
  since: v.number(),
  updatedAt: v.nullable(v.number()),
  /** Why it failed; rows that were there stay. */
  problem: v.nullable(v.string()),
})
export type Loading = v.InferOutput<typeof loadingSchema>

const filterProblemSchema = v.object({
  message: v.string(),
  from: count,
  to: count,
  /** Filters that are likely meant. */
  meant: v.pipe(v.array(v.string()), v.readonly()),
})
export type FilterProblem = v.InferOutput<typeof filterProblemSchema>

const arrangementSchema = v.object({
  /** Names this arrangement in `rows`. */
  revision: count,
  loading: loadingSchema,
  /** Runs loaded; of them, runs that the filters find; hidden by hand. */
  runs: count,
  matching: count,
  hidden: count,
  /** Of those found, runs that don't show because their parents are closed. */
  closed: count,
  /** Rows that show: runs, groups and their open members. */
  rows: count,
  /** Of them, at the top and always in sight: the pinned runs. */
  pinnedRows: count,
  /** The columns that show, in order, pinned ones first. */
  columns: v.array(
    v.object({
      ...shownColumnSchema.entries,
      kind: v.picklist(['number', 'text', 'time', 'duration', 'status']),
      /** Least and greatest finite value of the runs found, where it draws bars or the user said which is better. */
      extent: v.nullable(v.tuple([v.number(), v.number()])),
      /** Characters of the longest value to speak of, as far as was looked: for widths. */
      longest: count,
    }),
  ),
  /** The filter can't be understood: the rows are those of the filter before. */
  filterProblem: v.nullable(filterProblemSchema),
  /** What the user may do with all of these runs, as far as the server tells. */
  mayEdit: v.boolean(),
  mayDelete: v.boolean(),
  /** A server would refuse this filter: it is evaluated here. */
  filterIsOurs: v.boolean(),
  /** The filter is looked for as plain text. */
  filterIsText: v.boolean(),
})
export type Arrangement = v.InferOutput<typeof arrangementSchema>

/**
 * State of a number: nothing logged, a value (NaN and ±Infinity too), not read yet, the value of another run (of the one below a
 * closed run that gives it its place in the order), or, of a duration that goes on, when it began.
 */
export const cellState = { missing: 0, value: 1, pending: 2, below: 3, since: 4 } as const

/** One column of some rows. Times and durations are numbers in ms. */
const cellsSchema = v.variant('kind', [
  v.object({
    kind: v.literal('number'),
    values: floats,
    states: bytes,
    /** For group rows, by row of this window: what the aggregate is made of. */
    groups: v.array(
      v.nullable(
        v.object({ finite: count, nan: count, infinite: count, missing: count, min: v.number(), max: v.number() }),
      ),
    ),
  }),
  v.object({
    kind: v.literal('text'),
    /** `null` where there is none. Cut at 300 characters: `cell` has all of it. */
    values: v.array(v.nullable(v.string())),
    /** For group rows: how many different values the members have; 0 for runs. */
    different: v.array(count),
  }),
])
export type Cells = v.InferOutput<typeof cellsSchema>

const rowSchema = v.object({
  /** A run's id, or `group:…`. */
  key: v.string(),
  kind: v.picklist(['run', 'group']),
  /** Indentation: 0 is the top. */
  depth: count,
  /** Children or members, shown or not. */
  children: count,
  expanded: v.boolean(),
  /** A group's values in words, else the run's name. */
  label: v.string(),
  status: v.nullable(statusSchema),
  /** Index of its colour; `null` for groups. */
  color: v.nullable(count),
  starred: v.boolean(),
  pinned: v.boolean(),
  deleted: v.boolean(),
  /** Shown only because it has children that match. */
  context: v.boolean(),
  /** What of the run could not be read. */
  problem: v.nullable(v.string()),
})
export type TableRow = v.InferOutput<typeof rowSchema>

const windowSchema = v.object({
  /** `null`: that revision is gone; arrange again. */
  rows: v.nullable(v.array(rowSchema)),
  /** One for each column asked for. */
  columns: v.array(cellsSchema),
})
export type TableWindow = v.InferOutput<typeof windowSchema>

const catalogSchema = v.array(
  v.object({
    column: columnSchema,
    /** Runs that have it. */
    runs: count,
    changes: v.boolean(),
  }),
)
export type Catalog = v.InferOutput<typeof catalogSchema>

const completionSchema = v.object({
  /** What the completion replaces. */
  from: count,
  to: count,
  text: v.string(),
  label: v.string(),
  detail: v.string(),
})
export type TableCompletion = v.InferOutput<typeof completionSchema>

export const exportFormatSchema = v.picklist(['csv', 'json', 'markdown', 'pandas', 'searchRuns'])
export type ExportFormat = v.InferOutput<typeof exportFormatSchema>

/** What can be done to chosen runs: each is a command of the extension, with the runs as its options. */
export const runActionSchema = v.picklist([
  'open',
  'compare',
  'rename',
  'setTag',
  'removeTag',
  'editDescription',
  'delete',
  'restore',
  'registerModel',
  'copyId',
  'openInWebUi',
])
export type RunAction = v.InferOutput<typeof runActionSchema>

/** What the host of a runs table understands. */
export const tableHostHalf = {
  commands: {
    act: v.object({ action: runActionSchema, runIds }),
    star: v.object({ runIds, on: v.boolean() }),
    /** Of these runs; `null`: all that the table finds, in its order. */
    export: v.object({
      format: exportFormatSchema,
      to: v.picklist(['clipboard', 'file', 'editor']),
      runIds: v.nullable(runIds),
    }),
    copy: v.object({ text: v.string() }),
    refresh: nothing,
    stop: nothing,
    showLog: nothing,
    /** Remembers a filter that was used. */
    used: v.object({ filter: v.string() }),
    /** Saves a filter, or no longer. */
    keepFilter: v.object({ filter: v.pipe(v.string(), v.maxLength(20_000)), on: v.boolean() }),
    /** The host asks for a name, or which view. */
    saveView: v.object({ view: tableViewSchema }),
    shareView: v.object({ view: tableViewSchema }),
    deleteView: v.object({ name: v.string() }),
  },
  requests: {
    hello: { params: nothing, reply: helloReply },
    /** Filters, sorts, groups and nests. Only the newest is answered: an older one that is under way is cancelled. */
    arrange: { params: v.object({ view: tableViewSchema }), reply: arrangementSchema },
    rows: {
      params: v.object({
        revision: count,
        from: count,
        /** At most 1,000 after `from`. */
        to: count,
        columns: v.pipe(v.array(columnSchema), v.maxLength(500)),
      }),
      reply: windowSchema,
    },
    /** Ids of the runs in rows `from` to `to` (exclusive): for a selection that reaches beyond what was loaded. `null` as in `rows`. */
    ids: { params: v.object({ revision: count, from: count, to: count }), reply: v.nullable(runIds) },
    /** Row of a key in an arrangement, or -1. */
    find: { params: v.object({ revision: count, key: v.string() }), reply: v.number() },
    /** The whole value of a cell. */
    cell: { params: v.object({ runId: v.string(), column: columnSchema }), reply: v.nullable(v.string()) },
    /** What a run is, in a few lines: times, metrics and parameters. */
    about: { params: v.object({ runId: v.string() }), reply: v.array(v.string()) },
    /** All columns that there are, or those whose key has `search` in it; at most 1,000. */
    catalog: {
      params: v.object({ search: v.string(), group: v.nullable(columnGroupSchema) }),
      reply: v.object({ columns: catalogSchema, total: count }),
    },
    complete: { params: v.object({ text: v.string(), offset: count }), reply: v.array(completionSchema) },
    /** Latest stretch of a metric for some runs: `width` values at most each, NaN a gap. */
    sparklines: {
      params: v.object({ runIds, key: v.string(), width: v.pipe(count, v.minValue(2), v.maxValue(200)) }),
      reply: v.array(floats),
    },
    /** A view that was saved by name. */
    loadView: { params: v.object({ name: v.string() }), reply: tableViewSchema },
  },
  notifications: {},
} satisfies Half
export type TableHostHalf = typeof tableHostHalf

/** What a runs table understands. */
export const tableWebviewHalf = {
  commands: {},
  requests: {},
  notifications: {
    /** Runs arrived, changed or left, or colours moved: arrange again. */
    changed: nothing,
    loading: loadingSchema,
    /** A view was loaded from elsewhere, or the saved ones are others. */
    views: v.object({ savedViews: v.array(v.string()), view: v.nullable(tableViewSchema) }),
  },
} satisfies Half
export type TableWebviewHalf = typeof tableWebviewHalf
