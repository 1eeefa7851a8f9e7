import type { MetricSeries } from '../../shared/model'
import { sortByNumber } from '../../shared/radixSort'

/** The points of a series by column, in any order. */
export type Points = Pick<MetricSeries, 'steps' | 'values' | 'timestamps'>

/** Collects the points of a metric's history, in any order. */
export class SeriesBuilder {
  #length = 0
  #steps = new Float64Array(1024)
  #values = new Float64Array(1024)
  #timestamps = new Float64Array(1024)

  get length(): number {
    return this.#length
  }

  add(step: number, value: number, timestamp: number): void {
    if (this.#length === this.#steps.length) this.#resize(this.#length * 2)
    this.#steps[this.#length] = step
    this.#values[this.#length] = value
    this.#timestamps[this.#length] = timestamp
    this.#length++
  }

  /** In the order they were added. The builder must not be used afterwards. */
  points(): Points {
    this.#resize(this.#length)
    return { steps: this.#steps, values: this.#values, timestamps: this.#timestamps }
  }

  /** By step, then timestamp, then value, NaN last. The builder must not be used afterwards. */
  build(runId: string, key: string): MetricSeries {
    return { runId, key, ...inOrder(this.points()) }
  }

  #resize(length: number): void {
    const resized = ({ buffer }: Float64Array<ArrayBuffer>) => new Float64Array(buffer.transfer(length * 8))
    this.#steps = resized(this.#steps)
    this.#values = resized(this.#values)
    this.#timestamps = resized(this.#timestamps)
  }
}

/** True of points by step, then timestamp, then value, NaN last: as a history nearly always comes. */
export function isInOrder(points: Points): boolean {
  for (let at = 1; at < points.steps.length; at++) if (compare(points, at - 1, points, at) > 0) return false
  return true
}

/** The points by step, then timestamp, then value, NaN last. */
export function inOrder(points: Points): Points {
  if (isInOrder(points)) return points
  const order = new Uint32Array(points.steps.length)
  for (let at = 0; at < order.length; at++) order[at] = at
  for (const column of [points.values, points.timestamps, points.steps]) sortByNumber(order, column)
  const sorted = (column: Float64Array): Float64Array => {
    const found = new Float64Array(order.length)
    for (let at = 0; at < order.length; at++) found[at] = column[order[at] ?? 0] ?? NaN
    return found
  }
  return { steps: sorted(points.steps), values: sorted(points.values), timestamps: sorted(points.timestamps) }
}

/** The points of both, each of which is in order, in order. */
export function mergePoints(known: Points, later: Points): Points {
  const before = known.steps.length
  const added = later.steps.length
  if (added === 0) return known
  if (before === 0) return later
  if (compare(known, before - 1, later, 0) <= 0) return concatPoints([known, later])
  const merged = emptyPoints(before + added)
  const copy = (to: number, from: Points, at: number): void => {
    merged.steps[to] = from.steps[at] ?? NaN
    merged.values[to] = from.values[at] ?? NaN
    merged.timestamps[to] = from.timestamps[at] ?? NaN
  }
  for (let a = 0, b = 0; a + b < before + added;)
    if (b >= added || (a < before && compare(known, a, later, b) <= 0)) copy(a + b, known, a++)
    else copy(a + b, later, b++)
  return merged
}

/** The points of all, one after the other. */
export function concatPoints(pieces: readonly Points[]): Points {
  const [only] = pieces
  if (only && pieces.length === 1) return only
  const all = emptyPoints(pieces.reduce((length, { steps }) => length + steps.length, 0))
  let at = 0
  for (const { steps, values, timestamps } of pieces) {
    all.steps.set(steps, at)
    all.values.set(values, at)
    all.timestamps.set(timestamps, at)
    at += steps.length
  }
  return all
}

/** The buffers of points that can be moved to another thread instead of being copied. */
export function pointBuffers({ steps, values, timestamps }: Points): ArrayBuffer[] {
  return [steps, values, timestamps].map((column) => column.buffer as ArrayBuffer)
}

function emptyPoints(length: number): Points {
  return { steps: new Float64Array(length), values: new Float64Array(length), timestamps: new Float64Array(length) }
}

function compare(a: Points, i: number, b: Points, j: number): number {
  return (
    difference(a.steps[i] ?? NaN, b.steps[j] ?? NaN) ||
    difference(a.timestamps[i] ?? NaN, b.timestamps[j] ?? NaN) ||
    difference(a.values[i] ?? NaN, b.values[j] ?? NaN)
  )
}

function difference(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}
