import type { TrackingWriter } from '..'
import { t } from '../../../shared/l10n'
import { StoreError } from '../errors'
import type { MlflowApi, Request } from './api'
import { asFields } from './decoders'
import { modelVersionOf } from './entities'
import { runInfoOf } from './runs'
import { idOf } from './shape'

/** As many parameters as MLflow takes at once. */
const mostParams = 100
/** Characters that MLflow keeps of a parameter's value; it silently drops the rest. */
const longestParam = 6000

export function restWriter(api: MlflowApi): TrackingWriter {
  /** For what answers with nothing of interest. */
  const send = (
    method: 'POST' | 'PATCH' | 'DELETE',
    endpoint: string,
    body: Request,
    signal: AbortSignal | undefined,
  ): Promise<void> => api.write(method, endpoint, body, (json) => void asFields(json), signal)

  return {
    createRun: ({ experimentId, runName, startTime, tags }, signal) =>
      api.write(
        'POST',
        'runs/create',
        {
          experiment_id: experimentId,
          run_name: runName,
          start_time: startTime,
          tags: [...tags].map(([key, value]) => ({ key, value })),
        },
        (json) => runInfoOf((asFields(json).run as { info?: unknown } | undefined)?.info),
        signal,
      ),
    updateRun: (runId, { status, endTime, runName }, signal) =>
      api.write(
        'POST',
        'runs/update',
        { run_id: runId, status, end_time: endTime, run_name: runName },
        (json) => runInfoOf(asFields(json).run_info),
        signal,
      ),
    async logParams(runId, params, signal) {
      for (const [key, value] of params) {
        const length = Array.from(value).length // as Python counts
        if (length > longestParam)
          throw new StoreError(
            'badRequest',
            t(
              'The parameter {0} has {1} characters; MLflow keeps only {2} of them. Shorten it.',
              key,
              length,
              longestParam,
            ),
          )
      }
      const all = [...params].map(([key, value]) => ({ key, value }))
      for (let at = 0; at < all.length; at += mostParams)
        await send('POST', 'runs/log-batch', { run_id: runId, params: all.slice(at, at + mostParams) }, signal)
    },
    setRunTag: (runId, key, value, signal) => send('POST', 'runs/set-tag', { run_id: runId, key, value }, signal),
    deleteRunTag: (runId, key, signal) => send('POST', 'runs/delete-tag', { run_id: runId, key }, signal),
    deleteRun: (runId, signal) => send('POST', 'runs/delete', { run_id: runId }, signal),
    restoreRun: (runId, signal) => send('POST', 'runs/restore', { run_id: runId }, signal),

    createExperiment: (name, signal) =>
      api.write(
        'POST',
        'experiments/create',
        { name },
        (json) => idOf(asFields(json).experiment_id, 'experiment_id'),
        signal,
      ),
    renameExperiment: (id, name, signal) =>
      send('POST', 'experiments/update', { experiment_id: id, new_name: name }, signal),
    setExperimentTag: (id, key, value, signal) =>
      send('POST', 'experiments/set-experiment-tag', { experiment_id: id, key, value }, signal),
    deleteExperimentTag: (id, key, signal) =>
      send('POST', 'experiments/delete-experiment-tag', { experiment_id: id, key }, signal),
    deleteExperiment: (id, signal) => send('POST', 'experiments/delete', { experiment_id: id }, signal),
    restoreExperiment: (id, signal) => send('POST', 'experiments/restore', { experiment_id: id }, signal),

    createRegisteredModel: (name, signal) => send('POST', 'registered-models/create', { name }, signal),
    renameRegisteredModel: (name, newName, signal) =>
      send('POST', 'registered-models/rename', { name, new_name: newName }, signal),
    describeRegisteredModel: (name, description, signal) =>
      send('PATCH', 'registered-models/update', { name, description }, signal),
    setRegisteredModelTag: (name, key, value, signal) =>
      send('POST', 'registered-models/set-tag', { name, key, value }, signal),
    deleteRegisteredModelTag: (name, key, signal) =>
      send('DELETE', 'registered-models/delete-tag', { name, key }, signal),
    deleteRegisteredModel: (name, signal) => send('DELETE', 'registered-models/delete', { name }, signal),

    createModelVersion: ({ name, source, runId, modelId, description }, signal) =>
      api.write(
        'POST',
        'model-versions/create',
        { name, source, run_id: runId, model_id: modelId, description },
        (json) => modelVersionOf(asFields(json).model_version),
        signal,
      ),
    describeModelVersion: (name, version, description, signal) =>
      send('PATCH', 'model-versions/update', { name, version, description }, signal),
    setModelVersionTag: (name, version, key, value, signal) =>
      send('POST', 'model-versions/set-tag', { name, version, key, value }, signal),
    deleteModelVersionTag: (name, version, key, signal) =>
      send('DELETE', 'model-versions/delete-tag', { name, version, key }, signal),
    deleteModelVersion: (name, version, signal) => send('DELETE', 'model-versions/delete', { name, version }, signal),
    transitionStage: (name, version, stage, archiveExistingVersions, signal) =>
      api.write(
        'POST',
        'model-versions/transition-stage',
        { name, version, stage, archive_existing_versions: archiveExistingVersions },
        (json) => modelVersionOf(asFields(json).model_version),
        signal,
      ),
    setAlias: (name, alias, version, signal) =>
      send('POST', 'registered-models/alias', { name, alias, version }, signal),
    deleteAlias: (name, alias, signal) => send('DELETE', 'registered-models/alias', { name, alias }, signal),
  }
}
