/** What a column of the table holds for each run of a frame. */
import { numberIn } from '../filter'
import { noteTag } from '../model'
import { statusCodes, stringAt, type RunFrame, type StringColumn } from '../runFrame'
import { isText, type Field, type NumberField } from '../runOrder'
import { columnId, type Column } from './view'

export type { Field, NumberField }
export { isText }

export type CellKind = 'number' | 'text' | 'time' | 'duration' | 'status'

/** What the table shows beyond the frame of its runs. */
export interface Beyond {
  /** Changes whenever one of the others does. */
  readonly version: number
  /** By experiment's id. */
  readonly experimentNames: ReadonlyMap<string, string>
  /** Registered and logged models by run's id, in words. */
  readonly registered: ReadonlyMap<string, string>
  readonly logged: ReadonlyMap<string, string>
  /** A value of a metric's history for each row of the frame; `present` is 2 where it is not known yet. */
  readonly history: (frame: RunFrame, key: string, value: 'first' | 'min' | 'max') => NumberField
  /** By metric's key: which way is better. */
  readonly better: Readonly<Record<string, 'lower' | 'higher'>>
}

const noNumbers: NumberField = { values: new Float64Array(0), present: new Uint8Array(0) }

export const nothingBeyond: Beyond = {
  version: 0,
  experimentNames: new Map(),
  registered: new Map(),
  logged: new Map(),
  history: () => noNumbers,
  better: {},
}

/** Tags that stand as attributes. */
const attributeTags: ReadonlyMap<string, string> = new Map([
  ['source', 'mlflow.source.name'],
  ['version', 'mlflow.source.git.commit'],
  ['note', noteTag],
])

/** In the order in which they are offered. */
export const attributeKeys = [
  ...['name', 'status', 'start_time', 'end_time', 'duration', 'user_id', 'run_id', 'experiment'],
  ...['source', 'version', 'note'],
] as const

/** The tag that an attribute is kept as, if it is one. */
export const tagOfAttribute = (key: string): string | undefined => attributeTags.get(key)

const attributeKinds: ReadonlyMap<string, CellKind> = new Map<string, CellKind>([
  ['status', 'status'],
  ['start_time', 'time'],
  ['end_time', 'time'],
  ['duration', 'duration'],
])

export function kindOf({ group, key }: Column): CellKind {
  if (group === 'metric') return 'number'
  return group === 'attribute' ? (attributeKinds.get(key) ?? 'text') : 'text'
}

/** Fields that took some making, by frame; they hold as long as what is beyond the frame is the same. */
const made = new WeakMap<RunFrame, { version: number; readonly fields: Map<string, Field> }>()

export function fieldOf(frame: RunFrame, column: Column, beyond: Beyond): Field {
  switch (column.group) {
    case 'metric':
      return metricField(frame, column, beyond)
    case 'param':
      return frame.param(column.key) ?? noTexts
    case 'tag':
      return frame.tag(column.key) ?? noTexts
    case 'attribute':
      return attributeField(frame, column, beyond)
    case 'dataset':
    case 'model':
      return kept(frame, column, beyond, () => otherField(frame, column, beyond))
  }
}

const noTexts: StringColumn = { codes: new Int32Array(0), dictionary: [] }

function metricField(frame: RunFrame, { key, value = 'latest' }: Column, beyond: Beyond): NumberField {
  if (value !== 'latest') {
    const way = Object.hasOwn(beyond.better, key) ? beyond.better[key] : undefined
    if (value !== 'best') return beyond.history(frame, key, value)
    return way === undefined ? noNumbers : beyond.history(frame, key, way === 'lower' ? 'min' : 'max')
  }
  const column = frame.metric(key)
  if (!column) return noNumbers
  const field = { values: column.values, present: column.logged }
  return hasGreatest(column.values) ? kept(frame, { group: 'metric', key }, beyond, () => withInfinities(field)) : field
}

const isGreatest = (value: number): boolean => value === Number.MAX_VALUE || value === -Number.MAX_VALUE
const greatestIn = new WeakMap<Float64Array, boolean>()

/** Whether there is a value that stands for an infinity: SQL stores have none of their own. */
function hasGreatest(values: Float64Array): boolean {
  let has = greatestIn.get(values)
  if (has === undefined) greatestIn.set(values, (has = values.some(isGreatest)))
  return has
}

const withInfinities = ({ values, present }: NumberField): NumberField => ({
  values: values.map((value) => (isGreatest(value) ? Math.sign(value) * Infinity : value)),
  ...(present && { present }),
})

