import type { DatasetInput, RunInfo } from '../model'
import { type RunFrame, stringAt } from '../runFrame'

import type { AcrossData, Numbers, RunAcross, Texts } from './data'
import { noTexts } from './packages'

/** Where a run that was asked for is; or why it isn't. */
export type Place = { readonly frame: RunFrame; readonly row: number } | { readonly problem: string }

/** Characters of a text that cross. */
const longest = 2000
/** Tags that are long and say nothing of the run that isn't said elsewhere. */
const leftOut = new Set(['mlflow.note.content', 'mlflow.runName'])

/** Runs of several frames as columns, in the order of `places`. @param experimentName of a place */
export function acrossData(
  places: readonly Place[],
  experimentName: (at: number, info: RunInfo) => string,
): AcrossData {
  const dictionary = new Map<string, number>()
  const codeOf = (text: string): number => {
    const known = dictionary.get(text)
    if (known !== undefined) return known
    dictionary.set(text, dictionary.size)
    return dictionary.size - 1
  }
  const startTimes = new Float64Array(places.length).fill(NaN)
  const endTimes = new Float64Array(places.length).fill(NaN)
  const runs = places.map((place, at): RunAcross => {
    if ('problem' in place) return { ...blank, problem: place.problem }
    const info = place.frame.info(place.row)
    startTimes[at] = info.startTime ?? NaN
    endTimes[at] = info.endTime ?? NaN
    return {
      name: info.runName,
      experimentName: experimentName(at, info),
      user: info.userId,
      status: info.status,
      deleted: info.lifecycleStage === 'deleted',
      problem: info.problem ?? null,
      found: true,
    }
  })
  const byFrame = groupedByFrame(places)
  return {
    runs,
    startTimes,
    endTimes,
    metrics: numbersOf(byFrame),
    params: textsOf(byFrame, (frame) => textCells(frame.data.params), codeOf),
    tags: textsOf(byFrame, (frame) => textCells(frame.data.tags, leftOut), codeOf),
    datasets: textsOf(byFrame, datasetCells, codeOf),
    packages: noTexts,
    dictionary: [...dictionary.keys()].map((text) => (text.length > longest ? `${text.slice(0, longest)}…` : text)),
  }
}

const blank: RunAcross = {
  name: '',
  experimentName: '',
  user: '',
  status: null,
  deleted: false,
  problem: null,
  found: false,
}

/** Places of runs among those asked for, by frame and row there. */
type ByFrame = ReadonlyMap<RunFrame, readonly (readonly [at: number, row: number])[]>

function groupedByFrame(places: readonly Place[]): ByFrame {
  const grouped = new Map<RunFrame, [number, number][]>()
  places.forEach((place, at) => {
    if ('problem' in place) return
    const rows = grouped.get(place.frame)
    if (rows) rows.push([at, place.row])
    else grouped.set(place.frame, [[at, place.row]])
  })
  return grouped
}

function numbersOf(byFrame: ByFrame): Numbers {
  const cells = new Cells<number>()
  for (const [frame, rows] of byFrame)
    for (const [key, { values, logged }] of frame.data.metrics)
      for (const [at, row] of rows) if (logged[row] === 1) cells.add(key, at, values[row] ?? NaN)
  const { keys, offsets, rows, values } = cells.take()
  return { keys, offsets, rows, values: Float64Array.from(values) }
}

/** Keys, with what a row has there. */
type TextCells = Iterable<readonly [key: string, valueAt: (row: number) => string | undefined]>

function textsOf(byFrame: ByFrame, cellsOf: (frame: RunFrame) => TextCells, codeOf: (text: string) => number): Texts {
  const cells = new Cells<number>()
  for (const [frame, rows] of byFrame)
    for (const [key, valueAt] of cellsOf(frame))
      for (const [at, row] of rows) {
        const value = valueAt(row)
        if (value !== undefined) cells.add(key, at, codeOf(value))
      }
  const { keys, offsets, rows, values } = cells.take()
  return { keys, offsets, rows, codes: Int32Array.from(values) }
}

function* textCells(
  columns: RunFrame['data']['params'],
  without: ReadonlySet<string> = new Set(),
): TextCells & Generator {
  for (const [key, column] of columns)
    if (!without.has(key)) yield [key, (row: number) => stringAt(column, row)] as const
}

function datasetCells({ data }: RunFrame): TextCells {
  const columns = new Map<string, Map<number, string>>()
  for (const [row, inputs] of data.datasets)
    for (const input of inputs) {
      const key = datasetKey(input)
      const column = columns.get(key) ?? new Map<number, string>()
      const known = column.get(row)
      column.set(row, known === undefined ? input.dataset.digest : `${known}, ${input.dataset.digest}`)
      columns.set(key, column)
    }
  return [...columns].map(([key, column]) => [key, (row: number) => column.get(row)] as const)
}

function datasetKey({ dataset, tags }: DatasetInput): string {
  const context = tags.get('mlflow.data.context') ?? ''
  return context === '' ? dataset.name : `${dataset.name} (${context})`
}

/** Cells by key, as they come; taken with the rows of each key in order. */
class Cells<T> {
  readonly #byKey = new Map<string, [at: number, value: T][]>()

  add(key: string, at: number, value: T): void {
    const cells = this.#byKey.get(key)
    if (cells) cells.push([at, value])
    else this.#byKey.set(key, [[at, value]])
  }

  take(): { keys: string[]; offsets: Int32Array; rows: Int32Array; values: T[] } {
    const keys = [...this.#byKey.keys()].sort(collator.compare)
    const offsets = new Int32Array(keys.length + 1)
    const rows: number[] = []
    const values: T[] = []
    keys.forEach((key, index) => {
      for (const [at, value] of (this.#byKey.get(key) ?? []).sort(([a], [b]) => a - b)) {
        rows.push(at)
        values.push(value)
      }
      offsets[index + 1] = rows.length
    })
    return { keys, offsets, rows: Int32Array.from(rows), values }
  }
}

const collator = new Intl.Collator('en', { numeric: true })
