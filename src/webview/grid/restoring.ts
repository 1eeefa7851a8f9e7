/** Finds again where a user was. */
import { headRow } from './head'
import type { Shown } from './rowCache'
import type { GridData, GridPlace, RowSource } from './types'
import type { GridView } from './view'

/** Rows at which the scrolling part of the view begins, how many px of it are above, and where the focus is. */
export interface FoundPlace {
  readonly first: number
  readonly within: number
  readonly active: number
}

/** Index of a column, if it is there. */
export function columnIn({ columns }: GridData, id: string | undefined): number | undefined {
  const at = columns.findIndex((column) => column.id === id)
  return at < 0 ? undefined : at
}

/** Where the user was in a page that is made anew; undefined where neither of its rows is there. */
export async function restoredPlace(
  { revision }: GridData,
  { first, within, row }: GridPlace,
  source: RowSource,
): Promise<FoundPlace | undefined> {
  const find = async (key: string | null): Promise<number> => {
    try {
      return key === null ? -1 : await source.find(revision, key)
    } catch {
      return -1 // the rows themselves tell of what failed
    }
  }
  const [top, active] = await Promise.all([find(first), find(row)])
  if (top < 0 && active < 0) return undefined
  return { first: Math.max(0, top), within: top < 0 ? 0 : within, active: row === null ? headRow : Math.max(0, active) }
}

/** Where in the rows of `data` that is which the view shows `before` them. */
export async function samePlace(
  { revision }: GridData,
  before: Shown,
  { active, layout, elements }: GridView,
  source: RowSource,
): Promise<FoundPlace> {
  const { scrollTop } = elements.scroller
  const { row, within } = layout?.firstAt(scrollTop) ?? { row: 0, within: 0 }
  const find = async (index: number): Promise<number> => {
    const key = before.cache.row(index)?.key
    if (key === undefined) return index
    try {
      const found = await source.find(revision, key)
      return found < 0 ? index : found
    } catch {
      return index // what is at this place now will do: the rows themselves tell of what failed
    }
  }
  // At the very top new rows are to be seen, not scrolled away.
  const [first, focused] = await Promise.all([scrollTop > 0 ? find(row) : 0, find(active.row)])
  return { first, within, active: focused }
}
