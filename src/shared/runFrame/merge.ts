import { resized, type Column } from './columns'
import { stringAt, type MetricColumn, type RunFrameData, type RunInfoColumns, type StringColumn } from './data'
import { compacted, joined } from './strings'

/** Where the rows of a newer frame go in the merged one, and how long that is. */
interface Places {
  readonly rows: Int32Array
  readonly before: number
  readonly length: number
}

/**
 * `older` with its runs replaced by those of `newer`, and the others of `newer` behind them. A column in which nothing changes is
 * the older one itself: with each refresh of a few runs, most are.
 *
 * @param rowOf the row of a run in `older`, or -1
 */
export function mergeData(older: RunFrameData, newer: RunFrameData, rowOf: (runId: string) => number): RunFrameData {
  let { length } = older
  const rows = new Int32Array(newer.length)
  for (let from = 0; from < newer.length; from++) {
    const row = rowOf(newer.infos.runIds[from] ?? '')
    rows[from] = row < 0 ? length++ : row
  }
  const places = { rows, before: older.length, length }
  const strings = (before?: StringColumn, after?: StringColumn) => mergeStrings(places, before, after)
  return {
    length,
    infos: mergeInfos(places, older.infos, newer.infos),
    metrics: eachKey(older.metrics, newer.metrics, (before, after) => mergeMetrics(places, before, after)),
    params: eachKey(older.params, newer.params, strings),
    tags: eachKey(older.tags, newer.tags, strings),
    datasets: mergeRows(places, older.datasets, newer.datasets),
    modelOutputs: mergeRows(places, older.modelOutputs, newer.modelOutputs),
  }
}

function mergeInfos(places: Places, before: RunInfoColumns, after: RunInfoColumns): RunInfoColumns {
  const { length } = places
  let runIds = before.runIds
  if (length > places.before) {
    const grown = runIds.slice(0, places.before)
    places.rows.forEach((row, from) => (grown[row] = after.runIds[from] ?? ''))
    runIds = grown
  }
  return {
    runIds,
    experimentIds: mergeStrings(places, before.experimentIds, after.experimentIds),
    runNames: mergeStrings(places, before.runNames, after.runNames),
    userIds: mergeStrings(places, before.userIds, after.userIds),
    artifactRoots: mergeStrings(places, before.artifactRoots, after.artifactRoots),
    artifactTails: mergeStrings(places, before.artifactTails, after.artifactTails),
    statuses: mergeNumbers(places, before.statuses, after.statuses),
    startTimes: mergeNumbers(places, before.startTimes, after.startTimes),
    endTimes: mergeNumbers(places, before.endTimes, after.endTimes),
    deleted: mergeNumbers(places, before.deleted, after.deleted),
    kept: mergeNumbers(places, before.kept, after.kept),
    problems: mergeRows(places, before.problems, after.problems),
  }
}

/** @param blank what a row without a value holds */
function mergeNumbers<A extends Column>({ rows, before: count, length }: Places, before: A, after: A, blank = 0): A {
  const isNew = (row: number, from: number) => !Object.is(before[row], after[from])
  if (length === count && !rows.some(isNew)) return before
  const merged = resized(before, length, blank)
  rows.forEach((row, from) => (merged[row] = after[from] ?? blank))
  return merged
}

function mergeMetrics(places: Places, before?: MetricColumn, after?: MetricColumn): MetricColumn {
  const older = before ?? blankMetric(places.before)
  const newer = after ?? blankMetric(places.rows.length)
  const [olderSteps, newerSteps] = alike(older.steps, newer.steps)
  return {
    values: mergeNumbers(places, older.values, newer.values, NaN),
    steps: mergeNumbers<Int32Array | Float64Array>(places, olderSteps, newerSteps),
    timestamps: mergeNumbers(places, older.timestamps, newer.timestamps),
    logged: mergeNumbers(places, older.logged, newer.logged),
  }
}

const blankMetric = (length: number): MetricColumn => ({
  values: new Float64Array(length).fill(NaN),
  steps: new Int32Array(length),
  timestamps: new Float64Array(length),
  logged: new Uint8Array(length),
})

type Steps = MetricColumn['steps']
const alike = (a: Steps, b: Steps): [Steps, Steps] =>
  a instanceof Int32Array === b instanceof Int32Array ? [a, b] : [Float64Array.from(a), Float64Array.from(b)]

function mergeStrings(
  { rows, before: count, length }: Places,
  before?: StringColumn,
  after?: StringColumn,
): StringColumn {
  const older = before ?? { codes: new Int32Array(count).fill(-1), dictionary: [] }
  const same = (row: number, from: number) => stringAt(older, row) === stringAt(after, from)
  if (before && length === count && rows.every(same)) return before
  const used = compacted({ codes: after?.codes ?? new Int32Array(0), dictionary: after?.dictionary ?? [] })
  const { dictionary, codes: joinedCodes } = joined(older.dictionary, used.dictionary)
  const codes = resized(older.codes, length, -1)
  rows.forEach((row, from) => (codes[row] = joinedCodes[used.codes[from] ?? -1] ?? -1))
  return compacted({ codes, dictionary })
}

function mergeRows<T>(
  { rows }: Places,
  before: ReadonlyMap<number, T>,
  after: ReadonlyMap<number, T>,
): ReadonlyMap<number, T> {
  if (before.size === 0 && after.size === 0) return before
  const merged = new Map(before)
  rows.forEach((row, from) => {
    const value = after.get(from)
    if (value !== undefined) merged.set(row, value)
    else merged.delete(row)
  })
  return merged
}

function eachKey<C>(
  before: ReadonlyMap<string, C>,
  after: ReadonlyMap<string, C>,
  merge: (before: C | undefined, after: C | undefined) => C,
): Map<string, C> {
  const keys = new Set([...before.keys(), ...after.keys()])
  return new Map([...keys].map((key) => [key, merge(before.get(key), after.get(key))]))
}
