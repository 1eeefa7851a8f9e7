import { type Points, type SeriesStats, sortedByX, statsOf } from '../../shared/downsample'
import type { MetricSeries } from '../../shared/model'
import { cancelled, type Limiter } from './limiter'

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
  load(signal: AbortSignal): Promise<MetricSeries>
}

interface Entry {
  readonly version: string
  readonly loaded: LoadedSeries
  readonly bytes: number
}

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

  /** Bytes that the series in memory take. */
  get bytes(): number {
    return this.#bytes
  }

  /** Rejects as `load` does, unless an older version is in memory: then that, with `refreshError`. */
  async get(request: SeriesRequest, signal?: AbortSignal): Promise<LoadedSeries> {
    const entry = this.#entries.get(request.id)
    if (entry?.version === request.version) {
      this.#entries.delete(request.id)
      this.#entries.set(request.id, entry)
      return entry.loaded
    }
    try {
      return await this.#join(request, signal)
    } catch (error) {
      if (!entry || signal?.aborted) throw error
      return { ...entry.loaded, refreshError: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Forgets the versions of all series whose id starts with `prefix`: they are read again, and kept where that fails. */
  expire(prefix: string): void {
    for (const [id, entry] of this.#entries)
      if (id.startsWith(prefix)) this.#entries.set(id, { ...entry, version: expired })
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
      .run(() => request.load(controller.signal), controller.signal)
      .then((series) => {
        const loaded = loadedSeries(series, this.#now())
        this.#keep(request, loaded)
        return loaded
      })
      .finally(() => {
        if (this.#loading.get(request.id)?.controller === controller) this.#loading.delete(request.id)
      })
    // Those who wait hear of a failure; when all have given up, nobody has to.
    promise.catch(() => undefined)
    return { version: request.version, promise, controller, waiting: 0 }
  }

  #keep(request: SeriesRequest, loaded: LoadedSeries): void {
    this.#drop(request.id)
    // Three columns, and up to two more for an axis that had to be sorted.
    const bytes = loaded.series.values.length * 8 * 5
    this.#entries.set(request.id, { version: request.version, loaded, bytes })
    this.#bytes += bytes
    for (const id of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes || id === request.id) break
      this.#drop(id)
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

function loadedSeries(series: MetricSeries, asOf: number): LoadedSeries {
  const y = withInfinities(series.values)
  const sorted: { step?: Points; time?: Points } = {}
  return {
    series,
    stats: statsOf(y),
    asOf,
    refreshError: undefined,
    by: (axis) => (sorted[axis] ??= sortedByX({ x: axis === 'step' ? series.steps : series.timestamps, y })),
  }
}

/** MLflow's databases can't hold infinities and hold the greatest double instead. */
function withInfinities(values: Float64Array): Float64Array {
  if (!values.some((value) => Math.abs(value) === Number.MAX_VALUE)) return values
  return values.map((value) => (Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Infinity : value))
}
