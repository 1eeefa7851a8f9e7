import { t } from '../l10n'
import { codeIn, digitsOf, durationOf, listedText, wholeNumber } from './literals'
import { comparatorsFor, resolveName, type ResolvedName } from './names'
import { regexTest } from './regex'
import { searchRules, type KeyRule, type SearchKind } from './rules'
import { shortened, tokenize, unquote, type Token } from './tokens'
import {
  comparators,
  FilterError,
  type Comparator,
  type Comparison,
  type Expression,
  type Junction,
  type Literal,
  type Span,
} from './tree'

/** Stores could not answer more: SQLite bounds both. */
const deepest = 40
const mostComparisons = 400

/**
 * Reads a search expression: MLflow's comparisons joined by AND and, beyond MLflow, OR, NOT, parentheses and more comparators
 * (`extensionsIn` tells where). An empty text is no condition at all, hence `undefined`.
 *
 * As MLflow does, it takes any number of ANDs between comparisons, none at all, and at both ends.
 *
 * @throws FilterError with the position of what is wrong.
 */
export function parseFilter(text: string, kind: SearchKind): Expression | undefined {
  return text === '' ? undefined : new Parser(tokenize(text), text.length, kind).parse()
}

/** What may follow where the text ends; for completion. */
export type Expected =
  | { readonly what: 'comparison' | 'joint' | 'separator' }
  | { readonly what: 'comparator'; readonly of: ResolvedName; readonly words: readonly string[] }
  | { readonly what: 'value' | 'list' | 'item'; readonly of: ResolvedName; readonly comparator: Comparator }

/** What may follow `tokens`, as if the text ended with them; nothing where it is wrong before that. */
export function expectedAfter(tokens: readonly Token[], end: number, kind: SearchKind): Expected[] {
  const parser = new Parser(tokens, end, kind)
  try {
    parser.parse()
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
  }
  return parser.expected
}

