/** A simple statement of Python, or the head of a compound one (`with …:`), without what it is indented by. */
export interface Statement {
  /** Offsets in the source. */
  readonly start: number
  readonly end: number
  /** Zero-based line of its start. */
  readonly line: number
  /** Columns; a tab goes to the next multiple of eight, as in Python. */
  readonly indent: number
}

/** A bracket that is never closed makes one scan to the end of the file: so many times at most. */
const mostScansToEnd = 4

const startOfStatement =
  /(?:@|(?:async|await|def|class|import|from|return|with|try|except|finally|raise|while|pass|break|continue|del|global|nonlocal|assert|for|if|elif|else|match)\b|[A-Za-z_][\w.]*\s*(?:\(|=(?!=)|[-+*/|&^%@]=|:))/y

/**
 * The logical lines of Python source: what brackets, triple quotes and backslashes join is one. It knows that much of Python and no
 * more, so that a long file takes milliseconds; what a statement says is for a parser.
 *
 * Half-typed code: a bracket that isn't closed by the end of the file ends where a line begins as a statement does, no further in.
 */
export function statementsOf(source: string): Statement[] {
  const statements: Statement[] = []
  let scansLeft = mostScansToEnd
  let [at, line] = [0, 0]
  while (at < source.length) {
    const start = skipIndent(source, at)
    let found = scan(source, start.at, scansLeft > 0 ? Infinity : start.indent)
    if (!found.isClosed && scansLeft > 0) {
      scansLeft--
      found = scan(source, start.at, start.indent)
    }
    if (found.end > start.at) statements.push({ start: start.at, end: found.end, line, indent: start.indent })
    line += found.lines
    at = found.next
  }
  return statements
}

/** The numbers of the statements in which the pattern, a global one, is found, in order. */
export function statementsWith(pattern: RegExp, source: string, statements: readonly Statement[]): number[] {
  const found: number[] = []
  let at = 0
  for (const match of source.matchAll(pattern)) {
    while (at < statements.length && (statements[at]?.end ?? 0) <= match.index) at++
    const statement = statements[at]
    if (statement && statement.start <= match.index && found.at(-1) !== at) found.push(at)
  }
  return found
}

interface Scan {
  /** Where the code of the statement ends. */
  readonly end: number
  /** Where the next line begins. */
  readonly next: number
  readonly lines: number
  readonly isClosed: boolean
}

/** What a character does to a statement: most do nothing. */
const does = { text: 1, opens: 2, closes: 3, blank: 4, line: 5 } as const
const deeds = new Uint8Array(128)
const mark = (characters: string, deed: number): void => {
  for (const character of characters) deeds[character.charCodeAt(0)] = deed
}
mark('"\'#\\', does.text)
mark('([{', does.opens)
mark(')]}', does.closes)
mark(' \t\r', does.blank)
mark('\n', does.line)

/** @param cutAt inside brackets, a line that is indented by no more than this and looks like a statement is one */
function scan(source: string, start: number, cutAt: number): Scan {
  let [depth, lines, at, end] = [0, 0, start, start]
  while (at < source.length) {
    const deed = deeds[source.charCodeAt(at)] ?? 0
    if (deed === does.line) {
      lines++
      at++
      if (depth <= 0) return { end, next: at, lines, isClosed: true }
      if (cutAt !== Infinity && isCut(source, at, cutAt)) return { end, next: at, lines, isClosed: false }
    } else if (deed === does.text) {
      const isComment = source[at] === '#'
      const next = endOfStretch(source, at)
      lines += newlines(source, at, next)
      at = next
      if (!isComment) end = at
    } else {
      at++
      if (deed === does.blank) continue
      if (deed === does.opens) depth++
      else if (deed === does.closes) depth--
      end = at
    }
  }
  return { end, next: at, lines, isClosed: depth <= 0 }
}

function isCut(source: string, at: number, cutAt: number): boolean {
  const line = skipIndent(source, at)
  if (line.indent > cutAt) return false
  startOfStatement.lastIndex = line.at
  return startOfStatement.test(source)
}

function skipIndent(source: string, from: number): { readonly at: number; readonly indent: number } {
  let [at, indent] = [from, 0]
  for (; ; at++) {
    const character = source[at]
    if (character === ' ') indent++
    else if (character === '\t') indent += 8 - (indent % 8)
    else if (character === '\f') indent = 0
    else if (character !== '\ufeff') return { at, indent }
  }
}

/**
 * Past a string, a comment, or a backslash with what it takes the meaning from. Strings that aren't closed end with their line, in
 * triple quotes with the file. No regular expression: those give up on strings of many megabytes.
 */
function endOfStretch(source: string, at: number): number {
  const first = source[at] ?? ''
  if (first === '#') return orEnd(source, source.indexOf('\n', at))
  if (first === '\\') return at + (/^\r?\n/.exec(source.slice(at + 1, at + 3))?.[0].length ?? 0) + 1
  const quotes = first.repeat(3)
  return source.startsWith(quotes, at) ? endOfTriple(source, at + 3, quotes) : endOfString(source, at + 1, first)
}

function endOfTriple(source: string, start: number, quotes: string): number {
  for (let from = start; ;) {
    const end = source.indexOf(quotes, from)
    if (end < 0) return source.length
    let inside = end
    while (inside > start && source[inside - 1] === '\\') inside--
    if ((end - inside) % 2 === 0) return end + 3
    from = end + 1 // the first quote is escaped
  }
}

function endOfString(source: string, start: number, quote: string): number {
  for (let at = start; at < source.length; at++) {
    const character = source[at]
    if (character === '\\') at++
    else if (character === '\n') return at
    else if (character === quote) return at + 1
  }
  return source.length
}

const orEnd = (source: string, at: number): number => (at < 0 ? source.length : at)

function newlines(source: string, from: number, to: number): number {
  let count = 0
  for (let at = source.indexOf('\n', from); at >= 0 && at < to; at = source.indexOf('\n', at + 1)) count++
  return count
}
