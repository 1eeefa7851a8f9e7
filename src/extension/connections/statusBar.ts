import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { Connection, Connections } from './connection'
import { kindIcons, kindText, stateText } from './stateText'

/** One item: the active connection and how it is. */
export function createStatusBar(connections: Connections): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('mlflow.connection', vscode.StatusBarAlignment.Left)
  item.name = t('MLflow Connection')
  item.command = 'mlflow.selectConnection'
  const update = (): void => {
    const { active } = connections
    if (!active) {
      item.hide()
      return
    }
    const text = stateText(active)
    item.text = `$(${iconOf(active)}) ${active.name}`
    item.accessibilityInformation = { label: t('MLflow connection {0}, {1}', active.name, text) }
    item.tooltip = tooltip(active, text)
    item.backgroundColor =
      active.state.status === 'failed' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined
    item.show()
  }
  update()
  return vscode.Disposable.from(item, connections.onDidChange(update))
}

function iconOf({ kind, state }: Connection): string {
  if (state.status === 'connecting') return 'sync~spin'
  if (state.status === 'failed') return 'error'
  return kindIcons[kind]
}

function tooltip(connection: Connection, state: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('', true)
  markdown.appendMarkdown('**').appendText(connection.name).appendMarkdown('**\n\n')
  markdown.appendText(kindText(connection.kind)).appendMarkdown('  \n')
  markdown.appendText(connection.uri).appendMarkdown('\n\n')
  markdown.appendText(state).appendMarkdown('\n\n')
  if (connection.advice) markdown.appendText(connection.advice.whole).appendMarkdown('\n\n')
  return markdown.appendText(t('Click to choose another connection.'))
}
