import type { Place } from './controls'
import { headHeight, rowHeight } from './geometry'
import { headRow } from './head'
import { Layout } from './layout'
import type { Shown } from './rowCache'
import type { GridPlace } from './types'

/** Least and greatest width of a column that the user resizes, px. */
const [leastWidth, mostWidth] = [40, 1200]

/** The elements that a grid is made of: one scrolls, and holds a canvas with the rows that stay at the top and those that scroll. */
export interface GridElements {
  readonly scroller: HTMLElement
  readonly canvas: HTMLElement
  readonly stuck: HTMLElement
  readonly body: HTMLElement
}

/** What a grid shows, where that lies, and where in it the user is. */
export class GridView {
  readonly #elements: () => GridElements
  #shown: Shown | undefined
  #layout: Layout | undefined
  #size = { width: 0, height: 0 }
  active: Place = { row: 0, column: 0 }

  constructor(elements: () => GridElements) {
    this.#elements = elements
  }

  get shown(): Shown | undefined {
    return this.#shown
  }

  get layout(): Layout | undefined {
    return this.#layout
  }

  get elements(): GridElements {
    return this.#elements()
  }

  /** Of the view, px. */
  get width(): number {
    return this.#size.width
  }

  /** Rows that a page is moved by. */
  get pageRows(): number {
    return Math.max(1, Math.floor((this.#layout?.geometry.viewHeight ?? 0) / rowHeight) - 1)
  }

  /** Where the user is; undefined while nothing is shown. */
  get place(): GridPlace | undefined {
    if (!this.#shown || !this.#layout) return undefined
    const { cache, data } = this.#shown
    const { scrollTop, scrollLeft: left } = this.elements.scroller
    const { row, within } = this.#layout.firstAt(scrollTop)
    const { row: active, column } = this.active
    return {
      first: scrollTop > 0 ? (cache.row(row)?.key ?? null) : null,
      within,
      left,
      row: active === headRow ? null : (cache.row(active)?.key ?? null),
      column: data.columns[column]?.id ?? '',
    }
  }

  /** @param active where the focus is in them */
  show(shown: Shown, active: Place): void {
    this.#shown = shown
    this.active = active
    this.#layOut()
  }

  /** How `data` would lie in the view as it is now. */
  layoutOf(data: Shown['data']): Layout {
    return new Layout(data, this.#size)
  }

  /** Looks how large the view is. False where that has not changed. */
  measure(): boolean {
    const { clientWidth: width, clientHeight: height } = this.elements.scroller
    if (width === this.#size.width && height === this.#size.height) return false
    this.#size = { width, height }
    this.#layOut()
    return true
  }

  /** Gives the focus to the cell nearest to a place, and scrolls it into sight. @param first see `Controls.moveTo` */
  moveTo({ row, column }: Place, first: boolean): void {
    if (!this.#shown || !this.#layout) return
    const { data } = this.#shown
    const { scroller } = this.elements
    this.active = {
      row: Math.max(headRow, Math.min(row, data.rows - 1)),
      column: Math.max(0, Math.min(column, data.columns.length - 1)),
    }
    const { scrollLeft: left, scrollTop: top } = scroller
    const to = this.#layout.revealing(this.active.row, this.active.column, { left, top })
    if (to.top !== top) scroller.scrollTop = to.top
    if (first || to.left !== left) scroller.scrollLeft = first ? 0 : to.left
  }

  /** At once and without asking anybody: a column that is dragged follows the pointer. @param width px */
  setWidth(index: number, width: number): void {
    if (!this.#shown) return
    const { data, cache } = this.#shown
    const columns = data.columns.map((column, nth) =>
      nth === index ? { ...column, width: Math.round(Math.max(leastWidth, Math.min(width, mostWidth))) } : column,
    )
    this.#shown = { data: { ...data, columns }, cache }
    this.#layOut()
  }

  #layOut(): void {
    if (!this.#shown) return
    const { data } = this.#shown
    const { canvas, stuck, body } = this.elements
    const layout = (this.#layout = this.layoutOf(data))
    const { geometry } = layout
    canvas.style.width = `${geometry.width}px`
    stuck.style.top = `${headHeight}px`
    stuck.style.height = `${geometry.stuck * rowHeight}px`
    stuck.classList.toggle('some', geometry.stuck > 0)
    body.style.height = `${layout.height}px`
    this.active = {
      row: Math.min(this.active.row, data.rows - 1),
      column: Math.min(this.active.column, data.columns.length - 1),
    }
  }
}
