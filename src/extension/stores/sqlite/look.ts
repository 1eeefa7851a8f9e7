/** The worker's part of watching: what differs between two states of a database, without reading what is the same. */
import type { Call } from '../worker/protocol'
import type { Snapshot, Transaction } from './database'
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

/** How much is read in one piece: some 50 ms, no longer may writers be kept waiting. */
interface Sizes {
  readonly runs: number
  readonly logged: number
}
const usualSizes: Sizes = { runs: 10_000, logged: 100_000 }

/**
 * Compares the runs of some experiments with what they were: the rows of `runs` by hash, the tables of what is logged by what was
 * added at their end. Without a state before, nothing counts as changed; where the tables can't be told apart by their ends (rows
 * were removed there), or the file is another one, every run may have changed.
 *
 * Reads in pieces, each in a transaction of its own. What changes meanwhile is told now or the next time: the ends of the tables are
 * noted first, and a row that moves differs from what is noted of its place.
 */
export function lookAtRuns(
  transaction: Transaction,
  { experimentIds, before, isReplaced }: LookRequest,
  { checkpoint }: Call,
  sizes = usualSizes,
): Look {
  const { tables, lastRun } = transaction((snapshot) => ({
    tables: logTables(snapshot).map((table) => ({
      table,
      marks: marksOf(snapshot, table),
      old: before && oldEnd(snapshot, table, before.marks[table.name] ?? []),
    })),
    lastRun: lastRow(snapshot, 'runs'),
  }))
  const isUnsure = isReplaced || (before !== undefined && tables.some(({ old }) => !old))
  const logged = new Set<string>()
  for (const { table, marks, old } of isUnsure ? [] : tables) {
    if (!old) continue
    for (const id of old.removed) logged.add(id)
    for (const piece of pieces(old.row, marks[0]?.row ?? 0, sizes.logged)) {
      checkpoint()
      for (const id of transaction((snapshot) => addedIn(snapshot, table, piece))) logged.add(id)
    }
  }
  const own = sql`(SELECT CAST(value AS INTEGER) FROM ${listed(experimentIds)})`
  const comparison = new Comparison(before)
  const changed: string[] = []
  for (const piece of pieces(0, lastRun, sizes.runs)) {
    checkpoint()
    for (const [row, id, content] of transaction((snapshot) => runRows(snapshot, own, piece))) {
      const differs = comparison.add(row as number, text(id), text(content))
      if (isUnsure || (before && (differs || logged.has(text(id))))) changed.push(text(id))
    }
  }
  const { state, lost } = comparison.end()
  const marks = Object.fromEntries(tables.map(({ table, marks: noted }) => [table.name, noted]))
  return { state: { ...state, marks }, changed, lost: lost || isUnsure }
}

/** Rows after `from` up to `to`. */
interface RowRange {
  readonly from: number
  readonly to: number
}

function* pieces(from: number, to: number, size: number): Generator<RowRange> {
  for (let at = from; at < to; at += size) yield { from: at, to: Math.min(at + size, to) }
}

const lastRow = ({ all }: Snapshot, table: string): number =>
  Number(all(sql`SELECT MAX(x.rowid) FROM ${raw(table)} x`)[0]?.[0] ?? 0)

/** The buffers of a look, to hand over. */
export const buffersOfLook = ({ state: { rows, ids, contents } }: Look): ArrayBuffer[] =>
  [rows, ids, contents].map(({ buffer }) => buffer as ArrayBuffer)

/** Of these ids, those that no run has. */
export function missingRuns({ all }: Snapshot, ids: readonly string[]): string[] {
  return all(
    sql`SELECT j.value FROM ${listed(ids)} j WHERE NOT EXISTS (SELECT 1 FROM runs x WHERE x.run_uuid = j.value)`,
  ).map(([id]) => text(id))
}

/** Rowid, id and what else a row says of the runs. */
function runRows({ all, schema }: Snapshot, own: Sql, { from, to }: RowRange): unknown[][] {
  const columns = ['status', 'end_time', 'name', 'lifecycle_stage', 'start_time', 'experiment_id', 'user_id']
    .filter((column) => schema.has('runs', column))
    .map((column) => raw(`COALESCE(x."${column}", '')`))
  return all(sql`
    SELECT x.rowid, x.run_uuid, ${join(columns, " || '\n' || ")} FROM runs x NOT INDEXED
    WHERE x.rowid > ${from} AND x.rowid <= ${to} AND x.experiment_id IN ${own} ORDER BY x.rowid`)
}

/** Compares the rows of `runs`, as they come in their order, with what they were. */
class Comparison {
  readonly #before: State | undefined
  readonly #rows: number[] = []
  readonly #ids: number[] = []
  readonly #contents: number[] = []
  /** In the state before. */
  #at = 0
  #lost = false

  constructor(before: State | undefined) {
    this.#before = before
  }

  /** Whether the row is new or differs. */
  add(row: number, id: string, content: string): boolean {
    const idHash = hash(id)
    const contentHash = hash(content)
    this.#rows.push(row)
    this.#ids.push(idHash)
    this.#contents.push(contentHash)
    const before = this.#before
    if (!before) return true
    while (this.#at < before.rows.length && (before.rows[this.#at] ?? 0) < row) {
      this.#lost = true
      this.#at++
    }
    const isKnownRow = before.rows[this.#at] === row
    const isSameRun = isKnownRow && before.ids[this.#at] === idHash
    if (isKnownRow && !isSameRun) this.#lost = true
    const isSame = isSameRun && before.contents[this.#at] === contentHash
    if (isKnownRow) this.#at++
    return !isSame
  }

  /** `lost` if rows are gone. */
  end(): { readonly state: Omit<State, 'marks'>; readonly lost: boolean } {
    const state = {
      rows: Float64Array.from(this.#rows),
      ids: Uint32Array.from(this.#ids),
      contents: Uint32Array.from(this.#contents),
    }
    return { state, lost: this.#lost || (this.#before !== undefined && this.#at < this.#before.rows.length) }
  }
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

/**
 * The last of the old rows that is still there, and the runs of those after it that are gone; undefined where none of the old rows is
 * found.
 */
function oldEnd(
  { all }: Snapshot,
  { name, runId, content }: LogTable,
  marks: readonly Mark[],
): { readonly row: number; readonly removed: readonly string[] } | undefined {
  if (marks.length === 0) return { row: 0, removed: [] }
  const removed: string[] = []
  for (const { row, runId: of, content: was } of marks) {
    const [found] = all(sql`SELECT ${runId}, ${content} FROM ${raw(name)} x WHERE x.rowid = ${row}`)
    if (found && text(found[0]) === of && text(found[1]) === was) return { row, removed }
    removed.push(of)
  }
  return undefined
}

/** Ids of the runs, of whatever experiment, that rows were added to. */
function addedIn({ all }: Snapshot, { name, runId }: LogTable, { from, to }: RowRange): string[] {
  return all(sql`SELECT DISTINCT ${runId} FROM ${raw(name)} x WHERE x.rowid > ${from} AND x.rowid <= ${to}`).map(
    ([id]) => text(id),
  )
}
