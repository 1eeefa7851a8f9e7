import type { Metric, Run, RunInfo } from '../model'
import { emptyData, stringAt, type MetricColumn, type RunFrameData, type StringColumn } from './data'
import { infoAt } from './infos'
import { mergeData } from './merge'
import { sliceData } from './slice'

/** A table of runs by column, in the order of the query that made it. Immutable. */
export class RunFrame {
  static readonly empty = new RunFrame(emptyData)

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
    return infoAt(this.data, row)
  }

  /** @throws RangeError outside 0 … length-1. */
  runId(row: number): string {
    const id = row < this.length ? this.data.infos.runIds[row] : undefined
    if (id === undefined) throw new RangeError(`row ${row} of a frame of ${this.length} runs`)
    return id
  }

  /** Row of a run, or -1. */
  rowOf(runId: string): number {
    this.#rowOfRun ??= new Map(this.runIds().map((id, row) => [id, row]))
    return this.#rowOfRun.get(runId) ?? -1
  }

  runIds(): string[] {
    return this.data.infos.runIds.slice(0, this.length)
  }

  /** The whole run in `row`. @throws RangeError outside 0 … length-1. */
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
    return stringAt(this.data.params.get(key), row)
  }

  tagAt(row: number, key: string): string | undefined {
    return stringAt(this.data.tags.get(key), row)
  }

  /** Some rows, in the order given. Columns that none of them has are left out. @throws RangeError outside 0 … length-1. */
  slice(rows: ArrayLike<number>): RunFrame {
    return new RunFrame(sliceData(this.data, rows))
  }

  /**
   * This frame's rows, replaced where `newer` has the same run, followed by the runs that only `newer` has. Columns in which nothing
   * changes are shared.
   */
  merge(newer: RunFrame): RunFrame {
    if (this.length === 0) return newer
    if (newer.length === 0) return this
    const merged = new RunFrame(mergeData(this.data, newer.data, (runId) => this.rowOf(runId)))
    if (merged.length === this.length) merged.#rowOfRun = this.#rowOfRun // the same runs in the same rows
    return merged
  }
}

function valuesAt(columns: ReadonlyMap<string, StringColumn>, row: number): Map<string, string> {
  const values = new Map<string, string>()
  for (const [key, column] of columns) {
    const value = stringAt(column, row)
    if (value !== undefined) values.set(key, value)
  }
  return values
}