class Parser {
  /** Collected wherever the end was looked at. */
  readonly expected: Expected[] = []
  #next = 0
  #comparisons = 0

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
    private readonly kind: SearchKind,
  ) {}

  parse(): Expression | undefined {
    if (this.tokens.length > 0 && this.tokens.every((token) => isWord(token, 'AND'))) {
      this.#expect({ what: 'comparison' }, this.tokens.length)
      return undefined
    }
    const expression = this.#disjunction(0)
    const rest = this.#peek()
    if (rest) throw new FilterError(t('“{0}” is not expected here.', shortened(rest.text)), rest)
    return expression
  }

  #disjunction(depth: number): Expression {
    const first = this.#conjunction(depth)
    const operands = [first]
    const ours: Span[] = []
    for (let or = this.#peek(); or && isWord(or, 'OR'); or = this.#peek()) {
      this.#next++
      ours.push(or)
      operands.push(this.#conjunction(depth))
    }
    return this.#junction('or', operands, ours, first.start)
  }

  #conjunction(depth: number): Expression {
    const start = this.#peek()?.start ?? this.end
    this.#skipAnds()
    const operands = [this.#term(depth)]
    const ours: Span[] = []
    for (;;) {
      this.#expect({ what: 'joint' })
      const joined = this.#skipAnds()
      if (joined) this.#expect({ what: 'comparison' }) // MLflow takes an AND at the end; who typed it goes on
      const next = this.#peek()
      if (!next || next.kind === ')' || isWord(next, 'OR')) break
      if (!startsTerm(next)) throw new FilterError(t('AND is expected before {0}.', shortened(next.text)), next)
      // Only after a list MLflow minds that AND is missing.
      if (!joined && this.tokens[this.#next - 1]?.kind === ')') ours.push(next)
      operands.push(this.#term(depth))
    }
    return this.#junction('and', operands, ours, Math.min(start, operands[0]?.start ?? start))
  }

  #junction(kind: Junction['kind'], operands: readonly Expression[], ours: readonly Span[], start: number): Expression {
    const [first] = operands
    if (first && operands.length === 1) return first
    return { kind, operands, ours, start: Math.max(start, first?.start ?? start), end: operands.at(-1)?.end ?? start }
  }

  #term(depth: number): Expression {
    this.#expect({ what: 'comparison' })
    const token = this.#peek()
    if (token && depth > deepest && (token.kind === '(' || isWord(token, 'NOT')))
      throw new FilterError(t('Parentheses and NOTs are nested too deeply here.'), token)
    if (token && isWord(token, 'NOT')) {
      this.#next++
      const operand = this.#term(depth + 1)
      return { kind: 'not', operand, ours: [token], start: token.start, end: operand.end }
    }
    if (token?.kind === '(') return this.#group(token, depth)
    return this.#comparison()
  }

  #group(open: Token, depth: number): Expression {
    this.#next++
    const inner = this.#disjunction(depth + 1)
    const close = this.#take(t('{0} is never closed.', '('), open)
    if (close.kind !== ')') throw new FilterError(t('{0} is expected before {1}.', ')', shortened(close.text)), close)
    return { ...inner, ours: [open, ...inner.ours, close], start: open.start, end: close.end }
  }

  #comparison(): Comparison {
    const token = this.#take(t('A comparison such as {0} is expected here.', 'metrics.loss < 0.5'))
    if (!isName(token))
      throw new FilterError(
        t('A name such as {0} is expected here, not {1}.', 'metrics.loss', shortened(token.text)),
        token,
      )
    if (++this.#comparisons > mostComparisons)
      throw new FilterError(t('These are more than {0} comparisons.', mostComparisons), token)
    const name = resolveName(token, this.kind, 'filter')
    const { comparator, spelled } = this.#comparator(token, name)
    const { value, plain } = this.#value(comparator, name)
    const span = { start: token.start, end: this.#lastEnd() }
    const isPlain = name.known && plain && name.rule.comparators.includes(comparator)
    const ours = isPlain && spelled && !name.ours ? [] : [span]
    return { kind: 'comparison', name: name.name, comparator, value, plain: isPlain, ours, ...span }
  }

  #comparator(left: Token, of: ResolvedName): { comparator: Comparator; spelled: boolean } {
    const { rule } = of
    this.#expect({ what: 'comparator', of, words: [] })
    const first = this.#take(t('A comparison such as = is expected after {0}.', shortened(left.text)))
    const written = [first]
    if (first.kind === 'name')
      for (;;) {
        const words = written.map(({ text }) => text.toUpperCase())
        const following = followers.get(words.join(' '))
        if (following) this.#expect({ what: 'comparator', of, words })
        const next = this.#peek()
        if (!next || !following?.includes(next.text.toUpperCase())) break
        written.push(next)
        this.#next++
      }
    const where = { start: first.start, end: this.#lastEnd() }
    const text = written.map((token) => token.text).join(' ')
    const comparator = comparators.find((known) => known === text.toUpperCase())
    const known = comparatorsFor(rule)
    if (!comparator)
      throw new FilterError(t('“{0}” does not compare. Known are {1}.', shortened(text), known.join(' ')), where)
    if (!known.includes(comparator))
      throw new FilterError(
        t('{0} can be compared by {1}, not by {2}.', shortened(left.text), known.join(' '), comparator),
        where,
      )
    return { comparator, spelled: this.#isSpelledAsMlflowDoes(comparator, text, written) }
  }

  /** MLflow's parsers differ in which words they know in lower case; NOT NULL they know with one space in between only. */
  #isSpelledAsMlflowDoes(comparator: Comparator, text: string, [, second, third]: readonly Token[]): boolean {
    if (comparator === 'IS NULL') return true
    if (comparator === 'IS NOT NULL') return third?.start === (second?.end ?? 0) + 1
    return !searchRules[this.kind].capitals || text === comparator
  }

  /** The value and whether MLflow takes one of that form here. */
  #value(comparator: Comparator, of: ResolvedName): { value: Literal; plain: boolean } {
    if (comparator === 'IS NULL' || comparator === 'IS NOT NULL') return { value: null, plain: true }
    if (comparator === 'IN' || comparator === 'NOT IN') return this.#list(comparator, of)
    this.#expect({ what: 'value', of, comparator })
    const { type } = of.rule
    const { bare } = searchRules[this.kind]
    const token = this.#take(
      hasTexts(of.rule) ? t('A text in quotes is expected here.') : t('A number is expected here.'),
    )
    if (!hasTexts(of.rule)) return scalarOf(token, of.rule)
    if (bare && of.rule.comparators.includes(comparator) && ['string', 'number', 'name'].includes(token.kind)) {
      const { text, plain } = codeOf(token.text.replace(/^'+|'+$/g, ''), comparator, of.rule)
      return { value: text, plain }
    }
    if (type === 'numericText' && token.kind === 'number' && !comparator.includes('LIKE'))
      return { value: Number(token.text), plain: false }
    if (/^[<>]/.test(comparator))
      throw new FilterError(t('A number is expected here, not {0}.', shortened(token.text)), token)
    if (type === 'id' && token.kind === 'number')
      return { value: String(wholeNumber(digitsOf(token), token)), plain: false }
    if (token.kind !== 'string')
      throw new FilterError(t('A text in quotes is expected here, not {0}.', shortened(token.text)), token)
    const text = textOf(token, of.rule)
    if (comparator.endsWith('RLIKE')) regexTest(text, token)
    return { value: text, plain: true }
  }

  #list(comparator: Comparator, of: ResolvedName): { value: Literal; plain: boolean } {
    this.#expect({ what: 'list', of, comparator })
    const open = this.#take(t('A list such as {0} is expected here.', "('a', 'b')"))
    if (open.kind !== '(') throw new FilterError(t('A list such as {0} is expected here.', "('a', 'b')"), open)
    const texts: string[] = []
    const numbers: (number | bigint)[] = []
    const notClosed = t('The list is not closed: {0} is missing.', ')')
    const { bare } = searchRules[this.kind]
    for (;;) {
      this.#expect({ what: 'item', of, comparator })
      const token = this.#take(notClosed)
      if (token.kind === ')' && (bare || texts.length + numbers.length > 0)) break
      this.#item(token, of.rule, texts, numbers)
      this.#expect({ what: 'separator' })
      const separator = this.#take(notClosed)
      if (separator.kind === ')') break
      if (separator.kind !== ',')
        throw new FilterError(t('A comma is expected before {0}.', shortened(separator.text)), separator)
    }
    const written = this.tokens.slice(this.tokens.indexOf(open) + 1, this.#next - 1)
    const isLoneNumber = bare && written.length === 1 && written[0]?.kind === 'number' // to MLflow that is no list
    const codes = texts.map((text) => codeOf(text, comparator, of.rule))
    const isPlain = numbers.length === 0 && !isLoneNumber && codes.every(({ plain }) => plain)
    return { value: numbers.length > 0 ? numbers : codes.map(({ text }) => text), plain: isPlain }
  }

  #item(token: Token, rule: KeyRule, texts: string[], numbers: (number | bigint)[]): void {
    if (!hasTexts(rule)) {
      const { value } = scalarOf(token, rule)
      numbers.push(value)
      return
    }
    const isNumber = token.kind === 'number' && rule.type === 'numericText' && !searchRules[this.kind].bare
    if ((isNumber ? texts : numbers).length > 0)
      throw new FilterError(t('A list has either texts or numbers, not both.'), token)
    if (isNumber) numbers.push(Number(token.text))
    else if (token.kind === 'number' && searchRules[this.kind].bare) texts.push(token.text)
    else if (token.kind !== 'string')
      throw new FilterError(t('A text in quotes is expected here, not {0}.', shortened(token.text)), token)
    else {
      let text = rule.type === 'id' ? textOf(token, rule) : listedText(token)
      for (let next = this.#peek(); next?.kind === 'string' && rule.type !== 'id'; next = this.#peek()) {
        text += listedText(next)
        this.#next++
      }
      texts.push(text)
    }
  }

  #skipAnds(): boolean {
    const from = this.#next
    while (isWord(this.#peek(), 'AND')) this.#next++
    return this.#next > from
  }

  #expect(expected: Expected, at = this.#next): void {
    if (at === this.tokens.length) this.expected.push(expected)
  }

  #peek(): Token | undefined {
    return this.tokens[this.#next]
  }

  #take(expectation: string, where: Span = { start: this.end, end: this.end }): Token {
    const token = this.tokens[this.#next]
    if (!token) throw new FilterError(expectation, where)
    this.#next++
    return token
  }

  #lastEnd(): number {
    return this.tokens[this.#next - 1]?.end ?? 0
  }
}

