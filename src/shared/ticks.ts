/** Round numbers along the axes of charts, and how they are written. */
import { formatDateTime, formatDigits, formatDuration, formatMetric } from './format'
import type { Axis } from './protocol'

/** Ends of a range, lower first. */
export type Range = readonly [low: number, high: number]

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const timeSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((n) => n * day),
] // prettier-ignore

/** Round x values within a range, at most `most` of them. */
export function ticksOf(axis: Axis, [from, to]: Range, most: number, log = false): number[] {
  if (log || axis === 'metric') return to > from ? valueTicks([from, to], most, log) : [from]
  const span = to - from
  if (!(span > 0)) return [from]
  const least = span / Math.max(1, most)
  const step =
    axis === 'step'
      ? Math.max(1, roundStep(least))
      : (timeSteps.find((candidate) => candidate >= least) ?? roundStep(least))
  // Days begin at the reader's midnight.
  const offset = axis === 'time' && step >= hour ? new Date(from).getTimezoneOffset() * minute : 0
  const ticks: number[] = []
  for (let n = Math.ceil((from - offset) / step); n * step + offset <= to && ticks.length <= most + 1; n++)
    ticks.push(n * step + offset)
  return ticks
}

/** Round y values within a range, at most `most` of them; of a logarithmic axis, powers of ten where there are enough. */
export function valueTicks([low, high]: Range, most: number, log: boolean): number[] {
  if (log) {
    const first = Math.ceil(Math.log10(low))
    const decades = Math.floor(Math.log10(high)) - first + 1
    if (decades >= 2) {
      const every = Math.ceil(decades / most)
      return Array.from({ length: Math.ceil(decades / every) }, (_, n) => 10 ** (first + n * every))
    }
  }
  const step = roundStep((high - low) / Math.max(1, most))
  const start = Math.ceil(low / step)
  const count = Math.floor(high / step) - start + 1
  // Rounded, since 3 × 0.1 is not 0.3.
  return Array.from({ length: count }, (_, n) => Number(((start + n) * step).toPrecision(12)))
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least) ?? 10
  return factor * power
}

/** A value's label, in as many digits as tell the ticks apart: deep in a zoom, more than a metric is usually given. */
export function valueLabel(value: number, ticks: readonly number[]): string {
  const apart = Math.abs((ticks[1] ?? NaN) - (ticks[0] ?? NaN))
  const isExact = (digits: number): boolean =>
    ticks.every((tick) => Math.abs(Number(tick.toPrecision(digits)) - tick) < apart / 10)
  let digits = 6
  if (apart > 0) while (digits < 15 && !isExact(digits)) digits++
  return formatDigits(value, digits > 6 && Number.isInteger(value) ? 15 : digits)
}

/** A tick's label, as short as the distance between ticks allows. */
export function tickLabel(axis: Axis, value: number, ticks: readonly number[]): string {
  const step = (ticks[1] ?? value) - (ticks[0] ?? value)
  if (axis === 'step' || axis === 'metric') return valueLabel(value, ticks)
  if (axis === 'relative') return formatDuration(value)
  const [date = '', time = ''] = formatDateTime(value).split(' ')
  if (step >= day) return date.slice(5)
  if (step >= minute || step === 0) return time === '00:00:00' ? date.slice(5) : time.slice(0, 5)
  return step >= second ? time : `${time}.${String(Math.floor(value % second)).padStart(3, '0')}`
}

/** An x value in full. */
export function formatX(axis: Axis, value: number): string {
  // Between steps lie the places where long curves are joined into bands.
  if (axis === 'step' && Number.isInteger(value)) return String(value)
  if (axis === 'step' || axis === 'metric') return formatMetric(value)
  return axis === 'time' ? formatDateTime(value) : formatDuration(value)
}
