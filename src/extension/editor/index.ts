/** Beside the code: what it logged, at the lines that log it. */
import * as vscode from 'vscode'
import type { CommandDefinition } from '../commands'
import { messageOf } from '../messageOf'
import type { PanelDeps } from '../panels'
import type { Beside } from './beside'
import { createCharts } from './chartBeside'
import { bringsMlflow, isMlProject, isPython } from './documents'
import { editorCommands } from './commands'
import { EditorMemory } from './memory'

export interface Editor {
  readonly commands: readonly CommandDefinition[]
  readonly disposable: vscode.Disposable
  /** There once a Python file that mentions MLflow has been in sight. */
  readonly beside: () => Beside | undefined
}

/** Until Python that mentions MLflow is in sight, this only looks at what is opened. */
export function createEditor(deps: PanelDeps & { readonly state: vscode.Memento }): Editor {
  let beside: Beside | undefined
  let beginning: Promise<Beside> | undefined
  let isEnded = false
  const memory = new EditorMemory(deps.state, () => beside?.lookAgain())
  const watching = vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors(look),
    vscode.workspace.onDidOpenTextDocument(look),
    // While it is typed, only its line is looked at.
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (isPython(document) && contentChanges.some((change) => bringsMlflow(document, change))) look()
    }),
  )

  function look(): void {
    if (!vscode.window.visibleTextEditors.some(({ document }) => mentionsMlflow(document))) return
    begin().catch((error: unknown) => deps.log.error(messageOf(error)))
  }

  const begin = (): Promise<Beside> => (beginning ??= create())

  async function create(): Promise<Beside> {
    watching.dispose()
    const { Beside } = await import('./beside') // it brings a parser
    const created = new Beside({ ...deps, memory })
    if (isEnded) created.dispose()
    else beside = created
    return created
  }

  const charts = createCharts(deps, begin)
  look()
  return {
    commands: [...editorCommands(deps.connections, memory), charts.command],
    disposable: new vscode.Disposable(() => {
      isEnded = true
      watching.dispose()
      charts.disposable.dispose()
      beside?.dispose()
    }),
    beside: () => beside,
  }
}

const mentionsMlflow = (document: vscode.TextDocument): boolean =>
  isPython(document)
    ? document.uri.scheme === 'vscode-notebook-cell' || document.getText().includes('mlflow')
    : isMlProject(document)
