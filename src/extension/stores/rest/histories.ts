/** Metric histories of one server. */
import type { TrackingStore } from '..'
import type { MetricSeries } from '../../../shared/model'
import { StoreError } from '../errors'
import { concatPoints, inOrder, mergePoints, type Points } from '../series'
import type { MlflowApi } from './api'
import type { Answered } from './client'
import type { Page } from './decoders'
import { earlier, tokenOf } from './pages'

const endpoint = 'metrics/get-history'
const pageSize = 25_000
/** MLflow 2 puts together the whole history before it sends any of it: half a million points take it longer than any page. */
const patienceForWhole = 4
/** How often a history is read from its beginning before it is taken as it comes. */
const mostAttempts = 3

/** How far a history was read: the number of points, and the one that was last of them in the server's order. */
interface Mark {
  readonly count: number
  readonly step: number
  readonly timestamp: number
  readonly value: number
}

/**
 * MLflow 3 gives a history in pages that are counted from its first point on, ordered by timestamp in a database, as they were
 * logged in a folder. So new points come after those that are known, unless one was logged late, with an older timestamp: then the
 * points after it have moved, which each page shows by beginning with the last point of the one before.
 *
 * MLflow 2 gives it whole and in no order, whatever is asked for.
 */
export class Histories {
  /** Until the server shows that it has no pages that we can ask for. */
  #paged: boolean

  constructor(private readonly api: MlflowApi) {
    this.#paged = !/^MLflow [12]\./.test(api.version)
  }

