/** All that a cell has to tell, of which it may show only the beginning. */
import { cellDetails } from './cellText'
import type { Shown } from './rowCache'
import type { GridColumn, RowSource, TableRow } from './types'

/** Texts come cut at this length: what is as long may have more. */
const cutAt = 300

export interface Details {
  readonly column: GridColumn
  readonly lines: readonly string[]
  /** Asks for all of a text that came cut; undefined where it is whole. */
  readonly whole: (() => Promise<string | null>) | undefined
  /** Asks for more lines about what a name names. */
  readonly more: (() => Promise<readonly string[]>) | undefined
}

/** Undefined where there is nothing to tell, or not yet. */
export function detailsOf(
  { data, cache }: Shown,
  source: RowSource | undefined,
  index: number,
  at: number,
): Details | undefined {
  const column = data.columns[at]
  const row = cache.row(index)
  if (!column || !row) return undefined
  const lines = at === 0 ? leadDetails(row) : cellDetails(column, cache.cell(index, column.id))
  const mayBeCut = at > 0 && row.kind === 'run' && column.kind === 'text' && (lines[0] ?? '').length >= cutAt
  return {
    column,
    lines,
    whole: mayBeCut && source ? () => source.whole(row.key, column.id) : undefined,
    more: at === 0 && row.kind === 'run' && source ? () => source.about(row.key) : undefined,
  }
}

/** The name first. */
function leadDetails(row: TableRow): string[] {
  const lines = [row.label]
  if (row.kind === 'run') lines.push(row.key)
  if (row.problem !== null) lines.push(row.problem)
  return lines
}

export const isCut = (cell: Element): boolean =>
  [cell, ...cell.querySelectorAll('.name')].some((words) => words.scrollWidth > words.clientWidth)

/** Width at which a column shows all that of it is in sight, px. */
export function fittingWidth(root: ParentNode, column: number): number {
  const cells = root.querySelectorAll(`[aria-colindex="${column + 1}"]:not([aria-colspan])`)
  return Math.max(...[...cells].map(contentWidth)) + 18
}

/** Of what a cell or a column's name would show if it had room, px. */
function contentWidth(cell: Element): number {
  const words = cell.querySelector('.title, .name')
  const range = document.createRange()
  range.selectNodeContents(words ?? cell)
  const beside = [...cell.querySelectorAll('.tick, .twisty, .dot, .mark, .count, .star, .sorted')]
  return beside.reduce(
    (sum, part) => sum + part.getBoundingClientRect().width + 4,
    Math.max(range.getBoundingClientRect().width, words?.scrollWidth ?? 0),
  )
}
