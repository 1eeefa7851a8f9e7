/**
 * A search expression as a tree. Every node knows where in the text it stands (offsets in UTF-16 units, end exclusive), so that
 * an editor can underline what is wrong and complete what is unfinished.
 */

export interface Span {
  readonly start: number
  readonly end: number
}

/** What a name can stand for. */
export type Entity = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset'

export const comparators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'LIKE',
  'ILIKE',
  'IN',
  'NOT IN',
  'IS NULL',
  'IS NOT NULL',
] as const
export type Comparator = (typeof comparators)[number]

/** ``metrics.`val loss` `` is the metric `val loss`; a name without a dot is an attribute. */
export interface Name extends Span {
  readonly entity: Entity
  /** Without quotes; an attribute by its canonical name (`start_time` for `Created`). */
  readonly key: string
}

/** A literal: a string without its quotes, a number (a bigint where a double can't hold the integer), a list of strings, or nothing. */
export type Literal = string | number | bigint | readonly string[] | null

export interface Comparison extends Span {
  readonly kind: 'comparison'
  readonly name: Name
  readonly comparator: Comparator
  readonly value: Literal
}

/** All of the operands hold. */
export interface Conjunction extends Span {
  readonly kind: 'and'
  readonly operands: readonly Expression[]
}

export type Expression = Comparison | Conjunction

/** One entry of an `order_by` list. */
export interface Ordering {
  readonly name: Name
  readonly ascending: boolean
}

/** A search that can't be understood, and where: in the expression, or in an entry of the order. */
export class FilterError extends Error implements Span {
  override readonly name = 'FilterError'
  readonly start: number
  readonly end: number

  constructor(message: string, where: Span) {
    super(message)
    this.start = where.start
    this.end = where.end
  }
}
