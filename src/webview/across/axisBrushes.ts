/** Brushes along the axes of parallel coordinates. */
import { type Brush, isWithin } from '../../shared/across/brush'
import { standingOf } from '../../shared/across/place'
import type { Scale } from './scale'
import { textOf } from './sweep'

/** The parts of an axis that a brush covers, px. */
export function brushedSpans(scale: Scale, brush: Brush, rows: readonly number[]): (readonly [number, number])[] {
  if ('low' in brush) {
    const inside = (value: number): number => scale.of(scale.log && value <= 0 ? scale.value(scale.span[0]) : value)
    const [bottom, end] = [Math.max(...scale.span), Math.min(...scale.span)]
    return [[Math.min(bottom, inside(brush.low)), Math.max(end, inside(brush.high))]]
  }
  const places = new Set(rows.filter((row) => isWithin(scale.dimension, brush, row)).map((row) => scale.at(row)))
  return [...places].map((at) => [at - 7, at + 7])
}

/** What lies between two px of an axis: of numbers a range, if it has any; otherwise words. */
export function brushBetween(scale: Scale, from: number, to: number, rows: readonly number[]): Brush | undefined {
  const [upper, lower] = [Math.min(from, to), Math.max(from, to)]
  const [bottom, end] = [Math.max(...scale.span), Math.min(...scale.span)]
  if (scale.dimension.numeric && upper < bottom && lower > end)
    return { low: scale.value(Math.min(lower, bottom)), high: scale.value(Math.max(upper, end)) }
  const words = new Set<string>()
  for (const row of rows) {
    const at = scale.at(row)
    if (at < upper || at > lower) continue
    const standing = standingOf(scale.dimension, row, false)
    words.add('word' in standing ? standing.word : textOf(scale.dimension, row))
  }
  return words.size > 0 ? { words: [...words] } : undefined
}
