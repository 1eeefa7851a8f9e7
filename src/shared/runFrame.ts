import type { DatasetInput, Metric, ModelOutput, Run, RunInfo } from './model'

/** The latest values of one metric, a row a run. `values[i]` is NaN where missing: `logged[i]` tells a logged NaN (1) from that (0). */
export interface MetricColumn {
  readonly values: Float64Array
  readonly steps: Float64Array
  readonly timestamps: Float64Array
  readonly logged: Uint8Array
}

/** Strings by number: row i holds `dictionary[codes[i]]`, or nothing where the code is -1. */
export interface StringColumn {
  readonly codes: Int32Array
  readonly dictionary: readonly string[]
}

/** A frame as plain data: crosses to another thread by structured clone. */
export interface RunFrameData {
  readonly length: number
  readonly infos: readonly RunInfo[]
  readonly metrics: ReadonlyMap<string, MetricColumn>
  readonly params: ReadonlyMap<string, StringColumn>
  readonly tags: ReadonlyMap<string, StringColumn>
  /** By row; most runs have none. */
  readonly datasets: ReadonlyMap<number, readonly DatasetInput[]>
  readonly modelOutputs: ReadonlyMap<number, readonly ModelOutput[]>
}

/** A table of runs by column, in the order of the query that made it. Immutable. */
export class RunFrame {
  static readonly empty = new RunFrame({
    length: 0,
    infos: [],
    metrics: new Map(),
    params: new Map(),
    tags: new Map(),
    datasets: new Map(),
    modelOutputs: new Map(),
  })

  #rowOfRun: Map<string, number> | undefined

  constructor(readonly data: RunFrameData) {}

  get length(): number {
    return this.data.length
  }

  get metricKeys(): string[] {
    return [...this.data.metrics.keys()]
  }

  get paramKeys(): string[] {
    return [...this.data.params.keys()]
  }

  get tagKeys(): string[] {
    return [...this.data.tags.keys()]
  }

  /** @throws RangeError outside 0 … length-1. */
  info(row: number): RunInfo {
    const info = this.data.infos[row]
    if (!info) throw new RangeError(`row ${row} of a frame of ${this.length} runs`)
    return info
  }

  /** Row of a run, or -1. */
  rowOf(runId: string): number {
    this.#rowOfRun ??= new Map(this.data.infos.map((info, row) => [info.runId, row]))
    return this.#rowOfRun.get(runId) ?? -1
  }

  /** The whole run in `row`. */
  run(row: number): Run {
    const info = this.info(row)
    const metrics = new Map<string, Metric>()
    for (const key of this.data.metrics.keys()) {
      const metric = this.metricAt(row, key)
      if (metric) metrics.set(key, metric)
    }
    return {
      info,
      metrics,
      params: valuesAt(this.data.params, row),
      tags: valuesAt(this.data.tags, row),
      datasets: this.data.datasets.get(row) ?? [],
      modelOutputs: this.data.modelOutputs.get(row) ?? [],
    }
  }

  metric(key: string): MetricColumn | undefined {
    return this.data.metrics.get(key)
  }

  param(key: string): StringColumn | undefined {
    return this.data.params.get(key)
  }

  tag(key: string): StringColumn | undefined {
    return this.data.tags.get(key)
  }

  metricAt(row: number, key: string): Metric | undefined {
    const column = this.data.metrics.get(key)
    if (column?.logged[row] !== 1) return undefined
    return { value: column.values[row] ?? NaN, step: column.steps[row] ?? 0, timestamp: column.timestamps[row] ?? 0 }
  }

  paramAt(row: number, key: string): string | undefined {
    return valueAt(this.data.params.get(key), row)
  }

  tagAt(row: number, key: string): string | undefined {
    return valueAt(this.data.tags.get(key), row)
  }

  /** This frame's rows, replaced where `newer` has the same run, followed by the runs that only `newer` has. */
  merge(newer: RunFrame): RunFrame {
    if (this.length === 0) return newer
    if (newer.length === 0) return this
    return new RunFrame(mergeFrames(this, newer))
  }
}

function valueAt(column: StringColumn | undefined, row: number): string | undefined {
  return column?.dictionary[column.codes[row] ?? -1]
}

function valuesAt(columns: ReadonlyMap<string, StringColumn>, row: number): Map<string, string> {
  const values = new Map<string, string>()
  for (const [key, column] of columns) {
    const value = valueAt(column, row)
    if (value !== undefined) values.set(key, value)
  }
  return values
}

