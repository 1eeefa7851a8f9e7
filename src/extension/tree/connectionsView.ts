/** The Connections view: what there is, which one is active, and how each is. */
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { HasCommandOptions } from '../commands'
import { stateText, type ConnectionList, type ConnectionOrigin, type StoreConnection } from '../connections'
import { dotted, oneLine } from './text'

interface Row extends HasCommandOptions {
  readonly item: vscode.TreeItem
}

export function createConnectionsView(connections: ConnectionList): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>()
  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: ({ item }) => item,
    getChildren: async (row) => {
      if (row) return []
      await connections.discovered
      return [...connections.all.map((each) => rowOf(each, each === connections.active)), ...problemRows(connections)]
    },
  }
  const view = vscode.window.createTreeView('mlflow.connections', { treeDataProvider: provider })
  return vscode.Disposable.from(
    changed,
    view,
    connections.onDidChange(() => changed.fire(undefined)),
  )
}

function rowOf(connection: StoreConnection, active: boolean): Row {
  const { id, kind, name, state, uri } = connection
  const stateWords = oneLine(stateText(connection))
  const origin = originText(connection.origin)
  const item = new vscode.TreeItem(oneLine(name))
  item.id = id
  item.description = dotted(active && t('active'), state.status === 'closed' ? '' : stateWords, origin)
  item.iconPath = iconOf(connection, active)
  item.contextValue = ['connection', kind, active && 'active', state.status].filter(Boolean).join(' ')
  item.tooltip = new vscode.MarkdownString()
    .appendMarkdown('**')
    .appendText(oneLine(name))
    .appendMarkdown('**\n\n')
    .appendText(uri)
    .appendMarkdown('\n\n')
    .appendText(stateText(connection))
    .appendMarkdown('\n\n')
    .appendText(origin)
  item.accessibilityInformation = {
    label: dotted(t('connection {0}', name), active && t('active'), stateWords, origin),
  }
  item.command = {
    command: 'mlflow.selectConnection',
    title: t('Select Active Connection'),
    arguments: [{ commandOptions: { connection: id } }],
  }
  return { item, commandOptions: { connection: id, name, uri } }
}

function iconOf({ kind, state }: StoreConnection, active: boolean): vscode.ThemeIcon {
  if (state.status === 'connecting') return new vscode.ThemeIcon('loading~spin')
  if (state.status === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'))
  const id = { rest: 'plug', sqlite: 'database', files: 'folder-library' }[kind]
  return new vscode.ThemeIcon(id, active ? new vscode.ThemeColor('testing.iconPassed') : undefined)
}

const originTexts: Record<ConnectionOrigin, () => string> = {
  workspace: () => t('in the workspace'),
  environment: () => 'MLFLOW_TRACKING_URI',
  dotenv: () => '.env',
  setting: () => t('settings'),
  session: () => t('this session'),
}
const originText = (origin: ConnectionOrigin): string => originTexts[origin]()

function problemRows({ problems }: ConnectionList): Row[] {
  return problems.map(({ where, message }) => {
    const item = new vscode.TreeItem(oneLine(where))
    item.id = `problem:${where}:${message}`
    item.description = oneLine(message)
    item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
    item.tooltip = `${where}\n${message}`
    item.accessibilityInformation = { label: t('problem: {0}: {1}', where, message) }
    return { item, commandOptions: {} }
  })
}
