import type { Dimension } from './dimension'
import { standingOf } from './place'

/** What of an axis is wanted: a range of its numbers, or some of its words (of numbers: of what is none). */
export type Brush = { readonly low: number; readonly high: number } | { readonly words: readonly string[] }

/** What a word of a brush is compared with. */
export function wordOf(dimension: Dimension, row: number): string {
  if (!dimension.numeric) {
    const text = dimension.textAt(row)
    if (text !== undefined) return text
  }
  const standing = standingOf(dimension, row, false)
  return 'word' in standing ? standing.word : ''
}

export function isWithin(dimension: Dimension, brush: Brush, row: number): boolean {
  if ('words' in brush) return brush.words.includes(wordOf(dimension, row))
  const value = dimension.values[row] ?? NaN
  return dimension.numeric && value >= brush.low && value <= brush.high
}

/** Rows within all brushes. */
export function brushed(rows: readonly number[], brushes: readonly (readonly [Dimension, Brush])[]): number[] {
  return rows.filter((row) => brushes.every(([dimension, brush]) => isWithin(dimension, brush, row)))
}
