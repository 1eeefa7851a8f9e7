/** The worker's part of watching: what differs between two states of a database, without reading what is the same. */
import type { Call } from '../worker/protocol'
import type { Snapshot } from './database'
import { join, listed, raw, sql, type Sql } from './sql'
import { text } from './values'

/** One of the last rows of a table that only grows: which it is, and whose. */
interface Mark {
  readonly row: number
  readonly runId: string
  readonly content: string
}

/** What is kept of a state to compare the next one with. Rows of `runs`, in order. */
interface State {
  readonly rows: Float64Array
  /** Hashes of the runs' ids, and of what else a row says. */
  readonly ids: Uint32Array
  readonly contents: Uint32Array
  readonly marks: Readonly<Record<string, readonly Mark[]>>
}

export interface Look {
  readonly state: State
  /** Ids of runs that are new or may have changed. */
  readonly changed: readonly string[]
  /** Rows of `runs` are gone. */
  readonly lost: boolean
}

export interface LookRequest {
  readonly experimentIds: readonly string[]
  readonly before: State | undefined
  /** The file is not the one that `before` is of. */
  readonly isReplaced: boolean
}

/**
 * Compares the runs of some experiments with what they were: the rows of `runs` by hash, the tables of what is logged by what was
 * added at their end. Without a state before, nothing counts as changed; where the tables can't be told apart by their ends (rows
 * were removed there), or the file is another one, every run may have changed.
 */
export function lookAtRuns(
  snapshot: Snapshot,
  { experimentIds, before, isReplaced }: LookRequest,
  { checkpoint }: Call,
): Look {
  const own = sql`(SELECT CAST(value AS INTEGER) FROM ${listed(experimentIds)})`
  const changed = new Set<string>()
  const { rows, ids, contents, lost } = compareRunRows(snapshot, own, before, changed, checkpoint)
  const marks: Record<string, readonly Mark[]> = {}
  let isUnsure = isReplaced
  for (const table of logTables(snapshot)) {
    marks[table.name] = marksOf(snapshot, table)
    if (!before) continue
    const added = addedSince(snapshot, table, before.marks[table.name] ?? [])
    if (added === undefined) isUnsure = true
    else for (const id of added) changed.add(id)
  }
  return {
    state: { rows, ids, contents, marks },
    changed: isUnsure ? allIds(snapshot, own) : ownAmong(snapshot, own, [...changed]),
    lost: lost || isUnsure,
  }
}

/** The buffers of a look, to hand over. */
export const buffersOfLook = ({ state: { rows, ids, contents } }: Look): ArrayBuffer[] =>
  [rows, ids, contents].map(({ buffer }) => buffer as ArrayBuffer)

/** Of these ids, those that no run has. */
export function missingRuns({ all }: Snapshot, ids: readonly string[]): string[] {
  return all(
    sql`SELECT j.value FROM ${listed(ids)} j WHERE NOT EXISTS (SELECT 1 FROM runs x WHERE x.run_uuid = j.value)`,
  ).map(([id]) => text(id))
}

function compareRunRows(
  { forEach, schema }: Snapshot,
  own: Sql,
  before: State | undefined,
  changed: Set<string>,
  checkpoint: Call['checkpoint'],
): Omit<State, 'marks'> & { lost: boolean } {
  const rows: number[] = []
  const ids: number[] = []
  const contents: number[] = []
  let at = 0 // in the state before
  let lost = false
  const columns = ['status', 'end_time', 'name', 'lifecycle_stage', 'start_time', 'experiment_id', 'user_id']
    .filter((column) => schema.has('runs', column))
    .map((column) => raw(`COALESCE(x."${column}", '')`))
  forEach(
    sql`x.rowid, x.run_uuid, ${join(columns, " || '\n' || ")}`,
    sql`FROM runs x NOT INDEXED WHERE x.experiment_id IN ${own}`, // so the rows come in their order
    (row, runId, content) => {
      if (rows.length % 8_192 === 8_191) checkpoint()
      const id = text(runId)
      const idHash = hash(id)
      const contentHash = hash(text(content))
      rows.push(row as number)
      ids.push(idHash)
      contents.push(contentHash)
      if (!before) return
      while (at < before.rows.length && (before.rows[at] ?? 0) < (row as number)) {
        lost = true
        at++
      }
      const isKnownRow = before.rows[at] === row
      if (isKnownRow && before.ids[at] !== idHash) lost = true
      if (!isKnownRow || before.ids[at] !== idHash || before.contents[at] !== contentHash) changed.add(id)
      if (isKnownRow) at++
    },
  )
  if (before && at < before.rows.length) lost = true
  return { rows: Float64Array.from(rows), ids: Uint32Array.from(ids), contents: Uint32Array.from(contents), lost }
}