/** Grows a frame run by run. Values of a run may be set in any order after its `addRun`. */
export class RunFrameBuilder {
  readonly #infos: RunInfo[] = []
  readonly #metrics: Columns<GrowingMetric>
  readonly #params: Columns<GrowingStrings>
  readonly #tags: Columns<GrowingStrings>
  readonly #datasets = new Map<number, DatasetInput[]>()
  readonly #modelOutputs = new Map<number, ModelOutput[]>()

  /** @param capacity how many runs to expect: columns of that length never move */
  constructor(capacity = 64) {
    const size = Math.max(capacity, 1)
    this.#metrics = new Columns(() => new GrowingMetric(size))
    this.#params = new Columns(() => new GrowingStrings(size))
    this.#tags = new Columns(() => new GrowingStrings(size))
  }

  get length(): number {
    return this.#infos.length
  }

  /** Appends a run; returns its row. */
  addRun(info: RunInfo): number {
    return this.#infos.push(info) - 1
  }

  setMetric(row: number, key: string, value: number, step: number, timestamp: number): void {
    this.#metrics.of(key).set(row, value, step, timestamp)
  }

  setParam(row: number, key: string, value: string): void {
    this.#params.of(key).set(row, value)
  }

  setTag(row: number, key: string, value: string): void {
    this.#tags.of(key).set(row, value)
  }

  addDataset(row: number, input: DatasetInput): void {
    getOrAdd(this.#datasets, row, () => []).push(input)
  }

  addModelOutput(row: number, output: ModelOutput): void {
    getOrAdd(this.#modelOutputs, row, () => []).push(output)
  }

  /** Appends a row of another frame. */
  addRow(frame: RunFrame, from: number): void {
    const run = frame.run(from)
    const row = this.addRun(run.info)
    for (const [key, metric] of run.metrics) this.setMetric(row, key, metric.value, metric.step, metric.timestamp)
    for (const [key, value] of run.params) this.setParam(row, key, value)
    for (const [key, value] of run.tags) this.setTag(row, key, value)
    for (const input of run.datasets) this.addDataset(row, input)
    for (const output of run.modelOutputs) this.addModelOutput(row, output)
  }

  /** The frame so far. The builder must not be used afterwards. */
  build(): RunFrame {
    const length = this.#infos.length
    return new RunFrame({
      length,
      infos: this.#infos,
      metrics: this.#metrics.take(length),
      params: this.#params.take(length),
      tags: this.#tags.take(length),
      datasets: this.#datasets,
      modelOutputs: this.#modelOutputs,
    })
  }
}

/** The buffers of a frame that can be moved to another thread instead of being copied. */
export function transferablesOf(data: RunFrameData): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = []
  for (const column of data.metrics.values())
    for (const array of [column.values, column.steps, column.timestamps, column.logged])
      buffers.push(array.buffer as ArrayBuffer)
  for (const columns of [data.params, data.tags])
    for (const column of columns.values()) buffers.push(column.codes.buffer as ArrayBuffer)
  return buffers
}

/** The growing columns of one kind. Runs mostly have the same keys in the same order: the column after the last one is tried first. */
class Columns<C extends { take(length: number): T }, T = ReturnType<C['take']>> {
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

