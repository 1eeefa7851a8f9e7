/**
 * Regular expressions in linear time: a program of states that are all followed at once, after Ken Thompson, "Regular Expression
 * Search Algorithm" (1968), in Russ Cox's form. JavaScript's own matching tries one way after the other, which an innocent pattern
 * such as `.*a.*b.*c` keeps busy for hours, and can't be interrupted.
 */

/** What can't be matched so. */
export class UnsupportedRegex extends Error {
  constructor(readonly part: string) {
    super(part)
  }
}

export class RegexTooLarge extends Error {}

/** Counted repetitions are written out. */
const mostStates = 5_000

type Node =
  | { readonly kind: 'character'; readonly matches: (character: string) => boolean }
  | { readonly kind: 'assertion'; readonly holds: Assertion }
  | { readonly kind: 'sequence' | 'alternatives'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number }

/** @param before the characters around the place; undefined at the ends of the text */
type Assertion = (before: string | undefined, after: string | undefined) => boolean

type State =
  | { readonly kind: 'character'; readonly matches: (character: string) => boolean; readonly next: number }
  | { readonly kind: 'assertion'; readonly holds: Assertion; readonly next: number }
  | { readonly kind: 'fork'; readonly next: number; readonly other: number }
  | { readonly kind: 'end' }

/**
 * Whether the pattern is found anywhere in a text.
 *
 * @param pattern valid as a JavaScript regular expression with the flag `u`
 * @throws UnsupportedRegex, RegexTooLarge
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  const states: State[] = []
  const start = written(new RegexParser(pattern).parse(), add(states, { kind: 'end' }), states)
  return (text) => isFoundIn(text, states, start)
}

function add(states: State[], state: State): number {
  if (states.length >= mostStates) throw new RegexTooLarge()
  return states.push(state) - 1
}

/** Writes a node's states, from the last one to the first; returns where to begin. @param next where it goes on behind */
function written(node: Node, next: number, states: State[]): number {
  switch (node.kind) {
    case 'character':
    case 'assertion':
      return add(states, { ...node, next })
    case 'sequence':
      return node.parts.reduceRight((after, part) => written(part, after, states), next)
    case 'alternatives':
      return node.parts
        .map((part) => written(part, next, states))
        .reduceRight((other, one) => add(states, { kind: 'fork', next: one, other }))
    case 'repeat':
      return writtenRepeat(node, next, states)
  }
}

function writtenRepeat(
  { of, least, most }: { readonly of: Node; readonly least: number; readonly most: number },
  next: number,
  states: State[],
): number {
  let start = next
  if (most === Infinity) {
    const loop = add(states, { kind: 'fork', next, other: next })
    const again = written(of, loop, states)
    states[loop] = { kind: 'fork', next: again, other: next }
    start = loop
  } else
    for (let count = least; count < most; count++)
      start = add(states, { kind: 'fork', next: written(of, start, states), other: next })
  for (let count = 0; count < least; count++) start = written(of, start, states)
  return start
}

/** Follows all ways at once; a new one begins at each character. */
function isFoundIn(text: string, states: readonly State[], start: number): boolean {
  const characters = Array.from(text)
  const seen = new Int32Array(states.length).fill(-1) // where a state was last entered
  let current: number[] = []
  const stack: number[] = []
  /** Enters a state and all that follow without a character; true at the end. */
  const enter = (state: number, at: number, into: number[]): boolean => {
    stack.push(state)
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      if (seen[index] === at) continue
      seen[index] = at
      const found = states[index]
      if (found === undefined || found.kind === 'end') {
        stack.length = 0
        return true
      }
      if (found.kind === 'character') into.push(index)
      else if (found.kind === 'fork') stack.push(found.other, found.next)
      else if (found.holds(characters[at - 1], characters[at])) stack.push(found.next)
    }
    return false
  }
  for (let at = 0; ; at++) {
    if (enter(start, at, current)) return true
    const character = characters[at]
    if (character === undefined) return false
    const following: number[] = []
    for (const index of current) {
      const state = states[index]
      if (state?.kind === 'character' && state.matches(character) && enter(state.next, at + 1, following)) return true
    }
    current = following
  }
}

const isWord = (character: string | undefined): boolean => character !== undefined && /^\w$/.test(character)
const atStart: Assertion = (before) => before === undefined
const atEnd: Assertion = (_, after) => after === undefined
const atWordEdge: Assertion = (before, after) => isWord(before) !== isWord(after)
const notAtWordEdge: Assertion = (before, after) => isWord(before) === isWord(after)

/** One character of a pattern, as it is written: a pair of surrogates, an escape, a class, or itself. */
const atoms =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\(?:u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pP]\{[^}]*\}|c[A-Za-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/uy

class RegexParser {
  #at = 0

  constructor(private readonly pattern: string) {}

  parse(): Node {
    const parts = [this.#sequence()]
    while (this.#takes('|')) parts.push(this.#sequence())
    const [only] = parts
    return only && parts.length === 1 ? only : { kind: 'alternatives', parts }
  }

  #sequence(): Node {
    const parts: Node[] = []
    while (this.#at < this.pattern.length && !this.#isAt('|') && !this.#isAt(')')) parts.push(this.#repeated())
    return { kind: 'sequence', parts }
  }

  #repeated(): Node {
    const of = this.#atom()
    const [written, first, comma, last] = this.#match(/(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y)
    if (written === undefined) return of
    switch (written[0]) {
      case '*':
        return { kind: 'repeat', of, least: 0, most: Infinity }
      case '+':
        return { kind: 'repeat', of, least: 1, most: Infinity }
      case '?':
        return { kind: 'repeat', of, least: 0, most: 1 }
      default: {
        const least = Number(first)
        return { kind: 'repeat', of, least, most: comma === '' ? least : last === '' ? Infinity : Number(last) }
      }
    }
  }

  #atom(): Node {
    const [group] = this.#match(/\((?:\?(?:<[^=!>][^>]*>|:|[^]{1,2}))?/y)
    if (group !== undefined) {
      if (group !== '(' && !/^\(\?(?::|<[^=!])/.test(group))
        throw new UnsupportedRegex(/^\(\?<?[=!]?/.exec(group)?.[0] ?? group)
      const inner = this.parse()
      this.#takes(')')
      return inner
    }
    const [atom = ''] = this.#match(atoms)
    switch (atom) {
      case '^':
        return { kind: 'assertion', holds: atStart }
      case '$':
        return { kind: 'assertion', holds: atEnd }
      case '\\b':
        return { kind: 'assertion', holds: atWordEdge }
      case '\\B':
        return { kind: 'assertion', holds: notAtWordEdge }
    }
    if (/^\\[1-9k]/.test(atom)) throw new UnsupportedRegex(atom)
    return { kind: 'character', matches: characterTest(atom) }
  }

  #isAt(character: string): boolean {
    return this.pattern[this.#at] === character
  }

  #takes(character: string): boolean {
    if (!this.#isAt(character)) return false
    this.#at++
    return true
  }

  #match(expected: RegExp): (string | undefined)[] {
    expected.lastIndex = this.#at
    const found = expected.exec(this.pattern)
    if (!found) return []
    this.#at += found[0].length
    return found
  }
}

/** JavaScript itself says what a class or an escape means; of ASCII it is asked once. */
function characterTest(atom: string): (character: string) => boolean {
  if (!/^[\\[.]/.test(atom)) return (character) => character === atom
  const one = new RegExp(`^${atom}$`, 'u')
  const ascii = Array.from({ length: 128 }, (_, code) => one.test(String.fromCharCode(code)))
  return (character) => ascii[character.charCodeAt(0)] ?? one.test(character)
}
