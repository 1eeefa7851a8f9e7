import { downsample } from '../../../shared/downsample'
import type { MetricSeries } from '../../../shared/model'
import type { RunFrame } from '../../../shared/runFrame'
import type { NumberField } from '../../../shared/runsTable/fields'
import type { TrackingStore } from '../../stores'
import { Limiter } from '../../stores/limiter'
import { Recent } from '../recent'

/** Histories that are read at once. */
const mostReads = 4
/** Milliseconds after which one that could not be read is tried again. */
const retryAfter = 30_000
const mostSparklines = 5000

/** What a column may show of a metric's history. NaN where nothing but NaN was logged. */
export interface Extremes {
  readonly first: number
  readonly min: number
  readonly max: number
}

interface Known {
  /** The metric's latest point when it was read: while it is the same, so is the history. */
  readonly version: string
  /** Undefined of a history with nothing in it. */
  readonly extremes: Extremes | undefined
}

/** Whether a history came, and why not. */
interface Read {
  readonly came: boolean
  readonly error: unknown
}
const untried: Read = { came: false, error: undefined }

/** Metrics of which something is wanted. */
interface Pending {
  readonly row: number
  readonly key: string
}

interface HistoriesOptions {
  readonly store: (signal: AbortSignal) => Promise<TrackingStore>
  /** Values came that were pending. */
  readonly arrived: () => void
  readonly failed: (runId: string, key: string, error: unknown) => void
}

/** First, least and greatest values of metrics: read for the runs in sight, kept while the metric is the same. */
export class Histories implements Disposable {
  readonly #options: HistoriesOptions
  readonly #limiter = new Limiter(mostReads)
  readonly #known = new Map<string, Map<string, Known>>()
  /** When a history could not be read, by `<key>\n<run>`: until it can, nothing is known of it. */
  readonly #failures = new Map<string, number>()
  /** Being read for the rows in sight, by `<key>\n<run>`. */
  readonly #reading = new Map<string, AbortController>()
  readonly #sparklines = new Recent<string, Float64Array>(mostSparklines)
  /** Columns of the newest frame that was asked about. */
  #fields: { readonly frame: RunFrame; readonly byName: Map<string, NumberField> } | undefined

  constructor(options: HistoriesOptions) {
    this.#options = options
  }