  async read(runId: string, key: string, signal?: AbortSignal, known?: MetricSeries): Promise<MetricSeries> {
    const of = { run_id: runId, metric_key: key }
    const mark = known?.mark === undefined ? undefined : markOf(known.mark)
    const later = mark && (await this.#later(of, mark, signal))
    if (known && later) {
      if (later.points.steps.length === 0) return known
      return seriesOf(runId, key, mergePoints(known, await this.#sorted(later.points, signal)), later.mark)
    }
    const whole = await this.#whole(of, signal)
    return seriesOf(runId, key, await this.#sorted(whole.points, signal), whole.mark)
  }

  /** Points since the mark; undefined where that can't be told. */
  async #later(of: Of, mark: Mark, signal: AbortSignal | undefined): Promise<Read | undefined> {
    if (!this.#paged) return undefined
    try {
      return await this.#pages(of, mark, signal)
    } catch (error) {
      // Such as a token that this server doesn't take. If it is something else, reading the whole says so.
      if (!StoreError.is(error) || !['badRequest', 'serverError'].includes(error.reason)) throw error
      // A server may also fail once, such as on a locked database.
      if (error.reason === 'badRequest' || /pagina|page|implement/i.test(error.message)) this.#paged = false
      return undefined
    }
  }

  async #whole(of: Of, signal: AbortSignal | undefined): Promise<Read> {
    for (let attempt = 1; ; attempt++) {
      const read = await this.#pages(of, undefined, signal, attempt < mostAttempts)
      if (read) return read
    }
  }

  /**
   * All points, or those after `mark`; undefined if points were logged before others that had been read, unless nothing is checked.
   */
  async #pages(
    of: Of,
    mark: Mark | undefined,
    signal: AbortSignal | undefined,
    checked = true,
  ): Promise<Read | undefined> {
    const left = new AbortController()
    const stop = signal ? AbortSignal.any([signal, left.signal]) : left.signal
    const ask = (next: string | undefined): Asked => {
      const { token, overlap } = next === undefined || !checked ? { token: next, overlap: 0 } : earlier(next, 1)
      const request = { ...of, max_results: pageSize, page_token: token }
      const answer = this.api.long('GET', endpoint, request, 'points', stop, this.#paged ? 1 : patienceForWhole)
      answer.catch(() => undefined) // told of when it is that page's turn
      return { answer, overlap }
    }
    const read: Points[] = []
    let last = mark
    let next = mark && tokenOf({ offset: mark.count })
    let asked = mark?.count === 1 ? { ...ask(undefined), overlap: 1 } : ask(next)
    try {
      for (;;) {
        const answered = await asked.answer
        // The server works on the next page while this one is read.
        const ahead = answered.next === undefined ? undefined : ask(answered.next)
        const { content, next: after } = await answered.content
        if (asked.overlap > 0 && !beginsWith(content, last)) return undefined
        if (content.steps.length > pageSize) this.#paged = false // it sends all, whatever it is asked for
        const fresh = asked.overlap > 0 ? withoutFirst(content) : content
        read.push(fresh)
        last = lastOf(fresh, last)
        if (after === undefined) return { points: concatPoints(read), mark: checked && this.#paged ? last : undefined }
        if (after === next) throw this.api.endless()
        next = after
        asked = ahead ?? ask(after)
      }
    } finally {
      left.abort()
    }
  }

  async #sorted(points: Points, signal: AbortSignal | undefined): Promise<Points> {
    return await this.api.client.sorted({ path: endpoint }, points, signal)
  }
}

type Of = Readonly<{ run_id: string; metric_key: string }>

interface Asked {
  readonly answer: Promise<Answered<Page<Points>>>
  /** 1 where the page begins with the last point of the one before. */
  readonly overlap: number
}

interface Read {
  /** In the order of the server. */
  readonly points: Points
  /** Undefined where the server can't go on from there. */
  readonly mark: Mark | undefined
}

function seriesOf(runId: string, key: string, points: Points, mark: Mark | undefined): MetricSeries {
  const { steps, values, timestamps } = points
  return { runId, key, steps, values, timestamps, ...(mark && { mark: JSON.stringify(partsOf(mark)) }) }
}

const beginsWith = ({ steps, timestamps, values }: Points, last: Mark | undefined): boolean =>
  steps[0] === last?.step && timestamps[0] === last?.timestamp && Object.is(values[0], last?.value)

const withoutFirst = ({ steps, timestamps, values }: Points): Points => ({
  steps: steps.slice(1),
  timestamps: timestamps.slice(1),
  values: values.slice(1),
})

function lastOf({ steps, timestamps, values }: Points, before: Mark | undefined): Mark | undefined {
  const step = steps.at(-1)
  if (step === undefined) return before
  const count = (before?.count ?? 0) + steps.length
  return { count, step, timestamp: timestamps.at(-1) ?? NaN, value: values.at(-1) ?? NaN }
}

/** JSON has no NaN and no infinities. */
const partsOf = ({ count, step, timestamp, value }: Mark): unknown[] => [count, step, timestamp, String(value)]

/** Undefined of a text that is no mark of ours. */
function markOf(text: string): Mark | undefined {
  const parts: unknown = JSON.parse(text)
  if (!Array.isArray(parts) || parts.length !== 4) return undefined
  const [count = NaN, step = NaN, timestamp = NaN, value = NaN] = parts.map(Number)
  return { count, step, timestamp, value }
}

/** As many as MLflow's own pages ask for; a chart on a laptop has more pixels, and the whole series follows. */
const samplesOfRun = 320
/** The server takes so many runs at once. */
const mostSampledRuns = 100

/** Undefined of MLflow 2, which reads all points of all runs for it: that takes longer than to send them. */
export function sampler(api: MlflowApi): TrackingStore['sampleMetricHistories'] {
  if (/^MLflow [12]\./.test(api.version)) return undefined
  return async (runIds, key, signal) => {
    const sampled: MetricSeries[] = []
    for (let at = 0; at < runIds.length; at += mostSampledRuns) {
      const request = {
        run_ids: runIds.slice(at, at + mostSampledRuns),
        metric_key: key,
        max_results: samplesOfRun,
      }
      const { content } = await api.long('GET', 'metrics/get-history-bulk-interval', request, 'samples', signal)
      for (const [runId, points] of await content)
        sampled.push({ ...seriesOf(runId, key, inOrder(points), undefined), sampled: true })
    }
    return sampled
  }
}
