import path from 'node:path'
import { comparer, matcher, type DatasetFilter, type Expression, type Ordering } from '../../../shared/filter'
import { loggedModelStatuses, type LoggedModel, type Run } from '../../../shared/model'
import type { Call } from '../worker/protocol'
import { subfolders, treeOf } from './disk'
import type { FileStore } from './fileStore'
import { loggedModelsFolder, metaFile, type ExperimentFolder } from './layout'
import { readLine } from './metricLines'
import { orNothing, readMap, readText, readYamlFile, type Reading } from './runFiles'
import { numberAt, textAt } from './yaml'

export interface LoggedModelSearch {
  readonly experimentIds: readonly string[]
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
  readonly datasets: readonly DatasetFilter[]
}

/** All matching logged models, in order, without deleted ones. */
export function searchLoggedModels(
  store: FileStore,
  { experimentIds, filter, orderBy, datasets }: LoggedModelSearch,
  call: Call,
): LoggedModel[] {
  const reading = store.reading(call)
  const matches = matcher('loggedModels', filter, datasets)
  return [...new Set(experimentIds)]
    .flatMap((id) => store.experiment(id) ?? [])
    .flatMap((experiment) => modelsOf(experiment, reading))
    .filter(matches)
    .sort(comparer('loggedModels', orderBy))
}

/** What `runs:/<run>/<name>` can mean, newest first: models whose source is the run, and those among its outputs. */
export function modelsOfRun(store: FileStore, { info, modelOutputs }: Run, reading: Reading): LoggedModel[] {
  const outputs = new Set(modelOutputs.map(({ modelId }) => modelId))
  const experiment = store.experiment(info.experimentId)
  return (experiment ? modelsOf(experiment, reading) : [])
    .filter((model) => model.sourceRunId === info.runId || outputs.has(model.modelId))
    .sort(comparer('loggedModels', []))
}

/** Those that are broken are left out, as MLflow does. */
function modelsOf(experiment: ExperimentFolder, reading: Reading): LoggedModel[] {
  const folder = loggedModelsFolder(experiment)
  return (orNothing(() => subfolders(folder)) ?? []).flatMap((id) => {
    reading.checkpoint()
    return orNothing(() => readModel(experiment, path.join(folder, id), id, reading)) ?? []
  })
}

function readModel(
  experiment: ExperimentFolder,
  folder: string,
  id: string,
  { patience }: Reading,
): LoggedModel | undefined {
  const map = readYamlFile(path.join(folder, metaFile), patience)
  if (map === undefined || map === 'damaged') return undefined
  if (textAt(map, 'lifecycle_stage') === 'deleted' || textAt(map, 'experiment_id') !== experiment.id) return undefined
  const status = map.get('status')
  const statusMessage = textAt(map, 'status_message')
  return {
    modelId: textAt(map, 'model_id') || id,
    experimentId: experiment.id,
    name: textAt(map, 'name'),
    artifactUri: textAt(map, 'artifact_location'),
    creationTime: numberAt(map, 'creation_timestamp'),
    lastUpdatedTime: numberAt(map, 'last_updated_timestamp'),
    status: (typeof status === 'number' ? loggedModelStatuses[status] : undefined) ?? 'UNSPECIFIED',
    ...(statusMessage !== '' && { statusMessage }),
    modelType: textAt(map, 'model_type'),
    sourceRunId: textAt(map, 'source_run_id'),
    tags: readMap(path.join(folder, 'tags'), patience),
    params: readMap(path.join(folder, 'params'), patience),
    metrics: (orNothing(() => treeOf(path.join(folder, 'metrics')).files) ?? []).flatMap((key) =>
      metricsOf(key, orNothing(() => readText(`${folder}/metrics/${key}`, patience)) ?? ''),
    ),
  }
}

/**
 * All that was logged of a metric: MLflow's own file store tells only the latest on each dataset, but its databases, and so its
 * searches, know all. A logged model has few of them, so that text will do.
 */
function metricsOf(key: string, text: string): LoggedModel['metrics'] {
  const found: LoggedModel['metrics'][number][] = []
  for (const line of text.split('\n')) {
    const fields = line.trim().split(' ')
    if (fields.length !== 4 && fields.length !== 6) continue
    const [timestampText = '', valueText = '', stepText = '', runId = '', name = '', digest] = fields
    const dataset = digest === undefined ? undefined : { name, digest }
    const bytes = Buffer.from(`${timestampText} ${valueText} ${stepText}`)
    readLine(bytes, 0, bytes.length, (step, value, timestamp) => {
      found.push({ key, value, step, timestamp, runId, ...(dataset && { dataset }) })
    })
  }
  return found
}
