import path from 'node:path'
import { comparer, matcher, type Expression, type Ordering } from '../../../shared/filter'
import type { Experiment, ViewType } from '../../../shared/model'
import type { Call } from '../worker/protocol'
import type { FileStore } from './fileStore'
import { metaFile, type ExperimentFolder } from './layout'
import { ProblemError } from './problems'
import { orNothing, readMap, readYamlFile, type Reading } from './runFiles'
import { textAt, timeAt, type YamlMap } from './yaml'

export interface ExperimentSearch {
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
  readonly view: ViewType
}

/** All matching experiments, in order. */
export function searchExperiments(store: FileStore, search: ExperimentSearch, call: Call): Experiment[] {
  const reading = store.reading(call)
  return store
    .experiments()
    .filter(({ deleted }) => search.view === 'ALL' || deleted === (search.view === 'DELETED_ONLY'))
    .flatMap((folder) => {
      reading.checkpoint()
      return readExperiment(folder, reading) ?? []
    })
    .filter(matcher('experiments', search.filter))
    .sort(comparer('experiments', search.orderBy))
}

/** @throws ProblemError `noExperiment` */
export function getExperiment(store: FileStore, id: string, call: Call): Experiment {
  const folder = store.experiment(id)
  const experiment = folder && readExperiment(folder, store.reading(call))
  if (!experiment) throw new ProblemError('noExperiment', id)
  return experiment
}

/**
 * Undefined of a folder that MLflow takes for none of an experiment: without a meta.yaml, or with that of another one. Where its
 * meta.yaml can't be read its runs still can: then it is called by its id.
 */
function readExperiment({ id, folder, deleted }: ExperimentFolder, { patience }: Reading): Experiment | undefined {
  let map: YamlMap | 'damaged' | undefined
  try {
    map = readYamlFile(path.join(folder, metaFile), patience)
  } catch {
    map = 'damaged'
  }
  if (map === undefined) return undefined
  const known = map === 'damaged' ? undefined : map
  if (known?.has('experiment_id') && textAt(known, 'experiment_id') !== id) return undefined
  return {
    experimentId: id,
    name: textAt(known, 'name') || id,
    artifactLocation: textAt(known, 'artifact_location') || folder,
    lifecycleStage: deleted ? 'deleted' : 'active', // old versions of MLflow don't say so in meta.yaml
    creationTime: timeAt(known, 'creation_time'),
    lastUpdateTime: timeAt(known, 'last_update_time'),
    tags: orNothing(() => readMap(path.join(folder, 'tags'), patience)) ?? new Map<string, string>(),
  }
}