/** Comparators of several words: what may follow the first ones. */
const followers: ReadonlyMap<string, readonly string[]> = new Map([
  ['NOT', ['IN', 'LIKE', 'ILIKE', 'RLIKE']],
  ['IS', ['NOT', 'NULL']],
  ['IS NOT', ['NULL']],
])

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'name' && token.text.toUpperCase() === word
}

const isName = (token: Token) => token.kind === 'name' || token.text.startsWith('"')
const startsTerm = (token: Token) => isName(token) || token.kind === '('
const hasTexts = ({ type }: KeyRule) => ['text', 'numericText', 'id', 'code'].includes(type)

function scalarOf(token: Token, { type }: KeyRule): { value: number | bigint; plain: boolean } {
  if (type === 'version' && token.kind === 'string') return { value: wholeNumber(digitsOf(token), token), plain: true }
  if (type === 'duration' && token.kind === 'string') return { value: durationOf(token), plain: false }
  if (token.kind !== 'number')
    throw new FilterError(t('A number is expected here, not {0}.', shortened(token.text)), token)
  const isWhole = /^-?\d+$/.test(token.text)
  if ((type === 'integer' || type === 'version') && !isWhole)
    throw new FilterError(t('A whole number is expected here, not {0}.', shortened(token.text)), token)
  const exact = isWhole && type !== 'real' && type !== 'duration'
  return { value: exact ? wholeNumber(token.text, token) : Number(token.text), plain: true }
}

/** Of a code that is asked to be equal to something, what that is to SQLite; words for it are ours. */
function codeOf(text: string, comparator: Comparator, { type, words }: KeyRule): { text: string; plain: boolean } {
  if (type !== 'code' || comparator.endsWith('LIKE')) return { text, plain: true }
  const code = words?.get(unquote(text))
  return code === undefined ? { text: codeIn(text), plain: true } : { text: code, plain: false }
}

function textOf(token: Token, rule: KeyRule): string {
  return rule.type === 'id' ? String(wholeNumber(digitsOf(token), token)) : unquote(token.text)
}
