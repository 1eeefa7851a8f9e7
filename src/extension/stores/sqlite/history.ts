/**
 * The history of one metric of one run: whole, or what was logged since it was last read. Read in pieces, each in a transaction of its
 * own, as none can write while one is open (but in WAL mode); and only as far as the table went when the reading began, so that a run
 * that grows meanwhile neither adds a point twice nor loses one.
 */
import { concatPoints, inOrder, SeriesBuilder, type Points } from '../series'
import { ProblemError } from './problems'
import type { Snapshot, Transaction } from './database'
import { unlessNan } from './runs'
import { join, raw, sql, type Sql } from './sql'
import { metricValue } from './values'

/** How far a series was read. Rows get ascending rowids until the table is vacuumed or its last rows are deleted. */
export interface HistoryMark {
  /** Rows read. */
  readonly count: number
  /** The row of them that was written last, and what tells that it is still the same. */
  readonly rowid: number
  readonly step: number
  readonly timestamp: number
}

export interface HistoryRequest {
  readonly runId: string
  readonly key: string
  /** Read only what was logged since, if that can be told. */
  readonly after?: HistoryMark | undefined
}

export interface History {
  /** By step, timestamp, value. */
  readonly points: Points
  /** Undefined of an empty series. */
  readonly mark: HistoryMark | undefined
  /** These are only the points since `after`. */
  readonly continues: boolean
}

/** Rows that are read in one piece: some 50 ms, no longer may writers be kept waiting. */
export const rowsAtOnce = 50_000
/** Of rows that are only looked at, so many take as long. */
const rowsCountedAtOnce = 250_000
/** How often a reading begins anew as the table was vacuumed under it. */
const attempts = 5

/**
 * @param checkpoint called now and then: throws to end the reading
 * @param size rows a piece
 * @throws ProblemError `busy` if the file is rewritten again and again
 */
export function readHistory(
  transaction: Transaction,
  request: HistoryRequest,
  checkpoint: () => void,
  size = rowsAtOnce,
): History {
  for (let left = attempts; left > 0; left--) {
    const history = attempt(transaction, request, checkpoint, size)
    if (history) return history
  }
  throw new ProblemError('busy')
}

/** Undefined if rows have moved meanwhile. */
function attempt(
  transaction: Transaction,
  request: HistoryRequest,
  checkpoint: () => void,
  size: number,
): History | undefined {
  const known =
    request.after && isUnchanged(transaction, request, request.after, checkpoint) ? request.after : undefined
  const after = known && transaction((snapshot) => isShortTail(snapshot, known)) ? known : undefined
  const pieces: Piece[] = []
  for (let piece: Piece | undefined; piece?.more !== false; pieces.push(piece)) {
    checkpoint()
    const before: Piece | undefined = piece
    piece = transaction((snapshot) =>
      after ? readTail(snapshot, request, after, before, size) : readPiece(snapshot, request, before, size),
    )
    if (!piece) return undefined
  }
  return historyOf(pieces, after)
}

function historyOf(pieces: readonly Piece[], after: HistoryMark | undefined): History {
  const points = concatPoints(pieces.map((piece) => piece.points))
  const last = pieces.reduce<Place | undefined>(
    (latest, { newest }) => (newest && newest.rowid > (latest?.rowid ?? -Infinity) ? newest : latest),
    after,
  )
  const count = points.steps.length + (after?.count ?? 0)
  return {
    points: inOrder(points),
    mark: last && { count, rowid: last.rowid, step: last.step, timestamp: last.timestamp },
    continues: after !== undefined,
  }
}

/** Fewer rows, of whatever runs, than the series itself has. */
const isShortTail = (snapshot: Snapshot, { rowid, count }: HistoryMark): boolean =>
  newestRow(snapshot) - rowid < Math.max(count, 10_000)

const newestRow = ({ all }: Snapshot): number => Number(all(sql`SELECT MAX(m.rowid) FROM metrics m`)[0]?.[0] ?? 0)

/** A row, and what tells that it is still the same. */
type Place = Pick<HistoryMark, 'rowid' | 'step' | 'timestamp'>

/** Read in one transaction, which may have been begun several times. */
interface Piece {
  readonly points: Points
  /** How far it goes. */
  readonly at: Place
  /** The row of it that was written last. */
  readonly newest: Place | undefined
  /** How far the table went when the reading began: rows beyond that were written meanwhile, and are not read. */
  readonly end: number
  readonly more: boolean
}

/** The next rows in the order of the index. Undefined if the row that was read last is another one by now. */
function readPiece(
  snapshot: Snapshot,
  request: HistoryRequest,
  before: Piece | undefined,
  size: number,
): Piece | undefined {
  if (before && !isStill(snapshot, request, before.at)) return undefined
  const end = before?.end ?? newestRow(snapshot)
  const rows = new PieceReader(snapshot)
  const isNan = raw(snapshot.schema.has('metrics', 'is_nan') ? ', m.is_nan' : '')
  // No ORDER BY but that of the index, which has the steps in order already, or else sorting afterwards is faster than SQLite's.
  for (const { where, order } of behind(snapshot, request, before?.at.rowid))
    if (rows.length < size)
      rows.read(
        sql`FROM (SELECT m.rowid, m.step, m.value, m.timestamp${isNan} FROM metrics m ${snapshot.schema.metricIndex()}
          WHERE ${where} AND m.rowid <= ${end} ORDER BY ${order} LIMIT ${size - rows.length}) m`,
      )
  return rows.piece(before?.at ?? nowhere, end, rows.length === size)
}

const nowhere: Place = { rowid: -1, step: 0, timestamp: 0 }

