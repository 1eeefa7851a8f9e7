/** The menus that open over the table: of a column, of a run, of a group. */
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { TableRow } from '../../shared/runsTable/protocol'
import type { GridColumn } from '../grid/types'
import type { Menu, MenuItem } from '../ui/menu'
import { columnMenu } from './columnMenu'
import { exportItems } from './exportMenu'
import { actionItems, mayOf, memberItems, starAndPinItems } from './runMenus'
import type { TableModel } from './tableModel'
import { toggled } from './viewEdits'

export function columnItems(id: string, table: TableModel): Menu {
  const column = table.columnOf(id)
  return column ? columnMenu(column, table.view, table.listed(id), table.arranged, table.change) : []
}

/** @param runIds what is done is done to all of these; `row` is one of them */
export function runItems(row: TableRow, column: GridColumn, runIds: readonly string[], table: TableModel): Menu {
  const { view, arrangement } = table
  const state = { starred: row.starred, pinned: view.pinnedRuns.includes(row.key) }
  return [
    ...actionItems(runIds.length, row.deleted ? 'deleted' : 'active', mayOf(arrangement), (action) =>
      table.act(action, runIds),
    ),
    ...lastItems(state, runIds, column, table),
  ]
}

/**
 * Of a group's row, for its members.
 *
 * @param select selects them too, or no longer where all of them are
 */
export function groupItems(
  row: TableRow,
  column: GridColumn,
  runIds: readonly string[],
  selected: ReadonlySet<string>,
  table: TableModel,
  select: () => void,
): Menu {
  const { view, arrangement, lifecycle, change } = table
  const isSelected = runIds.every((runId) => selected.has(runId))
  const state = { starred: undefined, pinned: runIds.every((runId) => view.pinnedRuns.includes(runId)) }
  return [
    {
      label: row.expanded ? t('Collapse') : t('Expand'),
      run: () => change({ expanded: toggled(view.expanded, row.key) }),
    },
    { label: selectLabel(runIds.length, isSelected), detail: t('Space'), run: select },
    'line',
    ...memberItems(runIds.length, lifecycle, mayOf(arrangement), (action) => table.act(action, runIds)),
    ...lastItems(state, runIds, column, table),
  ]
}

/** Those that the menus of a run and of a group have in common. */
const lastItems = (
  state: Parameters<typeof starAndPinItems>[0],
  runIds: readonly string[],
  column: GridColumn,
  table: TableModel,
): Menu => [
  'line',
  exportItem(runIds, table),
  'line',
  ...starAndPinItems(state, runIds, table.view, table.change, (on) => table.star(runIds, on)),
  'line',
  columnItem(column, table),
]

function selectLabel(count: number, isSelected: boolean): string {
  if (count === 1) return isSelected ? t('Deselect its run') : t('Select its run')
  return isSelected ? t('Deselect its {0} runs', formatCount(count)) : t('Select its {0} runs', formatCount(count))
}

const exportItem = (runIds: readonly string[], table: TableModel): MenuItem => ({
  label: t('Export'),
  icon: 'export',
  items: () => exportItems(runIds, table),
})

const columnItem = ({ id, label }: GridColumn, table: TableModel): MenuItem => ({
  label: t('Column “{0}”', label.slice(0, 60)),
  items: () => columnItems(id, table),
})
