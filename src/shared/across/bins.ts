/** Runs in a grid of two dimensions: how many fell into each cell, and what a metric says there. */
import type { Dimension } from './dimension'

/** Different values that have a bin each; of more numbers, ranges of equal length are made. */
export const mostValues = 12
const ranges = 8

export interface Bins {
  readonly labels: readonly string[]
  /** Of a run; -1 where it has no value. */
  readonly binOf: (row: number) => number
  /** They are ranges. */
  readonly grouped: boolean
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
      grouped: false,
      leftOut: found.length - kept.length,
    }
  }
  const low = found[0] ?? 0
  const high = found.at(-1) ?? 1
  const on = log && low > 0 ? Math.log : (value: number) => value
  const off = log && low > 0 ? Math.exp : (value: number) => value
  const edge = (at: number): number =>
    at === 0 ? low : at === ranges ? high : off(on(low) + ((on(high) - on(low)) * at) / ranges)
  return {
    labels: Array.from({ length: ranges }, (_, at) => `${format(edge(at))} – ${format(edge(at + 1))}`),
    binOf: (row) => {
      const value = values[row] ?? NaN
      if (!Number.isFinite(value)) return -1
      return Math.min(ranges - 1, Math.floor(((on(value) - on(low)) / (on(high) - on(low))) * ranges))
    },
    grouped: true,
    leftOut: 0,
  }
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
