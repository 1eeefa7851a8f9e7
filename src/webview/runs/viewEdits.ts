/** Changes of a view that a user makes with a column, a row or a menu. */
import type { Arrangement } from '../../shared/runsTable/protocol'
import { type Column, columnId, type ShownColumn, type TableView } from '../../shared/runsTable/view'
import { nameColumn, nameId } from './columns'

type Change = Partial<TableView>
/** Makes a change of the view. */
export type ChangeView = (change: Change) => void

/** Changes after which other rows, or the same in another order, are looked at from the top. */
const fromTheTop: readonly (keyof TableView)[] = [
  ...(['filter', 'lifecycle', 'statuses', 'startedWithin', 'startedBetween', 'dataset', 'onlyStarred'] as const),
  ...(['orderBy', 'groupBy', 'nested'] as const),
]

/** Whether a table stays where it is when its view changes so. */
export const staysInPlace = (change: Change): boolean => fromTheTop.every((name) => !(name in change))

/** Columns as they are listed: the user's own, or what the table chose. */
export function listedColumns(view: TableView, arranged: Arrangement['columns']): ShownColumn[] {
  if (view.columns) return [...view.columns]
  return arranged.map(({ column, width, pinned, draw }) => ({
    column,
    ...(width === undefined ? {} : { width }),
    ...(pinned === undefined ? {} : { pinned }),
    ...(draw === undefined ? {} : { draw }),
  }))
}

/** What the table chose, with metrics before all but the run: in a table beside code nothing else would be in sight. */
export function metricsFirst(arranged: Arrangement['columns']): Arrangement['columns'] {
  const rank = ({ column, pinned }: Arrangement['columns'][number]): number =>
    pinned === true || columnId(column) === nameId ? 0 : column.group === 'metric' ? 1 : 2
  return arranged.toSorted((a, b) => rank(a) - rank(b))
}

/** With the column that names the run where `id` is its: it is that one that is to change. */
export function listedWith(id: string, view: TableView, arranged: Arrangement['columns']): ShownColumn[] {
  const columns = listedColumns(view, arranged)
  if (id !== nameId || columns.some(({ column }) => columnId(column) === nameId)) return columns
  return [{ column: nameColumn }, ...columns]
}

/** Whether a column is likely wanted with its greatest values first. */
export function descendsFirst(view: TableView, column: Column, arranged: Arrangement['columns']): boolean {
  const { group, key } = column
  const better = group === 'metric' && Object.hasOwn(view.better, key) ? view.better[key] : undefined
  if (better) return better === 'higher'
  const kind = arranged.find((one) => columnId(one.column) === columnId(column))?.kind
  return kind ? kind !== 'text' && kind !== 'status' : group === 'metric'
}

/** First what is likely wanted of a column, then the other way, then not at all. `add` keeps the columns sorted by before it. */
export function sortNext(view: TableView, column: Column, add: boolean, descendingFirst: boolean): Change {
  const id = columnId(column)
  const before = view.orderBy.find((order) => columnId(order.column) === id)
  const next = before
    ? before.descending === descendingFirst
      ? [{ column, descending: !descendingFirst }]
      : []
    : [{ column, descending: descendingFirst }]
  if (!add) return { orderBy: next }
  if (!before) return { orderBy: [...view.orderBy, ...next] }
  return { orderBy: view.orderBy.flatMap((order) => (order === before ? next : [order])) }
}

export function sortBy(view: TableView, column: Column, descending: boolean, add = false): Change {
  const id = columnId(column)
  const others = add ? view.orderBy.filter((order) => columnId(order.column) !== id) : []
  return { orderBy: [...others, { column, descending }] }
}

export function unsort(view: TableView, column: Column): Change {
  return { orderBy: view.orderBy.filter((order) => columnId(order.column) !== columnId(column)) }
}

