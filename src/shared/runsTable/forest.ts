/** Child runs under their parents, whatever the order. */
import { parentRunTag } from '../model'
import type { RunFrame } from '../runFrame'
import type { Steps } from '../steps'
import { compareText } from '../textOrder'

export interface Forest {
  /** Rows of the runs that stand at the top, in order. */
  readonly top: Uint32Array
  /** Those right below a run, in order. */
  readonly children: (row: number) => Uint32Array
  /** 1 for rows that are there only because something below them was found. */
  readonly context: Uint8Array
  /** Of a run and all below it, the row that comes first in the order: it is what the run stands for. */
  readonly first: (row: number) => number
}

/** Every run at the top. */
export function flat(ordered: Uint32Array, length: number): Forest {
  return { top: ordered, children: () => noRows, context: new Uint8Array(length), first: (row) => row }
}

const noRows = new Uint32Array(0)

/**
 * Of each row the row of its parent, or -1: where it has none, where that is not among the usable ones, and once in each circle, so
 * that no run is lost in it. Which one of a circle depends on ids only.
 *
 * @param usable 1 for rows that may show
 */
export function* parentsOf(frame: RunFrame, rows: Uint32Array, usable: Uint8Array): Steps<Int32Array> {
  const parents = new Int32Array(frame.length).fill(-1)
  const column = frame.tag(parentRunTag)
  if (!column) return parents
  const { codes, dictionary } = column
  // There are fewer parents than runs: looking for the runs among the parents is faster than the other way round.
  const codeOf = new Map(dictionary.map((text, code) => [text, code]))
  yield
  const { runIds } = frame.data.infos
  const rowOfCode = new Int32Array(dictionary.length).fill(-1)
  for (const row of rows) {
    const code = usable[row] === 1 ? codeOf.get(runIds[row] ?? '') : undefined
    if (code !== undefined) rowOfCode[code] = row
  }
  yield
  for (const row of rows) {
    const parent = rowOfCode[codes[row] ?? -1] ?? -1
    if (parent >= 0 && parent !== row) parents[row] = parent
  }
  yield
  breakCircles(frame, rows, parents)
  return parents
}

function breakCircles(frame: RunFrame, rows: Uint32Array, parents: Int32Array): void {
  /** By row: the number of the walk that came by, from 1 on. */
  const walks = new Uint32Array(frame.length)
  for (const [at, row] of rows.entries()) {
    const walk = at + 1
    let next = row
    while (next >= 0 && walks[next] === 0) {
      walks[next] = walk
      next = parents[next] ?? -1
    }
    if (next < 0 || walks[next] !== walk) continue
    let first = next
    for (let other = parents[next] ?? next; other !== next; other = parents[other] ?? next)
      if (compareText(frame.runId(other), frame.runId(first)) < 0) first = other
    parents[first] = -1
  }
}

/**
 * @param found rows of the runs that were found
 * @param alone rows that stand at the top wherever their parent is, perhaps not found
 * @param parents of each row; changed by this
 * @param sorted puts rows in order
 */
export function* nest(
  found: Uint32Array,
  alone: readonly number[],
  parents: Int32Array,
  sorted: (rows: Uint32Array) => Steps<Uint32Array>,
): Steps<Forest> {
  const { length } = parents
  const context = new Uint8Array(length)
  const included = new Uint8Array(length)
  const nodes = Array.from(found)
  for (const row of found) included[row] = 1
  for (const row of alone) {
    parents[row] = -1
    if (included[row] !== 1) nodes.push(row)
    included[row] = 1
  }
  // The list grows on the way.
  for (const node of nodes) {
    const parent = parents[node] ?? -1
    if (parent < 0 || included[parent] === 1) continue
    included[parent] = context[parent] = 1
    nodes.push(parent)
  }
  yield
  const order = yield* sorted(Uint32Array.from(nodes))
  // A run stands where the first of all that is below it and was found would, so that the first run is found in the first tree.
  const first = new Int32Array(length).fill(-1)
  const placed: number[] = []
  for (const row of order)
    for (let node = context[row] === 1 ? -1 : row; node >= 0 && first[node] === -1; node = parents[node] ?? -1) {
      first[node] = row
      placed.push(node)
    }
  yield
  // The children of a row lie side by side, from `starts[row]` on.
  const starts = new Uint32Array(length + 1)
  const top: number[] = []
  for (const row of placed) {
    const parent = parents[row] ?? -1
    if (parent < 0) top.push(row)
    else starts[parent + 1] = (starts[parent + 1] ?? 0) + 1
  }
  for (let row = 0; row < length; row++) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0)
  const next = starts.slice()
  const below = new Uint32Array(placed.length - top.length)
  for (const row of placed) {
    const parent = parents[row] ?? -1
    if (parent < 0) continue
    below[next[parent] ?? 0] = row
    next[parent] = (next[parent] ?? 0) + 1
  }
  return {
    top: Uint32Array.from(top),
    children: (row) => below.subarray(starts[row] ?? 0, starts[row + 1] ?? 0),
    context,
    first: (row) => first[row] ?? row,
  }
}
