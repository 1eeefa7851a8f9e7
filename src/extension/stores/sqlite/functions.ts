import type { DatabaseSync } from 'node:sqlite'
import { numberIn, regexTest } from '../../../shared/filter'

/** Functions that our own comparisons are written with; NULL where the value is. */
export function registerFilterFunctions(database: DatabaseSync): void {
  const options = { deterministic: true, directOnly: true }
  let last: { readonly pattern: string; readonly test: (text: string) => boolean } | undefined
  database.function('matches_regex', options, (pattern, value) => {
    if (typeof pattern !== 'string' || value === null) return null
    if (last?.pattern !== pattern) last = { pattern, test: regexTest(pattern, { start: 0, end: 0 }) }
    return Number(last.test(String(value)))
  })
  database.function('number_in', options, (value) => (value === null ? null : (numberIn(String(value)) ?? null)))
}
