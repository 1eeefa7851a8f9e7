import path from 'node:path'
import * as vscode from 'vscode'
import { readProject } from '../projects/find'
import type { CodeFile } from './belonging'
import { roles, type Role } from './mlflowFunctions'
import { createCallFinder, type MlflowCall, type Range } from './pythonCalls'

/** What the MLproject beside a file says of it. */
interface Project {
  readonly folder: string
  readonly entryPoints: readonly { readonly name: string; readonly parameters: readonly string[] }[]
}

/** A document of Python in sight, and what it says of MLflow. */
export class CodeView {
  readonly #finder = createCallFinder()
  #version = -1
  #calls: readonly MlflowCall[] = []
  #shift = { lines: 0, characters: 0 }

  constructor(readonly document: vscode.TextDocument) {}

  /** Its calls; those of all cells of a notebook, which are one program. Offsets and lines are of that program. */
  get calls(): readonly MlflowCall[] {
    const { notebook } = this
    // A cell's version does not tell of the other cells.
    if (!notebook && this.#version === this.document.version) return this.#calls
    this.#version = this.document.version
    const texts = notebook ? cellsBefore(notebook, this.document) : { before: '', whole: this.document.getText() }
    this.#shift = { lines: texts.before.split('\n').length - 1, characters: texts.before.length }
    this.#calls = this.#finder.find(texts.whole)
    return this.#calls
  }

  /** The document's own calls, as it counts its lines. */
  get ownCalls(): readonly MlflowCall[] {
    const { calls } = this
    const { lines, characters } = this.#shift
    if (!this.notebook) return calls
    const last = lines + this.document.lineCount
    const before = calls.findIndex((call) => call.line >= lines)
    const shifted = ({ start, end }: Range): Range => ({ start: start - characters, end: end - characters })
    return calls.flatMap((call) => {
      if (call.line < lines || call.line >= last) return []
      const named = call.named.map(({ value, ...name }) => ({
        ...name,
        line: name.line - lines,
        range: shifted(name.range),
        ...(value && { value: shifted(value) }),
      }))
      const others: Partial<Record<Role, Range>> = {}
      for (const role of roles) if (call.others[role]) others[role] = shifted(call.others[role])
      const { keyAt, inRun, ...rest } = call
      return [
        {
          ...rest,
          ...{ line: call.line - lines, endLine: call.endLine - lines, range: shifted(call.range), named, others },
          ...(keyAt && { keyAt: shifted(keyAt) }),
          ...(inRun === undefined ? {} : { inRun: inRun - before }),
        },
      ]
    })
  }

  get notebook(): vscode.NotebookDocument | undefined {
    if (this.document.uri.scheme !== 'vscode-notebook-cell') return undefined
    return vscode.workspace.notebookDocuments.find((each) =>
      each.getCells().some((cell) => cell.document === this.document),
    )
  }

  /** By which choices for it are remembered. */
  get fileUri(): string {
    return (this.notebook?.uri ?? this.document.uri).toString()
  }

  async file(): Promise<CodeFile & { readonly project: Project | undefined }> {
    const { fsPath } = this.notebook?.uri ?? this.document.uri
    const project = await projectOf(fsPath)
    const entryPoints = project?.entryPoints.map(({ name }) => name) ?? []
    return { path: fsPath.replaceAll('\\', '/'), entryPoints, project }
  }
}

function cellsBefore(notebook: vscode.NotebookDocument, cell: vscode.TextDocument): { before: string; whole: string } {
  let [before, whole] = ['', '']
  for (const { document } of notebook.getCells()) {
    if (document === cell) before = whole
    if (document.languageId === 'python') whole += `${document.getText()}\n`
  }
  return { before, whole }
}

/** The entry points that run a file, of the MLproject in its folder or at the root of the workspace folder. */
async function projectOf(file: string): Promise<Project | undefined> {
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath
  for (const folder of new Set([path.dirname(file), ...(root === undefined ? [] : [root])])) {
    const project = await readProject(folder).catch(() => undefined) // there is none
    if (!project) continue
    const name = path.relative(folder, file).replaceAll('\\', '/')
    const entryPoints = [...project.entryPoints.values()].filter(({ command = '' }) =>
      command.split(/[\s"']+/).includes(name),
    )
    if (entryPoints.length > 0)
      return {
        folder,
        entryPoints: entryPoints.map((entry) => ({ name: entry.name, parameters: [...entry.parameters.keys()] })),
      }
  }
  return undefined
}
