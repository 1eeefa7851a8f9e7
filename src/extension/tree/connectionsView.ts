/** The Connections view: what there is, which one is active, and how each is. */
import { stat } from 'node:fs/promises'
import * as vscode from 'vscode'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { HasCommandOptions } from '../commands'
import {
  kindIcons,
  kindText,
  stateText,
  type ConnectionList,
  type ConnectionOrigin,
  type StoreConnection,
} from '../connections'
import { onDidFindInterpreter } from '../python'
import { dotted, oneLine } from './text'

interface Row extends HasCommandOptions {
  readonly item: vscode.TreeItem
  readonly connection?: StoreConnection
}

export function createConnectionsView(connections: ConnectionList): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>()
  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: ({ item }) => item,
    resolveTreeItem: async (item, { connection }) => {
      if (connection) item.tooltip = await tooltipOf(connection)
      return item
    },
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
    onDidFindInterpreter(({ executable, mlflow, python, source }) => {
      view.description = `mlflow ${mlflow} · Python ${python}`
      view.message = t('Changes are made by {0} ({1}).', executable, source)
    }),
    connections.onDidChange(() => changed.fire(undefined)),
  )
}

function rowOf(connection: StoreConnection, active: boolean): Row {
  const { advice, id, kind, name, state, uri } = connection
  const stateWords = oneLine(stateText(connection))
  const origin = originText(connection.origin)
  const item = new vscode.TreeItem(oneLine(name))
  item.id = id
  item.description = dotted(active && t('active'), state.status === 'closed' ? '' : stateWords, advice?.short, origin)
  item.iconPath = iconOf(connection, active)
  item.contextValue = ['connection', kind, active && 'active', state.status, advice && 'advised']
    .filter(Boolean)
    .join(' ')
  item.accessibilityInformation = {
    label: dotted(t('connection {0}', name), active && t('active'), stateWords, advice?.short, origin),
  }
  item.command = {
    command: 'mlflow.selectConnection',
    title: t('Select Active Connection'),
    arguments: [{ commandOptions: { connection: id } }],
  }
  return { item, connection, commandOptions: { connection: id, name, uri } }
}

/** What it is, where, how large if that is quick to tell, and how it is. */
async function tooltipOf(connection: StoreConnection): Promise<vscode.MarkdownString> {
  const { advice, entry, kind, name, origin, uri } = connection
  const bytes = kind === 'sqlite' && entry.uri.path !== undefined ? await sizeOf(entry.uri.path) : undefined
  const what = dotted(kindText(kind), bytes !== undefined && formatBytes(bytes))
  const paragraphs = [stateText(connection), advice?.whole, originText(origin)].filter((text) => text !== undefined)
  const markdown = new vscode.MarkdownString().appendMarkdown('**').appendText(oneLine(name)).appendMarkdown('**\n\n')
  markdown
    .appendText(what)
    .appendMarkdown('  \n')
    .appendText(entry.uri.path ?? uri)
  for (const text of paragraphs) markdown.appendMarkdown('\n\n').appendText(text)
  return markdown
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size
  } catch {
    return undefined // its state says what is wrong with it
  }
}

function iconOf({ kind, state }: StoreConnection, active: boolean): vscode.ThemeIcon {
  if (state.status === 'connecting') return new vscode.ThemeIcon('loading~spin')
  if (state.status === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'))
  return new vscode.ThemeIcon(kindIcons[kind], active ? new vscode.ThemeColor('testing.iconPassed') : undefined)
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
