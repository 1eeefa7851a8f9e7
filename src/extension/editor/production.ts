import type { ModelVersion, Run } from '../../shared/model'
import { StoreError, type TrackingStore } from '../stores'

/** Versions and runs that are looked through. */
const mostVersions = 1000
const mostRuns = 10

/** Since MLflow has deprecated stages, these aliases say the same. */
const aliases = ['production', 'champion']

/**
 * The run of an experiment whose model is in Production: the newest version's, by its stage, else by its alias.
 * @param registry the store that has the models
 */
export async function productionRun(
  store: TrackingStore,
  registry: TrackingStore,
  experimentId: string,
  signal: AbortSignal,
): Promise<Run | undefined> {
  const versions: ModelVersion[] = []
  for await (const page of registry.searchModelVersions({}, signal)) {
    versions.push(...page)
    if (versions.length >= mostVersions) break
  }
  const staged = versions.filter(({ currentStage }) => currentStage === 'Production')
  const named = versions.filter((version) => version.aliases.some((alias) => aliases.includes(alias.toLowerCase())))
  const newestFirst = (a: ModelVersion, b: ModelVersion): number => (b.creationTime ?? 0) - (a.creationTime ?? 0)
  const inOrder = [...staged.toSorted(newestFirst), ...named.toSorted(newestFirst)]
  const runIds = new Set(inOrder.map(({ runId }) => runId).filter((runId) => runId !== ''))
  for (const runId of [...runIds].slice(0, mostRuns)) {
    const run = await runOf(store, runId, signal)
    if (run?.info.experimentId === experimentId) return run
  }
  return undefined
}

/** Undefined for one that is deleted for good: it is no reference. */
async function runOf(store: TrackingStore, runId: string, signal: AbortSignal): Promise<Run | undefined> {
  try {
    return await store.getRun(runId, signal)
  } catch (error) {
    if (StoreError.is(error, 'notFound')) return undefined
    throw error
  }
}
