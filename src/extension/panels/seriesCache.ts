import { type Points, type SeriesStats, sortedByX, statsOf } from '../../shared/downsample'
import type { MetricSeries } from '../../shared/model'
import { cancelled, type Limiter } from '../stores/limiter'

/** A full-resolution series in memory, with what is derived from it. */
export interface LoadedSeries {
  readonly series: MetricSeries
  readonly stats: SeriesStats
  /** When it was read, ms since the epoch. */
  readonly asOf: number
  /** Why it could not be read again since; it is shown nevertheless. */
  readonly refreshError: string | undefined
  /** Points in ascending x: steps, or ms since the epoch. */
  by(axis: 'step' | 'time'): Points
}

/** Which series, and the version of it that is wanted: another version than the one in memory is read again. */
export interface SeriesRequest {
  readonly id: string
  readonly version: string
  /** @param known an older version, to be continued */
  load(signal: AbortSignal, known: MetricSeries | undefined): Promise<MetricSeries>
}

interface Entry {
  readonly version: string
  readonly loaded: LoadedSeries
  bytes: number
  /** The newer version that could not be read: not tried again before its time. */
  failure?: { readonly version: string; readonly at: number; readonly message: string }
}

/** How long a version that could not be read is not asked for again, unless somebody refreshes; in ms. Each zoom asks. */
const pauseAfterFailure = 10_000

interface Loading {
  readonly version: string
  readonly promise: Promise<LoadedSeries>
  readonly controller: AbortController
  waiting: number
}

/**
 * Full metric series, least recently used out first once they take more than `maxBytes`. Each is read once, however many
 * ask for it; the reading stops when all of them have given up.
 */
export class SeriesCache {
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Loading>()
  readonly #limiter: Limiter
  readonly #maxBytes: number
  readonly #now: () => number
  #bytes = 0

  constructor(options: { readonly limiter: Limiter; readonly maxBytes: number; readonly now?: () => number }) {
    this.#limiter = options.limiter
    this.#maxBytes = options.maxBytes
    this.#now = options.now ?? Date.now
  }

  /** Bytes that the series in memory take, with what was derived from them so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether some version of the series is in memory, to show until a newer one is. */
  has(id: string): boolean {
    return this.#entries.has(id)
  }

  /** Rejects as `load` does, unless an older version is in memory: then that, with `refreshError`. */
  async get(request: SeriesRequest, signal?: AbortSignal): Promise<LoadedSeries> {
    const entry = this.#entries.get(request.id)
    if (entry?.version === request.version) {
      this.#entries.delete(request.id)
      this.#entries.set(request.id, entry)
      return entry.loaded
    }
    const failed = entry?.failure
    if (entry && failed?.version === request.version && this.#now() - failed.at < pauseAfterFailure)
      return { ...entry.loaded, refreshError: failed.message }
    try {
      return await this.#join(request, signal)
    } catch (error) {
      if (!entry || signal?.aborted) throw error
      const message = error instanceof Error ? error.message : String(error)
      const kept = this.#entries.get(request.id)
      if (kept?.version === entry.version) kept.failure = { version: request.version, at: this.#now(), message }
      return { ...entry.loaded, refreshError: message }
    }
  }

  /** Forgets the versions of all series whose id starts with `prefix`: they are read again from their beginning, and kept where that fails. */
  expire(prefix: string): void {
    for (const [id, entry] of this.#entries)
      if (id.startsWith(prefix)) this.#entries.set(id, { version: expired, loaded: entry.loaded, bytes: entry.bytes })
    // What is being read may be from before: whoever waits for it gets it, and it is not kept.
    for (const id of this.#loading.keys()) if (id.startsWith(prefix)) this.#loading.delete(id)
  }

  #join(request: SeriesRequest, signal: AbortSignal | undefined): Promise<LoadedSeries> {
    let loading = this.#loading.get(request.id)
    if (loading?.version !== request.version || loading.controller.signal.aborted) {
      loading = this.#start(request)
      this.#loading.set(request.id, loading)
    }
    return waitFor(loading, signal)
  }

  #start(request: SeriesRequest): Loading {
    const controller = new AbortController()
    const promise = this.#limiter
      .run(() => {
        // What is in memory by now: an earlier reading may have ended while this one waited.
        const entry = this.#entries.get(request.id)
        return request.load(controller.signal, entry?.version === expired ? undefined : entry?.loaded.series)
      }, controller.signal)
      .then((series) => {
        const isLatest = this.#loading.get(request.id)?.controller === controller
        return isLatest ? this.#keep(request, series) : loadedSeries(series, this.#now())
      })
      .finally(() => {
        if (this.#loading.get(request.id)?.controller === controller) this.#loading.delete(request.id)
      })
    // Those who wait hear of a failure; when all have given up, nobody has to.
    promise.catch(() => undefined)
    return { version: request.version, promise, controller, waiting: 0 }
  }

  #keep(request: SeriesRequest, series: MetricSeries): LoadedSeries {
    this.#drop(request.id)
    const loaded = loadedSeries(series, this.#now(), () => this.#recount(request.id, loaded))
    this.#entries.set(request.id, { version: request.version, loaded, bytes: 0 })
    this.#recount(request.id, loaded)
    return loaded
  }

  /** Counts a series again, which has just been read or has more derived from it, and makes room for it. */
  #recount(id: string, loaded: MeasuredSeries): void {
    const entry = this.#entries.get(id)
    if (entry?.loaded !== loaded) return // dropped meanwhile: it lives as long as its reader
    const bytes = loaded.bytes()
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
    for (const other of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      if (other !== id) this.#drop(other)
    }
  }

  #drop(id: string): void {
    this.#bytes -= this.#entries.get(id)?.bytes ?? 0
    this.#entries.delete(id)
  }
}

const expired = '\0expired'

function waitFor(loading: Loading, signal: AbortSignal | undefined): Promise<LoadedSeries> {
  if (signal?.aborted) return Promise.reject(cancelled())
  loading.waiting++
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      loading.waiting--
      if (loading.waiting === 0) loading.controller.abort()
      reject(cancelled())
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    loading.promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onAbort))
  })
}

interface MeasuredSeries extends LoadedSeries {
  /** Memory that it takes by now. */
  bytes(): number
}

/** @param grown told when more has been derived from the series */
export function loadedSeries(series: MetricSeries, asOf: number, grown = (): void => undefined): MeasuredSeries {
  const y = withInfinities(series.values)
  const sorted: { step?: Points; time?: Points } = {}
  return {
    series,
    stats: statsOf(y),
    asOf,
    refreshError: undefined,
    by: (axis) => {
      const known = sorted[axis]
      if (known) return known
      const points = (sorted[axis] = sortedByX({ x: axis === 'step' ? series.steps : series.timestamps, y }))
      grown()
      return points
    },
    bytes: () => {
      const columns = [series.steps, series.values, series.timestamps, y]
      for (const points of [sorted.step, sorted.time]) if (points) columns.push(points.x, points.y)
      // By buffer: a column may share one, or be a part of a larger one.
      const buffers = new Set(columns.map(({ buffer }) => buffer))
      return [...buffers].reduce((bytes, { byteLength }) => bytes + byteLength, 0)
    },
  }
}

/** MLflow's databases can't hold infinities and hold the greatest double instead. */
function withInfinities(values: Float64Array): Float64Array {
  if (!values.includes(Number.MAX_VALUE) && !values.includes(-Number.MAX_VALUE)) return values
  return values.map((value) => (Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Infinity : value))
}