  /** For each row of the frame; `present` is 2 where it is not known yet. The same object while the frame is. */
  field(frame: RunFrame, key: string, value: keyof Extremes): NumberField {
    if (this.#fields?.frame !== frame) this.#fields = { frame, byName: new Map() }
    const { byName } = this.#fields
    const name = `${value}\n${key}`
    let field = byName.get(name)
    if (!field) {
      field = { values: new Float64Array(frame.length).fill(NaN), present: new Uint8Array(frame.length) }
      const logged = frame.metric(key)?.logged
      for (let row = 0; row < frame.length; row++) if (logged?.[row] === 1) this.#fill(field, frame, row, key, value)
      byName.set(name, field)
    }
    return field
  }

  /** Reads the histories of these runs and gives up those that were asked for before and are not among them. */
  want(frame: RunFrame, rows: Iterable<number>, keys: readonly string[]): void {
    const wanted = new Map<string, Pending>()
    for (const row of rows)
      for (const key of keys)
        if (this.#isPending(frame, row, key) && this.#mayRead(frame, row, key))
          wanted.set(idAt(frame, row, key), { row, key })
    for (const [id, abort] of this.#reading) if (!wanted.has(id)) abort.abort()
    for (const [id, { row, key }] of wanted) {
      if (this.#reading.has(id)) continue
      const abort = new AbortController()
      this.#reading.set(id, abort)
      void this.#read(frame, row, key, abort.signal).then(({ came }) => {
        if (this.#reading.get(id) === abort) this.#reading.delete(id)
        if (came) this.#options.arrived()
      })
    }
  }

  /**
   * Reads all that is pending of these runs.
   *
   * @param told how many of how many are there
   * @returns why some could not be read
   */
  async load(
    frame: RunFrame,
    rows: Iterable<number>,
    keys: readonly string[],
    signal: AbortSignal,
    told: (done: number, all: number) => void,
  ): Promise<Failure | undefined> {
    const pending: Pending[] = []
    for (const row of rows) for (const key of keys) if (this.#isPending(frame, row, key)) pending.push({ row, key })
    let [next, done] = [0, 0]
    const failures: unknown[] = []
    const work = async (): Promise<void> => {
      for (let item = pending[next++]; item && !signal.aborted; item = pending[next++]) {
        const { row, key } = item
        const { came, error } = this.#mayRead(frame, row, key) ? await this.#read(frame, row, key, signal) : untried
        if (!came) failures.push(error)
        told(++done, pending.length)
      }
    }
    await Promise.all(Array.from({ length: mostReads }, work))
    const reason = failures.find((each) => each !== undefined)
    return failures.length > 0 ? { failed: failures.length, reason } : undefined
  }

  /** What could not be read may be tried again at once. */
  forgive(): void {
    this.#failures.clear()
  }

  /** At most `width` values of each run's metric, in the order of its steps; none where it has no such metric. */
  async sparklines(
    frame: RunFrame,
    runIds: readonly string[],
    key: string,
    width: number,
    signal: AbortSignal,
  ): Promise<Float64Array[]> {
    const store = await this.#options.store(signal)
    const idOf = (runId: string): string => `${width}\n${key}\n${runId}\n${versionAt(frame, frame.rowOf(runId), key)}`
    const missing = runIds.filter((id) => frame.metricAt(frame.rowOf(id), key) && !this.#sparklines.has(idOf(id)))
    const keep = (series: MetricSeries): void => this.#sparklines.set(idOf(series.runId), reduced(series, width))
    const { sampleMetricHistories: sample } = store
    if (sample && missing.length > 0)
      for (const series of await this.#limiter.run(() => sample(missing, key, signal), signal)) keep(series)
    else
      await Promise.all(
        missing.map((id) => this.#limiter.run(async () => keep(await store.getMetricHistory(id, key, signal)), signal)),
      )
    return runIds.map((id) => this.#sparklines.get(idOf(id)) ?? new Float64Array())
  }

  [Symbol.dispose](): void {
    for (const abort of this.#reading.values()) abort.abort()
    this.#reading.clear()
  }

  #isPending(frame: RunFrame, row: number, key: string): boolean {
    if (frame.metric(key)?.logged[row] !== 1) return false
    return this.#known.get(key)?.get(frame.runId(row))?.version !== versionAt(frame, row, key)
  }

  #mayRead(frame: RunFrame, row: number, key: string): boolean {
    const failedAt = this.#failures.get(idAt(frame, row, key))
    return failedAt === undefined || performance.now() - failedAt >= retryAfter
  }

  /** A failure is told, and the value stays unknown. */
  async #read(frame: RunFrame, row: number, key: string, signal: AbortSignal): Promise<Read> {
    try {
      await this.#readOne(frame, row, key, signal)
      return { came: true, error: undefined }
    } catch (error) {
      if (signal.aborted) return untried
      this.#failures.set(idAt(frame, row, key), performance.now())
      this.#options.failed(frame.runId(row), key, error)
      return { came: false, error }
    }
  }

  async #readOne(frame: RunFrame, row: number, key: string, signal: AbortSignal): Promise<void> {
    const runId = frame.runId(row)
    const store = await this.#options.store(signal)
    const extremes = extremesOf(await this.#limiter.run(() => store.getMetricHistory(runId, key, signal), signal))
    this.#failures.delete(idAt(frame, row, key))
    let ofKey = this.#known.get(key)
    if (!ofKey) this.#known.set(key, (ofKey = new Map<string, Known>()))
    ofKey.set(runId, { version: versionAt(frame, row, key), extremes })
    const now = this.#fields
    const at = now?.frame.rowOf(runId) ?? -1
    if (now && at >= 0)
      for (const value of ['first', 'min', 'max'] as const) {
        const field = now.byName.get(`${value}\n${key}`)
        if (field) this.#fill(field, now.frame, at, key, value)
      }
  }

  #fill({ values, present }: NumberField, frame: RunFrame, row: number, key: string, value: keyof Extremes): void {
    if (!present) return
    const known = this.#known.get(key)?.get(frame.runId(row))
    if (known?.version !== versionAt(frame, row, key)) {
      present[row] = 2
      return
    }
    values[row] = known.extremes?.[value] ?? NaN
    present[row] = known.extremes ? 1 : 0
  }
}

/** Histories that could not be read. */
export interface Failure {
  readonly failed: number
  /** Of one of them; undefined where all had failed a moment before. */
  readonly reason: unknown
}

const idAt = (frame: RunFrame, row: number, key: string): string => `${key}\n${frame.runId(row)}`

function versionAt(frame: RunFrame, row: number, key: string): string {
  const metric = frame.metricAt(row, key)
  return metric ? `${metric.step} ${metric.timestamp} ${metric.value}` : ''
}

/** Of an empty history nothing. */
export function extremesOf({ values }: Pick<MetricSeries, 'values'>): Extremes | undefined {
  if (values.length === 0) return undefined
  let [min, max] = [Infinity, -Infinity]
  let some = false
  for (const kept of values) {
    if (Number.isNaN(kept)) continue
    const value = asLogged(kept)
    some = true
    if (value < min) min = value
    if (value > max) max = value
  }
  return { first: asLogged(values[0] ?? NaN), min: some ? min : NaN, max: some ? max : NaN }
}

/** SQL stores hold the greatest double for an infinity. */
const asLogged = (value: number): number => (Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Infinity : value)

/** The whole curve in at most `width` values: of each stretch its least and its greatest. */
export function reduced({ steps, values }: MetricSeries, width: number): Float64Array {
  if (values.length <= width) return values.slice()
  const x = Float64Array.from(steps, (_, at) => at)
  const { y } = downsample({ x, y: values }, 0, values.length - 1, Math.max(1, Math.floor(width / 2)))
  return y.length <= width ? y : y.slice(y.length - width)
}
