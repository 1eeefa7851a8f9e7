/** What a cell says. */
import {
  formatCount,
  formatDateTime,
  formatDuration,
  formatExact,
  formatMetric,
  formatRelativeTime,
} from '../../shared/format'
import { t } from '../../shared/l10n'
import { cellState } from '../../shared/runsTable/protocol'
import type { GridColumn } from './types'
import type { Fetched } from './rowCache'

/** How a cell looks: `missing` is a quiet dash, `pending` a value that is still being read, `below` that of a run below. */
export type CellLook = 'value' | 'missing' | 'pending' | 'several' | 'below'

export interface CellText {
  readonly text: string
  readonly look: CellLook
  /** The number that the text shows; NaN where there is none. */
  readonly number: number
}

export const pendingCell: CellText = { text: '', look: 'pending', number: NaN }
const missingCell: CellText = { text: '–', look: 'missing', number: NaN }

/** Longer values are cut here: nothing shows more in a cell. */
const longest = 300

/** `now` is what times are told from, ms since the epoch. */
export function cellText(column: GridColumn, fetched: Fetched | undefined, now: number): CellText {
  if (!fetched) return pendingCell
  const { cells, index } = fetched
  if (cells.kind === 'text') {
    const different = cells.different[index] ?? 0
    if (different > 1) return { text: t('{0} values', formatCount(different)), look: 'several', number: NaN }
    const text = cells.values[index]
    return text === null || text === undefined ? missingCell : { text: shorten(text), look: 'value', number: NaN }
  }
  const state = cells.states[index]
  if (state === cellState.missing) return missingCell
  if (state === cellState.pending) return pendingCell
  const number = cells.values[index] ?? NaN
  if (state === cellState.below)
    return { text: `↳ ${numberText(column.kind, number, now)}`, look: 'below', number: NaN }
  if (state === cellState.since)
    return { text: `${formatDuration(Math.max(0, now - number))}…`, look: 'value', number: NaN }
  return { text: numberText(column.kind, number, now), look: 'value', number }
}

function numberText(kind: GridColumn['kind'], number: number, now: number): string {
  if (kind === 'time') return formatRelativeTime(number, now)
  return kind === 'duration' ? formatDuration(number) : formatMetric(number)
}

/** All that there is to say of a cell that was fetched, in lines: the exact value, and what an aggregate is made of. */
export function cellDetails(column: GridColumn, fetched: Fetched | undefined): string[] {
  if (!fetched) return []
  const { cells, index } = fetched
  if (cells.kind === 'text') {
    const different = cells.different[index] ?? 0
    if (different > 1) return [t('{0} different values', formatCount(different))]
    return [cells.values[index] ?? t('nothing logged')]
  }
  const state = cells.states[index]
  if (state === cellState.pending) return [t('not read yet')]
  const number = cells.values[index] ?? NaN
  if (state === cellState.since) return [t('{0} so far', formatDuration(Math.max(0, Date.now() - number)))]
  const group = cells.groups[index]
  const lines = [state === cellState.value ? exactText(column.kind, number) : t('nothing logged')]
  if (state === cellState.below) return [exactText(column.kind, number), t('of a child run, which this row stands for')]
  if (!group && isBest(number, column)) lines.push(t('the best of the runs found'))
  if (group) {
    if (group.finite > 0)
      lines.push(
        t('{0} values from {1} to {2}', formatCount(group.finite), formatMetric(group.min), formatMetric(group.max)),
      )
    if (group.nan > 0) lines.push(t('{0} are NaN', formatCount(group.nan)))
    if (group.infinite > 0) lines.push(t('{0} are infinite', formatCount(group.infinite)))
    if (group.missing > 0) lines.push(t('{0} have none', formatCount(group.missing)))
  }
  return lines
}

function exactText(kind: GridColumn['kind'], number: number): string {
  if (kind === 'time') return formatDateTime(number)
  return kind === 'duration' ? formatDuration(number) : formatExact(number)
}

/** Longest text that a cell is given to draw. */
export const shorten = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/** Where in 0 … 1 a number lies between the ends of a scale; `undefined` for what no bar can show. */
export function barOf(number: number, extent: readonly [number, number] | null): number | undefined {
  if (!extent || !Number.isFinite(number)) return undefined
  const [least, greatest] = extent
  // Halved, since the span of two great numbers may be no number.
  const span = greatest / 2 - least / 2
  return span > 0 ? Math.min(1, Math.max(0, (number / 2 - least / 2) / span)) : 1
}

/** Whether a number is the best of its column, where the user has said which way is better. */
export function isBest(number: number, { better, extent }: Pick<GridColumn, 'better' | 'extent'>): boolean {
  return better !== undefined && extent !== null && number === extent[better === 'lower' ? 0 : 1]
}

/** A polyline through a curve in a box, as an SVG path; NaN and infinities are gaps. */
export function sparkPath(values: Float64Array, width: number, height: number): string {
  let [least, greatest] = [Infinity, -Infinity]
  for (const value of values)
    if (Number.isFinite(value)) {
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
    }
  if (least > greatest) return ''
  const span = greatest / 2 - least / 2
  const place = (value: number): number => (span > 0 ? 1 - (value / 2 - least / 2) / span : 0.5) * (height - 2) + 1
  const step = width / Math.max(1, values.length - 1)
  let path = ''
  let drawing = false
  values.forEach((value, index) => {
    const finite = Number.isFinite(value)
    if (finite) path += `${drawing ? 'L' : 'M'}${(index * step).toFixed(1)} ${place(value).toFixed(1)}`
    // A point alone would not show.
    if (finite && !drawing && !Number.isFinite(values[index + 1] ?? NaN)) path += 'h1'
    drawing = finite
  })
  return path
}
