import type { Bound } from './bindings'
import type { Assigned, Parsed } from './expressions'
import type { Named, Range } from './pythonCalls'
import { Scopes } from './scopes'
import { statementsOf, statementsWith, type Statement } from './statements'
import type { Place } from './textLiterals'
import type { Value } from './values'

/** A name may stand for another, and so on so many times. */
const longestChain = 8

/** What the text of a statement says. */
export interface Reading {
  readonly parse: (text: string) => Parsed
  readonly bindingsOf: (text: string) => readonly Bound[]
}

/** The statements of Python source, and what their expressions stand for. Statements are told by their number, places in them by offset. */
export class Program {
  readonly scopes: Scopes
  readonly #source: string
  readonly #parse: Reading['parse']
  readonly #statements: readonly Statement[]

  constructor(source: string, { parse, bindingsOf }: Reading) {
    this.#source = source
    this.#parse = parse
    this.#statements = statementsOf(source)
    this.scopes = new Scopes(source, this.#statements, bindingsOf)
  }

  /** Where what an argument stands for is written: there, or where the constant that it names is assigned. */
  written(given: Place & { readonly value: Value }, at: number, depth = 0): Range {
    const assigned = given.value.kind === 'name' ? this.#assigned(given.value.name, at) : undefined
    if (!assigned || depth > longestChain) return this.rangeOf(at, given)
    return this.written(assigned, assigned.at, depth + 1)
  }

  named(value: Value, place: Place, at: number, isDict: boolean, depth = 0): Named[] {
    if (depth > longestChain) return []
    if (!isDict) {
      const text = this.text(value, at)
      return text ? [{ ...text, line: this.lineOf(at, place.start), range: this.rangeOf(at, place) }] : []
    }
    if (value.kind === 'name') {
      const assigned = this.#assigned(value.name, at)
      return assigned ? this.named(assigned.value, place, assigned.at, true, depth + 1) : []
    }
    if (value.kind !== 'dict') return []
    const { entries } = value
    return entries.flatMap((entry, nth) => {
      if (entry.spread) return this.named(entry.spread, entry, at, true, depth + 1)
      if (!entry.key) return []
      // The value in a dict that has a name may change later, and what is spread after it comes before it.
      const isOwn = entry.value && depth === 0 && !entries.slice(nth).some(({ spread }) => spread)
      const range = isOwn && this.rangeOf(at, entry.value)
      return this.named(entry.key, entry, at, false).map((named) => (range ? { ...named, value: range } : named))
    })
  }

  /** A text that is known, at least in part. */
  text(value: Value, at: number): Pick<Named, 'text' | 'isPattern'> | undefined {
    const pieces = this.#pieces(value, at, 0)
    if (!pieces.some((piece) => piece)) return undefined
    const isPattern = pieces.includes(null)
    return {
      text: pieces
        .map((piece) => piece ?? '*')
        .join('')
        .replace(/\*\*+/g, '*'),
      isPattern,
    }
  }

  /**
   * Texts, and null for what is known at run time only.
   * @param isPart of a longer text: the default of an environment variable is told as such only where it is the whole
   */
  #pieces(value: Value, at: number, depth: number, isPart = false): (string | null)[] {
    if (depth > longestChain) return [null]
    switch (value.kind) {
      case 'text':
        return [value.text]
      case 'joined':
        return value.parts.flatMap((part) => this.#pieces(part, at, depth + 1, true))
      case 'environment':
        return isPart ? [null] : this.#pieces(value.otherwise, at, depth + 1, true)
      case 'name': {
        const assigned = this.#assigned(value.name, at)
        return assigned ? this.#pieces(assigned.value, assigned.at, depth + 1, isPart) : [null]
      }
      default:
        return [null]
    }
  }

  environment(value: Value, at: number, depth = 0): string | undefined {
    if (value.kind === 'environment') return value.variable
    if (value.kind !== 'name' || depth > longestChain) return undefined
    const assigned = this.#assigned(value.name, at)
    return assigned && this.environment(assigned.value, assigned.at, depth + 1)
  }

  /** The only value that a variable or attribute is given where statement `at` sees it. */
  #assigned(name: string, at: number): (Assigned & { readonly at: number }) | undefined {
    const statements = this.scopes.assignmentsTo(name, at)
    const found = statements.map((from) =>
      this.parsed(from).assigned.find((item) => item.name === name || item.name === name.split('.').at(-1)),
    )
    const [first] = found
    if (!first) return undefined
    const same = JSON.stringify(first.value)
    if (found.some((item) => JSON.stringify(item?.value) !== same)) return undefined
    return { ...first, at: statements[0] ?? at }
  }

  /** Statements in which the pattern, a global one, is found, in order. */
  statementsWith(pattern: RegExp): number[] {
    return statementsWith(pattern, this.#source, this.#statements)
  }

  parsed(at: number): Parsed {
    return this.#parse(this.textOf(at))
  }

  textOf(at: number): string {
    const statement = this.#statements[at]
    return statement ? this.#source.slice(statement.start, statement.end) : ''
  }

  /** @param offset in the statement */
  lineOf(at: number, offset: number): number {
    const statement = this.#statements[at]
    if (!statement) return 0
    let { line } = statement
    const end = statement.start + offset
    for (let n = this.#source.indexOf('\n', statement.start); n >= 0 && n < end; n = this.#source.indexOf('\n', n + 1))
      line++
    return line
  }

  rangeOf(at: number, place: Place): Range {
    return shifted(place, this.#statements[at]?.start ?? 0)
  }
}

const shifted = ({ start, end }: Place, by: number): Range => ({ start: start + by, end: end + by })
