/** Names and values of anybody's, made fit for one row of a tree. */

/** Longest label or description; beyond it nobody reads, and VS Code lays out every character. */
const longest = 200

/**
 * On one line and not too long: line breaks and control characters become spaces, characters that reorder text are dropped
 * (a name must not disguise its neighbours).
 */
export function oneLine(text: string, max = longest): string {
  const head = text.slice(0, max * 4) // enough, however many code units a character takes
  const flat = head
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '')
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
  const characters = Array.from(flat) // a surrogate pair is not cut in two
  if (characters.length <= max && head.length === text.length) return flat
  return `${characters
    .slice(0, max - 1)
    .join('')
    .trimEnd()}…`
}

/** The parts that say something, with a dot between them. */
export const dotted = (...parts: readonly (string | undefined | false)[]): string =>
  parts.filter((part) => part !== undefined && part !== false && part !== '').join(' · ')
