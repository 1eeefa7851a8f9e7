/** How the runs are sorted, grouped and nested. */
import { t } from '../../shared/l10n'
import { type Column, columnId, type TableView } from '../../shared/runsTable/view'
import type { Menu } from '../ui/menu'
import { columnLabel } from './columns'
import type { ChangeView } from './viewEdits'

/** @param sort goes on with a column: descending, ascending, not at all */
export function sortMenu(
  view: TableView,
  sort: (column: Column) => void,
  change: ChangeView,
  choose: () => void,
): Menu {
  return [
    ...view.orderBy.map(({ column, descending }) => ({
      label: descending ? t('{0}, descending', columnLabel(column)) : t('{0}, ascending', columnLabel(column)),
      icon: descending ? ('arrowDown' as const) : ('arrowUp' as const),
      stays: true,
      run: () => sort(column),
    })),
    { label: view.orderBy.length > 0 ? t('Then by…') : t('Sort by…'), run: choose },
    'line',
    { label: t('Newest first'), checked: view.orderBy.length === 0, run: () => change({ orderBy: [] }) },
  ]
}

/** The order that the user chose, in words. */
export function orderText({ orderBy }: TableView): string | undefined {
  if (orderBy.length === 0) return undefined
  return orderBy.map(({ column, descending }) => `${columnLabel(column)} ${descending ? '↓' : '↑'}`).join(', ')
}

const aggregates = [
  ['mean', () => t('Mean of a group')],
  ['min', () => t('Least of a group')],
  ['max', () => t('Greatest of a group')],
] as const

export function groupMenu(view: TableView, change: ChangeView, choose: () => void): Menu {
  return [
    ...view.groupBy.map((column) => ({
      label: columnLabel(column),
      checked: true,
      run: () => change({ groupBy: view.groupBy.filter((other) => columnId(other) !== columnId(column)) }),
    })),
    { label: view.groupBy.length > 0 ? t('Then by…') : t('Group by…'), icon: 'group', run: choose },
    ...(view.groupBy.length > 0 ? [{ label: t('No groups'), run: () => change({ groupBy: [] }) }] : []),
    'line',
    ...aggregates.map(([aggregate, label]) => ({
      label: label(),
      checked: view.aggregate === aggregate,
      run: () => change({ aggregate }),
    })),
    'line',
    { label: t('Child runs under their parents'), checked: view.nested, run: () => change({ nested: !view.nested }) },
  ]
}
