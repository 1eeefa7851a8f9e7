/** What runs can be compared by: one value a run, as numbers or as words. */
import { formatDateTime, formatDuration, formatMetric, isMinusInfinity, isPlusInfinity } from '../format'
import { t } from '../l10n'
import type { AcrossData, Numbers, Texts } from './data'

export type DimensionKind = 'metric' | 'param' | 'tag' | 'dataset' | 'package' | 'fact'

/** `id` names a dimension among all of a comparison. */
export interface DimensionName {
  readonly id: string
  readonly kind: DimensionKind
  readonly key: string
  /** Runs that have it. */
  readonly runs: number
}

export interface Dimension {
  readonly id: string
  readonly kind: DimensionKind
  readonly key: string
  /** Whether it has an order beyond that of its words. */
  readonly numeric: boolean
  /** By run: its number, which may be infinite, or the place of its word in `words`; NaN where there is neither. */
  readonly values: Float64Array
  /** In natural order; empty where `numeric`. */
  readonly words: readonly string[]
  /** What a run has, for people; undefined where it has nothing. */
  readonly textAt: (row: number) => string | undefined
  /** Whether two runs have the same, or neither has anything. */
  readonly same: (row: number, other: number) => boolean
  /** A number of this dimension, for people. */
  readonly format: (value: number) => string
}

/** Takes one argument, so that lists can be mapped with it. */
const numberText = (value: number): string => formatMetric(value)

const kinds = ['metrics', 'params', 'tags', 'datasets', 'packages'] as const
const kindOf = { metrics: 'metric', params: 'param', tags: 'tag', datasets: 'dataset', packages: 'package' } as const

const facts = {
  duration: { title: () => t('Duration'), format: formatDuration },
  start: { title: () => t('Start time'), format: formatDateTime },
  status: { title: () => t('Status'), format: numberText },
  experiment: { title: () => t('Experiment'), format: numberText },
  user: { title: () => t('User'), format: numberText },
}
type Fact = keyof typeof facts
const isFact = (key: string): key is Fact => Object.hasOwn(facts, key)

/** All dimensions of some runs, by kind and key. */
export function dimensionNames(data: AcrossData): DimensionName[] {
  const logged = kinds.flatMap((group) => {
    const { keys, offsets } = data[group]
    const kind = kindOf[group]
    return keys.map((key, index): DimensionName => {
      const runs = (offsets[index + 1] ?? 0) - (offsets[index] ?? 0)
      return { id: `${kind}:${key}`, kind, key, runs }
    })
  })
  const runs = data.runs.filter(({ found }) => found).length
  return [
    ...logged,
    ...Object.entries(facts).map(([key, { title }]): DimensionName => ({
      id: `fact:${key}`,
      kind: 'fact',
      key: title(),
      runs,
    })),
  ]
}

/** The dimensions of some runs, each made when it is first asked for. */
export class Dimensions {
  readonly #data: AcrossData
  readonly #made = new Map<string, Dimension | undefined>()
  readonly #places = new Map<string, ReadonlyMap<string, number>>()

  constructor(data: AcrossData) {
    this.#data = data
  }

