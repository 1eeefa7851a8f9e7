/** Which columns a table shows, and what of their values matters for drawing them. */
import { formatMetric } from '../format'
import type { RunFrame } from '../runFrame'
import { parentRunTag } from '../model'
import type { Steps } from '../steps'
import { attributeKeys, fieldOf, isText, kindOf, presenceAt, type Beyond, type CellKind, type Field } from './fields'
import type { Column, ShownColumn } from './view'

export interface ArrangedColumn extends ShownColumn {
  readonly kind: CellKind
  readonly extent: [number, number] | null
  readonly longest: number
}

/** Columns that the table chooses by itself. */
const most = 12
const mostOfEach = 4
/** Runs looked at for the choice. */
const lookedAt = 500
/** Keys that are looked at without a pause. */
const keysAtOnce = 200

/** Name, state, start and duration; then metrics and parameters that most runs have, parameters that differ before others. */
export function* defaultColumns(
  frame: RunFrame,
  found: Uint32Array,
  onlyChanged: boolean,
  several: boolean,
  beyond: Beyond,
): Steps<ShownColumn[]> {
  const columns: ShownColumn[] = ['name', ...(several ? ['experiment'] : []), 'status', 'start_time', 'duration'].map(
    (key) => ({ column: { group: 'attribute', key } }),
  )
  columns[0] = { column: { group: 'attribute', key: 'name' }, pinned: true }
  const rows = some(found, lookedAt)
  function* chosen(group: 'metric' | 'param', keys: readonly string[]): Steps<Column[]> {
    const candidates: { readonly key: string; readonly runs: number; readonly changes: boolean }[] = []
    for (const [at, key] of keys.entries()) {
      if (at % keysAtOnce === 0) yield
      const { runs, changes } = census(fieldOf(frame, { group, key }, beyond), rows)
      if (runs > 0 && (changes || !onlyChanged)) candidates.push({ key, runs, changes })
    }
    const weight = ({ key, changes }: { readonly key: string; readonly changes: boolean }): number =>
      (changes ? 2 : 0) + (isSystem(key) ? 0 : 1)
    return candidates
      .sort((a, b) => weight(b) - weight(a) || b.runs - a.runs)
      .slice(0, most)
      .map(({ key }) => ({ group, key }))
  }
  const metrics = yield* chosen('metric', frame.metricKeys)
  const params = yield* chosen('param', frame.paramKeys)
  const room = most - columns.length
  const shownMetrics = metrics.slice(0, Math.max(mostOfEach, room - params.length))
  const shownParams = params.slice(0, room - shownMetrics.length)
  return [...columns, ...[...shownMetrics, ...shownParams].map((column) => ({ column }))]
}

const isSystem = (key: string): boolean => key.startsWith('system/')

/** So many of the rows, evenly from all of them. */
function some(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows
  const step = rows.length / most
  return Uint32Array.from({ length: most }, (_, at) => rows[Math.floor(at * step)] ?? 0)
}

/** How many runs have a value, and whether there are different ones; nothing is one, too. */
export function census(field: Field, rows: Uint32Array): { readonly runs: number; readonly changes: boolean } {
  let runs = 0
  for (const row of rows) if (presenceAt(field, row) === 1) runs++
  return { runs, changes: runs > 0 && (runs < rows.length || changesIn(field, rows)) }
}

/** Whether two of the runs differ, one with nothing from one with something. */
export function changesIn(field: Field, rows: Uint32Array): boolean {
  const [first] = rows
  if (first === undefined) return false
  const presence = presenceAt(field, first)
  if (isText(field)) {
    const { codes } = field
    const code = codes[first] ?? -1
    return rows.some((row) => (codes[row] ?? -1) !== code)
  }
  const { values } = field
  const value = values[first] ?? NaN
  return rows.some(
    (row) => presenceAt(field, row) !== presence || (presence === 1 && !Object.is(values[row] ?? NaN, value)),
  )
}

const speakingLength = 80
/** Runs whose values are looked at, and numbers that are written out, to see how long they get. */
const [measured, writtenOut] = [5000, 200]

/** What is needed to draw a column of the runs found; `better` where the user said which values are. */
export function measure(
  frame: RunFrame,
  shown: ShownColumn,
  found: Uint32Array,
  beyond: Beyond,
  better: boolean,
): ArrangedColumn {
  const kind = kindOf(shown.column)
  const field = fieldOf(frame, shown.column, beyond)
  const longest = longestOf(field, kind, found)
  // Only bars and the mark of the best need it, and it takes a look at every run.
  const extent = shown.draw === 'bar' || better ? extentOf(field, found) : null
  return { ...shown, kind, extent, longest }
}

function longestOf(field: Field, kind: CellKind, found: Uint32Array): number {
  let longest = 0
  if (isText(field)) {
    const { codes, dictionary } = field
    for (const row of some(found, measured)) longest = Math.max(longest, dictionary[codes[row] ?? -1]?.length ?? 0)
    return Math.min(longest, speakingLength)
  }
  if (kind !== 'number') return kind === 'time' ? 19 : 12
  for (const row of some(found, writtenOut))
    if (presenceAt(field, row) === 1) longest = Math.max(longest, formatMetric(field.values[row] ?? NaN).length)
  return longest
}

/** Least and greatest finite value. */
function extentOf(field: Field, found: Uint32Array): [number, number] | null {
  if (isText(field)) return null
  let [least, greatest] = [Infinity, -Infinity]
  for (const row of found) {
    const value = field.values[row] ?? NaN
    if (!Number.isFinite(value) || presenceAt(field, row) !== 1) continue
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  return least <= greatest ? [least, greatest] : null
}

/** Every column that there is, MLflow's own tags last. */
export function allColumns(frame: RunFrame): Column[] {
  const of = (group: Column['group'], keys: readonly string[]): Column[] => keys.map((key) => ({ group, key }))
  const tags = frame.tagKeys.filter((key) => key !== parentRunTag || frame.tag(key) !== undefined)
  const isOwn = (key: string): boolean => key.startsWith('mlflow.')
  return [
    ...of('attribute', attributeKeys),
    ...of('metric', natural(frame.metricKeys)),
    ...of('param', natural(frame.paramKeys)),
    ...of('tag', [...natural(tags.filter((key) => !isOwn(key))), ...natural(tags.filter(isOwn))]),
    ...(frame.data.datasets.size > 0 ? of('dataset', ['name', 'digest']) : []),
    ...of('model', ['registered', 'logged']),
  ]
}

const collator = new Intl.Collator('en', { numeric: true })
const natural = (keys: readonly string[]): string[] =>
  keys.toSorted((a, b) => collator.compare(a, b) || (a < b ? -1 : 1))
