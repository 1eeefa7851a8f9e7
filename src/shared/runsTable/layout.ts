/** The rows that show, of what is nested or grouped, as far as it is open. */
import type { Forest } from './forest'

export interface Layout {
  /** A run's row in the frame, or below 0: -1 is the first group, -2 the second … */
  readonly items: Int32Array
  readonly depths: Uint32Array
  /** Rows at the top that are those of pinned runs. */
  readonly pinned: number
}

/** A list that grows. */
class Rows {
  #items = new Int32Array(1024)
  #depths = new Uint32Array(1024)
  length = 0

  add(item: number, depth: number): void {
    if (this.length === this.#items.length) {
      const [items, depths] = [new Int32Array(2 * this.length), new Uint32Array(2 * this.length)]
      items.set(this.#items)
      depths.set(this.#depths)
      this.#items = items
      this.#depths = depths
    }
    this.#items[this.length] = item
    this.#depths[this.length++] = depth
  }

  done(pinned: number): Layout {
    return { items: this.#items.slice(0, this.length), depths: this.#depths.slice(0, this.length), pinned }
  }
}

/** @param pinned 1 for rows of pinned runs, which come first */
export function layOutForest(forest: Forest, pinned: Uint8Array, isOpen: (row: number) => boolean): Layout {
  const rows = new Rows()
  addTrees(rows, forest, (row) => pinned[row] === 1, isOpen)
  const count = rows.length
  addTrees(rows, forest, (row) => pinned[row] !== 1, isOpen)
  return rows.done(count)
}

/** Not by recursion: a chain of parents can be as long as there are runs. */
function addTrees(
  rows: Rows,
  { top, children }: Forest,
  wanted: (row: number) => boolean,
  isOpen: (row: number) => boolean,
): void {
  const stack: { readonly of: Uint32Array; at: number }[] = []
  for (const root of top) {
    if (!wanted(root)) continue
    rows.add(root, 0)
    if (isOpen(root)) stack.push({ of: children(root), at: 0 })
    for (let last = stack.at(-1); last; last = stack.at(-1)) {
      const row = last.of[last.at++]
      if (row === undefined) {
        stack.pop()
        continue
      }
      rows.add(row, stack.length)
      if (isOpen(row)) stack.push({ of: children(row), at: 0 })
    }
  }
}

/** Groups with their open members; pinned runs stand at the top and not below their group again. */
export function layOutGroups(
  groups: readonly { readonly rows: Uint32Array }[],
  pinnedRows: Uint32Array,
  isOpen: (group: number) => boolean,
): Layout {
  const rows = new Rows()
  const pinned = new Set(pinnedRows)
  for (const row of pinnedRows) rows.add(row, 0)
  for (const [at, { rows: members }] of groups.entries()) {
    rows.add(-1 - at, 0)
    if (isOpen(at)) for (const row of members) if (!pinned.has(row)) rows.add(row, 1)
  }
  return rows.done(pinned.size)
}
