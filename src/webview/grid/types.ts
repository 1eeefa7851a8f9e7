import type { Cells, TableRow, TableWindow } from '../../shared/runsTable/protocol'

export type { Cells, TableRow, TableWindow }

/** A column as the grid draws it. The first of a grid names the row, carries its tree, and always stays in sight. */
export interface GridColumn {
  readonly id: string
  readonly label: string
  /** Heading of the columns that stand together. */
  readonly group: string
  readonly kind: 'number' | 'text' | 'time' | 'duration' | 'status'
  /** CSS pixels. */
  readonly width: number
  readonly pinned: boolean
  readonly draw?: 'bar' | 'sparkline' | undefined
  /** Ends of a bar's scale. */
  readonly extent: readonly [number, number] | null
  /** A better value is the … one. */
  readonly better?: 'lower' | 'higher' | undefined
  /** The values are the same words again and again in a language of machines: shown in the editor's font. */
  readonly mono?: boolean
}

/** Where a menu opens, px in the window. */
export interface Anchor {
  readonly x: number
  readonly y: number
}

/** What a menu of a column opens for. */
export interface ColumnMenuDetail {
  readonly column: GridColumn
  readonly anchor: Anchor
}

/** What a menu of a cell opens for. */
export interface RowMenuDetail extends ColumnMenuDetail {
  readonly row: TableRow
  /** Of the row, among all. */
  readonly index: number
}

export interface GridOrder {
  readonly id: string
  readonly descending: boolean
}

/** What a grid shows; rows are asked for as they come in sight. */
export interface GridData {
  readonly revision: number
  readonly rows: number
  /** Of them, at the top and always in sight. */
  readonly pinnedRows: number
  readonly columns: readonly GridColumn[]
  readonly order: readonly GridOrder[]
}

/** Where a user is in a grid, by what is there and not by where it is. Lengths are CSS pixels. */
export interface GridPlace {
  /** Key of the row at which the part that scrolls begins, and how much of it is above; null at the top. */
  readonly first: string | null
  readonly within: number
  /** How far it is scrolled sideways. */
  readonly left: number
  /** The focus: a row's key, null in the header, and a column's id. */
  readonly row: string | null
  readonly column: string
}

/** Where a grid's rows come from. */
export interface RowSource {
  /** `rows` is null where the revision is gone. */
  rows(
    query: {
      readonly revision: number
      readonly from: number
      readonly to: number
      readonly columns: readonly string[]
    },
    signal: AbortSignal,
  ): Promise<TableWindow>
  /** Row of a key, or -1. */
  find(revision: number, key: string): Promise<number>
  /** Keys of the rows that can be selected; null where the revision is gone. */
  ids(revision: number, from: number, to: number): Promise<readonly string[] | null>
  /** All of a text that a cell may show cut. */
  whole(key: string, column: string): Promise<string | null>
  /** What a row that can be selected is, in lines. */
  about(key: string): Promise<readonly string[]>
  sparklines(keys: readonly string[], column: string, width: number): Promise<readonly Float64Array[]>
}
