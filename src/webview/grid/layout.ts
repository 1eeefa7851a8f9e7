import { type Geometry, geometryOf, rowHeight } from './geometry'
import type { GridData } from './types'
import { clampSpan, inSight, rowsInSight, rowTop, scrollToRow, type Span, type Track, trackOf } from './windowing'

export interface Size {
  readonly width: number
  readonly height: number
}

/** How far a grid is scrolled, px. */
export interface Scroll {
  readonly left: number
  readonly top: number
}

/** Columns drawn beyond what is in sight. */
const overColumns = 1

/** Where the rows and columns of some data lie in a view of a certain size. Rows and columns are counted among all that there are. */
export class Layout {
  readonly geometry: Geometry
  readonly #track: Track
  readonly #width: number

  constructor(data: GridData, { width, height }: Size) {
    this.geometry = geometryOf(data, width, height)
    this.#track = trackOf(data.rows - this.geometry.stuck, rowHeight, this.geometry.viewHeight)
    this.#width = width
  }

  /** Of the canvas of the rows that scroll, px. */
  get height(): number {
    return this.#track.height
  }

  /** Columns that scroll and are in sight. */
  columnsAt(scrollLeft: number): Span {
    const { starts, pinned, pinnedWidth, columns } = this.geometry
    const { from, to } = inSight(starts, scrollLeft + pinnedWidth, scrollLeft + this.#width, overColumns)
    return clampSpan({ from: Math.max(from, pinned), to }, columns.length)
  }

  /** Ids of those, and of the pinned ones but for the first. */
  columnIds(span: Span): string[] {
    const { columns, pinned } = this.geometry
    return [...columns.slice(1, pinned), ...columns.slice(span.from, span.to)].map(({ id }) => id)
  }

  /** Rows that scroll and are in sight, and `over` more at both ends. */
  rowsAt(scrollTop: number, over = 0): Span {
    const { stuck, viewHeight } = this.geometry
    const { from, to } = rowsInSight(this.#track, scrollTop, viewHeight, over)
    return { from: from + stuck, to: to + stuck }
  }

  /** Where in its canvas a row is drawn, px. */
  topOf(row: number, scrollTop: number): number {
    const { stuck } = this.geometry
    return row < stuck ? row * rowHeight : rowTop(this.#track, row - stuck, scrollTop)
  }

  /** The row at which the scrolling part of the view begins, and how many px of it are above. */
  firstAt(scrollTop: number): { readonly row: number; readonly within: number } {
    const { stuck } = this.geometry
    const above = scrollTop * this.#track.scale
    const row = Math.floor(above / rowHeight)
    return { row: row + stuck, within: above - row * rowHeight }
  }

  /** Where to scroll so that the view begins there. */
  scrollTopFor(row: number, within: number): number {
    return Math.max(0, ((row - this.geometry.stuck) * rowHeight + within) / this.#track.scale)
  }

  /** The nearest place to scroll to where a cell can be seen. */
  revealing(row: number, column: number, { left, top }: Scroll): Scroll {
    const { stuck, viewHeight, pinned, pinnedWidth, starts } = this.geometry
    const down = row >= stuck ? scrollToRow(this.#track, row - stuck, top, viewHeight) : top
    if (column < pinned) return { left, top: down }
    const [start, end] = [(starts[column] ?? 0) - pinnedWidth, (starts[column + 1] ?? 0) - this.#width]
    return { left: start < left ? start : end > left ? Math.min(start, end) : left, top: down }
  }
}
