import { headRow } from './head'
import { Incoming } from './incoming'
import type { Painter } from './painter'
import { columnIn, restoredPlace, samePlace } from './restoring'
import { RowCache, type Shown } from './rowCache'
import type { GridData, GridPlace, RowSource } from './types'
import type { GridView } from './view'

interface Options {
  readonly view: GridView
  readonly painter: Painter
  /** Resolves once the elements are there. */
  readonly ready: () => Promise<unknown>
  /** Rows came that are shown already. */
  readonly arrived: () => void
  readonly gone: (revision: number) => void
  readonly failed: (error: unknown) => void
}

/** Puts other rows or columns in the place of those that are shown, for the newest wish only. */
export class Showing {
  readonly #options: Options
  readonly #incoming = new Incoming()
  #turn = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** See `Grid.show`. True once it is shown; false where a newer wish took its place. */
  async show(data: GridData, source: RowSource, keep: boolean, from: GridPlace | undefined): Promise<boolean> {
    const turn = ++this.#turn
    const { view, ready } = this.#options
    this.#incoming.giveUp()
    const cache = this.#cacheOf(data, source)
    await ready()
    const before = view.shown
    const kept = from
      ? await restoredPlace(data, from, source)
      : keep && before
        ? await samePlace(data, before, view, source)
        : undefined
    if (turn !== this.#turn) return false
    const layout = view.layoutOf(data)
    const scrollTop = kept ? layout.scrollTopFor(kept.first, kept.within) : 0
    if (before) {
      const rows = layout.rowsAt(scrollTop)
      const columns = layout.columnIds(layout.columnsAt(view.elements.scroller.scrollLeft))
      cache.want([{ from: 0, to: layout.geometry.stuck }, rows], rows, columns)
      if (!cache.has(rows, columns)) await this.#incoming.wait(cache, () => cache.has(rows, columns))
      if (turn !== this.#turn) {
        cache.stop()
        return false
      }
    }
    before?.cache.stop()
    this.#put({ data, cache }, kept, scrollTop, from)
    return true
  }

  #put(shown: Shown, kept: { readonly active: number } | undefined, scrollTop: number, from?: GridPlace): void {
    const { view, painter } = this.#options
    const { row, column } = view.active
    if (!kept) painter.forgetTree()
    view.show(shown, {
      row: row === headRow ? row : (kept?.active ?? 0),
      column: columnIn(shown.data, from?.column ?? view.shown?.data.columns[column]?.id) ?? column,
    })
    const { scroller } = view.elements
    scroller.scrollTop = scrollTop
    if (from && kept) scroller.scrollLeft = from.left
    painter.scrolled(scroller.scrollTop, false)
  }

  #cacheOf({ revision, rows }: GridData, source: RowSource): RowCache {
    const { arrived, gone, failed } = this.#options
    const cache: RowCache = new RowCache(revision, rows, source, {
      arrived: () => {
        if (!this.#incoming.arrived(cache)) arrived()
      },
      gone: () => {
        this.#incoming.giveUp(cache)
        gone(revision)
      },
      failed: (error) => {
        this.#incoming.giveUp(cache)
        failed(error)
      },
    })
    return cache
  }
}