  take(length: number): Map<string, T> {
    return new Map(this.#keys.map((key) => [key, this.of(key).take(length)]))
  }

  #add(key: string): C {
    const column = this.make()
    this.#positions.set(key, this.#keys.push(key) - 1)
    this.#columns.push(column)
    return column
  }
}

class GrowingMetric {
  #values: Float64Array
  #steps: Float64Array
  #timestamps: Float64Array
  #logged: Uint8Array

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity).fill(NaN)
    this.#steps = new Float64Array(capacity)
    this.#timestamps = new Float64Array(capacity)
    this.#logged = new Uint8Array(capacity)
  }

  set(row: number, value: number, step: number, timestamp: number): void {
    if (row >= this.#values.length) this.#resize(Math.max(row + 1, this.#values.length * 2))
    this.#values[row] = value
    this.#steps[row] = step
    this.#timestamps[row] = timestamp
    this.#logged[row] = 1
  }

  take(length: number): MetricColumn {
    if (this.#values.length !== length) this.#resize(length)
    return { values: this.#values, steps: this.#steps, timestamps: this.#timestamps, logged: this.#logged }
  }

  #resize(length: number): void {
    this.#values = resized(this.#values, new Float64Array(length).fill(NaN))
    this.#steps = resized(this.#steps, new Float64Array(length))
    this.#timestamps = resized(this.#timestamps, new Float64Array(length))
    this.#logged = resized(this.#logged, new Uint8Array(length))
  }
}

class GrowingStrings {
  #codes: Int32Array
  readonly #dictionary: string[] = []
  readonly #codeOf = new Map<string, number>()
  #last = -1

  constructor(capacity: number) {
    this.#codes = new Int32Array(capacity).fill(-1)
  }

  set(row: number, value: string): void {
    if (row >= this.#codes.length) this.#codes = this.#resized(Math.max(row + 1, this.#codes.length * 2))
    this.#codes[row] = this.codeOf(value)
  }

  codeOf(value: string): number {
    if (this.#dictionary[this.#last] === value) return this.#last // as it is for many tags
    let code = this.#codeOf.get(value)
    if (code === undefined) {
      code = this.#dictionary.push(value) - 1
      this.#codeOf.set(value, code)
    }
    return (this.#last = code)
  }

  /** Takes over a column: its row i becomes row `rows[i]`, or i where there is no such map. Replaces what is in those rows. */
  place(column: StringColumn, rows?: Int32Array): void {
    const codes = Int32Array.from(column.dictionary, (value) => this.codeOf(value))
    column.codes.forEach((code, from) => {
      this.#codes[rows?.[from] ?? from] = codes[code] ?? -1
    })
  }

  take(length: number): StringColumn {
    if (this.#codes.length !== length) this.#codes = this.#resized(length)
    return { codes: this.#codes, dictionary: this.#dictionary }
  }

  #resized(length: number): Int32Array {
    return resized(this.#codes, new Int32Array(length).fill(-1))
  }
}

function resized<A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from.length > to.length ? from.subarray(0, to.length) : from)
  return to
}

/** Column by column: frames of many runs are merged with each page and each refresh. */
function mergeFrames(older: RunFrame, newer: RunFrame): RunFrameData {
  const infos = [...older.data.infos]
  const rows = Int32Array.from(newer.data.infos, (info) => {
    const row = older.rowOf(info.runId)
    if (row < 0) return infos.push(info) - 1
    infos[row] = info
    return row
  })
  const length = infos.length
  return {
    length,
    infos,
    metrics: eachKey(older.data.metrics, newer.data.metrics, (before, after) =>
      mergeMetrics(length, rows, before, after),
    ),
    params: eachKey(older.data.params, newer.data.params, (before, after) => mergeStrings(length, rows, before, after)),
    tags: eachKey(older.data.tags, newer.data.tags, (before, after) => mergeStrings(length, rows, before, after)),
    datasets: mergeRows(rows, older.data.datasets, newer.data.datasets),
    modelOutputs: mergeRows(rows, older.data.modelOutputs, newer.data.modelOutputs),
  }
}

function mergeMetrics(length: number, rows: Int32Array, before?: MetricColumn, after?: MetricColumn): MetricColumn {
  const values = new Float64Array(length).fill(NaN)
  const steps = new Float64Array(length)
  const timestamps = new Float64Array(length)
  const logged = new Uint8Array(length)
  if (before) {
    values.set(before.values)
    steps.set(before.steps)
    timestamps.set(before.timestamps)
    logged.set(before.logged)
  }
  rows.forEach((row, from) => {
    values[row] = after?.values[from] ?? NaN
    steps[row] = after?.steps[from] ?? 0
    timestamps[row] = after?.timestamps[from] ?? 0
    logged[row] = after?.logged[from] ?? 0
  })
  return { values, steps, timestamps, logged }
}

function mergeStrings(length: number, rows: Int32Array, before?: StringColumn, after?: StringColumn): StringColumn {
  const merged = new GrowingStrings(length)
  if (before) merged.place(before)
  merged.place(after ?? { codes: new Int32Array(rows.length).fill(-1), dictionary: [] }, rows)
  return merged.take(length)
}

function mergeRows<T>(
  rows: Int32Array,
  before: ReadonlyMap<number, readonly T[]>,
  after: ReadonlyMap<number, readonly T[]>,
): Map<number, readonly T[]> {
  const merged = new Map(before)
  rows.forEach((row, from) => {
    const values = after.get(from)
    if (values) merged.set(row, values)
    else merged.delete(row)
  })
  return merged
}

function eachKey<C>(
  before: ReadonlyMap<string, C>,
  after: ReadonlyMap<string, C>,
  merge: (before: C | undefined, after: C | undefined) => C,
): Map<string, C> {
  const keys = new Set([...before.keys(), ...after.keys()])
  return new Map([...keys].map((key) => [key, merge(before.get(key), after.get(key))]))
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
