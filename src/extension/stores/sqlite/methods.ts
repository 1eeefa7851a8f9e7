import type { LoggedModel } from '../../../shared/model'
import { RunFrame, type RunFrameData } from '../../../shared/runFrame'
import type { Call } from '../worker/protocol'
import type { Snapshot, Transaction } from './database'
import { readHistory, type HistoryRequest } from './history'
import { findExperiments, readExperiments, type ExperimentSearch } from './experiments'
import { findLoggedModels, findModelsOfRun, readLoggedModels, type LoggedModelSearch } from './loggedModels'
import {
  findModelVersions,
  findRegisteredModels,
  readModelVersions,
  readRegisteredModels,
  type ModelSearch,
} from './registry'
import { lookAtRuns, missingRuns, type LookRequest } from './look'
import { findRuns, readRuns, type RunSearch } from './runs'
import { versionOf } from './schema'

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
  missingRuns: (snapshot: Snapshot, ids: readonly string[]) => missingRuns(snapshot, ids),
  findRegisteredModels: (snapshot: Snapshot, search: ModelSearch) => findRegisteredModels(snapshot, search),
  readRegisteredModels: (snapshot: Snapshot, names: readonly string[]) => readRegisteredModels(snapshot, names),
  findModelVersions: (snapshot: Snapshot, search: ModelSearch) => findModelVersions(snapshot, search),
  readModelVersions: (snapshot: Snapshot, ids: readonly string[]) => readModelVersions(snapshot, ids),
  findLoggedModels: (snapshot: Snapshot, search: LoggedModelSearch) => findLoggedModels(snapshot, search),
  readLoggedModels: (snapshot: Snapshot, ids: readonly string[]) => readLoggedModels(snapshot, ids),
  /** Where a run's artifacts are; undefined if there is no such run. */
  artifactRoots: (snapshot: Snapshot, runId: string): { artifactUri: string; models: LoggedModel[] } | undefined => {
    const frame = new RunFrame(readRuns(snapshot, [runId]))
    if (frame.length === 0) return undefined
    return {
      artifactUri: frame.info(0).artifactUri,
      models: readLoggedModels(snapshot, findModelsOfRun(snapshot, runId)),
    }
  },
} satisfies Record<string, (snapshot: Snapshot, argument: never, call: Call) => unknown>

/** What would keep writers waiting for too long: answered from a snapshot after the other, as each of these sees to itself. */
export const longMethods = {
  readHistory: (transaction: Transaction, request: HistoryRequest, { checkpoint }: Call) =>
    readHistory(transaction, request, checkpoint),
  lookAtRuns: (transaction: Transaction, request: LookRequest, call: Call) => lookAtRuns(transaction, request, call),
} satisfies Record<string, (transaction: Transaction, argument: never, call: Call) => unknown>

type Table = typeof methods & typeof longMethods

/** The same as the extension host sees it: the worker adds the snapshots. */
export type SqliteMethods = {
  readonly [M in keyof Table]: (argument: Parameters<Table[M]>[1], call: Call) => ReturnType<Table[M]>
}
