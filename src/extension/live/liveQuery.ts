import type { RunFrame } from '../../shared/runFrame'
import type { RunQuery } from '../stores'

/** Which runs a live list has. */
export interface LiveQuery extends Omit<RunQuery, 'maxResults'> {
  /** Only the first so many are kept. */
  readonly limit: number
}

export const pagesOf = (limit: number, query: LiveQuery): RunQuery => {
  const { limit: _, ...rest } = query
  return Number.isFinite(limit) ? { ...rest, maxResults: limit } : rest
}

/** The rows of `page` whose runs were not seen yet: a server's pages shift when runs arrive. Notes them as seen. */
export function unseen(page: RunFrame, seen: Set<string>): RunFrame {
  const rows: number[] = []
  for (let row = 0; row < page.length; row++) {
    const id = page.runId(row)
    if (seen.has(id)) continue
    seen.add(id)
    rows.push(row)
  }
  return rows.length === page.length ? page : page.slice(rows)
}
