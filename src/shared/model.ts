/**
 * What MLflow stores, in MLflow's own words (camel-cased).
 *
 * Times are milliseconds since the epoch; `null` where MLflow has none. Ids are strings: a file store's experiment ids have
 * 18 digits, more than a double holds. Tags and parameters are Maps, because their keys are anybody's (`__proto__` too).
 */

export type LifecycleStage = 'active' | 'deleted'
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED'

export interface Experiment {
  readonly experimentId: string
  readonly name: string
  readonly artifactLocation: string
  readonly lifecycleStage: LifecycleStage
  readonly creationTime: number | null
  readonly lastUpdateTime: number | null
  readonly tags: ReadonlyMap<string, string>
}

export interface RunInfo {
  readonly runId: string
  readonly experimentId: string
  readonly runName: string
  readonly userId: string
  readonly status: RunStatus
  readonly startTime: number | null
  readonly endTime: number | null
  readonly artifactUri: string
  readonly lifecycleStage: LifecycleStage
  /** What of this run could not be read, for the user; the rest of it is here. */
  readonly problem?: string
}

/** The latest value of a metric: the one with the greatest step, then timestamp, then value. May be NaN or infinite. */
export interface Metric {
  readonly value: number
  readonly step: number
  readonly timestamp: number
}

export interface Dataset {
  readonly name: string
  readonly digest: string
  readonly sourceType: string
  readonly source: string
  readonly schema: string | null
  readonly profile: string | null
}

export interface DatasetInput {
  readonly dataset: Dataset
  readonly tags: ReadonlyMap<string, string>
}

/** A logged model (MLflow 3) that a run produced. */
export interface ModelOutput {
  readonly modelId: string
  readonly step: number
}

export interface Run {
  readonly info: RunInfo
  readonly metrics: ReadonlyMap<string, Metric>
  readonly params: ReadonlyMap<string, string>
  readonly tags: ReadonlyMap<string, string>
  readonly datasets: readonly DatasetInput[]
  readonly modelOutputs: readonly ModelOutput[]
}

/** All logged points of one metric of one run, ordered by step, then timestamp, as three columns of equal length. */
export interface MetricSeries {
  readonly runId: string
  readonly key: string
  /** May repeat, be negative or go backwards in time; exact up to 2^53. */
  readonly steps: Float64Array
  /** NaN and ±Infinity as logged. */
  readonly values: Float64Array
  /** Milliseconds since the epoch. */
  readonly timestamps: Float64Array
  /** Where the store that gave it can go on reading: opaque, for `getMetricHistory`. */
  readonly mark?: string
  /** These are samples of the series only, chosen by the server. */
  readonly sampled?: true
}

/** One entry of an artifact listing. `path` is relative to the run's artifact root, with `/` between its parts. */
export interface FileInfo {
  readonly path: string
  readonly isDir: boolean
  /** Bytes; `null` for folders and where the store doesn't tell. */
  readonly fileSize: number | null
  /** Set where the entry belongs to a logged model of the run rather than to the run's own folder. */
  readonly modelId?: string
}

export interface RegisteredModel {
  readonly name: string
  readonly creationTime: number | null
  readonly lastUpdatedTime: number | null
  readonly description: string
  readonly tags: ReadonlyMap<string, string>
  /** Alias → version. */
  readonly aliases: ReadonlyMap<string, string>
  /** The newest version of each stage. */
  readonly latestVersions: readonly ModelVersion[]
}

/** MLflow's stages; deprecated since 2.9 and still working in 3.x. */
export const stages = ['None', 'Staging', 'Production', 'Archived'] as const
export type Stage = (typeof stages)[number]

export type ModelVersionStatus = 'PENDING_REGISTRATION' | 'FAILED_REGISTRATION' | 'READY'

export interface ModelVersion {
  readonly name: string
  /** A decimal number, as MLflow sends it: a string. */
  readonly version: string
  readonly creationTime: number | null
  readonly lastUpdatedTime: number | null
  readonly description: string
  readonly userId: string
  readonly currentStage: Stage
  readonly source: string
  readonly runId: string
  readonly status: ModelVersionStatus
  readonly statusMessage: string
  readonly tags: ReadonlyMap<string, string>
  readonly aliases: readonly string[]
}

/** By the numbers that MLflow keeps for them. */
export const loggedModelStatuses = ['UNSPECIFIED', 'PENDING', 'READY', 'UPLOAD_FAILED'] as const
export type LoggedModelStatus = (typeof loggedModelStatuses)[number]

/** A model as MLflow 3 logs it: an entity beside the run that made it, with an artifact folder of its own. */
export interface LoggedModel {
  readonly modelId: string
  readonly experimentId: string
  readonly name: string
  readonly artifactUri: string
  readonly creationTime: number | null
  readonly lastUpdatedTime: number | null
  readonly status: LoggedModelStatus
  /** Left out where there is none. */
  readonly statusMessage?: string
  readonly modelType: string
  readonly sourceRunId: string
  readonly tags: ReadonlyMap<string, string>
  readonly params: ReadonlyMap<string, string>
  readonly metrics: readonly {
    readonly key: string
    readonly value: number
    readonly step: number
    readonly timestamp: number
    /** The run that logged it. */
    readonly runId?: string
    /** What it was computed on. */
    readonly dataset?: { readonly name: string; readonly digest: string }
  }[]
}

/** Tag by which MLflow's prompt registry marks registered models that are prompts, not models. */
export const promptTag = 'mlflow.prompt.is_prompt'
export const parentRunTag = 'mlflow.parentRunId'
export const noteTag = 'mlflow.note.content'
