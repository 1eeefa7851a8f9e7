import { t } from '../l10n'
import { FilterError, type Span } from './tree'

/**
 * - name: a dotted path such as ``metrics.`val loss` ``, or a keyword
 * - string: '…' or "…" (the latter may also be the name of an attribute)
 * - number, operator, and the single characters ( ) ,
 */
export interface Token extends Span {
  readonly kind: 'name' | 'string' | 'number' | 'operator' | '(' | ')' | ','
  /** As written, quotes included. */
  readonly text: string
}

// The shapes are those of sqlparse, which MLflow reads expressions with. There is no escaping: a doubled or backslashed quote does
// not end a string, but stays in its value as written.
const word = String.raw`[\p{L}_][\p{L}\p{N}_]*`
// After a dot a part may begin with a digit, but not be a number.
const innerWord = String.raw`(?:${word}|\p{N}+[\p{L}_][\p{L}\p{N}_]*)`
const backticks = '`(?:``|[^`])*`'
const singleQuotes = String.raw`'(?:''|\\'|[^'])*'`
const doubleQuotes = String.raw`"(?:""|\\"|[^"])*"`

const shapes: readonly [Token['kind'], RegExp][] = [
  ['string', sticky(singleQuotes)],
  ['string', sticky(`${doubleQuotes}(?!\\.)`)],
  ['number', sticky(String.raw`-?(?:\d+(?:\.\d+)?[eE]-?\d+|\d+\.\d*|\.\d+|\d+)(?![\p{L}_])`)],
  [
    'name', // in single quotes only the last part of it
    sticky(
      `(?:${word}|${backticks}|${doubleQuotes})(?:\\.(?:${innerWord}|${backticks}|${doubleQuotes}))*(?:\\.${singleQuotes})?`,
    ),
  ],
  ['operator', sticky('[<>=~!]+')],
  ['(', sticky('\\(')],
  [')', sticky('\\)')],
  [',', sticky(',')],
]
const space = sticky('\\s+')

function sticky(source: string): RegExp {
  return new RegExp(source, 'uy')
}

/** @throws FilterError at the first character that begins nothing. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length;) {
    const blank = matchAt(space, text, at)
    if (blank !== undefined) {
      at += blank.length
      continue
    }
    const token = tokenAt(text, at)
    tokens.push(token)
    at = token.end
  }
  return tokens
}

function tokenAt(text: string, start: number): Token {
  for (const [kind, shape] of shapes) {
    const matched = matchAt(shape, text, start)
    if (matched !== undefined) return { kind, text: matched, start, end: start + matched.length }
  }
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0)
  const quote = character === '.' ? start + 1 : start
  if (/["'`]/.test(text[quote] ?? ''))
    throw new FilterError(t('The quote {0} is never closed.', text[quote] ?? ''), { start: quote, end: text.length })
  throw new FilterError(
    t('“{0}” is not expected here. Put names with such characters in backticks and texts in quotes.', character),
    { start, end: start + character.length },
  )
}

function matchAt(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at
  return shape.exec(text)?.[0]
}

/** Without the quotes around it, whichever they are. */
export function unquote(text: string): string {
  return /^(['"`])[^]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text
}

/** For a message. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
