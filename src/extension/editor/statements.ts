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

/** A string or a comment, or a backslash with what it takes the meaning from. Strings that aren't closed end with their line. */
const stretch =
  /"""(?:[^\\"]|\\[\s\S]|"(?!""))*(?:"""|\\?$)|'''(?:[^\\']|\\[\s\S]|'(?!''))*(?:'''|\\?$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|#[^\n]*|\\(?:\r?\n)?/y

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

interface Scan {
  /** Where the code of the statement ends. */
  readonly end: number
  /** Where the next line begins. */
  readonly next: number
  readonly lines: number
  readonly isClosed: boolean
}

/** @param cutAt inside brackets, a line that is indented by no more than this and looks like a statement is one */
function scan(source: string, start: number, cutAt: number): Scan {
  let [depth, lines, at, end] = [0, 0, start, start]
  while (at < source.length) {
    switch (source[at]) {
      case '\n':
        lines++
        at++
        if (depth <= 0) return { end, next: at, lines, isClosed: true }
        if (cutAt !== Infinity && isCut(source, at, cutAt)) return { end, next: at, lines, isClosed: false }
        continue
      case '"':
      case "'":
      case '#':
      case '\\': {
        stretch.lastIndex = at
        const text = stretch.exec(source)?.[0] ?? ' '
        at += text.length
        lines += newlines(text)
        if (!text.startsWith('#')) end = at
        continue
      }
      case '(':
      case '[':
      case '{':
        depth++
        break
      case ')':
      case ']':
      case '}':
        depth--
        break
      case ' ':
      case '\t':
      case '\r':
        at++
        continue
      default:
    }
    end = ++at
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

function newlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}