function attributeField(frame: RunFrame, column: Column, beyond: Beyond): Field {
  const { infos } = frame.data
  const tag = attributeTags.get(column.key)
  if (tag !== undefined) return frame.tag(tag) ?? noTexts
  switch (column.key) {
    case 'name':
      return infos.runNames
    case 'user_id':
      return infos.userIds
    case 'start_time':
      return { values: infos.startTimes }
    case 'end_time':
      return { values: infos.endTimes }
    default:
      return kept(frame, column, beyond, () => otherField(frame, column, beyond))
  }
}

function otherField(frame: RunFrame, { group, key }: Column, beyond: Beyond): Field {
  const { infos, datasets, modelOutputs } = frame.data
  const { length } = frame
  if (group === 'dataset') {
    return texts(length, (row) => {
      const inputs = datasets.get(row)
      if (!inputs) return undefined
      const values = inputs.map(({ dataset }) => (key === 'digest' ? dataset.digest : dataset.name))
      return [...new Set(values)].join(', ')
    })
  }
  if (group === 'model') {
    const known = key === 'registered' ? beyond.registered : beyond.logged
    const ids = (row: number): string | undefined =>
      key === 'logged' ? modelOutputs.get(row)?.map(({ modelId }) => modelId).join(', ') : undefined // prettier-ignore
    return texts(length, (row) => known.get(infos.runIds[row] ?? '') ?? ids(row))
  }
  switch (key) {
    case 'status':
      return { codes: Int32Array.from(infos.statuses), dictionary: statusCodes }
    case 'duration':
      return { values: infos.startTimes.map((start, row) => (infos.endTimes[row] ?? NaN) - start) }
    case 'run_id':
      return { codes: Int32Array.from({ length }, (_, row) => row), dictionary: infos.runIds }
    case 'experiment': {
      const { codes, dictionary } = infos.experimentIds
      return { codes, dictionary: dictionary.map((id) => beyond.experimentNames.get(id) ?? id) }
    }
    default:
      return noTexts
  }
}

function kept<F extends Field>(frame: RunFrame, column: Column, { version }: Beyond, make: () => F): F {
  let of = made.get(frame)
  if (of?.version !== version) made.set(frame, (of = { version, fields: new Map() }))
  const id = columnId(column)
  let field = of.fields.get(id) as F | undefined // a column has fields of one kind only
  if (!field) of.fields.set(id, (field = make()))
  return field
}

function texts(length: number, textOf: (row: number) => string | undefined): StringColumn {
  const codes = new Int32Array(length).fill(-1)
  const dictionary: string[] = []
  const known = new Map<string, number>()
  for (let row = 0; row < length; row++) {
    const text = textOf(row)
    if (text === undefined || text === '') continue
    let code = known.get(text)
    if (code === undefined) known.set(text, (code = dictionary.push(text) - 1))
    codes[row] = code
  }
  return { codes, dictionary }
}

/** 1 where a run has a value, 2 where it is not known yet, else 0. */
export function presenceAt(field: Field, row: number): 0 | 1 | 2 {
  if (isText(field)) return (field.codes[row] ?? -1) >= 0 ? 1 : 0
  const { values, present } = field
  if (present) return present[row] === 1 ? 1 : present[row] === 2 ? 2 : 0
  return Number.isNaN(values[row] ?? NaN) ? 0 : 1
}

/** What a row without a text shows: an empty name is none. */
export const textAt = (field: StringColumn, row: number): string | undefined => stringAt(field, row)

/**
 * A column of texts in the order of numbers where every one of them is a number, as parameters mostly are. Others stay as they are.
 *
 * @param rows those that count
 */
export function numeric(field: StringColumn, length: number, rows: Uint32Array): Field {
  const { codes, dictionary } = field
  const numbers = new Float64Array(dictionary.length)
  const seen = new Uint8Array(dictionary.length)
  const values = new Float64Array(length).fill(NaN)
  const present = new Uint8Array(length)
  for (const row of rows) {
    const code = codes[row] ?? -1
    if (code < 0) continue
    if (seen[code] !== 1) {
      const text = dictionary[code] ?? ''
      const number = numberIn(text) ?? (/^\s*nan\s*$/i.test(text) ? NaN : undefined)
      if (number === undefined) return field
      numbers[code] = number
      seen[code] = 1
    }
    values[row] = numbers[code] ?? NaN
    present[row] = 1
  }
  return { values, present }
}
