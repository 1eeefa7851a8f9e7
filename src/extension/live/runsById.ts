import type { RunFrame } from '../../shared/runFrame'
import type { RunQuery, TrackingStore } from '../stores'

/** Ids that fit into one request, whatever the server. */
export const idsAtOnce = 80

/** Those of the given runs that are there; ids that can't be one (a tag holds anything) are not asked for. */
export async function* runsById(
  store: Pick<TrackingStore, 'searchRuns'>,
  query: Pick<RunQuery, 'experimentIds' | 'view'>,
  ids: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<RunFrame> {
  const possible = ids.filter((id) => /^[\w-]{1,64}$/.test(id))
  for (let start = 0; start < possible.length; start += idsAtOnce) {
    const chunk = possible.slice(start, start + idsAtOnce)
    const filter = `attributes.run_id IN (${chunk.map((id) => `'${id}'`).join(', ')})`
    yield* store.searchRuns({ ...query, filter }, signal)
  }
}
