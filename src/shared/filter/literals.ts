import { t } from '../l10n'
import { shortened, unquote, type Token } from './tokens'
import { FilterError, type Span } from './tree'

/** A whole number, as a number where that is exact. SQLite's integers have 64 bits: MLflow refuses larger ones. */
export function wholeNumber(digits: string, where: Span): number | bigint {
  const exact = BigInt(digits)
  if (exact !== BigInt.asIntN(64, exact)) throw new FilterError(t('{0} is too large.', shortened(digits)), where)
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
}

/** The digits of an id, in quotes or not. */
export function digitsOf(token: Token): string {
  const digits = unquote(token.text).trim()
  if (/^[+-]?\d+$/.test(digits)) return digits.replace('+', '')
  throw new FilterError(t('{0} is not a whole number.', shortened(token.text)), token)
}

/** A text as SQLite compares it with a column of whole numbers: `02` and `2.0` are 2. */
export function codeIn(text: string): string {
  const trimmed = text.trim()
  if (/^[+-]?\d+$/.test(trimmed)) return String(BigInt(trimmed.replace('+', '')))
  const number = /\d/.test(trimmed) ? numberIn(trimmed) : undefined
  return number === undefined ? text : String(number)
}

const units: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** Milliseconds of a text such as `5m` or `2h 30m`: hours, minutes, seconds and `ms`, days too. */
export function durationOf(token: Token): number {
  const text = unquote(token.text).trim().toLowerCase()
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[dhms])\s*/g)]
  if (text === '' || parts.map(([part]) => part).join('') !== text)
    throw new FilterError(
      t('{0} is no duration. Write milliseconds, or a text such as {1}.', shortened(token.text), "'2h30m'"),
      token,
    )
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0)
}

const simpleEscapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' },
  ...{ "'": "'", '"': '"', '\\': '\\' },
}

/**
 * A text in a list. MLflow reads lists as Python does: unlike elsewhere there are escapes, and two texts side by side are one.
 */
export function listedText(token: Token): string {
  const quote = token.text.slice(0, 1)
  const content = token.text.slice(1, -1).replaceAll(quote + quote, '')
  return content.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([0-7]{1,3})|([^]))/gi,
    (written, hex: string | undefined, wide: string | undefined, octal: string | undefined, other: string) => {
      const code = hex ?? wide
      if (code !== undefined) return String.fromCharCode(parseInt(code, 16))
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8))
      return Object.hasOwn(simpleEscapes, other) ? (simpleEscapes[other] ?? written) : written
    },
  )
}

/** The number that a text is, as parameters hold them; undefined if it is none. */
export function numberIn(text: string): number | undefined {
  const trimmed = text.trim()
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed)
  const infinity = /^([+-]?)inf(?:inity)?$/i.exec(trimmed)
  if (!infinity) return undefined
  return infinity[1] === '-' ? -Infinity : Infinity
}
