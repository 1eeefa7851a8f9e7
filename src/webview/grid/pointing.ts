/** Does what the pointer is used for on rows and cells. */
import type { Controls } from './controls'
import { headRow } from './head'
import type { CellTarget } from './rowViews'

/** @param target what was clicked */
export function click(event: MouseEvent, target: CellTarget | undefined, grid: Controls): void {
  const row = target && grid.view.shown?.cache.row(target.row)
  if (!row) return
  const from = grid.view.active.row
  grid.moveTo({ row: target.row, column: target.column ?? grid.view.active.column })
  if (target.part === 'star') grid.star(row)
  else if (target.part === 'twisty' && row.children > 0) grid.expand(row)
  else if (event.shiftKey) grid.selecting.extend(from, grid.view.active.row)
  else if (target.part === 'tick' || event.ctrlKey || event.metaKey) grid.selecting.toggle(target.row, row)
  else if (row.kind === 'group') grid.expand(row)
  else if (target.part === 'name') grid.open(row)
  else grid.selection.only(row.key, target.row)
}

export function doubleClick(target: CellTarget | undefined, grid: Controls): void {
  const row = target && grid.view.shown?.cache.row(target.row)
  if (row?.kind === 'run' && target?.part === undefined) grid.open(row)
}

/** @param head the column whose name was clicked, if it was one */
export function contextMenu(
  event: MouseEvent,
  target: CellTarget | undefined,
  head: number | undefined,
  grid: Controls,
): void {
  event.preventDefault()
  if (head === undefined && !target) return
  grid.moveTo({ row: target?.row ?? headRow, column: head ?? target?.column ?? grid.view.active.column })
  // The keyboard's own event has no place.
  const byKey = event.clientX === 0 && event.clientY === 0
  grid.openMenu(grid.view.active, byKey ? grid.activeAnchor() : { x: event.clientX, y: event.clientY })
}
