import { t } from '../l10n'
import { resolveName } from './names'
import type { KeyRule, SearchKind } from './rules'
import { tokenize, unquote, type Token } from './tokens'
import {
  comparators,
  FilterError,
  type Comparator,
  type Comparison,
  type Expression,
  type Literal,
  type Span,
} from './tree'

/**
 * Reads one of MLflow's search expressions: comparisons joined by AND. An empty text is no condition at all, hence `undefined`.
 *
 * @throws FilterError with the position of what is wrong.
 */
export function parseFilter(text: string, kind: SearchKind): Expression | undefined {
  return text === '' ? undefined : new Parser(text, kind).parse()
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(
    readonly text: string,
    readonly kind: SearchKind,
  ) {
    this.#tokens = tokenize(text)
  }

  parse(): Expression {
    const expression = this.#conjunction()
    const rest = this.#peek()
    if (rest)
      throw new FilterError(
        isWord(rest, 'OR')
          ? t('OR is not known to MLflow’s search: only AND is.')
          : t('AND is expected before {0}.', shortened(rest.text)),
        rest,
      )
    return expression
  }

  #conjunction(): Expression {
    const first = this.#comparison()
    const operands = [first]
    while (isWord(this.#peek(), 'AND')) {
      this.#next++
      operands.push(this.#comparison())
    }
    return operands.length === 1 ? first : { kind: 'and', operands, start: first.start, end: this.#lastEnd() }
  }

  #comparison(): Comparison {
    const token = this.#take(t('A comparison such as {0} is expected here.', 'metrics.loss < 0.5'))
    if (token.kind === '(' || isWord(token, 'NOT'))
      throw new FilterError(
        t('{0} is not known to MLflow’s search: it joins comparisons by AND only.', token.text),
        token,
      )
    if (token.kind !== 'name' && !token.text.startsWith('"'))
      throw new FilterError(
        t('A name such as {0} is expected here, not {1}.', 'metrics.loss', shortened(token.text)),
        token,
      )
    const { name, rule } = resolveName(token, this.kind, 'filter')
    const comparator = this.#comparator(token, rule)
    const value = this.#value(comparator, rule)
    return { kind: 'comparison', name, comparator, value, start: token.start, end: this.#lastEnd() }
  }

  #comparator(left: Token, rule: KeyRule): Comparator {
    const first = this.#take(t('A comparison such as = is expected after {0}.', shortened(left.text)))
    const words = [first.text.toUpperCase()]
    if (first.kind === 'name')
      for (const following of followers.get(words[0] ?? '') ?? [])
        if (isWord(this.#peek(), following)) words.push(this.#tokens[this.#next++]?.text.toUpperCase() ?? '')
    const where = { start: first.start, end: this.#lastEnd() }
    const comparator = comparators.find((known) => known === words.join(' '))
    if (!comparator)
      throw new FilterError(
        t(
          '{0} does not compare. Known are {1}.',
          shortened(this.text.slice(where.start, where.end)),
          rule.comparators.join(' '),
        ),
        where,
      )
    if (!rule.comparators.includes(comparator))
      throw new FilterError(
        t('{0} can be compared by {1}, not by {2}.', shortened(left.text), rule.comparators.join(' '), comparator),
        where,
      )
    return comparator
  }

  #value(comparator: Comparator, rule: KeyRule): Literal {
    if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') return null
    if (comparator === 'IN' || comparator === 'NOT IN') return this.#list(rule)
    const numeric = rule.type === 'number' || rule.type === 'integer' || rule.type === 'version'
    const token = this.#take(numeric ? t('A number is expected here.') : t('A text in quotes is expected here.'))
    if (rule.type === 'version' && token.kind === 'string') return wholeNumber(idOf(token), token)
    if (numeric) return numberOf(token, rule)
    if (token.kind !== 'string')
      throw new FilterError(t('A text in quotes is expected here, not {0}.', shortened(token.text)), token)
    return textOf(token, rule)
  }

  #list(rule: KeyRule): string[] {
    const open = this.#take(t('A list such as {0} is expected here.', "('a', 'b')"))
    if (open.kind !== '(') throw new FilterError(t('A list such as {0} is expected here.', "('a', 'b')"), open)
    const values: string[] = []
    for (;;) {
      const token = this.#take(t('The list is not closed: {0} is missing.', ')'))
      if (token.kind === ')' && values.length > 0) return values
      if (token.kind !== 'string')
        throw new FilterError(t('A text in quotes is expected here, not {0}.', shortened(token.text)), token)
      values.push(textOf(token, rule))
      const separator = this.#take(t('The list is not closed: {0} is missing.', ')'))
      if (separator.kind === ')') return values
      if (separator.kind !== ',')
        throw new FilterError(t('A comma is expected before {0}.', shortened(separator.text)), separator)
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  #take(expectation: string): Token {
    const token = this.#tokens[this.#next]
    if (!token) throw new FilterError(expectation, { start: this.text.length, end: this.text.length })
    this.#next++
    return token
  }

  #lastEnd(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0
  }
}

/** Comparators of several words: what may follow the first. */
const followers: ReadonlyMap<string, readonly string[]> = new Map([
  ['NOT', ['IN', 'LIKE', 'ILIKE']],
  ['IS', ['NOT', 'NULL']],
])

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'name' && token.text.toUpperCase() === word
}

function numberOf(token: Token, rule: KeyRule): number | bigint {
  if (token.kind !== 'number')
    throw new FilterError(t('A number is expected here, not {0}.', shortened(token.text)), token)
  const whole = /^-?\d+$/.test(token.text)
  if (rule.type !== 'number' && !whole)
    throw new FilterError(t('A whole number is expected here, not {0}.', shortened(token.text)), token)
  return whole ? wholeNumber(token.text, token) : Number(token.text)
}

/** As a number where that is exact. SQLite's integers have 64 bits. */
function wholeNumber(digits: string, where: Span): number | bigint {
  const exact = BigInt(digits)
  if (exact !== BigInt.asIntN(64, exact)) throw new FilterError(t('{0} is too large.', shortened(digits)), where)
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
}

function textOf(token: Token, rule: KeyRule): string {
  return rule.type === 'id' ? String(wholeNumber(idOf(token), token)) : unquote(token.text)
}

function idOf(token: Token): string {
  const digits = unquote(token.text).trim()
  if (/^[+-]?\d+$/.test(digits)) return digits.replace('+', '')
  throw new FilterError(t('{0} is not a whole number.', shortened(token.text)), token)
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
