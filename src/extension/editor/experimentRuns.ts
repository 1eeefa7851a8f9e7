import { type Curve as Answer, plainLook, type RunRef } from '../../shared/protocol'
import { RunFrame } from '../../shared/runFrame'
import { oneAtATime } from '../coalesce'
import type { Connection } from '../connections/connection'
import { LiveRuns, RunFeed } from '../live'
import type { Answers } from '../panels/answers'
import { messageOf } from '../messageOf'
import type { TrackingStore } from '../stores'
import type { Curve } from './pictures'

/** Newest runs of an experiment that files of code know of. */
export const mostRuns = 200

/** Points in which curves are kept: two a pixel at most. */
const curveWidth = 150

interface Options {
  readonly connection: Connection
  readonly experimentId: string
  /** Of the runs; empty for all. */
  readonly filter: string
  readonly answers: Pick<Answers, 'curve' | 'learn'>
  /** Runs or curves came or changed. */
  readonly changed: () => void
  readonly warn: (sentence: string) => void
}

interface Open {
  readonly store: TrackingStore
  readonly feed: RunFeed
  readonly live: LiveRuns
  /** All have arrived. */
  isWhole: boolean
}

interface Kept {
  version: string
  /** The version that could not be read: no more is asked for it before the next refresh. */
  failed: string | undefined
  curve: Curve | undefined
  reading: Promise<void> | undefined
}

/** The newest runs of an experiment and curves of their metrics, as fresh as the last `refresh`. Does nothing by itself. */
export class ExperimentRuns implements Disposable {
  readonly #options: Options
  readonly #curves = new Map<string, Kept>()
  readonly #closed = new AbortController()
  #open:
    { readonly store: TrackingStore; readonly feed: RunFeed; readonly live: LiveRuns; isWhole: boolean } | undefined
  #problem: string | undefined

  /** Brings the runs up to date; loads them at first. Never rejects: a failure leaves what is there, and is told by `problem`. */
  readonly refresh: () => Promise<void>

  constructor(options: Options) {
    this.#options = options
    this.refresh = oneAtATime(() => this.#refresh())
  }

  get connection(): Connection {
    return this.#options.connection
  }

  get experimentId(): string {
    return this.#options.experimentId
  }

  /** Undefined until they are there. */
  get runs(): { readonly frame: RunFrame; readonly rows: Uint32Array; readonly isComplete: boolean } | undefined {
    const open = this.#open
    return open?.isWhole ? { frame: open.live.frame, rows: open.live.rows, isComplete: open.live.complete } : undefined
  }

  /** Why the last refresh failed. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** The store they come from, once it is open. */
  get store(): TrackingStore | undefined {
    return this.#open?.store
  }

  /** A metric's curve as far as it is there; reads it, or what is new of it, and tells of that. */
  curve(runId: string, key: string): Curve | undefined {
    const metric = this.runs && this.#metric(runId, key)
    if (!metric) return undefined
    const id = `${runId}\n${key}`
    let kept = this.#curves.get(id)
    if (!kept) this.#curves.set(id, (kept = { version: '', failed: undefined, curve: undefined, reading: undefined }))
    const version = `${metric.step} ${metric.timestamp} ${metric.value}`
    if (kept.version !== version && kept.failed !== version) kept.reading ??= this.#read(kept, version, runId, key)
    return kept.curve
  }

  /** The same once it is there. */
  async curveRead(runId: string, key: string): Promise<Curve | undefined> {
    const curve = this.curve(runId, key)
    if (curve) return curve
    await this.#curves.get(`${runId}\n${key}`)?.reading
    return this.#curves.get(`${runId}\n${key}`)?.curve
  }

  [Symbol.dispose](): void {
    this.#closed.abort()
    this.#close()
  }

  async #refresh(): Promise<void> {
    const { signal } = this.#closed
    for (const kept of this.#curves.values()) kept.failed = undefined
    try {
      const store = await this.#options.connection.store({ signal })
      if (this.#open?.isWhole && this.#open.store === store) await this.#open.live.refresh({}, signal)
      else await this.#load(store, signal)
      this.#problem = undefined
    } catch (error) {
      if (signal.aborted) return
      const problem = messageOf(error)
      if (problem !== this.#problem) this.#options.warn(problem)
      this.#problem = problem
      this.#options.changed()
    }
  }

  async #load(store: TrackingStore, signal: AbortSignal): Promise<void> {
    this.#close()
    const feed = new RunFeed(store, [this.#options.experimentId])
    const live = new LiveRuns(feed, { limit: mostRuns, filter: this.#options.filter })
    const open: Open = (this.#open = { store, feed, live, isWhole: false })
    live.onDidChange(({ changed }) => {
      if (!open.isWhole) return
      for (const runId of changed) this.#learn(runId)
      this.#options.changed()
    })
    await live.load(signal)
    open.isWhole = true
    this.#options.changed()
  }

  async #read(kept: Kept, version: string, runId: string, key: string): Promise<void> {
    const { answers, connection, changed, warn } = this.#options
    this.#learn(runId)
    const run: RunRef = { connection: connection.id, runId }
    const read = (axis: 'step' | 'relative'): Promise<Answer> =>
      answers.curve(
        { run, key, axis, range: null, ...plainLook, width: curveWidth, samples: true },
        this.#closed.signal,
      )
    try {
      const overSteps = await read('step')
      kept.curve = isAtOnePlace(overSteps) ? withoutSteps(await read('relative')) : overSteps
      kept.version = version
    } catch (error) {
      kept.failed = version
      if (!this.#closed.signal.aborted) warn(messageOf(error))
    }
    kept.reading = undefined
    if (!this.#closed.signal.aborted) changed()
  }

  /** The pages' cache of series is told how far the run is. */
  #learn(runId: string): void {
    const { frame } = this.runs ?? {}
    const row = frame?.rowOf(runId) ?? -1
    if (frame && row >= 0) this.#options.answers.learn(this.#options.connection.id, frame.run(row))
  }

  #metric(runId: string, key: string) {
    const { frame } = this.runs ?? { frame: RunFrame.empty }
    return frame.metricAt(frame.rowOf(runId), key)
  }

  #close(): void {
    this.#open?.live[Symbol.dispose]()
    this.#open?.feed[Symbol.dispose]()
    this.#open = undefined
  }
}

/** Several values at one step, as of `log_metric` without `step`, or in one millisecond. */
const isAtOnePlace = ({ extent, total }: Answer): boolean => total > 1 && extent !== null && extent[0] === extent[1]

function withoutSteps(overTime: Answer): Curve {
  if (!isAtOnePlace(overTime) || overTime.reduced) return { ...overTime, over: 'time' }
  return { x: Float64Array.from(overTime.y, (_, at) => at + 1), y: overTime.y, over: 'order' }
}
