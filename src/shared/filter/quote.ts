/** Names and values of anybody's in MLflow's search expressions, which have no escape for quotes. */

/**
 * The condition that `key` is `value`, in MLflow's search language. Its texts have no escape: a value with both kinds of quotes
 * becomes a pattern, which may find more than that value.
 */
export function equals(key: string, value: string): string {
  if (!value.includes("'")) return `${key} = '${value}'`
  if (!value.includes('"')) return `${key} = "${value}"`
  return `${key} LIKE ${asPattern(value)}`
}

/** A text in quotes for LIKE and ILIKE; a double quote that can't be written becomes the wildcard `_`. */
export const asPattern = (text: string): string => (text.includes("'") ? `"${text.replaceAll('"', '_')}"` : `'${text}'`)

/** A key in quotes for MLflow's search expressions. */
export const quotedKey = (key: string): string => (key.includes('`') ? `"${key}"` : `\`${key}\``)
