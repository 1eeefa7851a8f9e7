import { html, nothing, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import { swatch } from '../ui/swatch'
import type { CursorReading } from './overlay'
import { formatX } from '../../shared/ticks'
import type { Axis } from './types'
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

export interface CursorList {
  readonly axis: Axis
  readonly xKey: string
  /** Where the cursor is. */
  readonly x: number
  readonly readings: readonly CursorReading[]
  readonly focused: CursorReading | undefined
  readonly pointerY: number | undefined
  /** Of the plot, px. */
  readonly width: number
}

/** Readings in the order in which they are listed: the highest first, or where not all fit, the nearest to a height (px). */
export function listedReadings(readings: readonly CursorReading[], y: number | undefined): readonly CursorReading[] {
  if (readings.length > listed && y !== undefined) return nearestFirst(readings, y).slice(0, listed)
  return [...readings].sort((a, b) => heightOf(a) - heightOf(b)).slice(0, listed)
}

/** What the runs say at the cursor. */
export function renderCursorList(list: CursorList): TemplateResult | typeof nothing {
  const { axis, xKey, x, readings, focused, pointerY, width } = list
  if (readings.length === 0) return nothing
  const rows = listedReadings(readings, pointerY ?? (focused && heightOf(focused)))
  const right = (readings[0]?.left ?? 0) > width * 0.55
  return html`<div class="list ${right ? 'on-left' : 'on-right'}" aria-hidden="true">
    <div class="faint">${axisWord(axis, xKey)} ${formatX(axis, focused?.reading.x ?? x)}</div>
    ${rows.map(
      ({ run, reading }) =>
        html`<div class="row ${run.id === focused?.run.id ? 'focused' : ''}">
          ${swatch(run.mark)}<span class="clip">${run.name}</span><span class="number">${readingText(reading)}</span>
        </div>`,
    )}
    ${readings.length > listed ? html`<div class="faint">${t('{0} more', readings.length - listed)}</div>` : nothing}
  </div>`
}
