/**
 * Where MLflow's data lies. One interface over a tracking server, an `mlflow.db` and an `mlruns/` folder.
 *
 * Nothing below this folder imports vscode, so that it runs, and is tested, under plain Node.
 */
import type {
  Experiment,
  FileInfo,
  LoggedModel,
  MetricSeries,
  ModelVersion,
  RegisteredModel,
  Run,
  RunInfo,
  RunStatus,
  Stage,
  ViewType,
} from '../../shared/model'
import type { LoggedModelOrder } from '../../shared/filter'
import type { RunFrame } from '../../shared/runFrame'
import type { Rights } from './rights'

export { StoreError, type StoreErrorReason } from './errors'
export { openStore, type StoreOptions } from './open'

export interface ExperimentQuery {
  /** MLflow's search expression. */
  readonly filter?: string
  /** As MLflow takes them: `name ASC`, `last_update_time DESC`. */
  readonly orderBy?: readonly string[]
  /** `ACTIVE_ONLY` when left out. */
  readonly view?: ViewType
}

export interface RunQuery {
  readonly experimentIds: readonly string[]
  readonly filter?: string
  /** As MLflow takes them: ``metrics.`val loss` DESC``, `attributes.start_time ASC`. MLflow's own order when left out: newest first. */
  readonly orderBy?: readonly string[]
  readonly view?: ViewType
  /** Stop after so many runs in all. */
  readonly maxResults?: number
}

export interface ModelQuery {
  readonly filter?: string
  readonly orderBy?: readonly string[]
}

export interface LoggedModelQuery {
  readonly experimentIds: readonly string[]
  readonly filter?: string
  /** Newest first when left out. */
  readonly orderBy?: readonly LoggedModelOrder[]
  /** Only models with a metric on one of these; metrics in `filter` are those on these. */
  readonly datasets?: readonly { readonly name: string; readonly digest?: string }[]
}

/** Part of a file, in bytes; at its end there are fewer. */
export interface ByteRange {
  readonly start: number
  readonly length: number
}

/** What has changed among the runs of some experiments. */
export interface RunChanges {
  /** New and changed runs, whole; deleted ones too: their `lifecycleStage` says so. May hold runs that did not change after all. */
  readonly changed: RunFrame
  /** Runs that are not in the store any more. */
  readonly gone: readonly string[]
  /** True where nobody has written to the store since the last call, so that there is nothing to look for either. */
  readonly untouched?: boolean
}

/** Tells what changes among the runs of some experiments. Does nothing unless asked. */
export interface RunWatch extends Disposable {
  /**
   * What has changed since the last call that was answered (at first: since the watch began). Looks at little: new runs, runs under
   * way, and whatever else the store can tell cheaply; near zero where nothing has changed. Edits of finished runs may be missed:
   * a thorough look is `reconcile` (live/). After a rejection the next call tells what this one would have.
   *
   * @param known the runs that the caller has: a server is asked for newer ones than these, and for those of them under way
   */
  changes(known: RunFrame, signal?: AbortSignal): Promise<RunChanges>
}

/** A source of MLflow data, read-only. Every method rejects with a `StoreError`; an abort rejects with reason `cancelled`. */
export interface TrackingStore extends AsyncDisposable {
  /** The URI as given to `openStore`, without credentials. */
  readonly uri: string
  readonly kind: 'rest' | 'sqlite' | 'files'
  /** For humans: "MLflow 3.17.2" of a server, the schema revision of a database. */
  readonly version: string
  /** Writes by REST; undefined for local stores, whose writes go through an MLflow server of their own. */
  readonly writer: TrackingWriter | undefined
  /** What the user may change; undefined for local stores, where everything may be. */
  readonly rights: Rights | undefined
  searchExperiments(query?: ExperimentQuery, signal?: AbortSignal): AsyncIterable<Experiment[]>
  /** Page by page in the order asked for; the first page is small, so that it arrives early. */
  searchRuns(query: RunQuery, signal?: AbortSignal): AsyncIterable<RunFrame>
  getExperiment(experimentId: string, signal?: AbortSignal): Promise<Experiment>
  /** Deleted runs too. */
  getRun(runId: string, signal?: AbortSignal): Promise<Run>
  /** A hint that files have changed, by their absolute paths: watches look at the runs they belong to. Undefined where none is needed. */
  readonly touched: ((files: readonly string[]) => void) | undefined
  /** Watches runs from now on: begin before the first `searchRuns`, so that nothing falls between. */
  watchRuns(experimentIds: readonly string[], signal?: AbortSignal): Promise<RunWatch>
  /**
   * Every point; an unknown key gives an empty series.
   *
   * @param known the same series as this store gave it before: then only what was logged since is read, where that can be told
   */
  getMetricHistory(runId: string, key: string, signal?: AbortSignal, known?: MetricSeries): Promise<MetricSeries>
  /** Samples of a metric of many runs, fast; undefined where the store reads whole series as fast. Runs without the metric are left out. */
  readonly sampleMetricHistories:
    ((runIds: readonly string[], key: string, signal?: AbortSignal) => Promise<MetricSeries[]>) | undefined
  /**
   * What lies directly in `path` (the root when left out), folders first, then by name. At the root, the logged models of the
   * run (MLflow 3 keeps them elsewhere) appear as folders under their name unless the run's own listing has that folder.
   */
  listArtifacts(runId: string, path?: string, signal?: AbortSignal): Promise<FileInfo[]>
  /** @param range that part of the file only: the rest is not read, as far as the store can help it */
  readArtifact(runId: string, path: string, signal?: AbortSignal, range?: ByteRange): AsyncIterable<Uint8Array>
  /** Registered models by name, without prompts. */
  searchRegisteredModels(query?: ModelQuery, signal?: AbortSignal): AsyncIterable<RegisteredModel[]>
  /** Without deleted versions; newest version first within a name unless `orderBy` says otherwise. */
  searchModelVersions(query?: ModelQuery, signal?: AbortSignal): AsyncIterable<ModelVersion[]>
  /** Logged models of MLflow 3; none where the store is older. */
  searchLoggedModels(query: LoggedModelQuery, signal?: AbortSignal): AsyncIterable<LoggedModel[]>
}

