import type { Call } from '../worker/protocol'
import { getExperiment, searchExperiments, type ExperimentSearch } from './experiments'
import type { FileStore } from './fileStore'
import { searchLoggedModels, type LoggedModelSearch } from './loggedModels'
import { searchModelVersions, searchRegisteredModels, type ModelSearch } from './registry'
import {
  artifactRoots,
  findRuns,
  getRun,
  readHistory,
  readRuns,
  runChanges,
  stopReading,
  type HistoryRequest,
  type RunPage,
  type RunSearch,
  type RunsAsked,
} from './runs'

/**
 * What the worker can be asked for. What it remembers of runs only saves reading: each request can be answered by a new worker.
 * Runs are searched in two steps: `findRuns` gives the ids of all matches in order, `readRuns` the content of a page of them. So a
 * run that is added while pages are read neither shifts nor repeats another.
 */
export function methodsOf(store: FileStore) {
  return {
    root: () => store.root,
    searchExperiments: (search: ExperimentSearch, call: Call) => searchExperiments(store, search, call),
    getExperiment: (id: string, call: Call) => getExperiment(store, id, call),
    findRuns: (search: RunSearch, call: Call) => findRuns(store, search, call),
    readRuns: (page: RunPage, call: Call) => readRuns(store, page, call),
    stopReading: (experimentIds: readonly string[]) => stopReading(store, experimentIds),
    getRun: (runId: string, call: Call) => getRun(store, runId, call),
    runChanges: (asked: RunsAsked, call: Call) => runChanges(store, asked, call),
    readHistory: (request: HistoryRequest, call: Call) => readHistory(store, request, call),
    artifactRoots: (runId: string, call: Call) => artifactRoots(store, runId, call),
    searchRegisteredModels: (search: ModelSearch, call: Call) => searchRegisteredModels(store, search, call),
    searchModelVersions: (search: ModelSearch, call: Call) => searchModelVersions(store, search, call),
    searchLoggedModels: (search: LoggedModelSearch, call: Call) => searchLoggedModels(store, search, call),
  }
}

export type FilesMethods = ReturnType<typeof methodsOf>
