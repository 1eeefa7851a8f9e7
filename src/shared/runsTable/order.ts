/** The order of a table's rows: by any columns, the same for the same runs. */
import type { RunFrame, StringColumn } from '../runFrame'
import { sortItems, sortRows, type DirectedField } from '../runOrder'
import type { RunGroup } from '../runGroups'
import type { Steps } from '../steps'
import { groupNumber, groupText } from './aggregate'
import { fieldOf, isText, numeric, type Beyond, type Field, type NumberField } from './fields'
import { columnId, type Column, type TableOrder, type TableView } from './view'

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
export function* sortGroups(
  frame: RunFrame,
  groups: readonly RunGroup[],
  { orderBy, aggregate }: Pick<TableView, 'orderBy' | 'aggregate'>,
  beyond: Beyond,
): Steps<readonly RunGroup[]> {
  if (orderBy.length === 0) return groups
  const fields: DirectedField[] = []
  const places = Uint32Array.from(groups, (_, at) => at)
  for (const { column, descending } of orderBy) {
    const field = fieldOf(frame, column, beyond)
    const own: Field = isText(field) ? sharedTexts(field, groups) : aggregates(field, column, aggregate, groups)
    fields.push({ field: isText(own) ? numeric(own, groups.length, places) : own, ascending: !descending })
    yield
  }
  const { order } = yield* sortItems(groups.length, fields, places)
  return Array.from(order, (at) => groups[at]).filter((group) => group !== undefined)
}

/** Of each group the text that its members share. */
function sharedTexts(field: StringColumn, groups: readonly RunGroup[]): StringColumn {
  const dictionary = groups.map(({ rows }) => groupText(field, rows).text)
  const codes = Int32Array.from(dictionary, (text, at) => (text === undefined ? -1 : at))
  return { codes, dictionary: dictionary.map((text) => text ?? '') }
}

function aggregates(
  field: NumberField,
  column: Column,
  aggregate: TableView['aggregate'],
  groups: readonly RunGroup[],
): NumberField {
  return { values: Float64Array.from(groups, ({ rows }) => groupNumber(field, column, aggregate, rows).value) }
}
