import type { Grid } from '../grid/grid'
import type { TablePlace } from '../../shared/runsTable/protocol'
import type { TableHost } from './tableHost'

/** A pause after which it is written down where the user is, ms. */
const pause = 200
/** More selected runs than this are not remembered: some of them would be another selection. */
const mostSelected = 5000

/** Where the user is in a table: written down as it changes, found again when the page is made anew. */
export class KeptPlace {
  readonly #grid: () => Grid | null
  readonly #host: () => TableHost
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Where to return to, until all runs are there or the user goes elsewhere. */
  wanted: TablePlace | undefined

  constructor(grid: () => Grid | null, host: () => TableHost) {
    this.#grid = grid
    this.#host = host
  }

  /** The user is somewhere else now. */
  readonly changed = (): void => {
    this.#timer ??= setTimeout(this.now, pause)
  }

  /** The user takes over. */
  readonly taken = (): void => {
    this.wanted = undefined
  }

  readonly now = (): void => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const grid = this.#grid()
    const place = grid?.place
    if (!grid || !place || this.wanted) return
    const selected = grid.selection.keys.size > mostSelected ? [] : [...grid.selection.keys]
    this.#host().rememberPlace({ ...place, selected })
  }

  /** Selects what was selected. @param isLast no more runs are to come */
  restoreSelection(isLast: boolean): void {
    const { selection } = this.#grid() ?? {}
    if (this.wanted && selection) selection.replace(this.wanted.selected, selection.begin())
    if (isLast) this.wanted = undefined
  }
}
