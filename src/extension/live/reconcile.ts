import { RunFrameBuilder, type RunFrame } from '../../shared/runFrame'
import type { RunChanges, TrackingStore } from '../stores'
import { pagesOf, unseen, type LiveQuery } from './liveQuery'
import { idsAtOnce, runsById } from './runsById'
import { differingRows } from './sameRuns'

export interface Reconciled extends RunChanges {
  /** Whether the query finds no more runs than its limit. */
  readonly complete: boolean
}

/** So many runs that seem to be gone are looked for one by one; more are taken to be gone. */
const mostLookedFor = 5 * idsAtOnce

/**
 * A thorough look: reads the whole query again, page by page, and compares each page with what is known, so that edits show up which
 * nothing else tells. Between pages others have their turn.
 *
 * @param known the runs that the query had
 * @returns what differs; `gone` are those of `known` that the query doesn't find any more
 */
export async function reconcile(
  store: TrackingStore,
  query: LiveQuery,
  known: RunFrame,
  signal?: AbortSignal,
): Promise<Reconciled> {
  const seen = new Set<string>()
  const changed = new RunFrameBuilder()
  const compare = (page: RunFrame): void => {
    const rows = differingRows(page, known)
    if (rows.length > 0) changed.append(page.slice(rows))
  }
  for await (const page of store.searchRuns(pagesOf(query.limit + 1, query), signal)) compare(unseen(page, seen))
  const complete = seen.size <= query.limit

  // A run that moved from a later page to an earlier one while we read is on none of them.
  const missing = known.runIds().filter((id) => !seen.has(id))
  if (missing.length > 0 && missing.length <= mostLookedFor)
    for await (const page of runsById(store, { experimentIds: query.experimentIds, view: 'ALL' }, missing, signal))
      compare(unseen(page, seen))
  return { changed: changed.build(), gone: missing.filter((id) => !seen.has(id)), complete }
}
