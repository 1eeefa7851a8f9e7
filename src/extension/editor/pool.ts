import type { Connection } from '../connections/connection'
import type { Answers } from '../panels/answers'
import { ExperimentRuns } from './experimentRuns'

interface Options {
  readonly answers: Pick<Answers, 'curve' | 'learn'>
  readonly changed: () => void
  readonly warn: (sentence: string) => void
}

/** Experiments that are kept for when their file is shown again. */
const mostKept = 8

/** The runs of experiments, shared by the files that log to them. */
export class ExperimentPool implements Disposable {
  readonly #options: Options
  /** By connection and experiment; the one asked for last at the end. */
  readonly #kept = new Map<string, ExperimentRuns>()

  constructor(options: Options) {
    this.#options = options
  }

  /** @param filter of the runs; all of them without */
  of(connection: Connection, experimentId: string, filter = ''): ExperimentRuns {
    const id = `${connection.id}\n${experimentId}\n${filter}`
    let runs = this.#kept.get(id)
    if (runs?.connection !== connection) {
      runs?.[Symbol.dispose]()
      runs = new ExperimentRuns({ ...this.#options, connection, experimentId, filter })
    }
    this.#kept.delete(id)
    this.#kept.set(id, runs)
    return runs
  }

  /** Lets go of those that were asked for longest ago, unless they are in use. */
  trim(used: ReadonlySet<ExperimentRuns>): void {
    for (const [id, runs] of this.#kept) {
      if (this.#kept.size <= mostKept) break
      if (used.has(runs)) continue
      runs[Symbol.dispose]()
      this.#kept.delete(id)
    }
  }

  [Symbol.dispose](): void {
    for (const runs of this.#kept.values()) runs[Symbol.dispose]()
    this.#kept.clear()
  }
}
