/**
 * Where MLflow's data lies. One interface over a tracking server, an `mlflow.db` and (later) an `mlruns/` folder.
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
import type { RunFrame } from '../../shared/runFrame'

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
  searchExperiments(query?: ExperimentQuery, signal?: AbortSignal): AsyncIterable<Experiment[]>
  /** Page by page in the order asked for; the first page is small, so that it arrives early. */
  searchRuns(query: RunQuery, signal?: AbortSignal): AsyncIterable<RunFrame>
  getExperiment(experimentId: string, signal?: AbortSignal): Promise<Experiment>
  /** Deleted runs too. */
  getRun(runId: string, signal?: AbortSignal): Promise<Run>
  /** Every point; an unknown key gives an empty series. */
  getMetricHistory(runId: string, key: string, signal?: AbortSignal): Promise<MetricSeries>
  /**
   * What lies directly in `path` (the root when left out), folders first, then by name. At the root, the logged models of the
   * run (MLflow 3 keeps them elsewhere) appear as folders under their name unless the run's own listing has that folder.
   */
  listArtifacts(runId: string, path?: string, signal?: AbortSignal): Promise<FileInfo[]>
  readArtifact(runId: string, path: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Registered models by name, without prompts. */
  searchRegisteredModels(query?: ModelQuery, signal?: AbortSignal): AsyncIterable<RegisteredModel[]>
  /** Without deleted versions; newest version first within a name unless `orderBy` says otherwise. */
  searchModelVersions(query?: ModelQuery, signal?: AbortSignal): AsyncIterable<ModelVersion[]>
  /** Logged models of MLflow 3; none where the store is older. */
  searchLoggedModels(query: LoggedModelQuery, signal?: AbortSignal): AsyncIterable<LoggedModel[]>
}

/** The few writes that go straight to a server's REST API. Rejects like a store does. */
export interface TrackingWriter {
  createRun(
    run: { experimentId: string; runName?: string; startTime: number; tags: ReadonlyMap<string, string> },
    signal?: AbortSignal,
  ): Promise<RunInfo>
  updateRun(runId: string, change: { status?: RunStatus; endTime?: number }, signal?: AbortSignal): Promise<RunInfo>
  /** Logs parameters of a run; the server refuses one that has another value already. */
  logParams(runId: string, params: ReadonlyMap<string, string>, signal?: AbortSignal): Promise<void>
  createExperiment(name: string, signal?: AbortSignal): Promise<string>
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
