import path from 'node:path'
import * as vscode from 'vscode'
import { projectIn } from '../projects/find'
import type { CodeFile } from './belonging'
import { callsInCell, notebookOf, programOf, type Program } from './notebookProgram'
import { createCallFinder, type MlflowCall } from './pythonCalls'

/** What the MLproject beside a file says of it. */
interface Project {
  readonly folder: string
  readonly entryPoints: readonly { readonly name: string; readonly parameters: readonly string[] }[]
}

/** A document of Python in sight, and what it says of MLflow. */
export class CodeView {
  readonly #finder = createCallFinder()
  #notebook: vscode.NotebookDocument | undefined
  #version = -1
  #calls: readonly MlflowCall[] = []
  #own: { readonly program: Program; readonly calls: readonly MlflowCall[] } | undefined

  constructor(readonly document: vscode.TextDocument) {}

  /** Its calls; those of all cells of a notebook, which are one program. Offsets and lines are of that program. */
  get calls(): readonly MlflowCall[] {
    const { notebook } = this
    if (notebook) return programOf(notebook).calls
    if (this.#version !== this.document.version) this.#calls = this.#finder.find(this.document.getText())
    this.#version = this.document.version
    return this.#calls
  }

  /** The document's own calls, as it counts its lines. */
  get ownCalls(): readonly MlflowCall[] {
    const { notebook } = this
    if (!notebook) return this.calls
    const program = programOf(notebook)
    if (this.#own?.program !== program) this.#own = { program, calls: callsInCell(program, this.document) }
    return this.#own.calls
  }

  get notebook(): vscode.NotebookDocument | undefined {
    return (this.#notebook ??= notebookOf(this.document))
  }

  /** By which choices for it are remembered. */
  get fileUri(): string {
    return (this.notebook?.uri ?? this.document.uri).toString()
  }

  async file(): Promise<CodeFile & { readonly project: Project | undefined }> {
    const { fsPath } = this.notebook?.uri ?? this.document.uri
    const project = await projectOf(fsPath)
    const entryPoints = project?.entryPoints.map(({ name }) => name) ?? []
    return { path: fsPath.replaceAll('\\', '/'), entryPoints, projectFolder: project?.folder, project }
  }
}

/** The entry points that run a file, of the MLproject in its folder or at the root of the workspace folder. */
async function projectOf(file: string): Promise<Project | undefined> {
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath
  for (const folder of new Set([path.dirname(file), ...(root === undefined ? [] : [root])])) {
    const project = await projectIn(folder)
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