/** Every change there is, by the REST API of a server. Rejects like a store does. */
export interface TrackingWriter {
  createRun(
    run: { experimentId: string; runName?: string; startTime: number; tags: ReadonlyMap<string, string> },
    signal?: AbortSignal,
  ): Promise<RunInfo>
  /** MLflow ignores a status that it doesn't know; these it knows. */
  updateRun(
    runId: string,
    change: { status?: RunStatus; endTime?: number; runName?: string },
    signal?: AbortSignal,
  ): Promise<RunInfo>
  /** Logs parameters of a run; the server refuses one that has another value already, we those that it would truncate. */
  logParams(runId: string, params: ReadonlyMap<string, string>, signal?: AbortSignal): Promise<void>
  setRunTag(runId: string, key: string, value: string, signal?: AbortSignal): Promise<void>
  /** Rejects with `notFound` where the run has no such tag. */
  deleteRunTag(runId: string, key: string, signal?: AbortSignal): Promise<void>
  /** Can be restored; runs below it stay. */
  deleteRun(runId: string, signal?: AbortSignal): Promise<void>
  restoreRun(runId: string, signal?: AbortSignal): Promise<void>

  createExperiment(name: string, signal?: AbortSignal): Promise<string>
  renameExperiment(experimentId: string, name: string, signal?: AbortSignal): Promise<void>
  setExperimentTag(experimentId: string, key: string, value: string, signal?: AbortSignal): Promise<void>
  /** Rejects with `unsupported` before MLflow 3. */
  deleteExperimentTag(experimentId: string, key: string, signal?: AbortSignal): Promise<void>
  /** With its runs; all can be restored. */
  deleteExperiment(experimentId: string, signal?: AbortSignal): Promise<void>
  restoreExperiment(experimentId: string, signal?: AbortSignal): Promise<void>

  createRegisteredModel(name: string, signal?: AbortSignal): Promise<void>
  renameRegisteredModel(name: string, newName: string, signal?: AbortSignal): Promise<void>
  describeRegisteredModel(name: string, description: string, signal?: AbortSignal): Promise<void>
  setRegisteredModelTag(name: string, key: string, value: string, signal?: AbortSignal): Promise<void>
  deleteRegisteredModelTag(name: string, key: string, signal?: AbortSignal): Promise<void>
  /** For good, with all its versions. */
  deleteRegisteredModel(name: string, signal?: AbortSignal): Promise<void>

  /** MLflow doesn't check that there is a model at `source`. */
  createModelVersion(
    version: { name: string; source: string; runId?: string; modelId?: string; description?: string },
    signal?: AbortSignal,
  ): Promise<ModelVersion>
  describeModelVersion(name: string, version: string, description: string, signal?: AbortSignal): Promise<void>
  setModelVersionTag(name: string, version: string, key: string, value: string, signal?: AbortSignal): Promise<void>
  deleteModelVersionTag(name: string, version: string, key: string, signal?: AbortSignal): Promise<void>
  /** For good. */
  deleteModelVersion(name: string, version: string, signal?: AbortSignal): Promise<void>
  /** Resolves to the version as the server now has it. */
  transitionStage(
    name: string,
    version: string,
    stage: Stage,
    archiveExistingVersions: boolean,
    signal?: AbortSignal,
  ): Promise<ModelVersion>
  setAlias(name: string, alias: string, version: string, signal?: AbortSignal): Promise<void>
  deleteAlias(name: string, alias: string, signal?: AbortSignal): Promise<void>
}
