/** The history of one metric of one run: whole, or what was logged since it was last read. */
import { SeriesBuilder, inOrder, type Points } from '../series'
import type { Snapshot } from './database'
import { unlessNan } from './runs'
import { sql } from './sql'
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

/** @param checkpoint called now and then: throws to end the reading */
export function readHistory(snapshot: Snapshot, request: HistoryRequest, checkpoint: () => void): History {
  const after = request.after && isUnchanged(snapshot, request, request.after) ? request.after : undefined
  const { schema } = snapshot
  const series = new SeriesBuilder()
  let last = { rowid: after?.rowid ?? -Infinity, step: after?.step ?? 0, timestamp: after?.timestamp ?? 0 }
  // No ORDER BY: the index has the steps in order already, or else sorting here is faster than SQLite's. For a short tail no index:
  // it lies together at the end of the table.
  const index = after && isShortTail(snapshot, after) ? sql`NOT INDEXED` : schema.metricIndex()
  const rows = sql`FROM metrics m ${index} WHERE ${after ? sql`m.rowid > ${after.rowid} AND` : sql``}`
  snapshot.forEach(
    sql`CAST(m.step AS REAL), ${unlessNan('metrics', schema)}, CAST(m.timestamp AS REAL), CAST(m.rowid AS REAL)`,
    sql`${rows} m.run_uuid = ${request.runId} AND m."key" = ${request.key}`,
    (step, value, timestamp, rowid) => {
      if (series.length % 65_536 === 65_535) checkpoint()
      series.add(step as number, metricValue(value), timestamp as number)
      if ((rowid as number) > last.rowid)
        last = { rowid: rowid as number, step: step as number, timestamp: timestamp as number }
    },
  )
  const count = series.length + (after?.count ?? 0)
  return {
    points: inOrder(series.points()),
    mark: count === 0 ? undefined : { count, ...last },
    continues: after !== undefined,
  }
}

/** Fewer rows, of whatever runs, than the series itself has. */
function isShortTail({ all }: Snapshot, { rowid, count }: HistoryMark): boolean {
  const [[newest] = []] = all(sql`SELECT MAX(m.rowid) FROM metrics m`)
  return Number(newest) - rowid < Math.max(count, 10_000)
}

/** False after VACUUM, `mlflow gc` or another file in this one's place: then rowids mean something else. */
function isUnchanged({ all, schema }: Snapshot, { runId, key }: HistoryRequest, mark: HistoryMark): boolean {
  const rows = all(sql`
    SELECT 1 FROM metrics m WHERE m.rowid = ${mark.rowid} AND m.run_uuid = ${runId} AND m."key" = ${key}
      AND m.step = ${mark.step} AND m.timestamp = ${mark.timestamp}`)
  if (rows.length === 0) return false
  const [[count] = []] = all(sql`
    SELECT COUNT(*) FROM metrics m ${schema.metricIndex()}
    WHERE m.run_uuid = ${runId} AND m."key" = ${key} AND m.rowid <= ${mark.rowid}`)
  return count === mark.count
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
