/**
 * The elements of one row, which show one row after another while the grid scrolls. They are made and changed by hand, not by
 * templates: a frame of scrolling changes a thousand cells, and touches nothing else of them.
 */
import { html, nothing, render } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { colorOf } from '../../shared/runColor'
import type { RunStatus } from '../../shared/model'
import { icon, statusWord } from '../ui/icons'
import { theme } from '../ui/theme'
import { barOf, type CellLook, type CellText, cellText, isBest, shorten, sparkPath } from './cellText'
import type { RowCache } from './rowCache'
import { isStatus, StatusMark } from './statusMark'
import type { GridColumn, TableRow } from './types'
import type { Span } from './windowing'

/** Sparklines are drawn into a box of this size, px. */
export const sparkSize = { width: 56, height: 16 }
const indent = 14
/** Deeper rows are indented no more: the name must stay in sight. */
const deepest = 8
/** Rows of the header: what counts the table's rows counts them too. */
export const headRows = 2

export interface RowContext {
  readonly columns: readonly GridColumn[]
  /** How many of them stay in sight; the rest scrolls. */
  readonly pinned: number
  /** Where each column starts. */
  readonly starts: readonly number[]
  readonly cache: RowCache
  readonly selected: ReadonlySet<string>
  readonly active: { readonly row: number; readonly column: number } | undefined
  /** What times are told from. */
  readonly now: number
  spark(key: string, column: string): Float64Array | undefined
}

interface CellView {
  readonly element: HTMLElement
  readonly text: Text
  column: number
  /** How it is now: what stays equal is left alone. */
  place: string
  kind: CellLook
  look: string
  status: StatusMark | undefined
  bar: HTMLElement | undefined
  spark: SVGSVGElement | undefined
}

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
    name(element, active ? activeId(this.index, 0) : '')
  }

  #showPinned(row: TableRow | undefined, context: RowContext): void {
    const count = context.pinned - 1
    while (this.#pinned.length > count) this.#pinned.pop()?.element.remove()
    for (let nth = 0; nth < count; nth++) {
      const cell = (this.#pinned[nth] ??= makeCell(this.#pane))
      this.#showCell(cell, nth + 1, row, context)
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
      this.#showCell(cell, column, row, context)
    }
    for (const cell of free) cell.element.remove()
  }

  #showCell(cell: CellView, at: number, row: TableRow | undefined, context: RowContext): void {
    const column = context.columns[at]
    if (!column) return
    const { element } = cell
    if (cell.column !== at) {
      cell.column = at
      element.setAttribute('aria-colindex', String(at + 1))
    }
    const place = `${context.starts[at] ?? 0} ${column.width}`
    if (cell.place !== place) {
      cell.place = place
      element.style.left = `${context.starts[at] ?? 0}px`
      element.style.width = `${column.width}px`
    }
    const fetched = context.cache.cell(this.index, column.id)
    const text = cellText(column, fetched, context.now)
    const status = column.kind === 'status' && isStatus(text.text) ? text.text : null
    const words = status ? statusWord(status) : text.text
    if (cell.text.data !== words) cell.text.data = words
    const numeric = column.kind === 'number' || column.kind === 'duration'
    const active = context.active?.row === this.index && context.active.column === at
    // What is only not fetched yet keeps its look for the moment that this takes: every change of it costs.
    if (fetched || cell.look === '') cell.kind = text.look
    const best = row?.kind === 'run' && isBest(text.number, column)
    const look = `cell ${cell.kind}${best ? ' best' : ''}${numeric ? ' number' : ''}${column.mono ? ' mono' : ''}${active ? ' active' : ''}`
    if (cell.look !== look) element.className = cell.look = look
    name(element, active ? activeId(this.index, at) : '')
    showStatus(cell, column, status)
    showBar(cell, column, text)
    showSpark(cell, column, row, context)
  }
}

