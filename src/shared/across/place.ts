import { t } from '../l10n'
import type { Dimension } from './dimension'

/** What a run has in a dimension: a number that an axis can show, or in a word why not. */
export type Standing = { readonly value: number } | { readonly word: string; readonly above: boolean }

/** @param log the axis is logarithmic: it has no place for zero and less */
export function standingOf(dimension: Dimension, row: number, log: boolean): Standing {
  const value = dimension.values[row] ?? NaN
  if (Number.isFinite(value)) return log && value <= 0 ? { word: '≤ 0', above: false } : { value }
  if (value === Infinity) return { word: '∞', above: true }
  if (value === -Infinity) return { word: '−∞', above: false }
  const text = dimension.textAt(row)
  if (text === undefined) return { word: t('not set'), above: false }
  return { word: text === '' ? t('empty') : text, above: false }
}

/** Whether a logarithmic axis suits: positive numbers over two decades and more, or a few, each the same multiple of the one before. */
export function suitsLog({ numeric, values }: Dimension, rows: readonly number[]): boolean {
  if (!numeric) return false
  const found = [...new Set(rows.map((row) => values[row] ?? NaN).filter(Number.isFinite))].sort((a, b) => a - b)
  const [low = 0] = found
  if (low <= 0) return false
  if ((found.at(-1) ?? 0) / low >= 100) return true
  const ratios = found.slice(1).map((value, at) => value / (found[at] ?? 1))
  return ratios.length >= 2 && ratios.every((ratio) => ratio >= 1.5 && Math.abs(ratio / (ratios[0] ?? 1) - 1) < 0.01)
}
