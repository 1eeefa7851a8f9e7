import type { MetricSeries } from '../../shared/model'
import type { TrackingStore } from '../stores'
import { cancelled, type Limiter } from '../stores/limiter'

/** How long to wait for others who want samples of the same metric: a chart asks for all of its runs at once. Milliseconds. */
const gathering = 10
/** Samples of a metric are asked for in so many requests, so that the first curves needn't wait for the last. */
const requests = 4

interface Asked {
  readonly runId: string
  readonly settle: (series: MetricSeries | undefined) => void
  readonly fail: (error: unknown) => void
  isOver: boolean
  /** Called once it is. */
  onOver: () => void
}

/** Samples of metrics, for charts to begin with; those that are asked for together are read together. */
export class Sampling {
  readonly #limiter: Limiter
  readonly #gathered = new Map<string, Asked[]>()

  constructor(limiter: Limiter) {
    this.#limiter = limiter
  }

  /**
   * Undefined where the store has no samples of this run.
   *
   * @param group what tells this store and metric from others
   */
  get(
    group: string,
    sample: NonNullable<TrackingStore['sampleMetricHistories']>,
    runId: string,
    key: string,
    signal: AbortSignal,
  ): Promise<MetricSeries | undefined> {
    if (signal.aborted) return Promise.reject(cancelled())
    return new Promise((resolve, reject) => {
      const onAbort = (): void => over(() => reject(cancelled()))
      const over = (end: () => void): void => {
        asked.isOver = true
        signal.removeEventListener('abort', onAbort)
        end()
        asked.onOver()
      }
      const asked: Asked = {
        runId,
        isOver: false,
        onOver: () => undefined,
        settle: (series) => over(() => resolve(series)),
        fail: (error) => over(() => reject(error instanceof Error ? error : new Error(String(error)))),
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#gather(group, asked, (runIds, stop) => sample(runIds, key, stop))
    })
  }

  #gather(group: string, asked: Asked, read: (runIds: string[], stop: AbortSignal) => Promise<MetricSeries[]>): void {
    const gathered = this.#gathered.get(group)
    if (gathered) {
      gathered.push(asked)
      return
    }
    const all = [asked]
    this.#gathered.set(group, all)
    setTimeout(() => {
      this.#gathered.delete(group)
      const wanted = all.filter(({ isOver }) => !isOver)
      const size = Math.ceil(wanted.length / requests)
      for (let at = 0; at < wanted.length; at += size) void this.#read(wanted.slice(at, at + size), read)
    }, gathering)
  }

  /** Ends when all who asked have given up. */
  async #read(
    all: readonly Asked[],
    read: (runIds: string[], stop: AbortSignal) => Promise<MetricSeries[]>,
  ): Promise<void> {
    const controller = new AbortController()
    for (const one of all)
      one.onOver = () => {
        if (all.every(({ isOver }) => isOver)) controller.abort()
      }
    try {
      const series = await this.#limiter.run(() => {
        const wanted = all.filter(({ isOver }) => !isOver)
        return read([...new Set(wanted.map(({ runId }) => runId))], controller.signal)
      }, controller.signal)
      const byRun = new Map(series.map((one) => [one.runId, one]))
      for (const { isOver, settle, runId } of all) if (!isOver) settle(byRun.get(runId))
    } catch (error) {
      for (const { isOver, fail } of all) if (!isOver) fail(error)
    }
  }
}
