import type { DatasetInput, ModelOutput, RunInfo } from '../model'
import { Columns, GrowingMetric, GrowingStrings } from './columns'
import type { MetricColumn, StringColumn } from './data'
import { RunFrame } from './frame'
import { GrowingInfos } from './infos'

/** Grows a frame, run by run or page by page. Values of a run may be set in any order after its `addRun`. */
export class RunFrameBuilder {
  readonly #infos: GrowingInfos
  readonly #metrics: Columns<GrowingMetric, MetricColumn>
  readonly #params: Columns<GrowingStrings, StringColumn>
  readonly #tags: Columns<GrowingStrings, StringColumn>
  readonly #datasets = new Map<number, DatasetInput[]>()
  readonly #modelOutputs = new Map<number, ModelOutput[]>()

  /** @param capacity how many runs to expect: columns of that length never move */
  constructor(capacity = 64) {
    const size = Math.max(capacity, 1)
    this.#infos = new GrowingInfos(size)
    this.#metrics = new Columns(() => new GrowingMetric(size))
    this.#params = new Columns(() => new GrowingStrings(size))
    this.#tags = new Columns(() => new GrowingStrings(size))
  }

  get length(): number {
    return this.#infos.length
  }

  /** Appends a run, with a sum of `kept` where MLflow keeps it otherwise than it is shown; returns its row. */
  addRun(info: RunInfo, otherwise = 0): number {
    return this.#infos.add(info, otherwise)
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
    this.append(frame.slice([from]))
  }

  /** Appends all runs of another frame, which must not be here yet (`RunFrame.merge` replaces). Costs in proportion to that frame. */
  append({ data, length }: RunFrame): void {
    const at = this.length
    this.#infos.append(data.infos, length)
    this.#metrics.append(data.metrics, at, length)
    this.#params.append(data.params, at, length)
    this.#tags.append(data.tags, at, length)
    for (const [row, inputs] of data.datasets) if (row < length) this.#datasets.set(at + row, [...inputs])
    for (const [row, outputs] of data.modelOutputs) if (row < length) this.#modelOutputs.set(at + row, [...outputs])
  }

  /**
   * The frame so far, at no cost in proportion to it. It stays as it is while the builder goes on, provided that from now on only
   * runs that are added later are written to. Not for handing over to another thread.
   */
  view(): RunFrame {
    const { length } = this
    return new RunFrame({
      length,
      infos: this.#infos.view(),
      metrics: this.#metrics.map((column) => column.view(length)),
      params: this.#params.map((column) => column.view(length)),
      tags: this.#tags.map((column) => column.view(length)),
      datasets: this.#datasets,
      modelOutputs: this.#modelOutputs,
    })
  }

  /** The whole frame, in no more memory than it needs. The builder must not be used afterwards. */
  build(): RunFrame {
    const { length } = this
    return new RunFrame({
      length,
      infos: this.#infos.take(),
      metrics: this.#metrics.map((column) => column.take(length)),
      params: this.#params.map((column) => column.take(length)),
      tags: this.#tags.map((column) => column.take(length)),
      datasets: this.#datasets,
      modelOutputs: this.#modelOutputs,
    })
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
