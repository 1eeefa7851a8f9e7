import { t } from '../l10n'
import { FilterError, type Span } from './tree'

/** Longer patterns are refused, and of longer texts only so much is looked at. MLflow's SQL stores hold no longer values. */
const longestPattern = 1000
const longestText = 8192

/**
 * What RLIKE tests a text with: whether the pattern, a JavaScript regular expression (flag `u`), is found anywhere in it.
 *
 * JavaScript can't be interrupted at this. Patterns that may take exponential time are refused therefore, and texts are cut.
 *
 * @throws FilterError
 */
export function regexTest(pattern: string, where: Span): (text: string) => boolean {
  const regex = compiled(pattern, where)
  const wrong = hazardIn(pattern)
  if (wrong)
    throw new FilterError(
      t(
        '{0} repeats something that itself repeats or has alternatives: finding it could take forever. Repeat a single character or class instead.',
        pattern.slice(wrong.start, wrong.end),
      ),
      where,
    )
  return (text) => regex.test(text.length > longestText ? text.slice(0, longestText) : text)
}

function compiled(pattern: string, where: Span): RegExp {
  if (pattern.length > longestPattern)
    throw new FilterError(t('A regular expression can have {0} characters at most.', longestPattern), where)
  try {
    return new RegExp(pattern, 'u')
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: (?=[^:]*$)/s, '') : String(error)
    throw new FilterError(t('This is no regular expression: {0}.', reason), where)
  }
}

interface Group {
  readonly start: number
  /** It can match one text in several ways, so that repeating it multiplies them. */
  varies: boolean
  /** How its alternatives begin. */
  readonly beginnings: string[]
}

const pieces =
  /\\(?:[pPu]\{[^}]*\}|k<[^>]*>|c.|[^])|\[(?:\\[^]|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|[*+?]\??|\{[\d,]+\}\??|[^]/gu

/** The first group of a valid pattern that is repeated, and in which something repeats or alternatives don't tell themselves apart. */
function hazardIn(pattern: string): Span | undefined {
  const groups: Group[] = [{ start: 0, varies: false, beginnings: [] }]
  let closed: Group | undefined // the one that ends just before the current piece
  let begins = true
  for (const { 0: piece, index } of pattern.matchAll(pieces)) {
    const group = groups.at(-1)
    if (!group) return undefined
    if (begins) group.beginnings.push(piece)
    begins = piece === '|' || piece.startsWith('(')
    if (/^[*+?{]/.test(piece)) {
      if (closed?.varies && !piece.startsWith('?')) return { start: closed.start, end: index + piece.length }
      if (!/^\{\d+\}/.test(piece)) group.varies = true
    }
    closed = undefined
    if (piece.startsWith('(')) groups.push({ start: index, varies: false, beginnings: [] })
    if (piece === ')') {
      groups.pop()
      closed = group
      if (!tellApart(group.beginnings)) group.varies = true
      const outer = groups.at(-1)
      if (outer && group.varies) outer.varies = true
    }
  }
  return undefined
}

/** Whether there is one alternative only, or each begins with a plain character of its own. */
function tellApart(beginnings: readonly string[]): boolean {
  if (beginnings.length < 2) return true
  return new Set(beginnings).size === beginnings.length && beginnings.every((piece) => /^[^\\[(.^$|)]$/u.test(piece))
}
