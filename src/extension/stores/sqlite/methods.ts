import type { LoggedModel, MetricSeries } from '../../../shared/model'
import type { RunFrameData } from '../../../shared/runFrame'
import type { Snapshot } from './database'
import { findExperiments, readExperiments, type ExperimentSearch } from './experiments'
import { findLoggedModels, findModelsOfRun, readLoggedModels, type LoggedModelSearch } from './loggedModels'
import type { Problem } from './problems'
import {
  findModelVersions,
  findRegisteredModels,
  readModelVersions,
  readRegisteredModels,
  type ModelSearch,
} from './registry'
import { findRuns, readHistory, readRuns, type RunSearch } from './runs'
import { versionOf } from './schema'

/** Throws when the request was cancelled. */
export type Checkpoint = () => void

/**
 * What the worker can be asked for. Each answers from one snapshot and remembers nothing, so that a request can be repeated by a new
 * worker. Searches are in two steps: `find…` gives the ids of all matches in order, `read…` the content of a page of them. So a run
 * that is added while pages are read neither shifts nor repeats another.
 */
export const methods = {
  version: ({ schema }: Snapshot): string => versionOf(schema.revision),
  findExperiments: (snapshot: Snapshot, search: ExperimentSearch) => findExperiments(snapshot, search),
  readExperiments: (snapshot: Snapshot, ids: readonly string[]) => readExperiments(snapshot, ids),
  findRuns: (snapshot: Snapshot, search: RunSearch) => findRuns(snapshot, search),
  readRuns: (snapshot: Snapshot, ids: readonly string[]): RunFrameData => readRuns(snapshot, ids),
  readHistory: (snapshot: Snapshot, of: { runId: string; key: string }, checkpoint: Checkpoint): MetricSeries =>
    readHistory(snapshot, of.runId, of.key, checkpoint),
  findRegisteredModels: (snapshot: Snapshot, search: ModelSearch) => findRegisteredModels(snapshot, search),
  readRegisteredModels: (snapshot: Snapshot, names: readonly string[]) => readRegisteredModels(snapshot, names),
  findModelVersions: (snapshot: Snapshot, search: ModelSearch) => findModelVersions(snapshot, search),
  readModelVersions: (snapshot: Snapshot, ids: readonly string[]) => readModelVersions(snapshot, ids),
  findLoggedModels: (snapshot: Snapshot, search: LoggedModelSearch) => findLoggedModels(snapshot, search),
  readLoggedModels: (snapshot: Snapshot, ids: readonly string[]) => readLoggedModels(snapshot, ids),
  /** Where a run's artifacts are; undefined if there is no such run. */
  artifactRoots: (snapshot: Snapshot, runId: string): { artifactUri: string; models: LoggedModel[] } | undefined => {
    const [info] = readRuns(snapshot, [runId]).infos
    return (
      info && { artifactUri: info.artifactUri, models: readLoggedModels(snapshot, findModelsOfRun(snapshot, runId)) }
    )
  },
} satisfies Record<string, (snapshot: Snapshot, argument: never, checkpoint: Checkpoint) => unknown>

export type Method = keyof typeof methods
export type Argument<M extends Method> = Parameters<(typeof methods)[M]>[1]
export type Result<M extends Method> = ReturnType<(typeof methods)[M]>

export interface Request {
  readonly id: number
  readonly method: Method
  readonly argument: unknown
  /** One int32 in shared memory: not 0 once the request is cancelled. Reaches a worker that is busy, as a message would not. */
  readonly cancelled: SharedArrayBuffer
}

export type Reply = { readonly id: number } & ({ readonly result: unknown } | { readonly problem: Problem })
