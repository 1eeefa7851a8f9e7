import { asPattern, quote, quotedKey } from './quote'
import type { Comparison, Expression, Name, Ordering } from './tree'

/** The expression as text, in MLflow's words where it has some. What `parseFilter` makes of it means the same. */
export function writeFilter(expression: Expression): string {
  switch (expression.kind) {
    case 'comparison':
      return writeComparison(expression)
    case 'not':
      return `NOT ${grouped(expression.operand, (operand) => operand.kind !== 'and' && operand.kind !== 'or')}`
    case 'and':
      return expression.operands.map((operand) => grouped(operand, ({ kind }) => kind !== 'or')).join(' AND ')
    case 'or':
      return expression.operands.map((operand) => grouped(operand, () => true)).join(' OR ')
  }
}

/** An entry of `order_by`. */
export const writeOrder = ({ name, ascending }: Ordering): string => `${writeName(name)} ${ascending ? 'ASC' : 'DESC'}`

const grouped = (operand: Expression, bindsTighter: (operand: Expression) => boolean): string =>
  bindsTighter(operand) ? writeFilter(operand) : `(${writeFilter(operand)})`

function writeComparison({ name, comparator, value }: Comparison): string {
  const left = writeName(name)
  if (value === null) return `${left} ${comparator}`
  if (Array.isArray(value)) return `${left} ${comparator} (${(value as readonly unknown[]).map(listItem).join(', ')})`
  if (typeof value !== 'string') return `${left} ${comparator} ${writeNumber(value as number | bigint)}`
  const quoted = quote(value)
  if (quoted !== undefined) return `${left} ${comparator} ${quoted}`
  // No text can have both kinds of quotes, other than in a list.
  if (comparator === '=' || comparator === '!=')
    return `${left} ${comparator === '=' ? 'IN' : 'NOT IN'} (${listItem(value)})`
  const pattern = comparator.endsWith('RLIKE') ? `'${value.replaceAll("'", '\\x27')}'` : asPattern(value)
  return `${left} ${comparator} ${pattern}`
}

/** MLflow's parser takes these for SQL where they stand in a name without quotes. */
const reserved = /(?:^|\.)(?:as|case|from|in|using|values)(?:\.|$)/i
const plainKey = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u
const prefixes = { metric: 'metrics', param: 'params', tag: 'tags', dataset: 'datasets' } as const

/** A name as one writes it: keys in quotes only where they need some. */
export function writeName({ entity, key }: Pick<Name, 'entity' | 'key'>): string {
  if (entity === 'attribute') return key
  const written = plainKey.test(key) && !reserved.test(key) ? key : quotedKey(key)
  return `${prefixes[entity]}.${written}`
}

const listItem = (item: unknown): string =>
  typeof item === 'string'
    ? `'${item.replace(/['\\\n\r]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`
    : writeNumber(item as number | bigint)

/** As MLflow reads numbers: without a plus sign in the exponent. */
const writeNumber = (value: number | bigint): string =>
  value === Infinity ? '1e999' : value === -Infinity ? '-1e999' : String(value).replace('e+', 'e')
