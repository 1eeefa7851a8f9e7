/**
 * Which runs stand where. A run with a parent is shown below it, never beside it; a run whose parent is deleted, gone or in
 * another experiment is still shown. Knows stores, not the editor.
 */
import { equals, quotedKey } from '../../shared/filter/quote'
import { parentRunTag, type Run } from '../../shared/model'
import type { RunFrame } from '../../shared/runFrame'
import { StoreError, type RunQuery, type TrackingStore } from '../stores'

export interface RunList {
  readonly runs: readonly Run[]
  /** True where there are more than were asked for. */
  readonly more: boolean
}

export interface ListQuery {
  readonly experimentId: string
  /** MLflow's search expression. With one, every run that it finds is listed, children too: a flat list. */
  readonly filter?: string | undefined
  readonly orderBy?: readonly string[] | undefined
  readonly limit: number
}

const parentKey = `tags.${quotedKey(parentRunTag)}`

/** Runs of the top level of an experiment. */
export async function topLevelRuns(store: TrackingStore, query: ListQuery, signal?: AbortSignal): Promise<RunList> {
  if (query.filter !== undefined) return listRuns(store, query, signal)
  if (!knowsNoIsNull.has(store)) {
    try {
      return await listRuns(store, { ...query, filter: `${parentKey} IS NULL` }, signal)
    } catch (error) {
      if (!StoreError.is(error, 'badRequest')) throw error
      knowsNoIsNull.add(store) // MLflow 2.x: then we place the runs ourselves
    }
  }
  return placedRuns(store, query, signal)
}

const knowsNoIsNull = new WeakSet<TrackingStore>()

export function childRuns(
  store: TrackingStore,
  parentRunId: string,
  query: Omit<ListQuery, 'filter'>,
  signal?: AbortSignal,
): Promise<RunList> {
  return listRuns(store, { ...query, filter: equals(parentKey, parentRunId) }, signal)
}

export interface NestedRuns {
  /** Those that no run of the top level leads to: their parent is not among the experiment's runs, or is below them. */
  readonly strays: readonly Run[]
  /** Children by their parent's id. */
  readonly counts: ReadonlyMap<string, number>
  /** How many were looked at, and whether there are more. */
  readonly looked: number
  readonly more: boolean
}

/**
 * A look at an experiment's nested runs, the first `limit` of them. Where the store lacks `IS NULL` there is nothing to tell:
 * `topLevelRuns` has placed them all.
 */
export async function nestedRuns(
  store: TrackingStore,
  query: Omit<ListQuery, 'filter'>,
  signal?: AbortSignal,
): Promise<NestedRuns> {
  if (knowsNoIsNull.has(store)) return { strays: [], counts: new Map(), looked: 0, more: false }
  const { runs, more } = await listRuns(store, { ...query, filter: `${parentKey} IS NOT NULL` }, signal)
  const known = new Map(runs.map((run) => [run.info.runId, run]))
  await addMissingParents(store, query.experimentId, known, signal)
  const counts = new Map<string, number>()
  for (const run of runs) {
    const parent = parentOf(run)
    if (parent !== undefined) counts.set(parent, (counts.get(parent) ?? 0) + 1)
  }
  const strays = runs.filter(
    (run) => !known.has(parentOf(run) ?? '') || parentOf(topmost(run, known)) === run.info.runId,
  )
  return { strays, counts, looked: runs.length, more }
}

/**
 * What has changed since `known` was listed: newer runs, and those of `known` that were under way. For a list of the newest
 * runs first; undefined where only listing all again can tell.
 */
export async function changedRuns(
  store: TrackingStore,
  known: readonly Run[],
  query: Omit<ListQuery, 'orderBy'>,
  signal?: AbortSignal,
): Promise<readonly Run[] | undefined> {
  if (query.filter === undefined && knowsNoIsNull.has(store)) return undefined
  const newest = Math.max(0, ...known.map(({ info }) => info.startTime ?? 0))
  const newer = `attributes.start_time >= ${newest} AND ${query.filter ?? `${parentKey} IS NULL`}`
  const running = known.filter(isUnderWay).map(({ info }) => info.runId)
  const [listed, updated] = await Promise.all([
    listRuns(store, { ...query, filter: newer }, signal),
    runsById(store, query.experimentId, running, signal),
  ])
  return listed.more ? undefined : [...listed.runs, ...updated.values()]
}

