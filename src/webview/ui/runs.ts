import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { RequestError } from '../../shared/channel'
import type { RefreshScope, RunDetails, RunRef, ShownRun } from '../../shared/protocol'
import { type Mark, marksOf } from '../../shared/runColor'
import type { ChartRun } from '../charts/types'
import type { Host } from './host'
import { isOver, latestOf, versionOf } from './runDetails'

/** A run on a page: what is known of it, and how its reading goes. */
export interface RunSlot {
  readonly ref: RunRef
  readonly id: string
  readonly mark: Mark
  readonly details?: RunDetails
  /** When `details` were read, ms since the epoch. */
  readonly asOf?: number
  /** Why the last reading failed; `details`, where there are some, are older. */
  readonly error?: string | undefined
  readonly loading?: AbortController | undefined
}

export const idOf = (ref: RunRef): string => `${ref.connection}\n${ref.runId}`

/** Runs that one request asks for: the first of many show while the others are on their way. */
const atOnce = 100

/** The runs of a page; keeps what it has when a refresh fails. */
export class Runs implements ReactiveController {
  readonly #element: ReactiveControllerHost
  #host: Host | undefined
  #slots: readonly RunSlot[] = []
  #stopListening: (() => void) | undefined
  /** Counts the times that all was asked for anew. */
  #epoch = 0

  constructor(element: ReactiveControllerHost) {
    this.#element = element
    element.addController(this)
  }

  hostDisconnected(): void {
    this.#stopListening?.()
  }

  start(host: Host, runs: readonly ShownRun[]): void {
    this.#host = host
    const marks = marksOf(runs.map(({ color }) => color))
    this.#slots = runs.map(({ connection, runId }, index) => {
      const ref = { connection, runId }
      return { ref, id: idOf(ref), mark: marks[index] ?? unmarked }
    })
    this.#stopListening = host.listen({
      refresh: (scope) => this.refresh(scope),
      recolor: (recolored) => this.#recolor(recolored),
    })
    this.#read(this.#slots, true)
  }

  get slots(): readonly RunSlot[] {
    return this.#slots
  }

  /** Reads runs again: those that are not over, or all; `anew`, with all of their curves. */
  refresh(scope: RefreshScope): void {
    if (scope === 'anew') this.#epoch++
    const wanted = this.#slots.filter(({ loading, details }) => !loading && (scope !== 'running' || !isOver(details)))
    this.#read(wanted, scope === 'anew')
  }

  /** Reads again what failed. */
  retry(): void {
    this.#read(
      this.#slots.filter(({ error }) => error !== undefined),
      true,
    )
  }

  cancel(): void {
    for (const slot of this.#slots) slot.loading?.abort()
  }

  /** The run as charts of one metric take it. */
  chartRun(slot: RunSlot, key: string): ChartRun {
    return {
      id: slot.id,
      ref: slot.ref,
      name: nameOf(slot),
      mark: slot.mark,
      version: `${this.versionOf(slot)} ${latestOf(slot.details, key)}`,
    }
  }

  /** Changes each time that somebody asks in person to look at all again. */
  get epoch(): string {
    return String(this.#epoch)
  }

  /** Changes when there may be more to a run than its details tell. */
  versionOf(slot: RunSlot): string {
    return `${this.#epoch} ${versionOf(slot)}`
  }

  #read(slots: readonly RunSlot[], interactive: boolean): void {
    for (let from = 0; from < slots.length; from += atOnce)
      void this.#readTogether(slots.slice(from, from + atOnce), interactive)
  }

  async #readTogether(slots: readonly RunSlot[], interactive: boolean): Promise<void> {
    if (!this.#host) return
    const loading = new AbortController()
    // With something to show, the last failure is shown until it is known how this attempt ends.
    this.#change(slots, ({ details }) => (details ? { loading } : { loading, error: undefined }))
    try {
      const runs = slots.map(({ ref }) => ref)
      const answers = await this.#host.channel.request('runs', { runs, interactive }, loading.signal)
      this.#change(slots, (_, at) => {
        const answer = answers[at]
        if (!answer || !('run' in answer)) return { error: answer?.problem ?? '', loading: undefined }
        return { details: answer.run, asOf: Date.now(), error: undefined, loading: undefined }
      })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (!RequestError.is(error, 'closed')) this.#change(slots, () => ({ error: message, loading: undefined }))
    }
  }

  /** @param changeOf `at`: the place among `slots` */
  #change(slots: readonly RunSlot[], changeOf: (slot: RunSlot, at: number) => Partial<RunSlot>): void {
    const places = new Map(slots.map(({ id }, at) => [id, at]))
    this.#slots = this.#slots.map((slot) => {
      const at = places.get(slot.id)
      return at === undefined ? slot : { ...slot, ...changeOf(slot, at) }
    })
    this.#element.requestUpdate()
  }

  #recolor(runs: readonly ShownRun[]): void {
    const marks = marksOf(runs.map(({ color }) => color))
    const byId = new Map(runs.map((run, index) => [idOf(run), marks[index]]))
    this.#slots = this.#slots.map((slot) => ({ ...slot, mark: byId.get(slot.id) ?? slot.mark }))
    this.#element.requestUpdate()
  }
}

const unmarked: Mark = { color: 0, dash: [] }

export function nameOf(slot: RunSlot): string {
  const name = slot.details?.name ?? ''
  return name === '' ? slot.ref.runId.slice(0, 8) : name
}
