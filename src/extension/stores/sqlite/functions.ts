import type { DatabaseSync } from 'node:sqlite'
import { numberIn, regexTest } from '../../../shared/filter'

/** Functions that our own comparisons are written with; NULL where the value is. */
export function registerFilterFunctions(database: DatabaseSync): void {
  const options = { deterministic: true, directOnly: true }
  const tests = new Map<string, (text: string) => boolean>()
  database.function('matches_regex', options, (pattern, value) => {
    if (typeof pattern !== 'string' || value === null) return null
    let test = tests.get(pattern)
    if (!test) {
      if (tests.size > 100) tests.clear()
      tests.set(pattern, (test = regexTest(pattern, { start: 0, end: 0 })))
    }
    return Number(test(String(value)))
  })
  database.function('number_in', options, (value) => (value === null ? null : (numberIn(String(value)) ?? null)))
}
