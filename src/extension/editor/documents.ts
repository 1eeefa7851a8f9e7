import path from 'node:path'
import type { TextDocument } from 'vscode'

const schemes = new Set(['file', 'untitled', 'vscode-notebook-cell'])

/** Code that somebody writes; not the other side of a comparison. */
export const isPython = ({ languageId, uri }: TextDocument): boolean =>
  languageId === 'python' && schemes.has(uri.scheme)

export const isMlProject = ({ uri }: TextDocument): boolean =>
  uri.scheme === 'file' && path.basename(uri.fsPath).toLowerCase() === 'mlproject'