/** The series' rows among the next ones of the table, at whose end they lie together: so without an index. Undefined likewise. */
function readTail(
  snapshot: Snapshot,
  request: HistoryRequest,
  after: Place,
  before: Piece | undefined,
  size: number,
): Piece | undefined {
  if (!isStill(snapshot, request, after)) return undefined
  const end = before?.end ?? newestRow(snapshot)
  const from = before?.at.rowid ?? after.rowid
  const to = Math.min(from + size, end)
  const rows = new PieceReader(snapshot)
  rows.read(sql`FROM metrics m NOT INDEXED WHERE m.rowid > ${from} AND m.rowid <= ${to} AND ${isOf(request)}`)
  return { ...rows.piece(after, end, to < end), at: { ...after, rowid: to } }
}

class PieceReader {
  readonly #series = new SeriesBuilder()
  readonly #snapshot: Snapshot
  readonly #rowids = { last: 0, newest: -Infinity, newestAt: 0 }

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot
  }

  get length(): number {
    return this.#series.length
  }

  read(from: Sql): void {
    const { forEach, schema } = this.#snapshot
    const series = this.#series
    const rowids = this.#rowids
    forEach(
      sql`CAST(m.step AS REAL), ${unlessNan('metrics', schema)}, CAST(m.timestamp AS REAL), CAST(m.rowid AS REAL)`,
      from,
      (step, value, timestamp, rowid) => {
        rowids.last = rowid as number
        if (rowids.last > rowids.newest) {
          rowids.newest = rowids.last
          rowids.newestAt = series.length
        }
        series.add(step as number, metricValue(value), timestamp as number)
      },
    )
  }

  piece(before: Place, end: number, more: boolean): Piece {
    const { last, newest, newestAt } = this.#rowids
    const points = this.#series.points()
    const count = points.steps.length
    const place = (rowid: number, at: number): Place => ({
      rowid,
      step: points.steps[at] ?? 0,
      timestamp: points.timestamps[at] ?? 0,
    })
    if (count === 0) return { points, at: before, newest: undefined, end, more }
    return { points, at: place(last, count - 1), newest: place(newest, newestAt), end, more }
  }
}

/** Condition on row `m`. */
const isOf = ({ runId, key }: HistoryRequest): Sql => sql`m.run_uuid = ${runId} AND m."key" = ${key}`

/**
 * The series' rows behind one, or all, in the order of the index: as conditions on `m` that it answers, one after the other, with the
 * order of each.
 */
function behind(
  { schema }: Snapshot,
  request: HistoryRequest,
  rowid: number | undefined,
): { where: Sql; order: Sql }[] {
  const own = isOf(request)
  const byRow = raw('m.rowid')
  if (!schema.metricIndexHasSteps())
    return [{ where: rowid === undefined ? own : sql`${own} AND m.rowid > ${rowid}`, order: byRow }]
  const byStep = join([raw('m.step'), byRow], ', ')
  if (rowid === undefined) return [{ where: own, order: byStep }]
  const step = sql`(SELECT c.step FROM metrics c WHERE c.rowid = ${rowid})`
  return [
    { where: sql`${own} AND m.step = ${step} AND m.rowid > ${rowid}`, order: byRow },
    { where: sql`${own} AND m.step > ${step}`, order: byStep },
  ]
}

/** False after VACUUM, `mlflow gc` or another file in this one's place: then rowids mean something else. */
function isStill({ all }: Snapshot, request: HistoryRequest, { rowid, step, timestamp }: Place): boolean {
  const rows = all(sql`
    SELECT 1 FROM metrics m WHERE m.rowid = ${rowid} AND ${isOf(request)} 
      AND CAST(m.step AS REAL) = ${step} AND CAST(m.timestamp AS REAL) = ${timestamp}`)
  return rows.length > 0
}

/** Whether the rows up to the mark are those that were read. */
function isUnchanged(
  transaction: Transaction,
  request: HistoryRequest,
  mark: HistoryMark,
  checkpoint: () => void,
): boolean {
  let counted = 0
  let at: number | undefined
  for (;;) {
    checkpoint()
    const piece = transaction((snapshot) =>
      isStill(snapshot, request, mark) ? countPiece(snapshot, request, at, mark.rowid) : undefined,
    )
    if (!piece) return false
    counted += piece.count
    if (piece.last === undefined) return counted === mark.count
    at = piece.last
  }
}

/** Counts the rows behind one, up to another by rowid; `last` where there may be more. */
function countPiece(
  snapshot: Snapshot,
  request: HistoryRequest,
  from: number | undefined,
  to: number,
): { count: number; last?: number } {
  const { all, schema } = snapshot
  let count = 0
  for (const { where, order } of behind(snapshot, request, from)) {
    const rows = sql`FROM metrics m ${schema.metricIndex()} WHERE ${where} AND m.rowid <= ${to}`
    const left = rowsCountedAtOnce - count
    const [found] = all(sql`SELECT m.rowid ${rows} ORDER BY ${order} LIMIT 1 OFFSET ${left - 1}`)
    if (found) return { count: rowsCountedAtOnce, last: found[0] as number }
    count += Number(all(sql`SELECT COUNT(*) ${rows}`)[0]?.[0])
  }
  return { count }
}

/** The mark as a series carries it. */
export const textOf = ({ count, rowid, step, timestamp }: HistoryMark): string =>
  JSON.stringify([count, rowid, step, timestamp])

/** Undefined of a text that is no mark of ours. */
export function markOf(text: string): HistoryMark | undefined {
  const parts = parsed(text)
  if (!Array.isArray(parts) || parts.length !== 4 || !parts.every((part) => typeof part === 'number')) return undefined
  const [count = 0, rowid = 0, step = 0, timestamp = 0] = parts
  return { count, rowid, step, timestamp }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // somebody else's
  }
}
