/** Tables in text: CSV and its like (RFC 4180), with whatever delimiter. */

export interface Delimited {
  readonly delimiter: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The text ended in the middle of a row, which is left out. */
  readonly isCut: boolean
}

const delimiters = [',', '\t', ';', '|']

/**
 * Reads a table, its first row being the header.
 *
 * @param isWhole whether the text ends where the file does: otherwise its last row is left out
 * @param mostRows rows to read, the header not counted
 */
export function parseDelimited(text: string, isWhole: boolean, mostRows = Infinity): Delimited {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text
  const delimiter = delimiterOf(source)
  const rows: string[][] = []
  let at = 0
  let isCut = false
  while (at < source.length && rows.length <= mostRows) {
    const row = readRow(source, at, delimiter)
    isCut = row.end >= source.length && !isWhole && !row.isEnded
    if (isCut) break
    at = row.end
    // An empty line is no row, unless a table has one column.
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row.cells)
  }
  const [header = [], ...body] = rows
  return { delimiter, header, rows: body.slice(0, mostRows), isCut }
}

interface Row {
  readonly cells: string[]
  /** Where the next row begins. */
  readonly end: number
  /** By a line break; false at the end of the text. */
  readonly isEnded: boolean
}

function readRow(text: string, start: number, delimiter: string): Row {
  const cells: string[] = []
  let at = start
  for (;;) {
    const { value, end } = text[at] === '"' ? quotedCell(text, at) : { value: '', end: at }
    let stop = end
    while (stop < text.length && text[stop] !== delimiter && text[stop] !== '\n' && text[stop] !== '\r') stop++
    cells.push(value + text.slice(end, stop))
    if (text[stop] === delimiter) {
      at = stop + 1
      continue
    }
    if (stop >= text.length) return { cells, end: stop, isEnded: false }
    return { cells, end: stop + (text.startsWith('\r\n', stop) ? 2 : 1), isEnded: true }
  }
}

/** `""` within quotes is one quote; a quote that is never closed holds the rest. */
function quotedCell(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return { value: value + text.slice(at), end: text.length }
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1 }
    value += '"'
    at = quote + 2
  }
}

/** That of which the first line has the most, outside quotes. */
function delimiterOf(text: string): string {
  const counts = new Map(delimiters.map((delimiter) => [delimiter, 0]))
  let isQuoted = false
  for (const character of text.slice(0, 64 * 1024)) {
    if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && (character === '\n' || character === '\r')) break
    else if (!isQuoted) {
      const count = counts.get(character)
      if (count !== undefined) counts.set(character, count + 1)
    }
  }
  return delimiters.reduce((best, each) => ((counts.get(each) ?? 0) > (counts.get(best) ?? 0) ? each : best))
}
