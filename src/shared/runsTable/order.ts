/** The order of a table's rows: by any columns, the same for the same runs. */
import type { RunFrame } from '../runFrame'
import { sortRows, type DirectedField } from '../runOrder'
import type { RunGroup } from '../runGroups'
import type { Steps } from '../steps'
import { compareText } from '../textOrder'
import { groupNumber, groupText } from './aggregate'
import { fieldOf, isText, numeric, type Beyond } from './fields'
import { columnId, type TableOrder, type TableView } from './view'

const newestFirst: TableOrder = { column: { group: 'attribute', key: 'start_time' }, descending: true }

/** With the newest first where nothing else tells two runs apart; a column counts where it is named first. */
export function orderWithStart(orderBy: readonly TableOrder[]): TableOrder[] {
  const all = [...orderBy, newestFirst]
  return [...new Map(all.toReversed().map((order) => [columnId(order.column), order])).values()].toReversed()
}

/** Rows in order, in steps. Missing values are last in both directions, then come equal runs by their ids. */
export function* sortTable(
  frame: RunFrame,
  orderBy: readonly TableOrder[],
  rows: Uint32Array,
  beyond: Beyond,
): Steps<Uint32Array> {
  const fields: DirectedField[] = []
  for (const { column, descending } of orderWithStart(orderBy)) {
    const field = fieldOf(frame, column, beyond)
    const asNumbers = isText(field) && (column.group === 'param' || column.group === 'tag')
    fields.push({ field: asNumbers ? numeric(field, frame.length, rows) : field, ascending: !descending })
    yield
  }
  return yield* sortRows(frame, fields, rows)
}

/** Groups in order: by what their cells show, then as `groupRuns` has them. */
export function sortGroups(
  frame: RunFrame,
  groups: readonly RunGroup[],
  { orderBy, aggregate }: Pick<TableView, 'orderBy' | 'aggregate'>,
  beyond: Beyond,
): readonly RunGroup[] {
  if (orderBy.length === 0) return groups
  const keys = orderBy.map(({ column, descending }) => {
    const field = fieldOf(frame, column, beyond)
    const direction = descending ? -1 : 1
    if (isText(field)) {
      const texts = groups.map(({ rows }) => groupText(field, rows).text)
      const numbers = texts.map((text) => (text === undefined || text.trim() === '' ? NaN : Number(text)))
      const allNumbers = texts.every((text, at) => text === undefined || !Number.isNaN(numbers[at]))
      return allNumbers ? byNumber(numbers, direction) : byText(texts, direction)
    }
    const numbers = groups.map(({ rows }) => groupNumber(field, column, aggregate, rows).value)
    return byNumber(numbers, direction)
  })
  return groups
    .map((group, at) => ({ group, at }))
    .sort((a, b) => {
      for (const compare of keys) {
        const difference = compare(a.at, b.at)
        if (difference !== 0) return difference
      }
      return a.at - b.at
    })
    .map(({ group }) => group)
}

type Compare = (a: number, b: number) => number

const byNumber =
  (values: readonly number[], direction: number): Compare =>
  (a, b) => {
    const [one = NaN, other = NaN] = [values[a], values[b]]
    if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(one)) - Number(Number.isNaN(other))
    return one === other ? 0 : (one < other ? -1 : 1) * direction
  }

const byText =
  (values: readonly (string | undefined)[], direction: number): Compare =>
  (a, b) => {
    const [one, other] = [values[a], values[b]]
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined)
    return compareText(one, other) * direction
  }
