/** Runs grouped by what they were given, and what their metrics come to: the fate of each value is told, none is left out silently. */
import { stringAt, type RunFrame, type StringColumn } from './runFrame'
import { sortItems } from './runOrder'
import { atOnce, type Steps } from './steps'

export interface GroupKey {
  readonly entity: 'param' | 'tag'
  readonly key: string
}

/** The latest values of one metric over the runs of a group. */
export interface MetricSummary {
  /** Runs with a finite value; `mean`, `min` and `max` are over those, undefined where there are none. */
  readonly finite: number
  readonly mean: number | undefined
  readonly min: number | undefined
  readonly max: number | undefined
  /** Runs that logged NaN; ±Infinity; nothing. */
  readonly nan: number
  readonly infinite: number
  readonly missing: number
}

export interface RunGroup {
  /** One for each key that was grouped by; undefined where these runs have none. */
  readonly values: readonly (string | undefined)[]
  /** Row numbers, in the order in which they were given. */
  readonly rows: Uint32Array
  readonly count: number
  /** What a metric comes to over these runs; computed when asked for, since a grid shows few of many groups. */
  readonly metric: (key: string) => MetricSummary
}

/**
 * Groups the runs of a frame by parameters and tags. Groups are ordered by their values in code point order, those without one last;
 * their order does not depend on that of the rows.
 *
 * @param rows all when left out
 */
export function groupRuns(frame: RunFrame, by: readonly GroupKey[], rows?: ArrayLike<number>): RunGroup[] {
  const columns = by.map(({ entity, key }) => (entity === 'param' ? frame.param(key) : frame.tag(key)))
  const all = rows ? Uint32Array.from(rows) : Uint32Array.from({ length: frame.length }, (_, row) => row)
  return atOnce(groupRows(frame, columns, all))
}

/** The same by any columns of texts; one that is undefined has a value in no run. */
export function* groupRows(
  frame: RunFrame,
  columns: readonly (StringColumn | undefined)[],
  all: Uint32Array,
): Steps<RunGroup[]> {
  const rows = yield* partition(all, columns)
  // Of each group its first row tells the values.
  const fields = columns.map((column) => ({
    field: {
      codes: Int32Array.from(rows, ([row = -1]) => column?.codes[row] ?? -1),
      dictionary: column?.dictionary ?? [],
    },
    ascending: true,
  }))
  yield
  const { order } = yield* sortItems(
    rows.length,
    fields,
    Uint32Array.from(rows, (_, at) => at),
  )
  const groups: RunGroup[] = []
  for (const at of order) {
    if (groups.length % groupsAtOnce === 0) yield
    const own = rows[at] ?? new Uint32Array()
    const values = columns.map((column) => stringAt(column, own[0] ?? -1))
    groups.push({ values, rows: own, count: own.length, metric: (key: string) => summarize(frame, key, own) })
  }
  return groups
}

/** Groups that are made without a pause. */
const groupsAtOnce = 10_000

/** Splits the rows column by column: each part again by the next. The parts lie side by side in one buffer. */
function* partition(rows: Uint32Array, columns: readonly (StringColumn | undefined)[]): Steps<Uint32Array[]> {
  let count = rows.length > 0 ? 1 : 0
  const groupOf = new Uint32Array(rows.length)
  for (const column of columns) {
    const numbers = new Map<number, number>()
    const codes = (column?.dictionary.length ?? 0) + 1
    rows.forEach((row, at) => {
      const pair = (groupOf[at] ?? 0) * codes + (column?.codes[row] ?? -1) + 1
      let number = numbers.get(pair)
      if (number === undefined) numbers.set(pair, (number = numbers.size))
      groupOf[at] = number
    })
    count = numbers.size
    yield
  }
  const ends = new Uint32Array(count)
  for (const group of groupOf) ends[group] = (ends[group] ?? 0) + 1
  for (let group = 1; group < count; group++) ends[group] = (ends[group] ?? 0) + (ends[group - 1] ?? 0)
  const starts = Uint32Array.from(ends, (_, group) => ends[group - 1] ?? 0)
  const next = starts.slice()
  const sorted = new Uint32Array(rows.length)
  rows.forEach((row, at) => {
    const group = groupOf[at] ?? 0
    const place = next[group] ?? 0
    sorted[place] = row
    next[group] = place + 1
  })
  yield
  return Array.from(starts, (start, group) => sorted.subarray(start, ends[group]))
}

/** The latest values of one metric over some rows. */
export function summarize(frame: RunFrame, key: string, rows: Iterable<number>): MetricSummary {
  const { values, logged } = frame.metric(key) ?? { values: [], logged: [] }
  return summarizeValues(values, logged, rows)
}

/** @param present 1 where there is a value; without this, NaN is a missing one */
export function summarizeValues(
  values: ArrayLike<number>,
  present: ArrayLike<number> | undefined,
  rows: Iterable<number>,
): MetricSummary {
  let [finite, nan, infinite, missing, sum] = [0, 0, 0, 0, 0]
  let [min, max] = [Infinity, -Infinity]
  for (const row of rows) {
    const value = values[row] ?? NaN
    if (present ? present[row] !== 1 : Number.isNaN(value)) missing++
    else if (Number.isFinite(value)) {
      finite++
      sum += value
      if (value < min) min = value
      if (value > max) max = value
    } else if (Number.isNaN(value)) nan++
    else infinite++
  }
  if (finite === 0) return { finite, nan, infinite, missing, mean: undefined, min: undefined, max: undefined }
  const mean = Number.isFinite(sum) ? sum / finite : meanOfLarge(values, rows, finite)
  return { finite, nan, infinite, missing, mean, min, max }
}

/** Of numbers whose sum is beyond a double. */
function meanOfLarge(values: ArrayLike<number>, rows: Iterable<number>, count: number): number {
  let mean = 0
  for (const row of rows) {
    const value = values[row] ?? NaN
    if (Number.isFinite(value)) mean += value / count
  }
  return mean
}
