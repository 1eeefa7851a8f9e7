import { equals } from '../../shared/filter/quote'
import type { ModelVersion, Run } from '../../shared/model'
import { inTurn } from '../coalesce'
import type { TrackingStore } from '../stores'

/** Versions of a model that are read. */
const mostVersions = 1000

/** What the registry says of models, as fresh as the last reading. */
export class RegistryFacts {
  readonly #versions = new Map<string, readonly ModelVersion[]>()
  readonly #production = new Map<string, Run | undefined>()
  readonly #turn = inTurn()
  readonly #changed: () => void

  /** @param changed there is something new */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** The newest first; undefined until they are there. @param connection its id */
  versionsOf(connection: string, model: string): readonly ModelVersion[] | undefined {
    return this.#versions.get(`${connection}\n${model}`)
  }

  /** The run of an experiment that is in Production, as far as it is known. @param place as it was read */
  productionOf(place: string): Run | undefined {
    return this.#production.get(place)
  }

  /** Reads the versions of models, one after the other. Rejects like the store. */
  async readVersions(store: TrackingStore, connection: string, models: Iterable<string>, signal: AbortSignal) {
    for (const model of models)
      await this.#turn(async () => {
        const versions: ModelVersion[] = []
        for await (const page of store.searchModelVersions({ filter: equals('name', model) }, signal)) {
          versions.push(...page.filter((version) => version.name === model))
          if (versions.length >= mostVersions) break
        }
        const newestFirst = versions.toSorted((a, b) => Number(b.version) - Number(a.version))
        this.#versions.set(`${connection}\n${model}`, newestFirst)
        this.#changed()
      }, signal)
  }

  /** Finds the run in Production. Rejects like `find`. @param place tells it from others */
  async readProduction(place: string, find: () => Promise<Run | undefined>, signal: AbortSignal) {
    const run = await this.#turn(find, signal)
    this.#production.set(place, run)
    this.#changed()
  }
}
