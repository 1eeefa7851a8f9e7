import path from 'node:path'
import type { TextDocument } from 'vscode'

const schemes = new Set(['file', 'untitled', 'vscode-notebook-cell'])

/** Code that somebody writes; not the other side of a comparison. */
export const isPython = ({ languageId, uri }: TextDocument): boolean =>
  languageId === 'python' && schemes.has(uri.scheme)

export const isMlProject = ({ uri }: TextDocument): boolean =>
  uri.scheme === 'file' && path.basename(uri.fsPath).toLowerCase() === 'mlproject'

interface Lines {
  readonly lineCount: number
  lineAt(line: number): { readonly text: string }
}

interface Change {
  readonly text: string
  readonly range: { readonly start: { readonly line: number } }
}

/** Whether a change brings the word: in what was pasted, or on the line that is typed. @param document after the change */
export function bringsMlflow(document: Lines, { text, range }: Change): boolean {
  if (text.includes('mlflow')) return true
  const line = Math.min(range.start.line, document.lineCount - 1) // other changes may have made it shorter
  return document.lineAt(line).text.includes('mlflow')
}
