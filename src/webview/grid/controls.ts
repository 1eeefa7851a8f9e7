import type { RowSelecting } from './rowSelecting'
import type { Selection } from './selection'
import type { Anchor, TableRow } from './types'
import type { GridView } from './view'

/** A cell by its row and column; `headRow` is the header. */
export interface Place {
  readonly row: number
  readonly column: number
}

/** What keys and the pointer can do with a grid. */
export interface Controls {
  readonly view: GridView
  readonly selection: Selection
  readonly selecting: RowSelecting
  /** Where a menu of the active cell opens. */
  activeAnchor(): Anchor
  /** @param first also shows the first of the columns that scroll: the one that is moved to may be pinned */
  moveTo(place: Place, first?: boolean): void
  /** Opens a run's page. */
  open(row: TableRow): void
  expand(row: TableRow): void
  star(row: TableRow): void
  openMenu(place: Place, anchor: Anchor): void
  showWhole(place: Place, anchor: Anchor): void
  hideWhole(): void
  copy(place: Place): void
  sort(column: number, add: boolean): void
  moveColumn(column: number, by: number): void
  resizeColumn(column: number, by: number): void
}
