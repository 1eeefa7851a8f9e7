/** Cells of CSV files, as RFC 4180 has them and spreadsheets take no harm from them. */
import { numberIn } from './filter/literals'

/**
 * A text as a cell. What a spreadsheet would take for a formula has an apostrophe put before it, as OWASP advises; numbers are left
 * alone.
 */
export function csvText(text: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && numberIn(text) === undefined
  const safe = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(csvText).join(',')}\r\n`

/** Empty for a time that no calendar has. */
export function isoTime(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
