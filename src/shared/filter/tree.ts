/**
 * A search expression as a tree. Every node knows where in the text it stands (offsets in UTF-16 units, end exclusive), so that
 * an editor can underline what is wrong and complete what is unfinished.
 *
 * Its logic has two values: a comparison holds or it doesn't, and NOT turns that round. A comparison with something that is missing
 * doesn't hold (but IS NULL does), as MLflow has it: `params.x != 'a'` finds only runs that have x, `NOT params.x = 'a'` the others too.
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
  'NOT LIKE',
  'NOT ILIKE',
  'RLIKE',
  'NOT RLIKE',
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

/** A string without its quotes, or a number (a bigint where a double can't hold the integer). */
export type Scalar = string | number | bigint

/**
 * A list's values are all texts or all numbers; of logged models it may be empty, as MLflow has it. Nothing for IS NULL.
 * Where a parameter is compared with a number, its text is read as one; a duration is in milliseconds.
 */
export type Literal = Scalar | readonly string[] | readonly (number | bigint)[] | null

interface Node extends Span {
  /** Where this node itself, not what is in it, is something that MLflow would refuse; mostly nowhere. */
  readonly ours: readonly Span[]
}

export interface Comparison extends Node {
  readonly kind: 'comparison'
  readonly name: Name
  readonly comparator: Comparator
  readonly value: Literal
  /** MLflow itself can be asked this, in these words or, where `ours` is not empty, in others. */
  readonly plain: boolean
}

/** All of the operands hold, or for `or` at least one. */
export interface Junction extends Node {
  readonly kind: 'and' | 'or'
  readonly operands: readonly Expression[]
}

export interface Negation extends Node {
  readonly kind: 'not'
  readonly operand: Expression
}

export type Expression = Comparison | Junction | Negation

/** The dataset that a metric of a logged model was computed on; what is left out can be any. */
export interface DatasetFilter {
  readonly name?: string
  readonly digest?: string
}

/** One entry of an `order_by` list. */
export interface Ordering {
  readonly name: Name
  readonly ascending: boolean
  /** MLflow would refuse it. */
  readonly ours: boolean
  /** Of logged models: only values of the metric on this dataset count. */
  readonly dataset?: DatasetFilter
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

/** Where MLflow itself would refuse an expression, in the order of the text; nowhere in plain MLflow. */
export function extensionsIn(expression: Expression | undefined): Span[] {
  return nodesIn(expression)
    .flatMap(({ ours }) => ours)
    .sort((a, b) => a.start - b.start)
}

export function nodesIn(expression: Expression | undefined): Expression[] {
  const nodes: Expression[] = []
  const stack = expression ? [expression] : []
  for (let node = stack.pop(); node; node = stack.pop()) {
    nodes.push(node)
    if (node.kind === 'not') stack.push(node.operand)
    else if (node.kind !== 'comparison') stack.push(...node.operands)
  }
  return nodes
}
