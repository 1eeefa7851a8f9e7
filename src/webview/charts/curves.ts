import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { RequestError } from '../../shared/channel'
import { sameRange } from './ranges'
import type { ChartRun, Curve, CurveLook, Drawn, LoadCurve, Range } from './types'

/** What a chart wants to draw. `width` in pixels. */
export interface Wanted extends Omit<CurveLook, 'range'> {
  readonly runs: readonly ChartRun[]
  readonly range: Range | null
  readonly load: LoadCurve
}

interface Slot {
  /** What the overview was asked for: version of the run, width, and what else leaves the older one presentable. */
  wanted: string
  overview?: Curve
  detail?: { readonly range: Range; readonly curve: Curve }
  error?: string
  loading?: AbortController | undefined
  detailing?: AbortController | undefined
}

/** Least time from one question for detail to the next, while a range moves; in ms. */
const calm = 120
/** How long curves that are there wait for others, to be drawn together; in ms. */
const patience = 60

/**
 * The curves of one chart: of each run the whole series (samples of it until it is here), and where that had to be reduced, the
 * range on screen in true detail. Old curves stay until newer ones arrive.
 */
export class Curves implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #slots = new Map<string, Slot>()
  #wanted: Wanted | undefined
  #what = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #askedAt = -Infinity
  #telling: ReturnType<typeof setTimeout> | undefined
  #awaiting: (() => void)[] = []
  /** Counts what has happened to the curves. */
  changes = 0

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  hostConnected(): void {
    this.retry()
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#telling)
    this.#telling = undefined
    for (const slot of this.#slots.values()) abort(slot)
  }

  /** Asks for what is missing. Cheap when nothing is. */
  want(wanted: Wanted): void {
    const before = this.#wanted
    this.#wanted = wanted
    // Widths in steps, so that dragging a splitter does not ask at each pixel.
    const columns = columnsOf(wanted.width)
    const what = JSON.stringify([wanted.key, wanted.axis, wanted.xKey, wanted.logX])
    if (what !== this.#what) this.#forgetAll()
    this.#what = what
    for (const id of this.#slots.keys()) if (!wanted.runs.some((run) => run.id === id)) this.#forget(id)
    for (const run of wanted.runs) {
      const slot = this.#slotOf(run)
      const identity = JSON.stringify([run.version, columns, wanted.smoothing, wanted.core, run.group])
      if (slot.wanted !== identity) {
        slot.wanted = identity
        void this.#loadOverview(run, slot, columns)
      }
    }
    if (!sameRange(before?.range ?? null, wanted.range) || before?.width !== wanted.width) this.#askDetailSoon()
  }

  /** Resolves when there is something new to draw; at once where nothing is under way. */
  get news(): Promise<void> {
    return this.#isWaiting ? new Promise((resolve) => this.#awaiting.push(resolve)) : Promise.resolve()
  }

  /** Asks again for what failed. */
  retry(): void {
    for (const slot of this.#slots.values()) if (slot.error !== undefined) slot.wanted = ''
    if (this.#wanted) this.want(this.#wanted)
  }

  /** Stops waiting. */
  cancel(): void {
    for (const slot of this.#slots.values()) abort(slot)
  }

  /** The best curves at hand for the range on screen, in the order of the runs. */
  get drawn(): Drawn[] {
    const range = this.#wanted?.range
    return (this.#wanted?.runs ?? []).flatMap((run) => {
      const slot = this.#slots.get(run.id)
      const detailed = range && slot?.detail && slot.detail.range[0] <= range[0] && slot.detail.range[1] >= range[1]
      const curve = detailed ? slot.detail?.curve : slot?.overview
      return curve ? [{ run, curve }] : []
    })
  }

  get progress(): { readonly loading: number; readonly loaded: number; readonly errors: readonly string[] } {
    const slots = [...this.#slots.values()]
    return {
      loading: slots.filter((slot) => slot.loading).length,
      loaded: slots.filter((slot) => slot.overview?.sampled === false).length,
      errors: slots.flatMap((slot) => slot.error ?? []),
    }
  }

  async #loadOverview(run: ChartRun, slot: Slot, columns: number): Promise<void> {
    const before = slot.loading
    const controller = (slot.loading = new AbortController())
    // Samples are better than nothing, and nothing else is.
    const asked = this.#ask(run, null, columns, controller.signal, slot.overview === undefined)
    before?.abort() // only now, so that a reading under way goes on for this one
    try {
      const first = await asked
      if (first.sampled) {
        slot.overview = first
        this.#tell()
      }
      slot.overview = first.sampled ? await this.#ask(run, null, columns, controller.signal) : first
      delete slot.error
      // What is on screen in detail is of an older version now, or not there yet.
      const range = this.#wanted?.range
      if (range) void this.#loadDetail(run, slot, range)
    } catch (error) {
      if (slot.loading !== controller) return
      slot.error = error instanceof Error ? error.message : String(error)
    } finally {
      if (slot.loading === controller) slot.loading = undefined
      this.#tell()
    }
  }

  /** At once, but not at each pixel of a range that moves. */
  #askDetailSoon(): void {
    clearTimeout(this.#timer)
    const ask = (): void => {
      this.#askedAt = performance.now()
      const { range, runs = [] } = this.#wanted ?? {}
      if (range) for (const run of runs) void this.#loadDetail(run, this.#slotOf(run), range)
    }
    const wait = this.#askedAt + calm - performance.now()
    if (wait <= 0) ask()
    else this.#timer = setTimeout(ask, wait)
  }

  async #loadDetail(run: ChartRun, slot: Slot, range: Range): Promise<void> {
    slot.detailing?.abort()
    if (!slot.overview?.reduced) return
    const controller = (slot.detailing = new AbortController())
    try {
      const curve = await this.#ask(run, range, columnsOf(this.#wanted?.width ?? 1), controller.signal)
      slot.detail = { range, curve }
    } catch (error) {
      // The overview stays on screen; only a failure that is not ours to ignore is shown.
      if (!RequestError.is(error, 'cancelled') && !RequestError.is(error, 'closed'))
        slot.error = error instanceof Error ? error.message : String(error)
    } finally {
      if (slot.detailing === controller) slot.detailing = undefined
      this.#tell()
    }
  }

  #ask(run: ChartRun, range: Range | null, width: number, signal: AbortSignal, samples = false): Promise<Curve> {
    if (!this.#wanted) return Promise.reject(new Error('nothing was asked for'))
    const { load, key, axis, xKey, logX, smoothing, core } = this.#wanted
    const shown: [number, number] | null = range && [range[0], range[1]]
    return load(run, { key, axis, xKey, logX, smoothing, core, range: shown, width }, samples, signal)
  }

  /** At once when all is there; of what comes one by one, now and then. */
  #tell(): void {
    this.changes++
    if (this.#isWaiting) this.#telling ??= setTimeout(() => this.#tellNow(), patience)
    else this.#tellNow()
  }

  get #isWaiting(): boolean {
    return [...this.#slots.values()].some(({ loading, detailing }) => loading ?? detailing)
  }

  #tellNow(): void {
    clearTimeout(this.#telling)
    this.#telling = undefined
    for (const resolve of this.#awaiting.splice(0)) resolve()
    this.#host.requestUpdate()
  }

  #slotOf(run: ChartRun): Slot {
    let slot = this.#slots.get(run.id)
    if (!slot) {
      slot = { wanted: '' }
      this.#slots.set(run.id, slot)
    }
    return slot
  }

  #forget(id: string): void {
    const slot = this.#slots.get(id)
    if (slot) abort(slot)
    this.#slots.delete(id)
  }

  #forgetAll(): void {
    this.changes++
    for (const id of [...this.#slots.keys()]) this.#forget(id)
  }
}

function abort(slot: Slot): void {
  slot.loading?.abort()
  slot.detailing?.abort()
}

const columnsOf = (width: number): number => Math.max(100, Math.floor(width / 100) * 100)
