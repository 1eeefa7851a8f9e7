/** The menus that open over the table: of a column, of a row. */
import { t } from '../../shared/l10n'
import type { RowMenuDetail } from '../grid/types'
import type { Menu } from '../ui/menu'
import { columnMenu } from './columnMenu'
import { actionItems, mayOf, starAndPinItems } from './runMenus'
import type { TableModel } from './tableModel'
import { toggled } from './viewEdits'

export function columnItems(id: string, table: TableModel): Menu {
  const column = table.columnOf(id)
  return column ? columnMenu(column, table.view, table.listed(id), table.arranged, table.change) : []
}

/** @param selected ids of runs: what is done to one of them is done to all */
export function rowItems({ row, column }: RowMenuDetail, selected: ReadonlySet<string>, table: TableModel): Menu {
  const { view, arrangement, change } = table
  const columnItem = {
    label: t('Column “{0}”', column.label.slice(0, 60)),
    items: () => columnItems(column.id, table),
  }
  if (row.kind === 'group') {
    const toggle = {
      label: row.expanded ? t('Collapse') : t('Expand'),
      run: () => change({ expanded: toggled(view.expanded, row.key) }),
    }
    return [toggle, 'line', columnItem]
  }
  const runIds = selected.has(row.key) ? [...selected] : [row.key]
  const items = actionItems(runIds.length, row.deleted ? 'deleted' : 'active', mayOf(arrangement), (action) =>
    table.act(action, runIds),
  )
  const own = starAndPinItems(row, runIds, view, change, (on) => table.star(runIds, on))
  return [...items, 'line', ...own, 'line', columnItem]
}