export function changeColumn(
  columns: readonly ShownColumn[],
  id: string,
  change: { readonly [Name in 'width' | 'pinned' | 'draw']?: ShownColumn[Name] | undefined },
): Change {
  return {
    columns: columns.map((shown) =>
      columnId(shown.column) === id ? withoutUndefined({ ...shown, ...change }) : shown,
    ),
  }
}

export function hideColumn(columns: readonly ShownColumn[], id: string): Change {
  return { columns: columns.filter((shown) => columnId(shown.column) !== id) }
}

/** Shows a column beside another of the same key, or else last. */
export function addColumn(columns: readonly ShownColumn[], column: Column): Change {
  const id = columnId(column)
  if (columns.some((shown) => columnId(shown.column) === id)) return { columns: [...columns] }
  const kin = columns.findLastIndex(({ column: { group, key } }) => group === column.group && key === column.key)
  const last = columns.findLastIndex((shown) => shown.column.group === column.group)
  const at = kin >= 0 ? kin + 1 : last >= 0 ? last + 1 : columns.length
  return { columns: columns.toSpliced(at, 0, { column }) }
}

/** Puts a column where another is; beside columns that are pinned it is pinned too. */
export function moveColumn(columns: readonly ShownColumn[], id: string, toId: string): Change {
  const from = columns.findIndex((shown) => columnId(shown.column) === id)
  const to = columns.findIndex((shown) => columnId(shown.column) === toId)
  const [moved, target] = [columns[from], columns[to]]
  if (!moved || !target || id === nameId || toId === nameId) return { columns: [...columns] }
  const pinned = target.pinned
  return { columns: columns.toSpliced(from, 1).toSpliced(to, 0, withoutUndefined({ ...moved, pinned })) }
}

/** Puts a column at place `to` among all but the name's; beside columns that are pinned it is pinned too. */
export function moveTo(columns: readonly ShownColumn[], id: string, to: number): readonly ShownColumn[] {
  const target = columns.filter(({ column }) => columnId(column) !== nameId)[to]
  return target ? (moveColumn(columns, id, columnId(target.column)).columns ?? columns) : columns
}

export const toggled = (list: readonly string[], item: string): string[] =>
  list.includes(item) ? list.filter((other) => other !== item) : [...list, item]

export const pinRuns = (view: TableView, runIds: readonly string[]): Change => ({
  pinnedRuns: [...new Set([...view.pinnedRuns, ...runIds])],
})

export const hideRuns = (view: TableView, runIds: readonly string[]): Change => ({
  hiddenRuns: [...new Set([...view.hiddenRuns, ...runIds])],
})

export function groupAlso(view: TableView, column: Column): Change {
  const id = columnId(column)
  return view.groupBy.some((other) => columnId(other) === id) ? {} : { groupBy: [...view.groupBy, column] }
}

/** A view with everything that narrows down the runs taken away. */
export const unfiltered: Change = {
  filter: '',
  lifecycle: 'active',
  statuses: [],
  startedWithin: null,
  startedBetween: null,
  dataset: null,
  onlyStarred: false,
  hiddenRuns: [],
}

/** How many things narrow down the runs. */
export function filterCount(view: TableView): number {
  const { filter, lifecycle, statuses, startedWithin, startedBetween, dataset, onlyStarred, hiddenRuns } = view
  return [
    filter.trim() !== '',
    lifecycle !== 'active',
    statuses.length > 0,
    startedWithin !== null || startedBetween !== null,
    dataset !== null,
    onlyStarred,
    hiddenRuns.length > 0,
  ].filter(Boolean).length
}

function withoutUndefined(shown: {
  readonly column: Column
  readonly width?: number | undefined
  readonly pinned?: boolean | undefined
  readonly draw?: 'bar' | 'sparkline' | undefined
}): ShownColumn {
  const { column, width, pinned, draw } = shown
  return {
    column,
    ...(width === undefined ? {} : { width }),
    ...(pinned ? { pinned } : {}),
    ...(draw === undefined ? {} : { draw }),
  }
}
