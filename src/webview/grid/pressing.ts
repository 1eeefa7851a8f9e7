/** Does what a key means, where the focus is. */
import type { Controls } from './controls'
import { headRow } from './head'
import type { GridAction } from './keys'

/** Pixels by which a key resizes a column. */
const keyStep = 16

/** False where there is nothing to do: then the key is somebody else's. */
export function perform(action: GridAction, shift: boolean, grid: Controls): boolean {
  const { active } = grid.view
  const { row, column } = active
  const item = row === headRow ? undefined : grid.view.shown?.cache.row(row)
  grid.hideWhole()
  switch (action.do) {
    case 'move':
      go(grid, row + action.rows, column + action.columns, action.select)
      return true
    case 'page':
      go(grid, Math.max(0, row + action.by * grid.view.pageRows), column, action.select)
      return true
    case 'end':
      goToEnd(grid, action)
      return true
    case 'header':
      grid.moveTo({ row: headRow, column })
      return true
    case 'right':
    case 'left':
      goSideways(grid, action.do === 'right' ? 1 : -1)
      return true
    case 'toggle':
      if (row === headRow) grid.sort(column, shift)
      else if (item) grid.selecting.toggle(row, item)
      return true
    case 'selectAll':
      grid.selecting.span({ from: 0, to: grid.view.shown?.data.rows ?? 0 })
      return true
    case 'clear':
      if (grid.selection.keys.size === 0) return false
      grid.selection.clear()
      return true
    case 'activate':
      if (row === headRow) grid.sort(column, shift)
      else if (item?.kind === 'group') grid.expand(item)
      else if (item) grid.open(item)
      return true
    case 'menu':
      grid.openMenu(active, grid.activeAnchor())
      return true
    case 'whole':
      grid.showWhole(active, grid.activeAnchor())
      return true
    case 'copy':
      if (document.getSelection()?.type === 'Range') return false
      grid.copy(active)
      return true
    case 'moveColumn':
      grid.moveColumn(column, action.by)
      return true
    case 'resizeColumn':
      grid.resizeColumn(column, action.by * keyStep)
      return true
  }
}

function go(grid: Controls, row: number, column: number, select: boolean, first = false): void {
  const from = grid.view.active.row
  grid.moveTo({ row, column }, first)
  if (select && from !== headRow && grid.view.active.row !== headRow) grid.selecting.extend(from, grid.view.active.row)
}

function goToEnd(grid: Controls, { of, last, select }: GridAction & { do: 'end' }): void {
  const { rows = 0, columns = [] } = grid.view.shown?.data ?? {}
  const row = of === 'row' ? grid.view.active.row : last ? rows - 1 : 0
  const column = of === 'column' ? grid.view.active.column : last ? columns.length - 1 : 0
  go(grid, row, column, select, of !== 'column' && !last)
}

/** In the first column, to the side means into the tree or out of it; else, and where there is no tree, to the next cell. */
function goSideways(grid: Controls, by: 1 | -1): void {
  const { row, column } = grid.view.active
  const item = row === headRow || column !== 0 ? undefined : grid.view.shown?.cache.row(row)
  if (item && item.children > 0 && item.expanded !== by > 0) grid.expand(item)
  else if (item && by < 0 && item.depth > 0) grid.moveTo({ row: parentOf(grid, row, item.depth), column: 0 })
  else grid.moveTo({ row, column: column + by })
}

function parentOf({ view: { shown } }: Controls, row: number, depth: number): number {
  for (let index = row - 1; index >= 0; index--) {
    const above = shown?.cache.row(index)
    if (!above) return row
    if (above.depth < depth) return index
  }
  return row
}
