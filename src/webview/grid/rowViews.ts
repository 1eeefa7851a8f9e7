import type { RowContext } from './cellView'
import { RowView } from './rowView'
import type { Span } from './windowing'

/** A cell, or what of it an event was on. */
export interface CellTarget {
  readonly row: number
  /** Undefined beside all cells. */
  readonly column: number | undefined
  readonly part: string | undefined
}

/** The elements of the rows in sight: those that stay at the top, and those that scroll. */
export class RowViews {
  #stuck: RowView[] = []
  #scrolling: RowView[] = []

  get all(): readonly RowView[] {
    return [...this.#stuck, ...this.#scrolling]
  }

  /** @param top where a row is drawn, px */
  show(
    stuck: { readonly rows: Span; readonly parent: HTMLElement },
    scrolling: { readonly rows: Span; readonly parent: HTMLElement },
    columns: Span,
    context: RowContext,
    top: (row: number) => number,
  ): void {
    const show = (view: RowView, row: number): void => view.show(row, top(row), columns, context)
    this.#stuck = fill(this.#stuck, stuck.rows, stuck.parent, show)
    this.#scrolling = fill(this.#scrolling, scrolling.rows, scrolling.parent, show)
  }

  at(row: number): RowView | undefined {
    return this.all.find((view) => view.index === row)
  }

  cellAt(row: number, column: number): Element | null {
    return this.at(row)?.element.querySelector(`[aria-colindex="${column + 1}"]`) ?? null
  }

  targetOf(event: Event): CellTarget | undefined {
    const path = event.composedPath().filter((item) => item instanceof HTMLElement)
    const view = this.all.find(({ element }) => path.includes(element))
    if (!view) return undefined
    const cell = path.find((item) => item.getAttribute('role') === 'gridcell')
    const part = path.find((item) => item.dataset.part !== undefined)
    return {
      row: view.index,
      column: cell && Number(cell.getAttribute('aria-colindex')) - 1,
      part: part?.dataset.part,
    }
  }
}

/** Gives every row of a span a view: its own, one that is free, or a new one. */
function fill(
  views: readonly RowView[],
  span: Span,
  parent: HTMLElement,
  show: (view: RowView, row: number) => void,
): RowView[] {
  const byRow = new Map<number, RowView>()
  const free: RowView[] = []
  for (const view of views)
    if (view.index >= span.from && view.index < span.to) byRow.set(view.index, view)
    else free.push(view)
  const filled: RowView[] = []
  for (let row = span.from; row < span.to; row++) {
    let view = byRow.get(row) ?? free.pop()
    if (!view) parent.append((view = new RowView()).element)
    show(view, row)
    filled.push(view)
  }
  for (const { element } of free) element.remove()
  return filled
}
