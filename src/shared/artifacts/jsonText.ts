/** JSON as it stands in a file: every digit of its numbers is kept, and what Python writes beyond JSON (NaN) is, too. */

/** Levels that are indented: deeper ones would be white space more than anything. */
const deepest = 40

/** Indents JSON without reading it: whatever it is, nothing is lost or made up but white space. */
export function indentJson(source: string): string {
  const lines: string[] = []
  let depth = 0
  let line = ''
  const breakLine = (): void => {
    lines.push(line)
    line = '  '.repeat(Math.min(depth, deepest))
  }
  for (let at = 0; at < source.length; at++) {
    const character = source[at] ?? ''
    switch (character) {
      case '"': {
        const end = stringEnd(source, at)
        line += source.slice(at, end)
        at = end - 1
        break
      }
      case '{':
      case '[': {
        const close = /\S/.exec(source.slice(at + 1, at + 200))?.[0]
        line += character
        if (close === '}' || close === ']') {
          at = source.indexOf(close, at)
          line += close
          break
        }
        depth++
        breakLine()
        break
      }
      case '}':
      case ']':
        depth = Math.max(0, depth - 1)
        breakLine()
        line += character
        break
      case ',':
        line += ','
        breakLine()
        break
      case ':':
        line += ': '
        break
      case ' ':
      case '\t':
      case '\n':
      case '\r':
        break
      default:
        line += character
    }
  }
  lines.push(line)
  return lines.join('\n')
}

/** Behind the closing quote. */
function stringEnd(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '"') return at + 1
  }
  return source.length
}

/** A picture in a table: the path of a small copy among the run's artifacts, and of the picture itself. */
export interface PictureCell {
  readonly shown: string
  readonly full: string
}

export interface LoggedTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | PictureCell)[])[]
}

/** The table of `mlflow.log_table`, which is pandas' `split`: `{"columns": […], "data": [[…], …]}`. Undefined of other JSON. */
export function loggedTableOf(source: string): LoggedTable | undefined {
  if (!/^\s*\{\s*"columns"\s*:\s*\[/.test(source)) return undefined
  let value: unknown
  try {
    value = JSON.parse(source, exactNumber)
  } catch {
    return undefined // shown as the text that it is
  }
  if (typeof value !== 'object' || value === null || !('columns' in value) || !('data' in value)) return undefined
  const { columns, data } = value
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every((row) => Array.isArray(row))) return undefined
  return {
    columns: columns.map(cellText),
    rows: (data as unknown[][]).map((row) => row.map((value) => pictureOf(value) ?? cellText(value))),
  }
}

/** What MLflow writes of an `mlflow.Image` in a table. */
function pictureOf(value: unknown): PictureCell | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'image') return undefined
  const full = 'filepath' in value && typeof value.filepath === 'string' ? value.filepath : ''
  if (full === '') return undefined
  const shown =
    'compressed_filepath' in value && typeof value.compressed_filepath === 'string' ? value.compressed_filepath : ''
  return { shown: shown || full, full }
}

/** A number that a double doesn't hold, as it was written. The source of a number is known to newer engines only. */
function exactNumber(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(context.source) ? value : context.source
}

/** Something of a table as text; empty where there is nothing. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
}