/** The first cell: tick, tree, colour, state, name, star. */
function makeLead(): { element: HTMLElement; width: number; show(row: TableRow | undefined): void } {
  const element = make('div', 'cell lead')
  element.setAttribute('role', 'gridcell')
  element.setAttribute('aria-colindex', '1')
  const tick = make('span', 'tick')
  tick.dataset.part = 'tick'
  const twisty = make('span', 'twisty')
  render(icon('chevron'), twisty)
  twisty.dataset.part = 'twisty'
  const swatch = make('span', 'dot')
  const status = new StatusMark()
  const label = make('span', 'name')
  label.dataset.part = 'name'
  const text = document.createTextNode('')
  const count = make('span', 'count')
  const problem = make('span', 'problem')
  const star = make('span', 'star')
  star.dataset.part = 'star'
  render(icon('star'), star)
  label.append(text)
  element.append(tick, twisty, swatch, status.element, label, count, problem, star)
  let before: TableRow | undefined
  let kind = ''
  return {
    element,
    width: -1,
    show(row) {
      if (row === before && kind === theme().kind) return
      before = row
      kind = theme().kind
      twisty.style.marginLeft = `${Math.min(deepest, row?.depth ?? 0) * indent}px`
      const opens = (row?.children ?? 0) > 0
      twisty.classList.toggle('opens', opens)
      twisty.classList.toggle('open', row?.expanded === true)
      if (row && opens) element.setAttribute('aria-expanded', String(row.expanded))
      else element.removeAttribute('aria-expanded')
      swatch.style.background = row && row.color !== null ? colorOf(row.color, theme().kind) : 'transparent'
      status.show(row?.status ?? null)
      text.data = shorten(row?.label ?? '')
      count.textContent = row && opens ? formatCount(row.children) : ''
      render(row?.problem ? html`${icon('warning')}<span class="unseen">${row.problem}</span>` : nothing, problem)
      star.classList.toggle('on', row?.starred === true)
      star.hidden = row?.kind !== 'run'
      tick.hidden = row?.kind !== 'run'
      const said = row ? describe(row) : ''
      if (said === '') element.removeAttribute('aria-description')
      else element.setAttribute('aria-description', said)
    },
  }
}

/** What the look of a first cell says, in words. */
function describe(row: TableRow): string {
  return [
    row.status ? statusWord(row.status) : '',
    row.starred ? t('starred') : '',
    row.pinned ? t('pinned') : '',
    row.deleted ? t('deleted') : '',
    row.context ? t('shown for its children') : '',
    row.depth > 0 ? t('level {0}', row.depth + 1) : '',
  ]
    .filter((word) => word !== '')
    .join(', ')
}

function makeCell(parent: HTMLElement): CellView {
  const element = make('div', '')
  element.setAttribute('role', 'gridcell')
  const text = document.createTextNode('')
  element.append(text)
  parent.append(element)
  return {
    element,
    text,
    column: -1,
    place: '',
    kind: 'value',
    look: '',
    status: undefined,
    bar: undefined,
    spark: undefined,
  }
}

function showStatus(cell: CellView, column: GridColumn, status: RunStatus | null): void {
  if (column.kind === 'status' && !cell.status) cell.element.prepend((cell.status = new StatusMark()).element)
  cell.status?.show(status)
}

function showBar(cell: CellView, column: GridColumn, { number }: CellText): void {
  const part = column.draw === 'bar' ? barOf(number, column.extent) : undefined
  if (part === undefined) {
    if (cell.bar) cell.bar.hidden = true
    return
  }
  if (!cell.bar) cell.element.prepend((cell.bar = make('span', 'bar')))
  cell.bar.hidden = false
  cell.bar.style.transform = `scaleX(${Math.max(0.015, part)})`
}

function showSpark(cell: CellView, column: GridColumn, row: TableRow | undefined, context: RowContext): void {
  const values = column.draw === 'sparkline' && row?.kind === 'run' ? context.spark(row.key, column.id) : undefined
  if (!values) {
    cell.spark?.remove()
    cell.spark = undefined
    return
  }
  if (!cell.spark) {
    const spark = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    spark.setAttribute('class', 'spark')
    spark.setAttribute('aria-hidden', 'true')
    spark.setAttribute('viewBox', `0 0 ${sparkSize.width} ${sparkSize.height}`)
    spark.append(document.createElementNS('http://www.w3.org/2000/svg', 'path'))
    cell.element.prepend(spark)
    cell.spark = spark
  }
  const path = sparkPath(values, sparkSize.width, sparkSize.height)
  const drawn = cell.spark.firstElementChild
  if (drawn?.getAttribute('d') !== path) drawn?.setAttribute('d', path)
}

/** The focus of a grid is its container's; the active cell is told by its id. */
export const activeId = (row: number, column: number): string => `cell-${row}-${column}`

function name(element: HTMLElement, id: string): void {
  if (element.id === id) return
  if (id === '') element.removeAttribute('id')
  else element.id = id
}

function make<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  element.className = className
  return element
}
