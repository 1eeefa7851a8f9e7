import type { RunQuery } from '..'
import { matchRuns } from '../../../shared/filter'
import { RunFrame, RunFrameBuilder, type RunFrameData } from '../../../shared/runFrame'
import { sortRuns } from '../../../shared/runOrder'
import type { MlflowApi } from './api'
import type { Items } from './pages'
import { planned, type Plan } from './searching'

/** The first page is small, so that the first rows arrive early: a server takes 5 s for 1,000 runs of 40 metrics. */
const sizes = { first: 100, later: 1000, most: 50_000 }

const items: Items<RunFrameData> = {
  count: (page) => page.length,
  idOf: (page, at) => new RunFrame(page).runId(at),
  pick: (page, at) => new RunFrame(page).slice(at).data,
}

/** Runs page by page, each once; all of them before the first page where the server can't sort them. */
export async function* searchRuns(api: MlflowApi, query: RunQuery, signal?: AbortSignal): AsyncGenerator<RunFrame> {
  const { experimentIds, maxResults = Infinity } = query
  if (experimentIds.length === 0 || maxResults <= 0) return
  yield* planned(api, 'runs', query, (plan) => carriedOut(api, query, plan, maxResults, signal))
}

async function* carriedOut(
  api: MlflowApi,
  { experimentIds, view }: RunQuery,
  { filter, orderBy, rest, sortBy }: Plan,
  maxResults: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunFrame> {
  const request = { experiment_ids: experimentIds, filter, order_by: orderBy, run_view_type: view ?? 'ACTIVE_ONLY' }
  const search = { decoder: 'runs', items, sizes, limit: rest || sortBy ? Infinity : maxResults } as const
  const all = new RunFrameBuilder()
  let found = 0
  for await (const data of api.pages('POST', 'runs/search', request, search, signal)) {
    const page = new RunFrame(data)
    const matching = rest ? page.slice(matchRuns(page, rest)) : page
    if (sortBy) {
      all.append(matching)
      continue
    }
    const wanted = found + matching.length > maxResults ? matching.slice(rows(0, maxResults - found)) : matching
    found += wanted.length
    if (wanted.length > 0) yield wanted
    if (found >= maxResults) return
  }
  if (!sortBy) return
  const frame = all.build()
  const order = sortRuns(frame, sortBy).subarray(0, Math.min(maxResults, frame.length))
  for (let from = 0, to = sizes.first; from < order.length; from = to, to += sizes.later)
    yield frame.slice(order.subarray(from, to))
}

const rows = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)
