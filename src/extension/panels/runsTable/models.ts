import type { Beyond } from '../../../shared/runsTable/fields'
import type { TrackingStore } from '../../stores'

/** Registered versions and logged models by their run's id, in words: `pricing v3, other v1`. */
export async function modelsOfRuns(
  store: TrackingStore,
  experimentIds: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Beyond, 'registered' | 'logged'>> {
  const registered = new Map<string, string>()
  const logged = new Map<string, string>()
  for await (const page of store.searchModelVersions({}, signal))
    for (const { runId, name, version } of page) if (runId !== '') add(registered, runId, `${name} v${version}`)
  for await (const page of store.searchLoggedModels({ experimentIds }, signal))
    for (const { sourceRunId, name } of page) if (sourceRunId !== '') add(logged, sourceRunId, name)
  return { registered, logged }
}

function add(texts: Map<string, string>, runId: string, text: string): void {
  const known = texts.get(runId)
  texts.set(runId, known === undefined ? text : `${known}, ${text}`)
}
