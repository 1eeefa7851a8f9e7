import type { Curve } from '../../shared/protocol'
import type { Host } from '../ui/host'
import type { RunSlot } from '../ui/runs'
import type { StatsState } from './metricTable'
import { sparklineWidth } from './sparkline'

/** What was read of the histories of a run's metrics: of those that somebody has looked at. */
export class Histories {
  readonly #changed: () => void
  #stats: ReadonlyMap<string, StatsState> = new Map()
  #curves: ReadonlyMap<string, Curve> = new Map()
  /** The metric's newest point when its stats were asked for: with another they are asked for again. */
  readonly #asked = new Map<string, string>()

  /** @param changed is told when there is more */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get stats(): ReadonlyMap<string, StatsState> {
    return this.#stats
  }

  /** Curves in the size of a word. */
  get curves(): ReadonlyMap<string, Curve> {
    return this.#curves
  }

  /** @param version changes when there may be more to the history */
  async need(channel: Host['channel'], { ref: run }: RunSlot, key: string, version: string): Promise<void> {
    if (this.#asked.get(key) === version) return
    this.#asked.set(key, version)
    if (!this.#stats.has(key)) this.#setStats(key, 'loading')
    try {
      const stats = await channel.request('stats', { run, key })
      this.#setStats(key, stats)
      if (stats.count < 2) return
    } catch (error) {
      this.#asked.delete(key)
      this.#setStats(key, { error: error instanceof Error ? error.message : String(error) })
      return
    }
    try {
      const curve = await channel.request('curve', { run, key, axis: 'step', range: null, width: sparklineWidth })
      this.#curves = new Map(this.#curves).set(key, curve)
      this.#changed()
    } catch {
      // The numbers beside it are there, and the chart says what is wrong.
    }
  }

  #setStats(key: string, stats: StatsState): void {
    this.#stats = new Map(this.#stats).set(key, stats)
    this.#changed()
  }
}
