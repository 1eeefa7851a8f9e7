/** The cells of a notebook are one program: it is read once for all of them. */
import * as vscode from 'vscode'
import { roles, type Role } from './mlflowFunctions'
import { createCallFinder, type CallFinder, type MlflowCall, type Named, type Range } from './pythonCalls'

interface Cell {
  /** What comes before it in the program. */
  readonly lines: number
  readonly characters: number
  readonly lineCount: number
  readonly length: number
}

export interface Program {
  /** Changes with any of the cells. */
  readonly version: string
  readonly calls: readonly MlflowCall[]
  readonly cells: ReadonlyMap<vscode.TextDocument, Cell>
}

const programs = new WeakMap<vscode.NotebookDocument, { readonly finder: CallFinder; program?: Program }>()

/** The same object as the last time while no cell has changed. */
export function programOf(notebook: vscode.NotebookDocument): Program {
  let known = programs.get(notebook)
  if (!known) programs.set(notebook, (known = { finder: createCallFinder() }))
  const documents = notebook
    .getCells()
    .map(({ document }) => document)
    .filter(({ languageId }) => languageId === 'python')
  const version = documents.map((document) => `${document.uri.fragment} ${document.version}`).join('\n')
  if (known.program?.version === version) return known.program
  const cells = new Map<vscode.TextDocument, Cell>()
  let [lines, code] = [0, '']
  for (const document of documents) {
    const text = document.getText()
    cells.set(document, { lines, characters: code.length, lineCount: document.lineCount, length: text.length })
    lines += document.lineCount
    code += `${text}\n`
  }
  return (known.program = { version, calls: known.finder.find(code), cells })
}

export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined
  return vscode.workspace.notebookDocuments.find((each) => each.getCells().some((cell) => cell.document === document))
}

/** The calls of a cell, as it counts lines and characters. What is written in another cell is told of at the call. */
export function callsInCell({ calls, cells }: Program, document: vscode.TextDocument): MlflowCall[] {
  const cell = cells.get(document)
  if (!cell) return []
  const { lines, characters, lineCount, length } = cell
  const before = calls.findIndex((call) => call.line >= lines)
  const shifted = ({ start, end }: Range): Range => ({ start: start - characters, end: end - characters })
  const isIn = ({ start, end }: Range): boolean => start >= characters && end <= characters + length
  return calls.flatMap((call) => {
    if (call.line < lines || call.line >= lines + lineCount) return []
    const { keyAt, inRun, ...rest } = call
    const [line, range] = [call.line - lines, shifted(call.range)]
    const named = call.named.map(({ value, ...name }): Named => {
      if (!isIn(name.range)) return { ...name, line, range }
      return {
        ...name,
        line: name.line - lines,
        range: shifted(name.range),
        ...(value && isIn(value) && { value: shifted(value) }),
      }
    })
    const others: Partial<Record<Role, Range>> = {}
    for (const role of roles)
      if (call.others[role] && isIn(call.others[role])) others[role] = shifted(call.others[role])
    return [
      {
        ...rest,
        ...{ line, endLine: call.endLine - lines, range, named, others },
        ...(keyAt && { keyAt: shifted(keyAt) }),
        ...(inRun === undefined || inRun < before ? {} : { inRun: inRun - before }),
      },
    ]
  })
}
