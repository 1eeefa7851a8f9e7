import { t } from '../../shared/l10n'
import { formatX } from '../../shared/ticks'
import { swatchElement } from '../ui/swatch'
import type { Theme } from '../ui/theme'
import type { CursorReading } from './cursorReadings'
import type { Axis, ChartRun } from './types'
import { axisWord, readingText } from './words'

/** Rows in the list beside the cursor. */
const listed = 10

const heightOf = ({ top }: CursorReading): number => top ?? Infinity

/** The reading that the keyboard is on, or else the one nearest to the pointer (its y in px). */
export function focusedReading(
  readings: readonly CursorReading[],
  pointerY: number | undefined,
  focusedRun: string | undefined,
): CursorReading | undefined {
  if (pointerY === undefined) return readings.find(({ run }) => run.id === focusedRun) ?? readings[0]
  return nearestFirst(readings, pointerY)[0]
}

const distance = (reading: CursorReading, y: number): number => Math.abs(heightOf(reading) - y)

function nearestFirst(readings: readonly CursorReading[], y: number): CursorReading[] {
  return [...readings].sort((a, b) => distance(a, y) - distance(b, y))
}

/** Readings in the order in which they are listed: the highest first, or where not all fit, the nearest to a height (px). */
export function listedReadings(readings: readonly CursorReading[], y: number | undefined): readonly CursorReading[] {
  if (readings.length > listed && y !== undefined) return nearestFirst(readings, y).slice(0, listed)
  return [...readings].sort((a, b) => heightOf(a) - heightOf(b)).slice(0, listed)
}

export interface Listed {
  readonly axis: Axis
  readonly xKey: string
  /** Where the cursor is. */
  readonly x: number
  readonly readings: readonly CursorReading[]
  readonly focused: CursorReading | undefined
  readonly pointerY: number | undefined
  /** The pointer is on its way: rows stay where they are, as nobody could follow those of curves that cross. */
  readonly isMoving: boolean
  /** Of the plot, px. */
  readonly width: number
  readonly theme: Theme
}

interface Row {
  readonly run: ChartRun
  readonly element: HTMLElement
  /** In the list, from its top. */
  place: number
}

const rowHeight = 18

/** A bold name is so much wider. */
const bold = 1.1

/** In digits (`ch`), about: what is narrow counts half. Measuring would have all laid out. */
const widthOf = (text: string): number => text.length - (text.match(/[ .,:;()il-]/g)?.length ?? 0) / 2

/**
 * What the runs say at the cursor. Its rows stay and only move, and are as wide as they have had to be since the cursor came; the values
 * beside them are one text, which is all that the browser lays out as the pointer moves: ten texts took three times as long.
 */
export class CursorList {
  #place: Element | undefined
  readonly #element = made('div', 'list')
  readonly #head = document.createTextNode('')
  readonly #rest = document.createTextNode('')
  readonly #restLine = made('div', 'line faint', this.#rest)
  readonly #values = document.createTextNode('')
  readonly #rows = new Map<string, Row>()
  #kind: Theme['kind'] | undefined
  #longestName = 0
  #longestValue = 0
  #sized = ''

  constructor() {
    this.#element.append(
      made('div', 'line faint', this.#head),
      this.#restLine,
      made('div', 'values number', this.#values),
    )
  }

  /** @param list undefined: there is none */
  show(place: Element, list: Listed | undefined): void {
    if (!list || list.readings.length === 0) {
      this.#element.remove()
      this.#place = undefined
      this.#longestName = this.#longestValue = 0
      return
    }
    const { axis, xKey, x, readings, focused, pointerY, isMoving, width, theme } = list
    if (this.#kind !== theme.kind) this.#forget(() => true)
    this.#kind = theme.kind
    const inOrder = listedReadings(readings, pointerY ?? (focused && heightOf(focused)))
    const shown = isMoving ? this.#asTheyAre(inOrder) : inOrder
    const more = readings.length - shown.length
    write(this.#head, `${axisWord(axis, xKey)} ${formatX(axis, focused?.reading.x ?? x)}`)
    write(this.#rest, more > 0 ? t('{0} more', more) : '')
    this.#forget(({ run }) => !shown.some((one) => one.run === run))
    const values = shown.map(({ reading }) => readingText(reading))
    write(this.#values, values.join('\n'))
    this.#longestValue = Math.max(this.#longestValue, ...values.map(widthOf))
    shown.forEach(({ run }, place) => {
      const row = this.#rowOf(run)
      this.#longestName = Math.max(this.#longestName, bold * widthOf(run.name))
      if (row.place !== place) row.element.style.transform = `translateY(${(place + 1) * rowHeight}px)`
      row.place = place
      row.element.classList.toggle('focused', run.id === focused?.run.id)
    })
    this.#size(shown.length, more)
    this.#element.classList.toggle('on-left', (readings[0]?.left ?? 0) > width * 0.55)
    if (this.#place !== place) place.append(this.#element)
    this.#place = place
  }

  /** In the order of the rows, where all have one. */
  #asTheyAre(readings: readonly CursorReading[]): readonly CursorReading[] {
    const placeOf = ({ run }: CursorReading): number => this.#rows.get(run.id)?.place ?? NaN
    if (readings.some((reading) => Number.isNaN(placeOf(reading)))) return readings
    return [...readings].sort((a, b) => placeOf(a) - placeOf(b))
  }

  /** Only where it changes: that has all of the list laid out. */
  #size(rows: number, more: number): void {
    const size = [this.#longestName, this.#longestValue, rows, Math.sign(more)].join()
    if (size === this.#sized) return
    this.#sized = size
    const { style } = this.#element
    style.setProperty('--values', `${this.#longestValue}ch`)
    style.width = `calc(56px + ${this.#longestName + this.#longestValue}ch)`
    style.height = `${(rows + (more > 0 ? 2 : 1)) * rowHeight + 10}px`
    this.#restLine.style.transform = `translateY(${(rows + 1) * rowHeight}px)`
  }

  #rowOf(run: ChartRun): Row {
    const known = this.#rows.get(run.id)
    if (known) return known
    const name = made('span', 'clip name', document.createTextNode(run.name))
    const element = made('div', 'line row', swatchElement(run.mark), name)
    this.#element.append(element)
    const row = { run, element, place: NaN }
    this.#rows.set(run.id, row)
    return row
  }

  #forget(which: (row: Row) => boolean): void {
    for (const [id, row] of this.#rows)
      if (which(row)) {
        row.element.remove()
        this.#rows.delete(id)
      }
  }
}

function made(name: string, className: string, ...content: Node[]): HTMLElement {
  const element = document.createElement(name)
  element.className = className
  element.append(...content)
  return element
}

function write(text: Text, content: string): void {
  if (text.data !== content) text.data = content
}
