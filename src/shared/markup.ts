/** Anybody's text within HTML, SVG and Markdown that we write: it is shown as it is and does nothing. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For HTML and SVG, between tags and within quoted attributes. What XML can't hold becomes `�`. */
export function escapeMarkup(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** For a line of Markdown, or a cell of its tables: only what would be more than text there is escaped; `$` would be mathematics. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*[\]<>|~&@$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\$&`)
    .replaceAll(/:(?=\/\/)|(?<=\bwww)\./gi, String.raw`\$&`) // links
    .replace(/^( ?)([-+#=])/, String.raw`$1\$2`)
    .replace(/^( ?\d+)([.)])/, String.raw`$1\$2`)
}

/**
 * One line of at most `most` characters: line breaks and control characters become spaces, characters that reorder text are dropped
 * (a name must not disguise its neighbours).
 */
export function shortLine(text: string, most: number): string {
  const head = text.slice(0, most * 4) // enough, however many code units a character takes
  const line = head
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '')
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
  const characters = Array.from(line) // a surrogate pair is not cut in two
  if (characters.length <= most && head.length === text.length) return line
  return `${characters
    .slice(0, most - 1)
    .join('')
    .trimEnd()}…`
}
