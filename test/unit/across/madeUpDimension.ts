import type { Dimension } from '../../../src/shared/across/dimension'

/** A dimension of numbers, or of words by their places. */
export function dimension(key: string, values: ArrayLike<number>, words: readonly string[] = []): Dimension {
  const format = (value: number): string => (words.length > 0 ? (words[value] ?? '') : String(value))
  return {
    id: `param:${key}`,
    kind: 'param',
    key,
    numeric: words.length === 0,
    values: Float64Array.from(values),
    words,
    format,
    same: (row, other) => Object.is(values[row], values[other]),
    textAt: (row) => (Number.isNaN(values[row]) ? undefined : format(values[row] ?? NaN)),
  }
}
