/** What two groups of runs differ in most. */
import type { Steps } from '../steps'
import { quantile } from './box'
import type { Dimension } from './dimension'
import { Random } from './random'
import { midranks } from './ranks'

export interface Separation {
  readonly dimension: Dimension
  /** What parts them: numbers that are greater or lesser, numbers in the middle, having a number at all, or words and what is not set. */
  readonly by: 'shift' | 'range' | 'set' | 'word'
  /**
   * 0 … 1; 1 parts them entirely. `shift`: by how much likelier a run of one group has the greater number than the lesser (Cliff's delta,
   * unsigned). `range`: how much larger a share of the first group is in it. `set` and `word`: the share of a group that would have to
   * change for both to be alike.
   */
  readonly difference: number
  /**
   * A lower difference says nothing: of a hundred random partings of the runs, one has a difference as high in this dimension, or one as
   * far above what is usual there in any other that was compared.
   */
  readonly byChance: number
  /** Of numbers: positive where the first group has the greater ones. */
  readonly direction: number
  /** Of numbers: medians of the groups; NaN where a group has none. */
  readonly medians: readonly [number, number]
  /** Of numbers: where the middle four fifths of the first group are, and how many runs of both are there. */
  readonly range: { readonly low: number; readonly high: number; readonly counts: readonly [number, number] }
  /** Of numbers: runs of both groups that have one. */
  readonly set: readonly [number, number]
  /** Of words, and of "not set": what is commoner in the first group than in the second by most, with its runs in both. */
  readonly word: { readonly text: string | undefined; readonly counts: readonly [number, number] }
}

const partings = 200
/** Share of random partings that have nothing that would be told of. */
const chance = 0.99

/**
 * Parameters and tags by how much they part two groups, most first; those that are alike in all runs are left out. The more there are, and
 * the more ways to part runs by each, the more of them part a random choice of runs: so differences are judged by the greatest that each
 * random parting has anywhere (Westfall and Young's max-T), above what is usual of the same measure.
 */
export function* separations(
  dimensions: readonly Dimension[],
  first: readonly number[],
  second: readonly number[],
): Steps<Separation[]> {
  const rows = [...first, ...second]
  const found: (Omit<Separation, 'byChance'> & { usual: number })[] = []
  if (first.length === 0 || second.length === 0) return []
  const inFirst = new Uint8Array(rows.length).fill(1, 0, first.length)
  const all = [inFirst, ...partingsOf(rows.length, first.length)]
  /** By parting: how far its greatest difference is above the usual. */
  const greatest = new Float64Array(all.length).fill(-Infinity)
  for (const dimension of dimensions) {
    let best: (ReturnType<Measure> & { usual: number }) | undefined
    for (const measure of measuresOf(dimension, rows)) {
      const chances = Float64Array.from(all, (parting) => measure(parting).difference)
      const usual = quantile(chances.slice().sort(), chance)
      chances.forEach((difference, at) => (greatest[at] = Math.max(greatest[at] ?? 0, difference - usual)))
      const measured = { ...measure(inFirst), usual }
      if (!best || measured.difference - usual > best.difference - best.usual) best = measured
      yield
    }
    if (!best) continue
    found.push({
      ...{ dimension, ...best },
      medians: [medianOf(dimension, first), medianOf(dimension, second)],
      range: rangeOf(dimension, first, second),
      set: [numbersIn(dimension, first), numbersIn(dimension, second)],
      word: tellingWord(dimension, first, second),
    })
  }
  const above = quantile(greatest.sort(), chance)
  return found
    .map(({ usual, ...one }): Separation => ({ ...one, byChance: Math.min(1, usual + above) }))
    .sort((a, b) => beyondChance(b) - beyondChance(a) || b.difference - a.difference)
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

type Measure = (inFirst: Uint8Array) => Pick<Separation, 'by' | 'difference' | 'direction'>

/** The ways to part runs by a dimension; none where all are alike. */
function measuresOf({ numeric, values }: Dimension, rows: readonly number[]): Measure[] {
  const found = Float64Array.from(rows, (row) => values[row] ?? NaN)
  const present = [...found.keys()].filter((at) => !Number.isNaN(found[at] ?? NaN))
  const kinds = new Map([...new Set(found)].map((value, place) => [value, place])) // a Map knows NaN as one
  if (kinds.size < 2) return []
  const codes = Int32Array.from(found, (value) => kinds.get(value) ?? 0)
  if (!numeric) return [sharesMeasure('word', codes, kinds.size)]
  const isSet = Int32Array.from(found, (value) => (Number.isNaN(value) ? 0 : 1))
  return [
    numberMeasure(present, midranks(present.map((at) => found[at] ?? 0))),
    sharesMeasure('set', isSet, 2),
    rangeMeasure(
      Int32Array.from(present).sort((a, b) => ((found[a] ?? 0) < (found[b] ?? 0) ? -1 : 1)),
      found,
    ),
  ]
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
    if (count === 0 || others === 0) return { by: 'shift', difference: 0, direction: 0 }
    const delta = (2 * (sum - (count * (count + 1)) / 2)) / (count * others) - 1
    return { by: 'shift', difference: Math.abs(delta), direction: Math.sign(delta) }
  }
}

/** What lies outside the range at either end, as a share of the group. */
const outside = 0.1

/** Shares of the groups that lie where the middle of the first does. @param sorted places of runs with a number, by that */
function rangeMeasure(sorted: Int32Array, found: Float64Array): Measure {
  return (inFirst) => {
    const own = sorted.filter((at) => inFirst[at] === 1)
    const cut = Math.floor(own.length * outside)
    const [low, high] = [found[own[cut] ?? -1] ?? NaN, found[own[own.length - 1 - cut] ?? -1] ?? NaN]
    let both = 0
    let first = 0
    for (const at of sorted) {
      const value = found[at] ?? NaN
      if (!(value >= low && value <= high)) continue
      both++
      first += inFirst[at] ?? 0
    }
    const size = inFirst.reduce((sum, one) => sum + one, 0)
    const difference = first / size - (both - first) / (inFirst.length - size)
    return { by: 'range', difference: Math.max(0, difference), direction: 0 }
  }
}

function rangeOf(
  { numeric, values }: Dimension,
  first: readonly number[],
  second: readonly number[],
): Separation['range'] {
  const number = (row: number): number => values[row] ?? NaN
  const own = Float64Array.from(first.map(number).filter((value) => numeric && !Number.isNaN(value))).sort()
  const cut = Math.floor(own.length * outside)
  const [low, high] = [own[cut] ?? NaN, own[own.length - 1 - cut] ?? NaN]
  const count = (rows: readonly number[]): number =>
    rows.filter((row) => number(row) >= low && number(row) <= high).length
  return { low, high, counts: [count(first), count(second)] }
}

/** Half the sum of the differences of shares. */
function sharesMeasure(by: 'set' | 'word', codes: Int32Array, kinds: number): Measure {
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
    return { by, difference, direction: 0 }
  }
}

function numbersIn({ numeric, values }: Dimension, rows: readonly number[]): number {
  return numeric ? rows.filter((row) => !Number.isNaN(values[row] ?? NaN)).length : 0
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
