import type { GridColumn, GridData } from './types'
import { startsOf } from './windowing'

/** Height of a row, px; `gridStyles.ts` has it too. */
export const rowHeight = 22
/** Of the two rows of the header, with the line below them. */
export const headHeight = 18 + 26 + 1
/** Most of a narrow grid that columns may keep from scrolling. */
const mostPinned = 0.6
/** The first column never takes more of a grid than this. */
const mostLead = 0.5
const narrowest = 90

/** Where the columns and rows of a grid lie in a view of a certain size, px. */
export interface Geometry {
  readonly columns: readonly GridColumn[]
  readonly starts: readonly number[]
  readonly width: number
  /** Columns that stay in sight: the first at least, and those that the user pinned as long as room is left for others. */
  readonly pinned: number
  readonly pinnedWidth: number
  /** Rows that stay in sight, and where the others begin below the header. */
  readonly stuck: number
  readonly viewHeight: number
}

export function geometryOf(data: GridData, width: number, height: number): Geometry {
  const columns = data.columns.map((column, index) =>
    index === 0 ? { ...column, width: Math.min(column.width, Math.max(narrowest, width * mostLead)) } : column,
  )
  const starts = startsOf(columns.map((column) => column.width))
  let pinned = 1
  while (columns[pinned]?.pinned && (starts[pinned + 1] ?? 0) <= width * mostPinned) pinned++
  const room = Math.max(0, height - headHeight)
  const stuck = Math.min(data.pinnedRows, Math.floor(room / 2 / rowHeight))
  return {
    columns,
    starts,
    width: starts[columns.length] ?? 0,
    pinned,
    pinnedWidth: starts[pinned] ?? 0,
    stuck,
    viewHeight: Math.max(0, room - stuckHeight(stuck)),
  }
}

/** With the line below it. */
export const stuckHeight = (rows: number): number => (rows > 0 ? rows * rowHeight + 2 : 0)

/** Columns of one heading that stand side by side, among the columns from … to. */
export interface Band {
  readonly label: string
  readonly from: number
  readonly to: number
}

export function bandsOf(columns: readonly GridColumn[], from: number, to: number): Band[] {
  const bands: { label: string; from: number; to: number }[] = []
  for (let index = from; index < to; index++) {
    const label = columns[index]?.group ?? ''
    const last = bands.at(-1)
    if (last?.label === label) last.to = index + 1
    else bands.push({ label, from: index, to: index + 1 })
  }
  return bands
}
