/** How a run's page is set: kept over a reload. */
import * as v from 'valibot'
import { axisSchema } from '../../shared/protocol'
import type { Range } from '../charts/types'
import type { Host } from '../ui/host'

const schema = v.object({
  axis: v.fallback(axisSchema, 'step'),
  /** The metric whose chart is large. */
  opened: v.fallback(v.optional(v.string()), undefined),
  /** Path of the artifact that is shown. */
  artifact: v.fallback(v.optional(v.string()), undefined),
  /** The note that is being written. */
  draft: v.fallback(v.optional(v.object({ base: v.string(), text: v.string() })), undefined),
  folded: v.fallback(v.array(v.string()), ['mlflow-tags', 'system-metrics']),
  logY: v.fallback(v.array(v.string()), []),
  /** Zoomed x ranges, by metric. */
  ranges: v.fallback(v.array(v.tuple([v.string(), v.tuple([v.number(), v.number()])])), []),
})
type Settings = v.InferOutput<typeof schema>

export class PageView {
  readonly #changed: () => void
  #host: Host | undefined
  #settings: Settings = v.parse(schema, {})

  /** @param changed is told after each change */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  start(host: Host): void {
    this.#host = host
    this.#settings = host.view(schema)
  }

  get now(): Settings {
    return this.#settings
  }

  set(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change }
    this.#host?.rememberView(this.#settings)
    this.#changed()
  }

  fold(id: string, folded: boolean): void {
    const others = this.#settings.folded.filter((other) => other !== id)
    this.set({ folded: folded ? [...others, id] : others })
  }

  isFolded(id: string): boolean {
    return this.#settings.folded.includes(id)
  }

  rangeOf(key: string): Range | null {
    return this.#settings.ranges.find(([zoomed]) => zoomed === key)?.[1] ?? null
  }

  setRange(key: string, range: Range | null): void {
    const others = this.#settings.ranges.filter(([zoomed]) => zoomed !== key)
    this.set({ ranges: range ? [...others, [key, [range[0], range[1]]]] : others })
  }

  setLogY(key: string, on: boolean): void {
    const others = this.#settings.logY.filter((other) => other !== key)
    this.set({ logY: on ? [...others, key] : others })
  }
}
