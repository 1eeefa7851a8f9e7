import type { TrackingWriter } from '..'
import type { MlflowApi } from './api'
import { asFields } from './decoders'
import { modelVersionOf } from './entities'
import { runInfoOf } from './runs'
import { idOf } from './shape'

/** As many parameters as MLflow takes at once. */
const mostParams = 100

export function restWriter(api: MlflowApi): TrackingWriter {
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
    updateRun: (runId, { status, endTime }, signal) =>
      api.write(
        'POST',
        'runs/update',
        { run_id: runId, status, end_time: endTime },
        (json) => runInfoOf(asFields(json).run_info),
        signal,
      ),
    async logParams(runId, params, signal) {
      const all = [...params].map(([key, value]) => ({ key, value }))
      for (let at = 0; at < all.length; at += mostParams)
        await api.write(
          'POST',
          'runs/log-batch',
          { run_id: runId, params: all.slice(at, at + mostParams) },
          nothing,
          signal,
        )
    },
    createExperiment: (name, signal) =>
      api.write(
        'POST',
        'experiments/create',
        { name },
        (json) => idOf(asFields(json).experiment_id, 'experiment_id'),
        signal,
      ),
    transitionStage: (name, version, stage, archiveExistingVersions, signal) =>
      api.write(
        'POST',
        'model-versions/transition-stage',
        { name, version, stage, archive_existing_versions: archiveExistingVersions },
        (json) => modelVersionOf(asFields(json).model_version),
        signal,
      ),
    setAlias: (name, alias, version, signal) =>
      api.write('POST', 'registered-models/alias', { name, alias, version }, nothing, signal),
    deleteAlias: (name, alias, signal) =>
      api.write('DELETE', 'registered-models/alias', { name, alias }, nothing, signal),
  }
}

const nothing = (json: unknown): void => void asFields(json)
