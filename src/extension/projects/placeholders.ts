/** The `{placeholders}` of an entry point's command, which MLflow fills in by Python's `str.format`. */

export interface Placeholder {
  /** The parameter it stands for; '' or a number where it names none, which MLflow can't fill in. */
  readonly name: string
  /** Offsets into the command, braces included. */
  readonly start: number
  readonly end: number
}

export interface CommandParts {
  readonly placeholders: readonly Placeholder[]
  /** Offset of a brace that has no partner: Python refuses the whole command. */
  readonly loneBrace: number | undefined
}

/** `{{` and `}}` are literal braces; what follows a name (`.attribute`, `[index]`, `!r`, `:format`) is not part of it. */
export function placeholdersOf(command: string): CommandParts {
  const placeholders: Placeholder[] = []
  const braces = /\{\{|\}\}|\{|\}/g
  for (let brace = braces.exec(command); brace !== null; brace = braces.exec(command)) {
    if (brace[0].length === 2) continue
    const close = brace[0] === '{' ? command.indexOf('}', braces.lastIndex) : -1
    if (close === -1) return { placeholders, loneBrace: brace.index }
    const name = command.slice(brace.index + 1, close).split(/[.[!:]/, 1)[0] ?? ''
    placeholders.push({ name, start: brace.index, end: close + 1 })
    braces.lastIndex = close + 1
  }
  return { placeholders, loneBrace: undefined }
}