export const isUnderWay = ({ info }: Run): boolean => info.status === 'RUNNING' || info.status === 'SCHEDULED'

export const parentOf = (run: Run): string | undefined => run.tags.get(parentRunTag)

const parentsOf = (runs: readonly Run[]): string[] => [
  ...new Set(runs.map(parentOf).filter((parent) => parent !== undefined)),
]

async function listRuns(store: TrackingStore, query: ListQuery, signal?: AbortSignal): Promise<RunList> {
  const runs: Run[] = []
  for await (const frame of store.searchRuns(runQuery(query, query.limit + 1), signal)) runs.push(...rowsOf(frame))
  return { runs: distinct(runs).slice(0, query.limit), more: runs.length > query.limit }
}

/** Rows that are read at most to fill a page of the top level. */
const mostRead = 5000

/** The top level where the store can't tell it: reads page by page until enough runs without a parent are there. */
async function placedRuns(store: TrackingStore, query: ListQuery, signal?: AbortSignal): Promise<RunList> {
  const read: Run[] = []
  let more = false
  for await (const frame of store.searchRuns(runQuery(query), signal)) {
    read.push(...rowsOf(frame))
    more = read.filter((run) => parentOf(run) === undefined).length > query.limit || read.length >= mostRead
    if (more) break
  }
  const rows = distinct(read)
  const known = new Map(rows.map((run) => [run.info.runId, run]))
  await addMissingParents(store, query.experimentId, known, signal)
  const top = new Map<string, Run>()
  for (const run of rows) {
    const ancestor = topmost(run, known)
    top.set(ancestor.info.runId, ancestor) // a parent stands where the first of its children would
  }
  return { runs: [...top.values()].slice(0, query.limit), more: more || top.size > query.limit }
}

async function addMissingParents(
  store: TrackingStore,
  experimentId: string,
  known: Map<string, Run>,
  signal?: AbortSignal,
): Promise<void> {
  const asked = new Set<string>()
  for (;;) {
    const missing = parentsOf([...known.values()]).filter((id) => !known.has(id) && !asked.has(id))
    if (missing.length === 0) return
    for (const id of missing) asked.add(id)
    for (const [id, run] of await runsById(store, experimentId, missing, signal)) known.set(id, run)
  }
}

function topmost(run: Run, known: ReadonlyMap<string, Run>): Run {
  const seen = new Set<Run>()
  let top = run
  for (;;) {
    seen.add(top)
    const parent = known.get(parentOf(top) ?? '')
    if (!parent || seen.has(parent)) return top
    top = parent
  }
}

/** So many ids fit into one request, whatever the server. */
const idsAtOnce = 80

/** Ids that can't be one (a tag holds anything) are not asked for. */
async function runsById(
  store: TrackingStore,
  experimentId: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, Run>> {
  const found = new Map<string, Run>()
  const possible = ids.filter((id) => /^[\w-]{1,64}$/.test(id))
  for (let start = 0; start < possible.length; start += idsAtOnce) {
    const chunk = possible.slice(start, start + idsAtOnce)
    const filter = `attributes.run_id IN (${chunk.map((id) => `'${id}'`).join(', ')})`
    for (const run of (await listRuns(store, { experimentId, filter, limit: chunk.length }, signal)).runs)
      found.set(run.info.runId, run)
  }
  return found
}

const runQuery = ({ experimentId, filter, orderBy }: Omit<ListQuery, 'limit'>, maxResults?: number): RunQuery => ({
  experimentIds: [experimentId],
  ...(filter !== undefined && { filter }),
  ...(orderBy !== undefined && { orderBy }),
  ...(maxResults !== undefined && { maxResults }),
})

const rowsOf = (frame: RunFrame): Run[] => Array.from({ length: frame.length }, (_, row) => frame.run(row))

/** Pages of a server are cut by number, so a run that starts meanwhile pushes another one onto two of them. */
function distinct(runs: readonly Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.info.runId, run])).values()]
}
