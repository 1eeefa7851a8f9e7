/** What two groups of runs differ in most. */
import type { Steps } from '../steps'
import { quantile } from './box'
import type { Dimension } from './dimension'
import { Random } from './random'
import { midranks } from './ranks'

export interface Separation {
  readonly dimension: Dimension
  /**
   * 0 … 1. Of numbers: by how much likelier a run of one group has the greater one than the lesser (Cliff's delta, unsigned). Of words:
   * the share of a group that would have to change for both to be alike. 1 parts them entirely.
   */
  readonly difference: number
  /** As high a difference is reached by one in twenty random partings of the runs: a lower one says nothing. */
  readonly byChance: number
  /** Of numbers: positive where the first group has the greater ones. */
  readonly direction: number
  /** Of numbers: medians of the groups; NaN where a group has none. */
  readonly medians: readonly [number, number]
  /** Of words, and of "not set": what is commoner in the first group than in the second by most, with its runs in both. */
  readonly word: { readonly text: string | undefined; readonly counts: readonly [number, number] }
}

const partings = 200

/** Parameters and tags by how much they part two groups, most first; those that are alike in all runs are left out. */
export function* separations(
  dimensions: readonly Dimension[],
  first: readonly number[],
  second: readonly number[],
): Steps<Separation[]> {
  const rows = [...first, ...second]
  const found: Separation[] = []
  if (first.length === 0 || second.length === 0) return found
  const shuffles = partingsOf(rows.length, first.length)
  for (const dimension of dimensions) {
    const measure = measureOf(dimension, rows)
    yield
    if (!measure) continue
    const inFirst = new Uint8Array(rows.length).fill(1, 0, first.length)
    const { difference, direction } = measure(inFirst)
    const chances = Float64Array.from(shuffles, (parting) => measure(parting).difference).sort()
    yield
    found.push({
      ...{ dimension, difference, direction },
      byChance: quantile(chances, 0.95),
      medians: [medianOf(dimension, first), medianOf(dimension, second)],
      word: tellingWord(dimension, first, second),
    })
  }
  return found.sort((a, b) => beyondChance(b) - beyondChance(a) || b.difference - a.difference)
}

/** True where a difference is greater than chance makes it. */
export const isTelling = ({ difference, byChance }: Separation): boolean => difference > byChance

const beyondChance = ({ difference, byChance }: Separation): number => difference - byChance

/** Random choices of as many runs as the first group has. */
function partingsOf(runs: number, chosen: number): Uint8Array[] {
  const random = new Random(1)
  return Array.from({ length: partings }, () => {
    const order = Int32Array.from({ length: runs }, (_, at) => at)
    random.shuffle(order, chosen)
    const parting = new Uint8Array(runs)
    for (const at of order.subarray(0, chosen)) parting[at] = 1
    return parting
  })
}

type Measure = (inFirst: Uint8Array) => { readonly difference: number; readonly direction: number }

/** Undefined where all runs are alike. */
function measureOf({ numeric, values }: Dimension, rows: readonly number[]): Measure | undefined {
  const found = Float64Array.from(rows, (row) => values[row] ?? NaN)
  const present = [...found.keys()].filter((at) => !Number.isNaN(found[at] ?? NaN))
  const kinds = new Map([...new Set(found)].map((value, place) => [value, place])) // a Map knows NaN as one
  if (kinds.size < 2) return undefined
  const byWord = wordMeasure(
    Int32Array.from(found, (value) => kinds.get(value) ?? 0),
    kinds.size,
  )
  if (!numeric) return byWord
  const isThere = wordMeasure(
    Int32Array.from(found, (value) => (Number.isNaN(value) ? 1 : 0)),
    2,
  )
  const byNumber = numberMeasure(present, midranks(present.map((at) => found[at] ?? 0)))
  return (inFirst) => {
    const [number, there] = [byNumber(inFirst), isThere(inFirst)]
    return number.difference >= there.difference ? number : there
  }
}

/** Cliff's delta, by ranks. */
function numberMeasure(present: readonly number[], ranks: Float64Array): Measure {
  return (inFirst) => {
    let count = 0
    let sum = 0
    present.forEach((at, place) => {
      if (inFirst[at] !== 1) return
      count++
      sum += ranks[place] ?? 0
    })
    const others = present.length - count
    if (count === 0 || others === 0) return { difference: 0, direction: 0 }
    const delta = (2 * (sum - (count * (count + 1)) / 2)) / (count * others) - 1
    return { difference: Math.abs(delta), direction: Math.sign(delta) }
  }
}

/** Half the sum of the differences of shares. */
function wordMeasure(codes: Int32Array, kinds: number): Measure {
  return (inFirst) => {
    const counts = new Int32Array(kinds)
    const others = new Int32Array(kinds)
    let count = 0
    codes.forEach((code, at) => {
      const group = inFirst[at] === 1 ? counts : others
      group[code] = (group[code] ?? 0) + 1
      count += inFirst[at] ?? 0
    })
    const rest = codes.length - count
    let difference = 0
    for (let kind = 0; kind < kinds; kind++)
      difference += Math.abs((counts[kind] ?? 0) / count - (others[kind] ?? 0) / rest) / 2
    return { difference, direction: 0 }
  }
}

function medianOf({ numeric, values }: Dimension, rows: readonly number[]): number {
  if (!numeric) return NaN
  return quantile(
    Float64Array.from(rows.map((row) => values[row] ?? NaN).filter((value) => !Number.isNaN(value))).sort(),
    0.5,
  )
}

function tellingWord(dimension: Dimension, first: readonly number[], second: readonly number[]): Separation['word'] {
  const count = (rows: readonly number[]): Map<string | undefined, number> => {
    const counts = new Map<string | undefined, number>()
    for (const row of rows) counts.set(dimension.textAt(row), (counts.get(dimension.textAt(row)) ?? 0) + 1)
    return counts
  }
  const [inFirst, inSecond] = [count(first), count(second)]
  const lead = (text: string | undefined): number =>
    (inFirst.get(text) ?? 0) / first.length - (inSecond.get(text) ?? 0) / second.length
  const text = [...inFirst.keys()].reduce(
    (best, word) => (lead(word) > lead(best) ? word : best),
    [...inFirst.keys()][0],
  )
  return { text, counts: [inFirst.get(text) ?? 0, inSecond.get(text) ?? 0] }
}
