import type { RunStatus } from '../../shared/model'
import { colorOf } from '../../shared/runColor'
import { statusWord } from '../ui/icons'
import { theme } from '../ui/theme'
import { barOf, type CellLook, type CellText, cellText, isBest, sparkPath } from './cellText'
import { activeId, make, nameElement } from './elements'
import type { RowCache } from './rowCache'
import { sparkSize } from './sparks'
import { isStatus, StatusMark } from './statusMark'
import type { GridColumn, TableRow } from './types'

/** What a row is drawn with. */
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

/** The element of a cell, and how it is now: what stays equal is left alone. */
export interface CellView {
  readonly element: HTMLElement
  readonly text: Text
  column: number
  place: string
  kind: CellLook
  look: string
  status: StatusMark | undefined
  bar: HTMLElement | undefined
  spark: SVGSVGElement | undefined
}

export function makeCell(parent: HTMLElement): CellView {
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

/** Shows column `at` of row `index`. */
export function showCell(
  cell: CellView,
  index: number,
  at: number,
  row: TableRow | undefined,
  context: RowContext,
): void {
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
  const fetched = context.cache.cell(index, column.id)
  const text = cellText(column, fetched, context.now)
  const status = column.kind === 'status' && isStatus(text.text) ? text.text : null
  const words = status ? statusWord(status) : text.text
  if (cell.text.data !== words) cell.text.data = words
  const numeric = column.kind === 'number' || column.kind === 'duration'
  const active = context.active?.row === index && context.active.column === at
  // What is only not fetched yet keeps its look for the moment that this takes: every change of it costs.
  if (fetched || cell.look === '') cell.kind = text.look
  const best = row?.kind === 'run' && isBest(text.number, column)
  const look = `cell ${cell.kind}${best ? ' best' : ''}${numeric ? ' number' : ''}${column.mono ? ' mono' : ''}${active ? ' active' : ''}`
  if (cell.look !== look) element.className = cell.look = look
  nameElement(element, active ? activeId(index, at) : '')
  showStatus(cell, column, status)
  showBar(cell, column, text)
  showSpark(cell, column, row, context)
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
  const curve = cell.spark.firstElementChild
  if (!curve) return
  set(curve, 'd', sparkPath(values, sparkSize.width, sparkSize.height))
  set(curve, 'stroke', colorOf(row?.color ?? 0, theme().kind))
}

function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}
