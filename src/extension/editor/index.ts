/** Beside the code: what it logged, at the lines that log it. */
import * as vscode from 'vscode'
import type { CommandDefinition } from '../commands'
import { messageOf } from '../messageOf'
import type { PanelDeps } from '../panels'
import type { Beside } from './beside'
import { isMlProject, isPython } from './documents'
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
  let isEnded = false
  const memory = new EditorMemory(deps.state, () => beside?.lookAgain())
  const watching = vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors(look),
    vscode.workspace.onDidOpenTextDocument(look),
    // While it is typed, only its line is looked at.
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges: [change] }) => {
      if (change && isPython(document) && document.lineAt(change.range.start).text.includes('mlflow')) look()
    }),
  )
  look()

  function look(): void {
    if (!vscode.window.visibleTextEditors.some(({ document }) => mentionsMlflow(document))) return
    watching.dispose()
    begin().catch((error: unknown) => deps.log.error(messageOf(error)))
  }

  async function begin(): Promise<void> {
    const { Beside } = await import('./beside') // it brings a parser
    if (!isEnded) beside ??= new Beside({ ...deps, memory })
  }

  return {
    commands: editorCommands(deps.connections, memory),
    disposable: new vscode.Disposable(() => {
      isEnded = true
      watching.dispose()
      beside?.dispose()
    }),
    beside: () => beside,
  }
}

const mentionsMlflow = (document: vscode.TextDocument): boolean =>
  isPython(document)
    ? document.uri.scheme === 'vscode-notebook-cell' || document.getText().includes('mlflow')
    : isMlProject(document)
