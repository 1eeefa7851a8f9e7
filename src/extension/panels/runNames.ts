import type { RunRef } from '../../shared/protocol'
import { Recent } from './recent'
import { keyOf } from './subject'

const mostNames = 2000

/** Names of runs, from wherever they were seen: a tab bears its run's name before and without its page reading the run. */
export class RunNames {
  readonly #names = new Recent<string, string>(mostNames)
  readonly #learned: () => void

  /** @param learned called after a name is known that was not, or was another */
  constructor(learned: () => void) {
    this.#learned = learned
  }

  /** Undefined where no name is known. */
  of(run: RunRef): string | undefined {
    return this.#names.get(keyOf(run))
  }

  learn(run: RunRef, name: string): void {
    if (name === '' || this.of(run) === name) return
    this.#names.set(keyOf(run), name)
    this.#learned()
  }
}
