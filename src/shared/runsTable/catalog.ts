/** The columns that there are, with how many runs have them and whether they differ. */
import type { RunFrame } from '../runFrame'
import type { Steps } from '../steps'
import { allColumns, census } from './columns'
import { fieldOf, type Beyond } from './fields'
import type { Catalog } from './protocol'
import { columnId, type Column, type ColumnGroup } from './view'

export const mostListed = 1000

interface Known {
  readonly columns: readonly Column[]
  readonly lowered: readonly string[]
}
const knownColumns = new WeakMap<RunFrame, Known>()
const counted = new WeakMap<Uint32Array, Map<string, Catalog[number]>>()

/** Those whose key has `search` in it, whatever its case, in which the runs `rows` differ or not. */
export function* catalogOf(
  frame: RunFrame,
  rows: Uint32Array,
  search: string,
  group: ColumnGroup | null,
  beyond: Beyond,
): Steps<{ columns: Catalog; total: number }> {
  const { columns, lowered } = columnsOf(frame)
  const wanted = search.trim().toLowerCase()
  const found = columns.filter(
    (column, at) => (group === null || column.group === group) && (lowered[at] ?? '').includes(wanted),
  )
  let counts = counted.get(rows)
  if (!counts) counted.set(rows, (counts = new Map<string, Catalog[number]>()))
  const listed: Catalog = []
  for (const column of found.slice(0, mostListed)) {
    yield
    const id = columnId(column)
    let entry = column.group === 'model' ? undefined : counts.get(id)
    if (!entry) counts.set(id, (entry = { column, ...census(fieldOf(frame, column, beyond), rows) }))
    listed.push(entry)
  }
  return { columns: listed, total: found.length }
}

function columnsOf(frame: RunFrame): Known {
  let known = knownColumns.get(frame)
  if (!known) {
    const columns = allColumns(frame)
    known = { columns, lowered: columns.map(({ key }) => key.toLowerCase()) }
    knownColumns.set(frame, known)
  }
  return known
}
