/** Finds the model that is to be registered, and looks at it. */
import { equals } from '../../shared/filter/quote'
import { t } from '../../shared/l10n'
import type { FileInfo, LoggedModel } from '../../shared/model'
import type { Connection } from '../connections/connection'
import { pickRun } from '../panels/pickRuns'
import { StoreError, type TrackingStore } from '../stores'
import { askChoice } from '../ui/prompts'

interface Named {
  readonly runId?: string | undefined
  readonly modelId?: string | undefined
  readonly path?: string | undefined
}

interface Source {
  readonly source: string
  readonly runId?: string
  readonly modelId?: string
}

/** What is to be registered, looked at. @throws Dismissed; Error where there is no model */
export async function sourceOf(
  options: Named,
  connection: Connection,
  store: TrackingStore,
  title: string,
): Promise<Source> {
  const { modelId: wanted } = options
  const logged = wanted === undefined || options.runId !== undefined ? undefined : await loggedModel(store, wanted)
  // Of no run: there is nothing to look at but what MLflow says of it.
  if (logged?.sourceRunId === '') return { source: `models:/${logged.modelId}`, modelId: logged.modelId }
  const runId = options.runId ?? logged?.sourceRunId ?? (await pickRun(connection, title)).runId
  const { path, modelId } = await modelOf(
    store,
    runId,
    logged?.name ?? options.path?.replace(/\/(MLmodel)?$/, ''),
    title,
  )
  return modelId === undefined
    ? { source: `runs:/${runId}/${path}`, runId }
    : { source: `models:/${modelId}`, runId, modelId }
}

/** @throws Error where it is not there, or not whole */
async function loggedModel(store: TrackingStore, modelId: string): Promise<LoggedModel> {
  const experimentIds: string[] = []
  for await (const page of store.searchExperiments()) experimentIds.push(...page.map((each) => each.experimentId))
  const filter = equals('model_id', modelId)
  for await (const page of store.searchLoggedModels({ experimentIds, filter }))
    for (const model of page) {
      if (model.status !== 'READY') throw new Error(t('The logged model {0} is not ready: {1}.', modelId, model.status))
      return model
    }
  throw new Error(t('{0} has no logged model {1}.', store.uri, modelId))
}

/** @throws Dismissed; Error where there is none, or none at `path` */
async function modelOf(store: TrackingStore, runId: string, path: string | undefined, title: string): Promise<Found> {
  const there = path === undefined ? undefined : await modelIn(store, runId, path)
  if (there) return there
  const { found, isAll } = await modelsIn(store, runId)
  const [first] = found
  if (!first && !isAll)
    throw new Error(
      t('There is no MLmodel file in the first {0} folders of this run. Name the folder by “path”.', mostFolders),
    )
  if (!first) throw new Error(t('This run has no model among its artifacts: there is no MLmodel file.'))
  if (path !== undefined)
    throw new Error(
      t('There is no MLmodel in {0}. Models of this run: {1}.', path, found.map((each) => each.path).join(', ')),
    )
  return found.length === 1 ? first : chosen(found, title)
}

interface Found {
  readonly path: string
  readonly modelId: string | undefined
}

async function modelIn(store: TrackingStore, runId: string, path: string): Promise<Found | undefined> {
  try {
    return modelAmong(await store.listArtifacts(runId, path), path)
  } catch (error) {
    if (StoreError.is(error, 'notFound')) return undefined
    throw error
  }
}

function modelAmong(files: readonly FileInfo[], path: string): Found | undefined {
  const own = files.find((file) => !file.isDir && file.path.split('/').at(-1) === 'MLmodel')
  return own && { path, modelId: own.modelId }
}

/** Each is a request. */
const mostFolders = 200

/** Folders with an MLmodel among a run's artifacts, logged models too; nearest to the root first. */
async function modelsIn(store: TrackingStore, runId: string): Promise<{ found: Found[]; isAll: boolean }> {
  const found: Found[] = []
  const folders = ['']
  for (let at = 0; at < folders.length; at++) {
    if (at === mostFolders) return { found, isAll: false }
    const folder = folders[at] ?? ''
    const files = await store.listArtifacts(runId, folder)
    const own = folder === '' ? undefined : modelAmong(files, folder)
    if (own) found.push(own)
    else folders.push(...files.filter(({ isDir }) => isDir).map(({ path }) => path))
  }
  return { found, isAll: true }
}

async function chosen(found: readonly Found[], title: string): Promise<Found> {
  const items = found.map((each) => ({ label: each.path, each }))
  return (await askChoice({ title, placeholder: t('Which model of the run?'), items })).each
}
