import type { Channel } from '../../shared/channel'
import type { HostHalf, RunRef, Stats, WebviewHalf } from '../../shared/protocol'

/** Histories that are asked for at once. */
const atOnce = 20

/** A run whose metric's history is wanted. */
export interface WantedHistory {
  readonly id: string
  readonly ref: RunRef
  /** Another when there may be more to the history. */
  readonly version: string
}

/** How far the reading of a metric's histories is. */
export interface Reading {
  /** Read, even if it is to be read again. */
  readonly known: number
  readonly all: number
  readonly isStopped: boolean
  /** Histories that could not be read, and why one of them. */
  readonly failed: number
  readonly problem: string | undefined
}

interface Known {
  readonly version: string
  /** As it was last read; undefined where it never could be. */
  readonly stats: Stats | undefined
  readonly problem: string | undefined
}

/** What the histories of a comparison's metrics hold, of those by which somebody judges runs. */
export class Histories {
  readonly #channel: Pick<Channel<WebviewHalf, HostHalf>, 'request'>
  readonly #changed: () => void
  /** By metric and id of the run. */
  readonly #known = new Map<string, Map<string, Known>>()
  #reading: { readonly key: string; readonly abort: AbortController } | undefined
  /** The metric whose reading was stopped. */
  #stopped: string | undefined
  /** Beyond the versions of runs: another when somebody wants all to be read again. */
  #epoch = 0

  /** @param changed is called each time that more has been read */
  constructor(channel: Pick<Channel<WebviewHalf, HostHalf>, 'request'>, changed: () => void) {
    this.#channel = channel
    this.#changed = changed
  }

  /** Of a run; undefined where it has not been read. */
  statsOf(key: string, id: string): Stats | undefined {
    return this.#known.get(key)?.get(id)?.stats
  }

  /** Reads those that are not known, a few at a time, and no other metric's. What is known stays until it is read again. */
  want(key: string, runs: readonly WantedHistory[]): Reading {
    const known = this.#known.get(key) ?? new Map<string, Known>()
    this.#known.set(key, known)
    if (this.#stopped !== key) {
      this.#stopped = undefined
      const outdated = runs.filter(({ id, version }) => known.get(id)?.version !== this.#versionOf(version))
      if (outdated.length > 0 && this.#reading?.key !== key) void this.#read(key, outdated)
    }
    const found = runs.flatMap(({ id }) => known.get(id) ?? [])
    const failed = found.filter(({ stats }) => !stats)
    return {
      known: found.length,
      all: runs.length,
      isStopped: this.#stopped === key,
      failed: failed.length,
      problem: failed[0]?.problem,
    }
  }

  stop(): void {
    this.#stopped = this.#reading?.key
    this.#reading?.abort.abort()
    this.#changed()
  }

  /** Goes on where it was stopped, and tries again what could not be read. */
  again(): void {
    this.#stopped = undefined
    for (const ofKey of this.#known.values()) for (const [id, { stats }] of ofKey) if (!stats) ofKey.delete(id)
    this.#changed()
  }

  /** All are read again when they are next wanted. */
  expire(): void {
    this.#epoch++
  }

  #versionOf(version: string): string {
    return `${this.#epoch} ${version}`
  }

  async #read(key: string, runs: readonly WantedHistory[]): Promise<void> {
    this.#reading?.abort.abort()
    const reading = (this.#reading = { key, abort: new AbortController() })
    const { signal } = reading.abort
    for (let at = 0; at < runs.length && !signal.aborted; at += atOnce) {
      if (at > 0) this.#changed()
      await Promise.all(runs.slice(at, at + atOnce).map((run) => this.#readOne(key, run, signal)))
    }
    if (this.#reading !== reading) return
    this.#reading = undefined
    this.#changed()
  }

  async #readOne(key: string, { id, ref, version }: WantedHistory, signal: AbortSignal): Promise<void> {
    const now = this.#versionOf(version)
    const known = this.#known.get(key)
    try {
      const stats = await this.#channel.request('stats', { run: ref, key }, signal)
      known?.set(id, { version: now, stats, problem: undefined })
    } catch (error) {
      if (signal.aborted) return
      const problem = error instanceof Error ? error.message : String(error)
      known?.set(id, { version: now, stats: known.get(id)?.stats, problem })
    }
  }
}
