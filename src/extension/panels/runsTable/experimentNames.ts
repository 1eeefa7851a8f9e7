import { within } from '../../soon'
import type { TrackingStore } from '../../stores'

/** Milliseconds that names are waited for. */
const patience = 1500

interface Options {
  readonly ids: readonly string[]
  readonly store: () => Promise<TrackingStore>
  /** Some came that were not known. */
  readonly learned: (names: ReadonlyMap<string, string>) => void
  readonly failed: (error: unknown) => void
}

/** Names of experiments by their ids: an id does where a name can't be had. */
export class ExperimentNames {
  readonly #options: Options
  readonly #names = new Map<string, string>()

  constructor(options: Options) {
    this.#options = options
  }

  get known(): ReadonlyMap<string, string> {
    return this.#names
  }

  learn(names: ReadonlyMap<string, string>): void {
    for (const [id, name] of names) this.#names.set(id, name)
    this.#options.learned(new Map(this.#names))
  }

  /** As far as they can be had soon; the others are read for the next time. */
  async soon(): Promise<ReadonlyMap<string, string>> {
    const missing = this.#options.ids.filter((id) => !this.#names.has(id))
    if (missing.length > 0) await within(patience, this.#read(missing))
    return this.#names
  }

  async #read(ids: readonly string[]): Promise<void> {
    try {
      const store = await this.#options.store()
      for (const id of ids) this.learn(new Map([[id, (await store.getExperiment(id)).name]]))
    } catch (error) {
      this.#options.failed(error)
    }
  }
}
