/** Runs in a grid of two dimensions: how many fell into each cell, and what a metric says there. */
import { upperBound } from '../downsample'
import type { Dimension } from './dimension'

/** Different values that have a bin each; of more numbers, ranges of equal length are made. */
export const mostValues = 12
const ranges = 8

export interface Bins {
  readonly labels: readonly string[]
  /** Of a run; -1 where it has no value. */
  readonly binOf: (row: number) => number
  /** Of ranges: where each begins, and where the last one ends; undefined where each value has a bin. */
  readonly edges: readonly string[] | undefined
  /** Words beyond the bins, left out. */
  readonly leftOut: number
}

/** @param log ranges of equal length on a logarithmic axis, where all numbers are positive */
export function binsOf(dimension: Dimension, rows: readonly number[], log: boolean): Bins {
  const { values, format } = dimension
  const found = [...new Set(rows.map((row) => values[row] ?? NaN).filter(Number.isFinite))].sort((a, b) => a - b)
  if (!dimension.numeric || found.length <= mostValues) {
    const kept = dimension.numeric ? found : mostCommon(values, rows, found)
    const places = new Map(kept.map((value, at) => [value, at]))
    return {
      labels: kept.map(format),
      binOf: (row) => places.get(values[row] ?? NaN) ?? -1,
      edges: undefined,
      leftOut: found.length - kept.length,
    }
  }
  const edges = edgesOf(found[0] ?? 0, found.at(-1) ?? 1, log)
  const labels = labelsOf(edges, dimension)
  return {
    labels: labels.slice(1).map((end, at) => `${labels[at] ?? ''} – ${end}`),
    binOf: (row) => {
      const value = values[row] ?? NaN
      // Rounding may have left out the lowest or the highest number.
      return Number.isFinite(value) ? Math.min(ranges - 1, Math.max(0, upperBound(edges, value) - 1)) : -1
    },
    edges: labels,
    leftOut: 0,
  }
}

/** Where ranges of equal length begin, and the last one ends; as round as their lengths allow. */
function edgesOf(low: number, high: number, log: boolean): Float64Array {
  const isLog = log && low > 0
  const exact = Float64Array.from({ length: ranges + 1 }, (_, at) => {
    const share = at / ranges
    return isLog ? low ** (1 - share) * high ** share : low * (1 - share) + high * share
  })
  return exact.map((edge, at) => {
    const length = at === 0 ? (exact[1] ?? 0) - edge : edge - (exact[at - 1] ?? 0)
    const unit = 10 ** (Math.floor(Math.log10(isLog ? Math.min(length, edge) : length)) - 1)
    const units = edge / unit
    const whole = at === 0 ? Math.floor(units + 1e-9) : at === ranges ? Math.ceil(units - 1e-9) : Math.round(units)
    const round = Number((whole * unit).toPrecision(15)) // since 3 × 0.1 is not 0.3
    return Number.isFinite(round) ? round : edge
  })
}

/** In full where six digits don't tell numbers apart. */
function labelsOf(edges: Float64Array, { kind, format }: Dimension): string[] {
  const labels = Array.from(edges, (edge) => format(edge))
  return kind === 'fact' || new Set(labels).size === labels.length ? labels : Array.from(edges, String)
}

/** The values that most runs have, in their order. */
function mostCommon(values: Float64Array, rows: readonly number[], found: readonly number[]): number[] {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(values[row] ?? NaN, (counts.get(values[row] ?? NaN) ?? 0) + 1)
  return [...found]
    .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    .slice(0, mostValues)
    .sort((a, b) => a - b)
}

export type Summary = 'mean' | 'lowest' | 'highest'

export interface Cell {
  readonly rows: readonly number[]
  /** Of the rows with a finite value; NaN where there is none. */
  readonly value: number
}

/** Cells by column, then row of the grid; those without runs are undefined: nothing is guessed. */
export function gridOf(
  rows: readonly number[],
  x: Bins,
  y: Bins,
  metric: Dimension,
  summary: Summary,
): readonly (readonly (Cell | undefined)[])[] {
  const members = x.labels.map(() => y.labels.map((): number[] => []))
  for (const row of rows) members[x.binOf(row)]?.[y.binOf(row)]?.push(row)
  return members.map((column) =>
    column.map((cell) =>
      cell.length === 0
        ? undefined
        : {
            rows: cell,
            value: summarized(
              cell.map((row) => metric.values[row] ?? NaN),
              summary,
            ),
          },
    ),
  )
}

function summarized(values: readonly number[], summary: Summary): number {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return NaN
  if (summary === 'lowest') return Math.min(...finite)
  if (summary === 'highest') return Math.max(...finite)
  return finite.reduce((sum, value) => sum + value / finite.length, 0)
}
