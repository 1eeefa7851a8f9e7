import { t } from '../../shared/l10n'
import type { Arrangement } from '../../shared/runsTable/protocol'
import { type Column, columnId, type MetricValue, type ShownColumn, type TableView } from '../../shared/runsTable/view'
import type { Menu, MenuItem } from '../ui/menu'
import { columnLabel, groupable, metricValueLabel, metricValues, nameId } from './columns'
import { addColumn, changeColumn, type ChangeView, hideColumn, moveColumn, sortBy, unsort } from './viewEdits'

/** What can be done with a column. `columns` are those of the view, `arranged` those that show. */
export function columnMenu(
  column: Column,
  view: TableView,
  columns: readonly ShownColumn[],
  arranged: Arrangement['columns'],
  change: ChangeView,
): Menu {
  const id = columnId(column)
  const shown = columns.find((one) => columnId(one.column) === id)
  const order = view.orderBy.find((one) => columnId(one.column) === id)
  const isName = id === nameId
  const neighbours = arranged.map((one) => columnId(one.column)).filter((other) => other !== nameId)
  const at = neighbours.indexOf(id)
  const beside = (by: number): MenuItem['off'] =>
    isName || neighbours[at + by] === undefined ? t('at the end') : undefined
  const move = (by: number) => (): void => change(moveColumn(columns, id, neighbours[at + by] ?? id))
  const elsewhere = view.orderBy.length > (order ? 1 : 0)
  return [
    { label: t('Sort ascending'), icon: 'arrowUp', run: () => change(sortBy(view, column, false)) },
    { label: t('Sort descending'), icon: 'arrowDown', run: () => change(sortBy(view, column, true)) },
    ...(elsewhere
      ? [
          {
            label: t('Then sort ascending'),
            detail: t('Shift+click'),
            run: () => change(sortBy(view, column, false, true)),
          },
          { label: t('Then sort descending'), run: () => change(sortBy(view, column, true, true)) },
        ]
      : []),
    ...(order ? [{ label: t('Do not sort by this'), run: () => change(unsort(view, column)) }] : []),
    'line',
    ...(isName
      ? []
      : [
          {
            label: t('Pinned'),
            checked: shown?.pinned === true,
            run: () => change(changeColumn(columns, id, { pinned: shown?.pinned ? undefined : true })),
          },
          { label: t('Move left'), detail: t('Alt+Left'), off: beside(-1), run: move(-1) },
          { label: t('Move right'), detail: t('Alt+Right'), off: beside(1), run: move(1) },
          { label: t('Hide column'), icon: 'eyeClosed' as const, run: () => change(hideColumn(columns, id)) },
        ]),
    { label: t('Width that fits'), run: () => change(changeColumn(columns, id, { width: undefined })) },
    ...(column.group === 'metric' ? metricItems(column, view, columns, shown, change) : []),
    ...(groupable(column) ? groupItems(column, view, change) : []),
  ]
}

function metricItems(
  column: Column,
  view: TableView,
  columns: readonly ShownColumn[],
  shown: ShownColumn | undefined,
  change: ChangeView,
): Menu {
  const id = columnId(column)
  const draw = (what: 'bar' | 'sparkline', label: string): MenuItem => ({
    label,
    checked: shown?.draw === what,
    run: () => change(changeColumn(columns, id, { draw: shown?.draw === what ? undefined : what })),
  })
  const current = Object.hasOwn(view.better, column.key) ? view.better[column.key] : undefined
  const better = (which: 'lower' | 'higher', label: string): MenuItem => ({
    label,
    checked: current === which,
    run: () => {
      const others = Object.entries(view.better).filter(([key]) => key !== column.key)
      change({ better: Object.fromEntries(current === which ? others : [...others, [column.key, which]]) })
    },
  })
  return [
    'line',
    draw('bar', t('Bars')),
    draw('sparkline', t('Sparklines')),
    'line',
    better('lower', t('Lower is better')),
    better('higher', t('Higher is better')),
    {
      label: t('Another value as a column'),
      items: () =>
        metricValues
          .filter((value) => value !== (column.value ?? 'latest'))
          .map((value: MetricValue) => ({
            label: columnLabel({ ...column, value }),
            detail: metricValueLabel(value),
            off: value === 'best' && current === undefined ? t('say first which is better') : undefined,
            run: () => change(addColumn(columns, { ...column, value })),
          })),
    },
  ]
}

function groupItems(column: Column, view: TableView, change: ChangeView): Menu {
  const id = columnId(column)
  const grouped = view.groupBy.some((one) => columnId(one) === id)
  const others = view.groupBy.filter((one) => columnId(one) !== id)
  return [
    'line',
    {
      label: t('Group by this'),
      checked: grouped,
      run: () => change({ groupBy: grouped ? others : [...others, column] }),
    },
  ]
}
