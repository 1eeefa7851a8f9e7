import {
  loggedModelStatuses,
  type Experiment,
  type LoggedModel,
  type ModelVersion,
  type RegisteredModel,
} from '../model'
import { stored } from './tests'
import type { DatasetFilter, Name } from './tree'

/** What a search of each kind finds, other than runs: those are searched by column. */
export interface Found {
  readonly experiments: Experiment
  readonly registeredModels: RegisteredModel
  readonly modelVersions: ModelVersion
  readonly loggedModels: LoggedModel
}

/** What a name stands for in an item: nothing where it is missing, several values where one that matches is enough. */
export type Values = readonly (string | number)[]

interface Fields<T> {
  readonly attributes: Readonly<Record<string, (item: T) => Values>>
  readonly tag: (item: T, key: string) => Values
  readonly param?: (item: T, key: string) => Values
  readonly metric?: (item: T, key: string, datasets: readonly DatasetFilter[]) => Values
}

const fields: { readonly [K in keyof Found]: Fields<Found[K]> } = {
  experiments: {
    attributes: {
      name: (item) => [item.name],
      experiment_id: (item) => [item.experimentId],
      creation_time: (item) => time(item.creationTime),
      last_update_time: (item) => time(item.lastUpdateTime),
    },
    tag: valueOfTag,
  },
  registeredModels: {
    attributes: {
      name: (item) => [item.name],
      last_updated_timestamp: (item) => time(item.lastUpdatedTime),
      aliases: (item) => [...item.aliases.keys()],
    },
    tag: valueOfTag,
  },
  modelVersions: {
    attributes: {
      name: (item) => [item.name],
      version_number: (item) => [Number(item.version)],
      run_id: (item) => text(item.runId),
      source_path: (item) => text(item.source),
      creation_timestamp: (item) => time(item.creationTime),
      last_updated_timestamp: (item) => time(item.lastUpdatedTime),
      current_stage: (item) => [item.currentStage],
      aliases: (item) => item.aliases,
    },
    tag: valueOfTag,
  },
  loggedModels: {
    attributes: {
      name: (item) => [item.name],
      model_id: (item) => [item.modelId],
      model_type: (item) => text(item.modelType),
      source_run_id: (item) => text(item.sourceRunId),
      status: (item) => [String(loggedModelStatuses.indexOf(item.status))],
      status_message: (item) => text(item.statusMessage ?? ''),
      experiment_id: (item) => [item.experimentId],
      lifecycle_stage: () => ['active'], // deleted ones are never found
      artifact_location: (item) => text(item.artifactUri),
      creation_timestamp: (item) => time(item.creationTime),
      last_updated_timestamp: (item) => time(item.lastUpdatedTime),
    },
    tag: valueOfTag,
    param: (item, key) => some(item.params.get(key)),
    metric: (item, key, datasets) =>
      item.metrics
        .filter((metric) => metric.key === key && (datasets.length === 0 || datasets.some((of) => isOn(metric, of))))
        .map(({ value }) => stored(value)),
  },
}

export function valuesOf<K extends keyof Found>(
  kind: K,
  item: Found[K],
  { entity, key }: Name,
  datasets: readonly DatasetFilter[] = [],
): Values {
  const { attributes, tag, param, metric } = fields[kind]
  switch (entity) {
    case 'attribute':
      return attributes[key]?.(item) ?? []
    case 'tag':
      return tag(item, key)
    case 'param':
      return param?.(item, key) ?? []
    case 'metric':
      return metric?.(item, key, datasets) ?? []
    case 'dataset':
      return []
  }
}

/** Whether a metric of a logged model was computed on that dataset. */
export function isOn({ dataset }: LoggedModel['metrics'][number], { name, digest }: DatasetFilter): boolean {
  if (!dataset) return false
  return (name === undefined || dataset.name === name) && (digest === undefined || dataset.digest === digest)
}

function valueOfTag({ tags }: { readonly tags: ReadonlyMap<string, string> }, key: string): Values {
  return some(tags.get(key))
}

const some = (value: string | undefined): Values => (value === undefined ? [] : [value])
const text = (value: string): Values => (value === '' ? [] : [value])
const time = (value: number | null): Values => (value === null ? [] : [value])