/** FNV-1a. */
function hash(word: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193)
  return value >>> 0
}

/** A table that rows are only added to, or almost only. */
interface LogTable {
  readonly name: string
  /** The run that a row `x` belongs to. */
  readonly runId: Sql
  /** What tells one row from another. */
  readonly content: Sql
}

function logTables({ schema }: Snapshot): LogTable[] {
  const runId = raw('x.run_uuid')
  const inputs: LogTable = {
    name: 'inputs',
    runId: raw("CASE x.destination_type WHEN 'RUN' THEN x.destination_id ELSE x.source_id END"),
    content: raw('x.input_uuid'),
  }
  return [
    { name: 'metrics', runId, content: raw(`x."key" || '\n' || x.timestamp || '\n' || x.step`) },
    { name: 'params', runId, content: raw('x."key"') },
    { name: 'tags', runId, content: raw('x."key"') },
    ...(schema.has('inputs') ? [inputs] : []),
  ]
}

/**
 * Some of a table's rows from its end backwards, each twice as far from it as the one before: where rows were removed at the end, one
 * of the others tells where the old ones stop.
 */
function marksOf({ all }: Snapshot, { name, runId, content }: LogTable): Mark[] {
  const marks: Mark[] = []
  let end = Number.MAX_SAFE_INTEGER
  for (let distance = 1; ; distance *= 2) {
    const [found] = all(
      sql`SELECT x.rowid, ${runId}, ${content} FROM ${raw(name)} x WHERE x.rowid <= ${end} ORDER BY x.rowid DESC LIMIT 1`,
    )
    if (!found) return marks
    const row = found[0] as number
    marks.push({ row, runId: text(found[1]), content: text(found[2]) })
    end = row - distance
  }
}

/** Ids of the runs that rows were added to, or removed from at the end; undefined where none of the old rows is found. */
function addedSince(
  { all }: Snapshot,
  { name, runId, content }: LogTable,
  marks: readonly Mark[],
): string[] | undefined {
  const after = (row: number): string[] =>
    all(sql`SELECT DISTINCT ${runId} FROM ${raw(name)} x WHERE x.rowid > ${row}`).map(([id]) => text(id))
  if (marks.length === 0) return after(0)
  const removed: string[] = []
  for (const { row, runId: of, content: was } of marks) {
    const [found] = all(sql`SELECT ${runId}, ${content} FROM ${raw(name)} x WHERE x.rowid = ${row}`)
    if (found && text(found[0]) === of && text(found[1]) === was) return [...removed, ...after(row)]
    removed.push(of)
  }
  return undefined
}

function allIds({ all }: Snapshot, own: Sql): string[] {
  return all(sql`SELECT run_uuid FROM runs WHERE experiment_id IN ${own}`).map(([id]) => text(id))
}

/** Others log too. */
function ownAmong({ all }: Snapshot, own: Sql, ids: readonly string[]): string[] {
  if (ids.length === 0) return []
  return all(
    sql`SELECT x.run_uuid FROM ${listed(ids)} j CROSS JOIN runs x ON x.run_uuid = j.value WHERE x.experiment_id IN ${own}`,
  ).map(([id]) => text(id))
}
