/** What stands around a run: its parent and children, the models it logged and the versions registered of them. */
import { equals } from '../../shared/filter/quote'
import { parentRunTag, type Run, type RunInfo } from '../../shared/model'
import type { Related } from '../../shared/protocol'
import type { TrackingStore } from '../stores'
import { StoreError } from '../stores/errors'

/** Children that are counted. */
const mostCounted = 1000
const mostVersions = 200

/** Reads all of it at once; what fails leaves its part empty and says why. */
export async function relatedTo(run: Run, store: TrackingStore, most: number, signal: AbortSignal): Promise<Related> {
  const problems: string[] = []
  const attempt = async <T>(otherwise: T, read: () => Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      if (signal.aborted) throw error
      problems.push(error instanceof Error ? error.message : String(error))
      return otherwise
    }
  }
  const [parent, children, versions, models] = await Promise.all([
    attempt(null, () => parentOf(run, store, signal)),
    attempt({ infos: [], isMore: false }, () => childrenOf(run, store, signal)),
    attempt([], () => versionsOf(run, store, signal)),
    attempt([], () => modelsOf(run, store, signal)),
  ])
  return {
    parent,
    children: children.infos.slice(0, most).map(relative),
    childCount: children.infos.length,
    moreChildren: children.isMore,
    versions,
    models,
    problems: [...new Set(problems)],
  }
}

const relative = ({ runId, runName, status, startTime }: RunInfo): Related['children'][number] => ({
  ...{ runId, name: runName, status, startTime },
})

async function parentOf({ tags }: Run, store: TrackingStore, signal: AbortSignal): Promise<Related['parent']> {
  const runId = tags.get(parentRunTag)
  if (!runId) return null
  try {
    return relative((await store.getRun(runId, signal)).info)
  } catch (error) {
    // Deleted for good: its id is all that is left of it.
    if (StoreError.is(error, 'notFound')) return { runId, name: '', status: null, startTime: null }
    throw error
  }
}

async function childrenOf(
  { info }: Run,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<{ readonly infos: readonly RunInfo[]; readonly isMore: boolean }> {
  const infos: RunInfo[] = []
  const query = {
    experimentIds: [info.experimentId],
    filter: equals(`tags.\`${parentRunTag}\``, info.runId),
    orderBy: ['attributes.start_time ASC'],
    maxResults: mostCounted + 1,
  }
  for await (const frame of store.searchRuns(query, signal))
    for (let row = 0; row < frame.length; row++) infos.push(frame.info(row))
  return { infos: infos.slice(0, mostCounted), isMore: infos.length > mostCounted }
}

async function versionsOf({ info }: Run, store: TrackingStore, signal: AbortSignal): Promise<Related['versions']> {
  const versions: Related['versions'] = []
  for await (const page of store.searchModelVersions({ filter: equals('run_id', info.runId) }, signal)) {
    for (const { name, version, currentStage: stage, aliases, source } of page)
      versions.push({ name, version, stage, aliases: [...aliases], source })
    if (versions.length >= mostVersions) break
  }
  return versions
}

async function modelsOf({ info }: Run, store: TrackingStore, signal: AbortSignal): Promise<Related['models']> {
  const models: Related['models'] = []
  const query = { experimentIds: [info.experimentId], filter: equals('source_run_id', info.runId) }
  for await (const page of store.searchLoggedModels(query, signal))
    for (const { modelId, name, modelType, status } of page) models.push({ modelId, name, type: modelType, status })
  return models
}
