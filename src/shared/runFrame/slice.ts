import type { Column } from './columns'
import type { MetricColumn, RunFrameData, StringColumn } from './data'
import { compacted } from './strings'

/** The rows `rows` of a frame, in that order. @throws RangeError for a row that the frame has not. */
export function sliceData(data: RunFrameData, rows: ArrayLike<number>): RunFrameData {
  const from = Uint32Array.from(rows)
  const outside = from.find((row) => row >= data.length)
  if (outside !== undefined) throw new RangeError(`row ${outside} of a frame of ${data.length} runs`)
  const strings = (column: StringColumn): StringColumn =>
    compacted({ codes: gathered(column.codes, from), dictionary: column.dictionary })
  const metric = (column: MetricColumn): MetricColumn => ({
    values: gathered(column.values, from),
    steps: gathered(column.steps, from),
    timestamps: gathered(column.timestamps, from),
    logged: gathered(column.logged, from),
  })
  const { infos } = data
  return {
    length: from.length,
    infos: {
      runIds: Array.from(from, (row) => infos.runIds[row] ?? ''),
      experimentIds: strings(infos.experimentIds),
      runNames: strings(infos.runNames),
      userIds: strings(infos.userIds),
      artifactRoots: strings(infos.artifactRoots),
      artifactTails: strings(infos.artifactTails),
      statuses: gathered(infos.statuses, from),
      startTimes: gathered(infos.startTimes, from),
      endTimes: gathered(infos.endTimes, from),
      deleted: gathered(infos.deleted, from),
      kept: gathered(infos.kept, from),
      problems: gatheredRows(infos.problems, from),
    },
    metrics: present(data.metrics, metric, ({ logged }) => logged.includes(1)),
    params: present(data.params, strings, ({ codes }) => codes.some(isSet)),
    tags: present(data.tags, strings, ({ codes }) => codes.some(isSet)),
    datasets: gatheredRows(data.datasets, from),
    modelOutputs: gatheredRows(data.modelOutputs, from),
  }
}

const isSet = (code: number): boolean => code >= 0

function gathered<A extends Column>(column: A, from: Uint32Array): A {
  const to = new (column.constructor as new (length: number) => A)(from.length)
  for (let row = 0; row < from.length; row++) to[row] = column[from[row] ?? 0] ?? 0
  return to
}

function gatheredRows<T>(values: ReadonlyMap<number, T>, from: Uint32Array): Map<number, T> {
  const to = new Map<number, T>()
  if (values.size === 0) return to
  from.forEach((old, row) => {
    const value = values.get(old)
    if (value !== undefined) to.set(row, value)
  })
  return to
}

function present<C>(
  columns: ReadonlyMap<string, C>,
  slice: (column: C) => C,
  has: (column: C) => boolean,
): Map<string, C> {
  const kept = new Map<string, C>()
  for (const [key, column] of columns) {
    const part = slice(column)
    if (has(part)) kept.set(key, part)
  }
  return kept
}
