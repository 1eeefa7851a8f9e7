import { quote } from './quote'
import { searchRules, type SearchKind } from './rules'
import { nodesIn, type Comparison, type Expression, type Ordering, type Span } from './tree'
import { writeFilter, writeName, writeOrder } from './write'

/** What a server is sent, and what is evaluated on its answer; together as strict as the whole. */
export interface Split {
  readonly server: string | undefined
  readonly rest: Expression | undefined
}

/** What servers differ in. `modern` is MLflow 3, `early` what MLflow 2 knows. */
export type ServerLanguage = 'modern' | 'early'

/**
 * Splits an expression: a server gets as much of it as it understands (comparisons joined by AND, and of what is ours a weaker
 * condition where there is one), the rest is for `matchRuns` or `matcher`.
 */
export function splitForServer(
  expression: Expression | undefined,
  kind: SearchKind,
  language: ServerLanguage = 'modern',
): Split {
  const sent: string[] = []
  const rest: Expression[] = []
  for (const part of conjuncts(expression)) {
    const { exact, weaker } = understood(part, kind, language)
    if (exact !== undefined) sent.push(exact)
    else rest.push(part)
    if (weaker !== undefined) sent.push(weaker)
  }
  const unique = [...new Set(sent)]
  return { server: unique.length > 0 ? unique.join(' AND ') : undefined, rest: all(rest) }
}

function all(parts: readonly Expression[]): Expression | undefined {
  const [first] = parts
  if (!first || parts.length === 1) return first
  return { kind: 'and', operands: parts, ours: [], start: first.start, end: parts.at(-1)?.end ?? first.end }
}

/** The parts that must all hold. NOT is moved inwards as far as that gives more of them. */
function conjuncts(expression: Expression | undefined, negated = false): Expression[] {
  if (!expression) return []
  if (expression.kind === 'not') return conjuncts(expression.operand, !negated)
  if (expression.kind === (negated ? 'or' : 'and'))
    return expression.operands.flatMap((operand) => conjuncts(operand, negated))
  return [negated ? complement(expression) : expression]
}

/** Of comparisons only those with NULL have a comparator for their complement: of the others, missing values are part of it. */
function complement(expression: Expression): Expression {
  if (expression.kind === 'comparison') {
    if (expression.comparator === 'IS NULL') return { ...expression, comparator: 'IS NOT NULL' }
    if (expression.comparator === 'IS NOT NULL') return { ...expression, comparator: 'IS NULL' }
  }
  return { kind: 'not', operand: expression, ours: [], start: expression.start, end: expression.end }
}

interface Understood {
  readonly exact?: string
  readonly weaker?: string
}

function understood(part: Expression, kind: SearchKind, language: ServerLanguage): Understood {
  if (part.kind !== 'comparison') return {}
  const { name, comparator, value, plain } = part
  const writable =
    (typeof value !== 'string' || quote(value) !== undefined) && !(kind === 'loggedModels' && name.key.includes('`')) // there MLflow takes double quotes for a part of the key
  if (plain && writable && (language === 'modern' || isEarly(part, kind))) return { exact: writeFilter(part) }
  const nullable = kind === 'runs' && (name.entity === 'param' || name.entity === 'tag')
  if (nullable && comparator === 'IS NOT NULL') return { exact: `${writeName(name)} LIKE '%'` }
  // One that compares with a value finds only what has one.
  if (nullable && comparator !== 'IS NULL') return { weaker: `${writeName(name)} LIKE '%'` }
  return {}
}

/** Where MLflow 2 would refuse what MLflow 3 takes. It has no logged models at all. */
export function laterIn(expression: Expression | undefined, kind: SearchKind): Span[] {
  if (kind === 'loggedModels') return []
  return nodesIn(expression).filter((node) => node.kind === 'comparison' && node.plain && !isEarly(node, kind))
}

function isEarly({ name, comparator }: Comparison, kind: SearchKind): boolean {
  if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') return false
  if (kind === 'experiments') return name.key !== 'experiment_id'
  const listed = comparator === 'IN' || comparator === 'NOT IN'
  if (kind === 'modelVersions') return !listed || (name.key === 'run_id' && comparator === 'IN')
  return !listed || name.entity === 'dataset' || name.key === 'run_id'
}

/** The order as a server takes it; undefined where it can't do it, so that everything must be read and then sorted. */
export function orderForServer(orderings: readonly Ordering[], kind: SearchKind): string[] | undefined {
  const { attributes } = searchRules[kind]
  const isKnown = ({ entity, key }: Ordering['name']): boolean =>
    entity !== 'attribute' || [...attributes.values()].some((rule) => rule.key === key && rule.order === 'mlflow')
  return orderings.every(({ name }) => isKnown(name)) ? orderings.map(writeOrder) : undefined
}
