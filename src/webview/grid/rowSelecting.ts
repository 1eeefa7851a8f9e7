import type { Shown } from './rowCache'
import type { Selection } from './selection'
import type { RowSource, TableRow } from './types'
import type { Span } from './windowing'

/** Rows that are looked through here before the source is asked. */
const mostHere = 2000

interface Options {
  readonly selection: Selection
  readonly shown: () => Shown | undefined
  readonly source: () => RowSource | undefined
  readonly failed: (error: unknown) => void
}

/**
 * Selects rows by where they are: keys of those that are not here, or that stand for others, are asked for. Of several rows those are
 * left out that are there only since their children match.
 */
export class RowSelecting {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** A group's row stands for its members, shown or not. */
  toggle(index: number, row: TableRow): void {
    const { selection } = this.#options
    if (row.kind === 'run') selection.toggle(row.key, index)
    else void this.#select({ from: index, to: index + 1 }, (keys, turn) => selection.toggleAll(keys, turn))
  }

  /** All from where the range was begun, or else `from`, up to `to`: from that row, wherever it has moved since. */
  extend(from: number, to: number): void {
    const { selection, shown } = this.#options
    const cache = shown()?.cache
    const start = (selection.anchor ??= { key: cache?.row(from)?.key, row: from })
    if (start.key === undefined || cache?.row(start.row)?.key === start.key) this.#between(start.row, to)
    else void this.#extendFrom(start.key, from, to)
  }

  async #extendFrom(key: string, from: number, to: number): Promise<void> {
    const { selection, failed } = this.#options
    const [shown, source] = [this.#options.shown(), this.#options.source()]
    if (!shown || !source) return
    const turn = selection.begin()
    try {
      const row = await source.find(shown.data.revision, key)
      if (!selection.isLatest(turn)) return
      // One that has left is replaced by where the focus was.
      selection.anchor = row < 0 ? { key: shown.cache.row(from)?.key, row: from } : { key, row }
      this.#between(selection.anchor.row, to)
    } catch (error) {
      failed(error)
    }
  }

  #between(row: number, to: number): void {
    this.span({ from: Math.max(0, Math.min(row, to)), to: Math.max(row, to) + 1 })
  }

  span(span: Span): void {
    void this.#select(span, (keys, turn) => this.#options.selection.replace(keys, turn))
  }

  async #select(span: Span, select: (keys: readonly string[], turn: number) => void): Promise<void> {
    const { selection, failed } = this.#options
    const [shown, source] = [this.#options.shown(), this.#options.source()]
    if (!shown || !source) return
    const turn = selection.begin()
    const length = span.to - span.from
    const rows = Array.from({ length: Math.min(length, mostHere) }, (_, nth) => shown.cache.row(span.from + nth))
    if (length <= rows.length && rows.every((row) => row?.kind === 'run')) {
      select(
        rows.flatMap((row) => (row && (!row.context || length === 1) ? row.key : [])),
        turn,
      )
      return
    }
    try {
      const ids = await source.ids(shown.data.revision, span.from, span.to)
      if (ids) select(ids, turn)
    } catch (error) {
      failed(error)
    }
  }
}