  /** Undefined where none of the runs has it. */
  get(id: string): Dimension | undefined {
    if (!this.#made.has(id)) this.#made.set(id, this.#make(id))
    return this.#made.get(id)
  }

  /** The same, but for one that another takes the place of. */
  with(dimension: Dimension): Dimensions {
    const others = new Dimensions(this.#data)
    for (const [id, made] of this.#made) others.#made.set(id, made)
    others.#made.set(dimension.id, dimension)
    return others
  }

  #make(id: string): Dimension | undefined {
    const at = id.indexOf(':')
    const kind = id.slice(0, at)
    const key = id.slice(at + 1)
    const { length } = this.#data.runs
    if (kind === 'fact') return isFact(key) ? factDimension(this.#data, key) : undefined
    const group = kinds.find((candidate) => kindOf[candidate] === kind)
    if (!group) return undefined
    const place = this.#placeOf(group, key)
    if (place === undefined) return undefined
    const name = { id, kind: kindOf[group], key }
    if (group === 'metrics') return metricDimension(name, this.#data.metrics, place, length)
    const codes = codesAt(this.#data[group], place, length)
    const texts = Array.from(codes, (code) => this.#data.dictionary[code])
    const same: Dimension['same'] = (row, other) => codes[row] === codes[other]
    if (group === 'packages') return packageDimension(name, texts, same, new Set(this.#data.packages.rows))
    return textDimension(name, texts, same)
  }

  #placeOf(group: (typeof kinds)[number], key: string): number | undefined {
    let places = this.#places.get(group)
    if (!places) this.#places.set(group, (places = new Map(this.#data[group].keys.map((own, at) => [own, at]))))
    return places.get(key)
  }
}

type Name = Pick<Dimension, 'id' | 'kind' | 'key'>

function metricDimension(name: Name, { offsets, rows, values }: Numbers, place: number, length: number): Dimension {
  const column = new Float64Array(length).fill(NaN)
  const logged = new Uint8Array(length)
  for (let at = offsets[place] ?? 0; at < (offsets[place + 1] ?? 0); at++) {
    const row = rows[at] ?? 0
    logged[row] = 1
    column[row] = metricNumber(values[at] ?? NaN)
  }
  return metricOf(name, column, (row) => (logged[row] === 1 ? formatMetric(column[row] ?? NaN) : undefined))
}

/** @param textAt as a dimension has it: runs that have the same text without a number are the same too */
export function metricOf(name: Name, values: Float64Array, textAt: Dimension['textAt']): Dimension {
  return {
    ...{ ...name, numeric: true, values, words: [], textAt, format: numberText },
    same: (row, other) => Object.is(values[row], values[other]) && textAt(row) === textAt(other),
  }
}

/** Databases hold the greatest double for an infinity. */
export function metricNumber(value: number): number {
  if (isPlusInfinity(value)) return Infinity
  return isMinusInfinity(value) ? -Infinity : value
}

/** -1 where a run has nothing. */
function codesAt({ offsets, rows, codes }: Texts, place: number, length: number): Int32Array {
  const found = new Int32Array(length).fill(-1)
  for (let at = offsets[place] ?? 0; at < (offsets[place + 1] ?? 0); at++) found[rows[at] ?? 0] = codes[at] ?? -1
  return found
}

const plainNumber = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i
const specials: ReadonlyMap<string, number> = new Map([
  ...['inf', '+inf', 'infinity'].map((word) => [word, Infinity] as const),
  ...['-inf', '-infinity'].map((word) => [word, -Infinity] as const),
  ...['nan', 'none', 'null', ''].map((word) => [word, NaN] as const),
])

/** Numbers where all texts are (or say that there is none, as Python's None does), and words otherwise. */
function textDimension(name: Name, texts: readonly (string | undefined)[], same: Dimension['same']): Dimension {
  const isNumber = (text: string): boolean => plainNumber.test(text)
  const there = texts.filter((text) => text !== undefined)
  const numeric =
    there.some(isNumber) && there.every((text) => isNumber(text) || specials.has(text.trim().toLowerCase()))
  const textAt = (row: number): string | undefined => texts[row]
  if (numeric) {
    const values = Float64Array.from(texts, (text) => {
      if (text === undefined) return NaN
      return isNumber(text) ? Number(text) : (specials.get(text.trim().toLowerCase()) ?? NaN)
    })
    return { ...name, numeric, values, words: [], textAt, same, format: numberText }
  }
  return { ...name, ...worded(texts), textAt, same }
}

/** Versions are no numbers. A run without an environment, as one that failed, is not said to differ. */
function packageDimension(
  name: Name,
  texts: readonly (string | undefined)[],
  same: Dimension['same'],
  known: ReadonlySet<number>,
): Dimension {
  return {
    ...{ ...name, ...worded(texts), textAt: (row) => texts[row] },
    same: (row, other) => !known.has(row) || !known.has(other) || same(row, other),
  }
}

function worded(texts: readonly (string | undefined)[]): Pick<Dimension, 'numeric' | 'values' | 'words' | 'format'> {
  const words = [...new Set(texts.filter((text) => text !== undefined))].sort(collator.compare)
  const places = new Map(words.map((word, at) => [word, at]))
  const values = Float64Array.from(texts, (text) => (text === undefined ? NaN : (places.get(text) ?? NaN)))
  return { numeric: false, values, words, format: (value) => words[value] ?? '' }
}

function factDimension(data: AcrossData, key: Fact): Dimension {
  const { title, format } = facts[key]
  const name: Name = { id: `fact:${key}`, kind: 'fact', key: title() }
  if (key === 'duration' || key === 'start') {
    const { startTimes, endTimes } = data
    const values = key === 'start' ? startTimes : endTimes.map((end, row) => end - (startTimes[row] ?? NaN))
    const textAt = (row: number): string | undefined => {
      const value = values[row] ?? NaN
      return Number.isNaN(value) ? undefined : format(value)
    }
    return {
      ...{ ...name, numeric: true, values, words: [], textAt, format },
      same: (row, other) => Object.is(values[row], values[other]),
    }
  }
  const texts = data.runs.map((run) => {
    const text = { status: run.status ?? '', experiment: run.experimentName, user: run.user }[key]
    return text === '' ? undefined : text
  })
  return { ...name, ...worded(texts), textAt: (row) => texts[row], same: (row, other) => texts[row] === texts[other] }
}

const collator = new Intl.Collator('en', { numeric: true })
