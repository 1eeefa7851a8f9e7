import type { Dimension } from '../../shared/across/dimension'
import { standingOf } from '../../shared/across/place'
import { yAxisOf } from '../charts/reading'
import { valueTicks } from '../../shared/ticks'

/** Px, from one end of an axis to the other; the second may be the lesser. */
export type Span = readonly [from: number, to: number]

export interface Tick {
  readonly at: number
  readonly label: string
}

/** Where runs are on an axis. Each kind of what is no number (not set, NaN, an infinity) has a place of its own at an end. */
export interface Scale {
  readonly dimension: Dimension
  readonly log: boolean
  /** Px of a run. */
  readonly at: (row: number) => number
  /** Px of a number. */
  readonly of: (value: number) => number
  /** The number at a px, within the axis. */
  readonly value: (at: number) => number
  /** The part of the axis that has numbers. */
  readonly span: Span
  readonly ticks: readonly Tick[]
  /** Ticks of what is no number. */
  readonly apart: readonly Tick[]
}

export interface ScaleOptions {
  readonly log: boolean
  readonly span: Span
  /** Px between ticks, at least. */
  readonly room: number
  /** Px for each kind of what is no number. */
  readonly slot: number
}

export function scaleOf(dimension: Dimension, rows: readonly number[], options: ScaleOptions): Scale {
  const { log, span, room, slot } = options
  const [from, to] = span
  const direction = Math.sign(to - from)
  const below = new Set<string>()
  const above = new Set<string>()
  let low = Infinity
  let high = -Infinity
  const found = new Set<number>()
  for (const row of rows) {
    const standing = standingOf(dimension, row, log)
    if ('word' in standing) (standing.above ? above : below).add(standing.word)
    else {
      low = Math.min(low, standing.value)
      high = Math.max(high, standing.value)
      found.add(standing.value)
    }
  }
  const slots = (words: ReadonlySet<string>, end: number, inwards: number): Tick[] =>
    [...words].sort().map((label, at) => ({ label, at: end + inwards * slot * (at + 0.5) }))
  const apart = [...slots(below, from, direction), ...slots(above, to, -direction)]
  const inner: Span = [from + direction * slot * below.size, to - direction * slot * above.size]
  const length = Math.abs(inner[1] - inner[0])
  const domain = dimension.numeric
    ? yAxisOf(low <= high ? { low, high, notPositive: 0 } : undefined, log)
    : ([-0.5, Math.max(0.5, dimension.words.length - 0.5)] as const)
  const on = log ? Math.log : (value: number): number => value
  const off = log ? Math.exp : (value: number): number => value
  const [start, end] = [on(domain[0]), on(domain[1])]
  const of = (value: number): number => inner[0] + (inner[1] - inner[0]) * ((on(value) - start) / (end - start))
  const places = new Map(apart.map(({ label, at }) => [label, at]))
  const few = [...found].sort((a, b) => a - b)
  const fits = (values: readonly number[]): boolean =>
    values.every((value, at) => at === 0 || Math.abs(of(value) - of(values[at - 1] ?? 0)) >= room)
  const chosen = !dimension.numeric
    ? thinned(
        dimension.words.map((_, at) => at),
        Math.max(1, Math.floor(length / room)),
      )
    : few.length <= 8 && fits(few)
      ? few
      : low > high
        ? []
        : valueTicks(domain, Math.max(2, Math.floor(length / room)), log)
  return {
    dimension,
    log,
    of,
    span: inner,
    at: (row) => {
      const standing = standingOf(dimension, row, log)
      return 'word' in standing ? (places.get(standing.word) ?? from) : of(standing.value)
    },
    value: (at) => off(start + (end - start) * Math.min(1, Math.max(0, (at - inner[0]) / (inner[1] - inner[0])))),
    ticks: chosen.map((value) => ({ at: of(value), label: dimension.format(value) })),
    apart,
  }
}

/** At most so many, evenly chosen. */
function thinned(places: readonly number[], most: number): number[] {
  const every = Math.ceil(places.length / most)
  return places.filter((_, at) => at % every === 0)
}
