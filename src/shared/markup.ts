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

/** One line of at most `most` characters. */
export function shortLine(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const characters = Array.from(line.slice(0, 2 * most + 2))
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line
}
