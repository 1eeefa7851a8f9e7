/** Reads parsed JSON of which nothing is known. Cheap: a runs page has hundreds of thousands of values. */

/** An answer is not of the form that MLflow gives; the message says where: "runs[3].info.run_id is missing". */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new ShapeError(`${where} is ${kindOf(value)} instead of an object`)
}

const none: readonly unknown[] = []

/** MLflow leaves empty lists out. */
export function listOf(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return none
  if (Array.isArray(value)) return value as unknown[]
  throw new ShapeError(`${where} is ${kindOf(value)} instead of a list`)
}

/** Empty where left out. */
export function textOf(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  throw new ShapeError(`${where} is ${kindOf(value)} instead of a text`)
}

/** A text that must be there: an id, a name. */
export function idOf(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new ShapeError(`${where} is ${value === '' ? 'empty' : kindOf(value)} instead of a text`)
}

/** An int64, which protobuf's JSON may send as a text; null where left out. */
export function integerOf(value: unknown, where: string): number | null {
  if (typeof value === 'number') return value
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value)
  throw new ShapeError(`${where} is ${kindOf(value)} instead of a whole number`)
}

/**
 * The value of a metric. JSON has no NaN and no infinities: they come as texts. A SQL store has no infinities either and keeps the
 * largest double in their place, which is therefore read as one.
 */
export function metricValueOf(value: unknown, where: string): number {
  if (typeof value === 'number')
    return value === Number.MAX_VALUE ? Infinity : value === -Number.MAX_VALUE ? -Infinity : value
  switch (value) {
    case 'NaN':
      return NaN
    case 'Infinity':
      return Infinity
    case '-Infinity':
      return -Infinity
    case undefined:
      return 0 // what protobuf takes for left out
    default:
      throw new ShapeError(`${where} is ${kindOf(value)} instead of a number`)
  }
}

/** One of MLflow's words. */
export function wordOf<W extends string>(value: unknown, words: readonly W[], where: string): W {
  for (const word of words) if (word === value) return word
  throw new ShapeError(
    `${where} is ${typeof value === 'string' ? `“${value.slice(0, 40)}”` : kindOf(value)} instead of ${words.join(', ')}`,
  )
}

/** `[{"key": …, "value": …}]` as a Map. */
export function mapOf(value: unknown, where: string): Map<string, string> {
  const map = new Map<string, string>()
  for (const entry of listOf(value, where)) {
    const fields = fieldsOf(entry, where)
    map.set(textOf(fields.key, where), textOf(fields.value, where))
  }
  return map
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
