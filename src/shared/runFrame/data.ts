/**
 * A table of runs as plain data, column by column: crosses to another thread by structured clone, its buffers handed over.
 *
 * Row i of every column is run i. While pages are still being added, frames share what grows: so `runIds`, the dictionaries and the
 * maps by row may hold more than the frame's `length` rows have.
 */
import type { DatasetInput, ModelOutput, RunStatus } from '../model'

/** The latest values of one metric, a row a run. `values[i]` is NaN where missing: `logged[i]` tells a logged NaN (1) from that (0). */
export interface MetricColumn {
  readonly values: Float64Array
  /** Half the memory where all of them fit. */
  readonly steps: Int32Array | Float64Array
  readonly timestamps: Float64Array
  readonly logged: Uint8Array
}

/** Strings by number: row i holds `dictionary[codes[i]]`, or nothing where the code is -1. */
export interface StringColumn {
  readonly codes: Int32Array
  /** Each string once. */
  readonly dictionary: readonly string[]
}

/** What a status is by number, in `RunInfoColumns.statuses`. */
export const statusCodes: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']

/** What MLflow keeps otherwise than it is shown, as sums of these: it filters and orders by what it keeps. */
export const kept = { noName: 1, emptyName: 2, noUser: 4, endAtZero: 8 } as const

/** `RunInfo` by column. */
export interface RunInfoColumns {
  readonly runIds: readonly string[]
  readonly experimentIds: StringColumn
  readonly runNames: StringColumn
  readonly userIds: StringColumn
  /** What of the artifact URI is before the run's id. */
  readonly artifactRoots: StringColumn
  /** What is after it; nothing where the id does not occur. */
  readonly artifactTails: StringColumn
  /** Places in `statusCodes`. */
  readonly statuses: Uint8Array
  /** NaN where there is none. */
  readonly startTimes: Float64Array
  /** NaN where there is none. */
  readonly endTimes: Float64Array
  /** 1 where the run is deleted. */
  readonly deleted: Uint8Array
  /** Sums of `kept`: only a database tells. */
  readonly kept: Uint8Array
  /** By row; most runs have none. */
  readonly problems: ReadonlyMap<number, string>
}

export interface RunFrameData {
  readonly length: number
  readonly infos: RunInfoColumns
  readonly metrics: ReadonlyMap<string, MetricColumn>
  readonly params: ReadonlyMap<string, StringColumn>
  readonly tags: ReadonlyMap<string, StringColumn>
  /** By row; most runs have none. */
  readonly datasets: ReadonlyMap<number, readonly DatasetInput[]>
  readonly modelOutputs: ReadonlyMap<number, readonly ModelOutput[]>
}

const noStrings = (): StringColumn => ({ codes: new Int32Array(0), dictionary: [] })

export const emptyData: RunFrameData = {
  length: 0,
  infos: {
    runIds: [],
    experimentIds: noStrings(),
    runNames: noStrings(),
    userIds: noStrings(),
    artifactRoots: noStrings(),
    artifactTails: noStrings(),
    statuses: new Uint8Array(0),
    startTimes: new Float64Array(0),
    endTimes: new Float64Array(0),
    deleted: new Uint8Array(0),
    kept: new Uint8Array(0),
    problems: new Map(),
  },
  metrics: new Map(),
  params: new Map(),
  tags: new Map(),
  datasets: new Map(),
  modelOutputs: new Map(),
}

export function stringAt(column: StringColumn | undefined, row: number): string | undefined {
  return column?.dictionary[column.codes[row] ?? -1]
}

/** The artifact URI of a row, put together again. */
export function artifactUriAt(infos: RunInfoColumns, row: number): string {
  const root = stringAt(infos.artifactRoots, row) ?? ''
  const tail = stringAt(infos.artifactTails, row)
  return tail === undefined ? root : root + (infos.runIds[row] ?? '') + tail
}

/** The buffers of a frame that can be moved to another thread instead of being copied: of one that `build()` made. */
export function transferablesOf({ infos, metrics, params, tags }: RunFrameData): ArrayBuffer[] {
  const strings = [infos.experimentIds, infos.runNames, infos.userIds, infos.artifactRoots, infos.artifactTails]
  const arrays: (Float64Array | Int32Array | Uint8Array)[] = [
    infos.statuses,
    infos.startTimes,
    infos.endTimes,
    infos.deleted,
    infos.kept,
    ...[...strings, ...params.values(), ...tags.values()].map(({ codes }) => codes),
  ]
  for (const { values, steps, timestamps, logged } of metrics.values()) arrays.push(values, steps, timestamps, logged)
  return arrays.map(({ buffer }) => buffer as ArrayBuffer)
}
