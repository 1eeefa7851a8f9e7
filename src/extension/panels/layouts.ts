import * as v from 'valibot'
import { withNamed, withoutNamed } from './named'
import type { Memento } from './runsTable/memory'

const key = 'mlflow.compare.layouts'
const storedSchema = v.array(v.tuple([v.string(), v.record(v.string(), v.unknown())]))

export interface SavedLayout {
  readonly name: string
  readonly layout: Record<string, unknown>
}

/** The layouts of comparisons that are saved in a workspace by name. */
export class Layouts {
  readonly #memento: Memento | undefined

  /** @param memento left out where nothing is kept */
  constructor(memento: Memento | undefined) {
    this.#memento = memento
  }

  /** In the order of their names. */
  get all(): SavedLayout[] {
    return this.#stored.map(([name, layout]) => ({ name, layout }))
  }

  async save(name: string, layout: Record<string, unknown>): Promise<void> {
    await this.#memento?.update(key, withNamed(this.#stored, name, layout))
  }

  async delete(name: string): Promise<void> {
    await this.#memento?.update(key, withoutNamed(this.#stored, name))
  }

  /** Perhaps written by another version of the extension: then what can't be read is forgotten. */
  get #stored(): [string, Record<string, unknown>][] {
    const parsed = v.safeParse(storedSchema, this.#memento?.get(key) ?? [])
    return parsed.success ? parsed.output : []
  }
}
