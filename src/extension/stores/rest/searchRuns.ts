import type { RunQuery } from '..'
import { RunFrameBuilder, type RunFrame } from '../../../shared/runFrame'
import { asFields, nextTokenOf, type MlflowApi } from './api'
import { appendRuns } from './runs'
import { listOf, type Fields } from './shape'

/** Small, so that the first rows arrive early: a server takes 5 s for 1,000 runs of 40 metrics. */
const firstPage = 100
const laterPages = 1000

/**
 * Runs page by page. Who takes a second page is taken to want them all: from then on the server works on the next page while
 * this one is read.
 */
export async function* searchRuns(
  api: MlflowApi,
  { experimentIds, filter, orderBy, view, maxResults = Infinity }: RunQuery,
  signal?: AbortSignal,
): AsyncGenerator<RunFrame> {
  if (experimentIds.length === 0 || maxResults <= 0) return
  const left = new AbortController()
  const stop = signal ? AbortSignal.any([signal, left.signal]) : left.signal
  const request = { experiment_ids: experimentIds, filter, order_by: orderBy, run_view_type: view ?? 'ACTIVE_ONLY' }
  const fetch = (size: number, token: string | undefined): Promise<Fields> =>
    api.search('runs/search', { ...request, max_results: size, page_token: token }, asFields, stop)

  const seen = new Set<string>()
  let token: string | undefined
  let ahead: Promise<Fields> | undefined
  let rows = 0

  /** Asks for the page after this one, then makes a frame of this one. */
  const frameOf = (page: Fields): RunFrame => {
    const isFirst = token === undefined
    const count = listOf(page.runs, 'runs').length
    rows += count
    token = api.advanced(nextTokenOf(page), token)
    const goesOn = !isFirst && token !== undefined && rows < maxResults
    ahead = goesOn ? fetch(Math.min(laterPages, maxResults - rows), token) : undefined
    ahead?.catch(() => undefined) // told of when it is that page's turn
    const builder = new RunFrameBuilder(count)
    appendRuns(page, builder, seen)
    return builder.build()
  }

  try {
    do {
      const size = token === undefined ? firstPage : laterPages
      const coming = ahead ?? fetch(Math.min(size, maxResults - seen.size), token)
      ahead = undefined // a page is large: nothing holds it longer than it takes to read it
      const frame = await coming.then((page) => api.shaped('runs/search', () => frameOf(page)))
      if (frame.length > 0) yield frame
    } while (token !== undefined && seen.size < maxResults)
  } finally {
    left.abort()
  }
}
