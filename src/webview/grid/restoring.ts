/** Finds again where a user was. */
import { headRow } from './head'
import type { GridData, GridPlace, RowSource } from './types'

/** Index of a column, if it is there. */
export function columnIn({ columns }: GridData, id: string | undefined): number | undefined {
  const at = columns.findIndex((column) => column.id === id)
  return at < 0 ? undefined : at
}

/** Rows at which the scrolling part of the view begins, and where the focus is; undefined where neither is there. */
export async function restoredPlace(
  { revision }: GridData,
  { first, within, row }: GridPlace,
  source: RowSource,
): Promise<{ readonly first: number; readonly within: number; readonly active: number } | undefined> {
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
