/** What a group's cell says of its members. */
import { summarizeValues, type MetricSummary } from '../runGroups'
import type { StringColumn } from '../runFrame'
import type { NumberField } from '../runOrder'
import { kindOf } from './fields'
import type { Column, TableView } from './view'

export interface GroupNumber {
  /** NaN where no member has a finite value. */
  readonly value: number
  readonly summary: MetricSummary
}

/** Of times there is no mean: the latest is shown instead. */
export function groupNumber(
  { values, present }: NumberField,
  column: Column,
  aggregate: TableView['aggregate'],
  rows: Uint32Array,
): GroupNumber {
  const summary = summarizeValues(values, present, rows)
  const way = aggregate === 'mean' && kindOf(column) === 'time' ? 'max' : aggregate
  return { value: summary[way] ?? NaN, summary }
}

/** The text that all members share, if they do, and how many different ones there are; missing ones are none. */
export function groupText(
  { codes, dictionary }: StringColumn,
  rows: Uint32Array,
): { readonly text: string | undefined; readonly different: number } {
  const seen = new Set<number>()
  let missing = false
  for (const row of rows) {
    const code = codes[row] ?? -1
    if (code < 0) missing = true
    else seen.add(code)
  }
  const [only] = seen
  const shared = seen.size === 1 && !missing && only !== undefined
  return { text: shared ? dictionary[only] : undefined, different: seen.size }
}
