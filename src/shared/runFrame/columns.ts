/** Columns that grow: in their own buffers, by half each time, so that adding pages costs in proportion to the pages. */
import type { MetricColumn, StringColumn } from './data'

export type Column = Float64Array | Int32Array | Uint8Array

/** A column whose rows are set one by one, or a frame's at once, and taken as they are so far. */
interface Growing<T> {
  /** Takes over rows 0 … `length`-1 of a column, as rows `at` and on. */
  append(column: T, at: number, length: number): void
  /** The first `length` rows, in the buffers that go on growing behind them. */
  view(length: number): T
  /** Likewise, in buffers of exactly that length. */
  take(length: number): T
}

/** A copy of a column with room for `length` rows; those beyond it hold `blank`. */
export function resized<A extends Column>(from: A, length: number, blank: number): A {
  const to = new (from.constructor as new (length: number) => A)(length)
  to.set(from.length > length ? from.subarray(0, length) : from)
  if (blank !== 0 && from.length < length) to.fill(blank, from.length)
  return to
}

export const viewed = <A extends Column>(column: A, length: number): A =>
  column.length === length ? column : (column.subarray(0, length) as A)

export const exact = <A extends Column>(column: A, length: number): A =>
  column.length === length ? column : (column.slice(0, length) as A)

/** How many rows to make room for when one is needed at `row`. */
export const roomFor = (row: number, capacity: number): number => Math.max(row + 1, Math.ceil(capacity * 1.5))

const fitsInt32 = (value: number): boolean => (value | 0) === value

export class GrowingMetric implements Growing<MetricColumn> {
  #values: Float64Array
  #steps: Int32Array | Float64Array
  #timestamps: Float64Array
  #logged: Uint8Array

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity).fill(NaN)
    this.#steps = new Int32Array(capacity)
    this.#timestamps = new Float64Array(capacity)
    this.#logged = new Uint8Array(capacity)
  }

  set(row: number, value: number, step: number, timestamp: number): void {
    if (row >= this.#values.length) this.#resize(roomFor(row, this.#values.length))
    if (this.#steps instanceof Int32Array && !fitsInt32(step)) this.#steps = Float64Array.from(this.#steps)
    this.#values[row] = value
    this.#steps[row] = step
    this.#timestamps[row] = timestamp
    this.#logged[row] = 1
  }

  append(column: MetricColumn, at: number, length: number): void {
    if (at + length > this.#values.length) this.#resize(roomFor(at + length - 1, this.#values.length))
    if (column.steps instanceof Float64Array && this.#steps instanceof Int32Array)
      this.#steps = Float64Array.from(this.#steps)
    this.#values.set(viewed(column.values, length), at)
    this.#steps.set(viewed(column.steps, length), at)
    this.#timestamps.set(viewed(column.timestamps, length), at)
    this.#logged.set(viewed(column.logged, length), at)
  }

  view(length: number): MetricColumn {
    if (this.#values.length < length) this.#resize(length)
    return {
      values: viewed(this.#values, length),
      steps: viewed(this.#steps, length),
      timestamps: viewed(this.#timestamps, length),
      logged: viewed(this.#logged, length),
    }
  }

  take(length: number): MetricColumn {
    if (this.#values.length !== length) this.#resize(length)
    return { values: this.#values, steps: this.#steps, timestamps: this.#timestamps, logged: this.#logged }
  }

  #resize(length: number): void {
    this.#values = resized(this.#values, length, NaN)
    this.#steps = resized(this.#steps, length, 0)
    this.#timestamps = resized(this.#timestamps, length, 0)
    this.#logged = resized(this.#logged, length, 0)
  }
}

export class GrowingStrings implements Growing<StringColumn> {
  #codes: Int32Array
  readonly #dictionary: string[] = []
  readonly #codeOf = new Map<string, number>()
  #last = -1

  constructor(capacity: number) {
    this.#codes = new Int32Array(capacity).fill(-1)
  }

  set(row: number, value: string): void {
    if (row >= this.#codes.length) this.#codes = resized(this.#codes, roomFor(row, this.#codes.length), -1)
    this.#codes[row] = this.#code(value)
  }

  append(column: StringColumn, at: number, length: number): void {
    const capacity = this.#codes.length
    if (at + length > capacity) this.#codes = resized(this.#codes, roomFor(at + length - 1, capacity), -1)
    const translated = new Int32Array(column.dictionary.length).fill(-1)
    for (let row = 0; row < length; row++) {
      const code = column.codes[row] ?? -1
      if (code < 0) continue
      let own = translated[code] ?? -1
      if (own < 0) translated[code] = own = this.#code(column.dictionary[code] ?? '')
      this.#codes[at + row] = own
    }
  }

  view(length: number): StringColumn {
    if (this.#codes.length < length) this.#codes = resized(this.#codes, length, -1)
    return { codes: viewed(this.#codes, length), dictionary: this.#dictionary }
  }

  take(length: number): StringColumn {
    if (this.#codes.length !== length) this.#codes = resized(this.#codes, length, -1)
    return { codes: this.#codes, dictionary: this.#dictionary }
  }

  #code(value: string): number {
    if (this.#dictionary[this.#last] === value) return this.#last // as it is for many tags
    let code = this.#codeOf.get(value)
    if (code === undefined) {
      code = this.#dictionary.push(value) - 1
      this.#codeOf.set(value, code)
    }
    return (this.#last = code)
  }
}

/** The growing columns of one kind. Runs mostly have the same keys in the same order: the column after the last one is tried first. */
export class Columns<C extends Growing<T>, T> {
  readonly #positions = new Map<string, number>()
  readonly #keys: string[] = []
  readonly #columns: C[] = []
  #next = 0

  constructor(private readonly make: () => C) {}

  of(key: string): C {
    const at = this.#keys[this.#next] === key ? this.#next : this.#positions.get(key)
    const column = at === undefined ? undefined : this.#columns[at]
    if (at === undefined || column === undefined) return this.#add(key)
    this.#next = at + 1 === this.#keys.length ? 0 : at + 1
    return column
  }

  append(columns: ReadonlyMap<string, T>, at: number, length: number): void {
    for (const [key, column] of columns) this.of(key).append(column, at, length)
  }

  map(take: (column: C) => T): Map<string, T> {
    return new Map(this.#keys.map((key) => [key, take(this.of(key))]))
  }

  #add(key: string): C {
    const column = this.make()
    this.#positions.set(key, this.#keys.push(key) - 1)
    this.#columns.push(column)
    return column
  }
}
