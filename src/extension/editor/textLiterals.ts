/** Literals of text in Python: what their characters mean, and which characters of the source those are. */
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'

/** Offsets, end exclusive. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** Stands in a text for what is known at run time only. */
export const hole = '\ufffc'

/** A text as it is written: in one literal or in several that are joined. */
export interface WrittenText extends Place {
  /** With a `hole` for each part that is filled at run time. */
  readonly text: string
  /** For each UTF-16 unit of the text what it is written as, by offsets in the source. */
  readonly places: readonly Place[]
  readonly literals: readonly Literal[]
}

export interface Literal extends Place {
  /** Where the text between the quotes is. */
  readonly inner: Place
  readonly quotes: string
  readonly isRaw: boolean
  readonly isFormat: boolean
}

const literal = /^([A-Za-z]*)("""|'''|"|')/

/** Takes a literal apart; undefined for bytes and for what is none. @param at where it is in the source */
export function literalOf(written: string, at: number): Literal | undefined {
  const [opening = '', prefix = '', quotes = ''] = literal.exec(written) ?? []
  if (quotes === '' || /b/i.test(prefix)) return undefined
  const rest = written.slice(opening.length)
  const length = rest.endsWith(quotes) ? rest.length - quotes.length : rest.replace(/\r?\n$/, '').length
  const start = at + opening.length
  return {
    start: at,
    end: at + written.length,
    inner: { start, end: start + length },
    quotes,
    isRaw: /r/i.test(prefix),
    isFormat: /f/i.test(prefix),
  }
}

const escapes = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|\r\n|[\s\S])/g

const simpleEscapes: Readonly<Record<string, string | undefined>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
  '\r\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** What stands between the quotes of a literal that is not raw, as Python reads it. */
export const unescaped = (text: string): string => (text.includes('\\') ? text.replace(escapes, meaningOf) : text)

function meaningOf(escape: string): string {
  const rest = escape.slice(1)
  if (/^[xuU]./.test(rest)) {
    const code = parseInt(rest.slice(1), 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : escape
  }
  if (/^[0-7]/.test(rest)) return String.fromCharCode(parseInt(rest, 8))
  return simpleEscapes[rest] ?? escape
}

/** The text that an expression is; undefined where it is none. Offsets are those of the source. Never throws. */
export function writtenText(source: string, { start, end }: Place): WrittenText | undefined {
  const reading = new Reading(source, start, end)
  return reading.root && reading.written(reading.root)
}

/** The texts in a list, tuple or set, or the one that the expression is. @param key those under it, where these are of dicts */
export function writtenTexts(source: string, { start, end }: Place, key?: string): WrittenText[] {
  const reading = new Reading(source, start, end)
  const { root } = reading
  if (!root) return []
  const items = /^(?:Array|Tuple|Set)Expression$/.test(root.name) ? partsOf(root) : [root]
  const texts = key === undefined ? items : items.flatMap((item) => reading.valueUnder(item, key) ?? [])
  return texts.flatMap((item) => reading.written(item) ?? [])
}

/** The text in an expression in which the cursor is, between its quotes. */
export function writtenTextAt(source: string, { start, end }: Place, offset: number): WrittenText | undefined {
  const reading = new Reading(source, start, end)
  let found: WrittenText | undefined
  for (let node = reading.nodeAt(offset); node; node = node.parent) {
    const written = reading.written(node)
    const isIn = ({ inner }: Literal): boolean => inner.start <= offset && offset <= inner.end
    if (written?.literals.some(isIn)) found = written
    else if (found || node.name === 'FormatReplacement') break
  }
  return found
}

/** What part of a text is written as: of several lines maybe. An empty part is the quote or the literal that follows it. */
export function placeOf({ places, literals, end }: WrittenText, part: Place): Place {
  const from = places[part.start]
  const to = places[Math.min(part.end, places.length) - 1]
  if (from && to && part.end > part.start) return { start: from.start, end: to.end }
  const last = literals.at(-1)
  const at = from?.start ?? last?.inner.end ?? end
  return { start: at, end: Math.max(at, Math.min(at + 1, end)) }
}

class Reading {
  readonly root: SyntaxNode | undefined
  readonly #source: string
  /** What is added to the parser's offsets: the expression is read in brackets, so that it may have several lines. */
  readonly #shift: number
  readonly #end: number

  constructor(source: string, start: number, end: number) {
    this.#source = source
    this.#shift = start - 1
    this.#end = end
    const top = parser.parse(`(${source.slice(start, end)})`).topNode
    this.root = top.firstChild?.firstChild?.firstChild?.nextSibling ?? undefined
    if (this.root && this.root.from > 1 && this.root.name === 'Comment') this.root = this.root.nextSibling ?? undefined
  }

  nodeAt(offset: number): SyntaxNode | null {
    if (!this.root) return null
    let top = this.root
    while (top.parent) top = top.parent
    return top.resolveInner(offset - this.#shift, -1)
  }

  /** What a dict has under a key. */
  valueUnder(dict: SyntaxNode, key: string): SyntaxNode | undefined {
    if (dict.name !== 'DictionaryExpression') return undefined
    const parts = partsOf(dict)
    return parts.find((_, at) => {
      const [named, colon] = [parts[at - 2], parts[at - 1]]
      return colon?.name === ':' && named && this.written(named)?.text === key
    })
  }

  written(node: SyntaxNode): WrittenText | undefined {
    const found: Mutable = { text: '', places: [], literals: [] }
    this.#add(node, found)
    if (found.literals.length === 0) return undefined
    return { ...found, ...this.#place(node) }
  }

  #add(node: SyntaxNode, found: Mutable): void {
    const parts = partsOf(node)
    const template = this.#templateOf(node)
    if (/^(?:Format)?String$/.test(node.name)) this.#literal(node, found)
    else if (template) this.#template(template.text, template.holes, found)
    else if (node.name === 'ContinuedString' || (node.name === 'ParenthesizedExpression' && parts.length === 1))
      for (const part of parts) this.#add(part, found)
    else if (node.name === 'BinaryExpression' && parts[1] && this.#text(parts[1]) === '+')
      for (const part of [parts[0], parts[2]]) {
        if (part) this.#add(part, found)
      }
    else add(found, hole, this.#place(node))
  }

  /** Of `"…" % values` and `"…".format(values)`. */
  #templateOf(node: SyntaxNode): { readonly text: SyntaxNode; readonly holes: RegExp } | undefined {
    const [first, operator] = partsOf(node)
    if (!first) return undefined
    if (node.name === 'BinaryExpression' && operator && this.#text(operator) === '%')
      return { text: first, holes: /%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.\d+)?[a-zA-Z]/g }
    const isFormat = node.name === 'CallExpression' && /\.\s*format$/.test(this.#text(first)) && first.firstChild
    return isFormat ? { text: isFormat, holes: /\{[^{}]*\}/g } : undefined
  }

  #literal(node: SyntaxNode, found: Mutable): void {
    const read = literalOf(this.#text(node), this.#place(node).start)
    if (!read) {
      add(found, hole, this.#place(node))
      return
    }
    found.literals.push(read)
    let at = read.inner.start
    for (const replaced of node.getChildren('FormatReplacement')) {
      const place = this.#place(replaced)
      this.#plain({ start: at, end: place.start }, read, found)
      add(found, hole, place)
      at = place.end
    }
    this.#plain({ start: at, end: Math.max(at, read.inner.end) }, read, found)
  }

  #plain({ start, end }: Place, { isRaw, isFormat }: Literal, found: Mutable): void {
    const text = this.#source.slice(start, end)
    const special = [...(isRaw ? [] : [escapes.source]), ...(isFormat ? [String.raw`\{\{|\}\}`] : [])].join('|')
    let at = 0
    const characters = (to: number): void => {
      for (; at < to; at++) add(found, text[at] ?? '', { start: start + at, end: start + at + 1 })
    }
    if (special !== '')
      for (const { index, 0: written } of text.matchAll(new RegExp(special, 'g'))) {
        characters(index)
        at = index + written.length
        const meaning = written.startsWith('\\') ? meaningOf(written) : written.charAt(0)
        add(found, meaning, { start: start + index, end: start + at })
      }
    characters(text.length)
  }

  /** A text with places that are filled. */
  #template(node: SyntaxNode, filled: RegExp, found: Mutable): void {
    const read: Mutable = { text: '', places: [], literals: [] }
    this.#add(node, read)
    let at = 0
    const take = (to: number): void => {
      for (; at < to; at++) add(found, read.text[at] ?? '', read.places[at] ?? this.#place(node))
    }
    for (const { index, 0: written } of read.text.matchAll(filled)) {
      take(index)
      at += written.length
      add(found, hole, { start: read.places[index]?.start ?? 0, end: read.places[at - 1]?.end ?? 0 })
    }
    take(read.text.length)
    found.literals.push(...read.literals)
  }

  #text(node: SyntaxNode): string {
    const { start, end } = this.#place(node)
    return this.#source.slice(start, end)
  }

  #place(node: SyntaxNode): Place {
    return {
      start: Math.min(node.from + this.#shift, this.#end),
      end: Math.min(node.to + this.#shift, this.#end),
    }
  }
}

interface Mutable {
  text: string
  places: Place[]
  literals: Literal[]
}

function add(found: Mutable, text: string, place: Place): void {
  found.text += text
  while (found.places.length < found.text.length) found.places.push(place)
}

/** Without brackets, commas and comments. */
function partsOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (!/^(?:[()[\]{},]|Comment)$/.test(child.name)) children.push(child)
  return children
}
