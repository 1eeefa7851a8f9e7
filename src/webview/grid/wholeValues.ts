import type { Place } from './controls'
import { detailsOf, isCut, type Details } from './details'
import { headRow } from './head'
import { Hover } from './hover'
import type { Shown } from './rowCache'
import type { Anchor, RowSource } from './types'

interface Options {
  /** The element that hovers belong to. */
  readonly owner: HTMLElement
  readonly shown: () => Shown | undefined
  readonly source: () => RowSource | undefined
  readonly cellAt: (place: Place) => Element | null
  readonly copied: (text: string) => void
  readonly failed: (error: unknown) => void
}

/** Tells all of a value that its cell may show cut: beside the cell, or to be copied. */
export class WholeValues {
  readonly #options: Options
  readonly #hover: Hover

  constructor(options: Options) {
    this.#options = options
    this.#hover = new Hover(options.owner)
  }

  hide(): void {
    this.#hover.hide()
  }

  /** The pointer is over a cell: it tells more than can be read already once it rests there. */
  over(place: Place, anchor: Anchor): void {
    this.#hover.over(`${place.row} ${place.column}`, () => this.show(place, anchor, true))
  }

  /** @param onlyMore not where the cell shows it all */
  async show(place: Place, anchor: Anchor, onlyMore = false): Promise<void> {
    const details = this.#detailsOf(place)
    if (!details || details.lines.length === 0) return
    const { lines, whole, more } = details
    const cell = this.#options.cellAt(place)
    if (onlyMore && lines.length === 1 && cell && !isCut(cell) && lines[0] === cell.textContent) return
    const shown = this.#hover.show(details.column.label, lines, anchor)
    try {
      const text = await whole?.()
      if (text !== null && text !== undefined) this.#hover.update(shown, [text])
      if (more) this.#hover.update(shown, [...lines, ...(await more())])
    } catch (error) {
      this.#options.failed(error)
    }
  }

  async copy(place: Place): Promise<void> {
    const { shown, copied, failed } = this.#options
    if (place.row === headRow) {
      copied(shown()?.data.columns[place.column]?.label ?? '')
      return
    }
    const details = this.#detailsOf(place)
    if (!details) return
    try {
      copied((await details.whole?.()) ?? details.lines[0] ?? '')
    } catch (error) {
      failed(error)
    }
  }

  #detailsOf({ row, column }: Place): Details | undefined {
    const shown = this.#options.shown()
    return shown && detailsOf(shown, this.#options.source(), row, column)
  }
}
