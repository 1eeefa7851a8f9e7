import { arrange, type Arranged } from '../../../shared/runsTable/arrange'
import type { TableWindow } from '../../../shared/runsTable/protocol'
import type { Column, TableView } from '../../../shared/runsTable/view'
import { cellsOf, idsOf, rowOfKey, rowsOf, type Look } from '../../../shared/runsTable/window'
import type { BeyondRuns } from './beyondRuns'
import { historyKeys } from './columnHistories'
import { inSlices } from './inSlices'
import type { Listed } from './tableRuns'

const mostRows = 1000
/** Arrangements whose rows can still be asked for. */
const kept = 3

interface Options {
  readonly listed: () => Listed
  readonly beyond: BeyondRuns
  /** Ids of runs. */
  readonly stars: () => ReadonlySet<string>
  readonly colorOf: (runId: string) => number
  /** Runs of several experiments. */
  readonly several: boolean
}

/** The rows of a table as they were arranged of late, each time under a number: its revision. */
export class Arrangements {
  readonly #options: Options
  readonly #byRevision = new Map<number, Arranged>()
  #latest: Arranged | undefined
  #revision = 0

  constructor(options: Options) {
    this.#options = options
  }

  get latest(): Arranged | undefined {
    return this.#latest
  }

  /** Filters, sorts, groups and nests the runs that there are; reads the histories that this takes. @throws StoreError cancelled */
  async arrange(view: TableView, signal: AbortSignal): Promise<Arranged> {
    const arranged = await this.#arrangeOnce(view, signal)
    const { input, selection } = arranged
    // To sort by a value of a metric's history, all of them are needed.
    const { came } = await this.#options.beyond.readHistories(input.frame, selection.found, view.orderBy, signal)
    return came ? this.#arrangeOnce(view, signal) : arranged
  }

  /** From now on these are the rows of the table. Returns their revision. */
  publish(arranged: Arranged): number {
    this.#latest = arranged
    const { columns, input } = arranged
    const shown = [...columns.map(({ column }) => column), ...input.view.orderBy.map(({ column }) => column)]
    if ([...shown, ...input.view.groupBy].some(({ group }) => group === 'model')) this.#options.beyond.models.want()
    const revision = ++this.#revision
    this.#byRevision.set(revision, arranged)
    this.#byRevision.delete(revision - kept)
    return revision
  }

  /** Rows `from` to `to` (exclusive) with their cells, of 1,000 rows at most; no rows where the revision is gone. */
  window(revision: number, from: number, to: number, columns: readonly Column[]): TableWindow {
    const arranged = this.#byRevision.get(revision)
    if (!arranged) return { rows: null, columns: [] }
    const { histories } = this.#options.beyond
    const end = Math.min(to, from + mostRows)
    const rows = arranged.layout.items.subarray(from, end).filter((item) => item >= 0)
    const window = {
      rows: rowsOf(arranged, from, end, this.#look),
      columns: columns.map((column) => cellsOf(arranged, column, from, end)),
    }
    histories.want(arranged.input.frame, rows, historyKeys(columns))
    return window
  }

  /** Ids of the runs in rows `from` to `to` (exclusive); null where the revision is gone. */
  ids(revision: number, from: number, to: number): string[] | null {
    const arranged = this.#byRevision.get(revision)
    return arranged ? idsOf(arranged, from, to) : null
  }

  /** Row of a key, or -1. */
  find(revision: number, key: string): number {
    const arranged = this.#byRevision.get(revision)
    return arranged ? rowOfKey(arranged, key) : -1
  }

  #arrangeOnce(view: TableView, signal: AbortSignal): Promise<Arranged> {
    const { listed, beyond, stars, several } = this.#options
    const { frame, rows } = listed()
    const input = { frame, base: rows, view, beyond: beyond.now, stars: stars(), several, now: Date.now() }
    return inSlices(arrange(input, this.#latest), signal)
  }

  get #look(): Look {
    const stars = this.#options.stars()
    return { colorOf: this.#options.colorOf, isStarred: (runId) => stars.has(runId) }
  }
}
