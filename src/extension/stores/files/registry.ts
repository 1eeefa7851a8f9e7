import path from 'node:path'
import { comparer, matcher, type Expression, type Ordering } from '../../../shared/filter'
import {
  promptTag,
  stages,
  type ModelVersion,
  type ModelVersionStatus,
  type RegisteredModel,
} from '../../../shared/model'
import type { Call } from '../worker/protocol'
import { subfolders } from './disk'
import type { FileStore } from './fileStore'
import { metaFile, registryFolder } from './layout'
import { orNothing, readMap, readYamlFile, type Reading } from './runFiles'
import { numberAt, textAt, timeAt, type YamlMap } from './yaml'

export interface ModelSearch {
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
}

/** All matching registered models, in order, without prompts. */
export function searchRegisteredModels(
  store: FileStore,
  { filter, orderBy }: ModelSearch,
  call: Call,
): RegisteredModel[] {
  return modelsOf(store, call)
    .map(({ model }) => model)
    .filter(matcher('registeredModels', filter))
    .sort(comparer('registeredModels', orderBy))
}

/** All matching versions, in order, without deleted ones and those of prompts. */
export function searchModelVersions(store: FileStore, { filter, orderBy }: ModelSearch, call: Call): ModelVersion[] {
  return modelsOf(store, call)
    .flatMap(({ versions }) => versions)
    .filter(({ tags }) => tags.get(promptTag) !== 'true')
    .filter(matcher('modelVersions', filter))
    .sort(comparer('modelVersions', orderBy))
}

interface ModelFolder {
  readonly model: RegisteredModel
  /** Newest first. */
  readonly versions: readonly ModelVersion[]
}

/** Those without a meta.yaml that can be read are left out. */
function modelsOf(store: FileStore, call: Call): ModelFolder[] {
  const folder = registryFolder(store.root)
  const reading = store.reading(call)
  return (orNothing(() => subfolders(folder)) ?? []).flatMap((name) => {
    reading.checkpoint()
    return readModel(path.join(folder, name), name, reading) ?? []
  })
}

function readModel(folder: string, folderName: string, { patience }: Reading): ModelFolder | undefined {
  const map = readMeta(folder, patience)
  const tags = readMap(path.join(folder, 'tags'), patience)
  if (!map || tags.get(promptTag) === 'true') return undefined
  const name = textAt(map, 'name') || folderName
  const aliases = new Map([...readMap(path.join(folder, 'aliases'), patience)].map(([alias, of]) => [alias, of.trim()]))
  const versions = (orNothing(() => subfolders(folder)) ?? [])
    .filter((version) => version.startsWith('version-'))
    .flatMap((version) => readVersion(path.join(folder, version), name, aliases, patience) ?? [])
    .sort((a, b) => Number(b.version) - Number(a.version))
  const model = {
    name,
    creationTime: numberAt(map, 'creation_timestamp'),
    lastUpdatedTime: timeAt(map, 'last_updated_timestamp'),
    description: textAt(map, 'description'),
    tags,
    aliases: new Map([...aliases].sort(([a], [b]) => (a < b ? -1 : 1))),
    latestVersions: [...Map.groupBy(versions, ({ currentStage }) => currentStage).values()].flatMap(
      ([newest]) => newest ?? [],
    ),
  }
  return { model, versions }
}

function readMeta(folder: string, patience: Reading['patience']): YamlMap | undefined {
  const map = orNothing(() => readYamlFile(path.join(folder, metaFile), patience))
  return map === 'damaged' ? undefined : map
}

const versionStatuses: readonly ModelVersionStatus[] = ['PENDING_REGISTRATION', 'FAILED_REGISTRATION', 'READY']

function readVersion(
  folder: string,
  name: string,
  aliases: ReadonlyMap<string, string>,
  patience: Reading['patience'],
): ModelVersion | undefined {
  const map = readMeta(folder, patience)
  const stage = textAt(map, 'current_stage')
  if (!map || stage === 'Deleted_Internal') return undefined
  const version = textAt(map, 'version') || path.basename(folder).slice('version-'.length)
  if (!/^\d+$/.test(version)) return undefined
  return {
    name,
    version,
    creationTime: numberAt(map, 'creation_timestamp'),
    lastUpdatedTime: numberAt(map, 'last_updated_timestamp'),
    description: textAt(map, 'description'),
    userId: textAt(map, 'user_id'),
    currentStage: stages.find((known) => known === stage) ?? 'None',
    source: textAt(map, 'source'),
    runId: textAt(map, 'run_id'),
    status: versionStatuses.find((known) => known === textAt(map, 'status')) ?? 'READY',
    statusMessage: textAt(map, 'status_message'),
    tags: readMap(path.join(folder, 'tags'), patience),
    aliases: [...aliases].flatMap(([alias, of]) => (of === version ? [alias] : [])).sort(),
  }
}
