import type { Cells, GridData, RowSource, TableRow } from './types'
import type { Span } from './windowing'

/** Rows asked for at once. */
const blockRows = 128
/** Blocks kept; those farthest from what is in sight go first. */
const mostBlocks = 96

const noColumn = ''

interface Block {
  rows: readonly TableRow[] | undefined
  readonly columns: Map<string, Cells>
  /** Columns on their way, each with what calls it off. */
  readonly loading: Map<string, AbortController>
}

/** What a grid shows, with its rows as far as they were fetched. */
export interface Shown {
  readonly data: GridData
  readonly cache: RowCache
}

/** A cell's place in what was fetched. */
export interface Fetched {
  readonly cells: Cells
  readonly index: number
}

/** The rows of one revision, fetched in blocks as they come in sight, and called off when they leave it before they arrive. */
export class RowCache {
  readonly #source: RowSource
  readonly #told: { arrived(): void; gone(): void; failed(error: unknown): void }
  readonly #blocks = new Map<number, Block>()

  constructor(
    readonly revision: number,
    readonly rows: number,
    source: RowSource,
    told: { arrived(): void; gone(): void; failed(error: unknown): void },
  ) {
    this.#source = source
    this.#told = told
  }

  row(index: number): TableRow | undefined {
    return this.#blocks.get(Math.floor(index / blockRows))?.rows?.[index % blockRows]
  }

  cell(index: number, column: string): Fetched | undefined {
    const cells = this.#blocks.get(Math.floor(index / blockRows))?.columns.get(column)
    return cells && { cells, index: index % blockRows }
  }

  /** Whether all of these rows are there with these columns. */
  has(rows: Span, columns: readonly string[]): boolean {
    return blocksOf(rows).every((number) => {
      const block = this.#blocks.get(number)
      return block?.rows !== undefined && columns.every((column) => block.columns.has(column))
    })
  }

  /** Fetches what of `inSight` is missing, then `ahead`; calls off all that is in neither. */
  want(inSight: readonly Span[], ahead: Span, columns: readonly string[]): void {
    const wanted = new Set([...inSight.flatMap(blocksOf), ...blocksOf(ahead)])
    for (const [number, block] of this.#blocks)
      if (!wanted.has(number)) for (const controller of new Set(block.loading.values())) controller.abort()
    for (const number of wanted) if (number * blockRows < this.rows) this.#fetch(number, columns)
    this.#forget(wanted)
  }

  stop(): void {
    for (const block of this.#blocks.values())
      for (const controller of new Set(block.loading.values())) controller.abort()
  }

  #fetch(number: number, columns: readonly string[]): void {
    const block = this.#blocks.get(number) ?? { rows: undefined, columns: new Map(), loading: new Map() }
    this.#blocks.set(number, block)
    const missing = columns.filter((column) => !block.columns.has(column) && !block.loading.has(column))
    const rowsMissing = block.rows === undefined && block.loading.size === 0
    if (missing.length > 0 || rowsMissing) void this.#load(number, block, missing)
  }

  async #load(number: number, block: Block, columns: readonly string[]): Promise<void> {
    const controller = new AbortController()
    // A table may have no column but its first, which rows themselves fill.
    for (const column of columns.length > 0 ? columns : [noColumn]) block.loading.set(column, controller)
    const from = number * blockRows
    const to = Math.min(this.rows, from + blockRows)
    try {
      const { revision } = this
      const { rows, columns: cells } = await this.#source.rows({ revision, from, to, columns }, controller.signal)
      if (!rows) {
        this.#told.gone()
        return
      }
      block.rows = rows
      columns.forEach((column, index) => {
        const fetched = cells[index]
        if (fetched) block.columns.set(column, fetched)
      })
      this.#settle(block, controller)
      this.#told.arrived()
    } catch (error) {
      if (!controller.signal.aborted) this.#told.failed(error)
    } finally {
      this.#settle(block, controller)
    }
  }

  #settle(block: Block, controller: AbortController): void {
    for (const [column, loading] of block.loading) if (loading === controller) block.loading.delete(column)
  }

  #forget(wanted: ReadonlySet<number>): void {
    if (this.#blocks.size <= mostBlocks) return
    const middle = [...wanted].reduce((sum, number) => sum + number, 0) / Math.max(1, wanted.size)
    const numbers = [...this.#blocks.keys()].filter((number) => !wanted.has(number))
    numbers.sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle))
    for (const number of numbers.slice(0, this.#blocks.size - mostBlocks)) this.#blocks.delete(number)
  }
}

function blocksOf({ from, to }: Span): number[] {
  if (to <= from) return []
  const first = Math.floor(from / blockRows)
  return Array.from({ length: Math.floor((to - 1) / blockRows) - first + 1 }, (_, index) => first + index)
}
