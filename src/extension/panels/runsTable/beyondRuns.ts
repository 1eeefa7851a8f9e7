import type { RunFrame } from '../../../shared/runFrame'
import { nothingBeyond, type Beyond } from '../../../shared/runsTable/fields'
import type { Column, TableView } from '../../../shared/runsTable/view'
import type { Log } from '../../log'
import type { TrackingStore } from '../../stores'
import { loadHistories } from './columnHistories'
import { ExperimentNames } from './experimentNames'
import { Histories } from './histories'
import { RunModels } from './models'

interface Options {
  readonly experimentIds: readonly string[]
  /** @throws StoreError */
  readonly store: (signal?: AbortSignal) => Promise<TrackingStore>
  /** Something came that rows may show. */
  readonly arrived: () => void
  /** Says what is waited for, in words; undefined once it is over. */
  readonly say: (what: string | undefined) => void
  readonly log: Log
}

/** What a table shows beyond the frame of its runs: histories of metrics, models, names of experiments, and which way is better. */
export class BeyondRuns implements Disposable {
  readonly names: ExperimentNames
  readonly models: RunModels
  readonly histories: Histories
  readonly #say: Options['say']
  #now: Beyond = nothingBeyond

  constructor({ experimentIds, store, arrived, say, log }: Options) {
    this.#say = say
    this.histories = new Histories({
      store,
      arrived: () => {
        this.#renew({})
        arrived()
      },
      failed: (runId, key, error) => log.warn(`history of ${key} of ${runId}: ${String(error)}`),
    })
    this.names = new ExperimentNames({
      ids: experimentIds,
      store: () => store(),
      learned: (experimentNames) => this.#renew({ experimentNames }),
      failed: (error) => log.warn(`names of experiments: ${String(error)}`),
    })
    this.models = new RunModels({
      experimentIds,
      store,
      arrived: (found) => {
        this.#renew(found)
        arrived()
      },
      failed: (error) => log.warn(`models of runs: ${String(error)}`),
    })
    this.#renew({ history: (frame, key, value) => this.histories.field(frame, key, value) })
  }

  get now(): Beyond {
    return this.#now
  }

  /** Which way is better, as the user says now. */
  judge(better: TableView['better']): void {
    if (JSON.stringify(better) !== JSON.stringify(this.#now.better)) this.#renew({ better })
  }

  /** What could not be read, or may be another now, is read again. */
  forget(): void {
    this.models.forget()
    this.histories.forgive()
  }

  /** Reads what these columns show of the histories of all of these runs. @throws StoreError cancelled */
  async readHistories(
    frame: RunFrame,
    rows: Iterable<number>,
    of: readonly { readonly column: Column }[],
    signal: AbortSignal,
  ): ReturnType<typeof loadHistories> {
    const columns = of.map(({ column }) => column)
    const read = await loadHistories(this.histories, frame, rows, columns, signal, this.#say)
    if (read.came) this.#renew({})
    return read
  }

  [Symbol.dispose](): void {
    this.models[Symbol.dispose]()
    this.histories[Symbol.dispose]()
  }

  #renew(change: Partial<Beyond>): void {
    this.#now = { ...this.#now, ...change, version: this.#now.version + 1 }
  }
}
