import { type CellView, makeCell, type RowContext, showCell } from './cellView'
import { activeId, headRows, make, nameElement } from './elements'
import { makeLead } from './leadView'
import type { TableRow } from './types'
import type { Span } from './windowing'

/** The elements of one row, which show one row after another while the grid scrolls. */
export class RowView {
  readonly element = make('div', 'row')
  readonly #pane = make('div', 'pane')
  readonly #lead = makeLead()
  readonly #pinned: CellView[] = []
  #cells: CellView[] = []
  index = -1
  key: string | undefined
  /** It has children, or a parent above it. */
  inTree = false
  #state = ''

  constructor() {
    this.element.setAttribute('role', 'row')
    this.#pane.setAttribute('role', 'presentation')
    this.#pane.append(this.#lead.element)
    this.element.append(this.#pane)
  }

  /** Shows row `index` with the scrolling columns of `span`, at `top` px. */
  show(index: number, top: number, span: Span, context: RowContext): void {
    const row = context.cache.row(index)
    if (index !== this.index) this.element.setAttribute('aria-rowindex', String(index + headRows + 1))
    this.index = index
    this.key = row?.key
    this.inTree = row !== undefined && (row.children > 0 || row.depth > 0)
    this.element.style.transform = `translateY(${top}px)`
    this.#showState(row, row !== undefined && context.selected.has(row.key))
    this.#showLead(row, context)
    this.#showPinned(row, context)
    this.#showCells(row, span, context)
  }

  #showState(row: TableRow | undefined, selected: boolean): void {
    const state = row
      ? `row ${row.kind}${selected ? ' selected' : ''}${row.deleted ? ' deleted' : ''}${row.context ? ' context' : ''}`
      : 'row waiting'
    if (state === this.#state) return
    this.#state = state
    this.element.className = state
    if (row?.kind === 'group') this.element.removeAttribute('aria-selected')
    else this.element.setAttribute('aria-selected', String(selected))
  }

  #showLead(row: TableRow | undefined, context: RowContext): void {
    const { element } = this.#lead
    const width = context.starts[1] ?? 0
    if (this.#lead.width !== width) element.style.width = `${(this.#lead.width = width)}px`
    this.#lead.show(row)
    const active = context.active?.row === this.index && context.active.column === 0
    element.classList.toggle('active', active)
    nameElement(element, active ? activeId(this.index, 0) : '')
  }

  #showPinned(row: TableRow | undefined, context: RowContext): void {
    const count = context.pinned - 1
    while (this.#pinned.length > count) this.#pinned.pop()?.element.remove()
    for (let nth = 0; nth < count; nth++) {
      const cell = (this.#pinned[nth] ??= makeCell(this.#pane))
      showCell(cell, this.index, nth + 1, row, context)
    }
    this.#pane.style.width = `${context.starts[context.pinned] ?? 0}px`
  }

  #showCells(row: TableRow | undefined, span: Span, context: RowContext): void {
    const free: CellView[] = []
    const kept = new Map<number, CellView>()
    for (const cell of this.#cells)
      if (cell.column >= span.from && cell.column < span.to) kept.set(cell.column, cell)
      else free.push(cell)
    this.#cells = []
    for (let column = span.from; column < span.to; column++) {
      const cell = kept.get(column) ?? free.pop() ?? makeCell(this.element)
      this.#cells.push(cell)
      showCell(cell, this.index, column, row, context)
    }
    for (const cell of free) cell.element.remove()
  }
}
