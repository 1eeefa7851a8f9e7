/** Names and values of anybody's in MLflow's search expressions, whose texts and names have no escape for quotes. */
import { tokenize } from './tokens'

/** In the quotes that it can stand in, if any: whatever follows. A backslash at the end would take the quote after it along. */
export function quote(text: string): string | undefined {
  return text.endsWith('\\') ? undefined : [`'${text}'`, `"${text}"`].find(isOneText)
}

function isOneText(written: string): boolean {
  try {
    const [token, ...others] = tokenize(written)
    return token?.kind === 'string' && others.length === 0
  } catch {
    return false
  }
}

/** A text in quotes for LIKE and ILIKE; what can't be written becomes the wildcard `_`. */
export function asPattern(text: string): string {
  const quotable = text.replace(/\\$/, '_')
  return quote(quotable) ?? `"${quotable.replaceAll('"', '_')}"`
}

/** The condition that `key` is `value`; a value that can't be written becomes a pattern, which may find more than that value. */
export function equals(key: string, value: string): string {
  const quoted = quote(value)
  return quoted === undefined ? `${key} LIKE ${asPattern(value)}` : `${key} = ${quoted}`
}

/** A key in quotes. */
export const quotedKey = (key: string): string => (key.includes('`') ? `"${key}"` : `\`${key}\``)
