/** Experiments, registered and logged models as a server sends them. */
import type {
  Experiment,
  LoggedModel,
  LoggedModelStatus,
  ModelVersion,
  ModelVersionStatus,
  RegisteredModel,
} from '../../../shared/model'
import { stages } from '../../../shared/model'
import { lifecycleStages } from './runs'
import { fieldsOf, idOf, integerOf, listOf, mapOf, metricValueOf, textOf, wordOf } from './shape'

export function experimentOf(value: unknown): Experiment {
  const experiment = fieldsOf(value, 'experiment')
  return {
    experimentId: idOf(experiment.experiment_id, 'experiment.experiment_id'),
    name: textOf(experiment.name, 'experiment.name'),
    artifactLocation: textOf(experiment.artifact_location, 'experiment.artifact_location'),
    lifecycleStage: wordOf(experiment.lifecycle_stage, lifecycleStages, 'experiment.lifecycle_stage'),
    creationTime: integerOf(experiment.creation_time, 'experiment.creation_time'),
    lastUpdateTime: integerOf(experiment.last_update_time, 'experiment.last_update_time'),
    tags: mapOf(experiment.tags, 'experiment.tags'),
  }
}

/** Its aliases go into its `latestVersions` too, which come without. */
export function registeredModelOf(value: unknown): RegisteredModel {
  const model = fieldsOf(value, 'registered_model')
  const name = idOf(model.name, 'registered_model.name')
  const aliases = new Map<string, string>()
  for (const entry of listOf(model.aliases, 'registered_model.aliases')) {
    const alias = fieldsOf(entry, 'registered_model.aliases')
    aliases.set(textOf(alias.alias, 'alias'), textOf(alias.version, 'alias.version'))
  }
  return {
    name,
    creationTime: integerOf(model.creation_timestamp, 'registered_model.creation_timestamp'),
    lastUpdatedTime: integerOf(model.last_updated_timestamp, 'registered_model.last_updated_timestamp'),
    description: textOf(model.description, 'registered_model.description'),
    tags: mapOf(model.tags, 'registered_model.tags'),
    aliases,
    latestVersions: listOf(model.latest_versions, 'registered_model.latest_versions')
      .map((version) => withAliases(modelVersionOf(version), aliases))
      .sort((a, b) => Number(b.version) - Number(a.version)),
  }
}

const versionStatuses: readonly ModelVersionStatus[] = ['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY']

export function modelVersionOf(value: unknown): ModelVersion {
  const version = fieldsOf(value, 'model_version')
  return {
    name: idOf(version.name, 'model_version.name'),
    version:
      typeof version.version === 'number' ? String(version.version) : idOf(version.version, 'model_version.version'),
    creationTime: integerOf(version.creation_timestamp, 'model_version.creation_timestamp'),
    lastUpdatedTime: integerOf(version.last_updated_timestamp, 'model_version.last_updated_timestamp'),
    description: textOf(version.description, 'model_version.description'),
    userId: textOf(version.user_id, 'model_version.user_id'),
    currentStage: wordOf(version.current_stage ?? 'None', stages, 'model_version.current_stage'),
    source: textOf(version.source, 'model_version.source'),
    runId: textOf(version.run_id, 'model_version.run_id'),
    status: wordOf(version.status ?? 'READY', versionStatuses, 'model_version.status'),
    statusMessage: textOf(version.status_message, 'model_version.status_message'),
    tags: mapOf(version.tags, 'model_version.tags'),
    aliases: listOf(version.aliases, 'model_version.aliases').map((alias) => textOf(alias, 'alias')),
  }
}

/** The version with the aliases that its registered model says it has, by name. */
export function withAliases(version: ModelVersion, aliases: ReadonlyMap<string, string>): ModelVersion {
  const own = [...aliases].filter(([, of]) => of === version.version).map(([alias]) => alias)
  return { ...version, aliases: own.sort() }
}

const loggedModelStatuses: Readonly<Record<string, LoggedModelStatus>> = {
  LOGGED_MODEL_PENDING: 'PENDING',
  LOGGED_MODEL_READY: 'READY',
  LOGGED_MODEL_UPLOAD_FAILED: 'UPLOAD_FAILED',
}

export function loggedModelOf(value: unknown): LoggedModel {
  const model = fieldsOf(value, 'model')
  const info = fieldsOf(model.info, 'model.info')
  const data = fieldsOf(model.data ?? {}, 'model.data')
  const status = textOf(info.status, 'model.info.status')
  const statusMessage = textOf(info.status_message, 'model.info.status_message')
  return {
    modelId: idOf(info.model_id, 'model.info.model_id'),
    experimentId: textOf(info.experiment_id, 'model.info.experiment_id'),
    name: textOf(info.name, 'model.info.name'),
    artifactUri: textOf(info.artifact_uri, 'model.info.artifact_uri'),
    creationTime: integerOf(info.creation_timestamp_ms, 'model.info.creation_timestamp_ms'),
    lastUpdatedTime: integerOf(info.last_updated_timestamp_ms, 'model.info.last_updated_timestamp_ms'),
    status: (Object.hasOwn(loggedModelStatuses, status) ? loggedModelStatuses[status] : undefined) ?? 'UNSPECIFIED',
    ...(statusMessage !== '' && { statusMessage }),
    modelType: textOf(info.model_type, 'model.info.model_type'),
    sourceRunId: textOf(info.source_run_id, 'model.info.source_run_id'),
    tags: mapOf(info.tags, 'model.info.tags'),
    params: mapOf(data.params, 'model.data.params'),
    metrics: listOf(data.metrics, 'model.data.metrics').map((entry) => {
      const metric = fieldsOf(entry, 'model.data.metrics')
      const runId = textOf(metric.run_id, 'metric.run_id')
      const dataset = textOf(metric.dataset_name, 'metric.dataset_name')
      return {
        key: textOf(metric.key, 'metric.key'),
        value: metricValueOf(metric.value, 'metric.value'),
        step: integerOf(metric.step, 'metric.step') ?? 0,
        timestamp: integerOf(metric.timestamp, 'metric.timestamp') ?? 0,
        ...(runId !== '' && { runId }),
        ...(dataset !== '' && {
          dataset: { name: dataset, digest: textOf(metric.dataset_digest, 'metric.dataset_digest') },
        }),
      }
    }),
  }
}
