/** Tells when the files of a folder store are written, so that views need not wait for their next poll. */
import * as vscode from 'vscode'
import type { StoreConnection } from './storeConnection'

/** What MLflow writes of runs and experiments; artifacts tell nothing new of them. */
const written = '**/{meta.yaml,metrics/**,params/**,tags/**,inputs/**,outputs/**}'

/**
 * Watches the folders of the connections that lie in the workspace: VS Code watches that anyway. For one elsewhere it would have to
 * watch each of its thousands of folders; there, and where a file system tells nothing, views find out by polling.
 *
 * @param told called with each connection and a file of its store that was written
 */
export function watchFolders(
  connections: { readonly all: readonly StoreConnection[]; readonly onDidChange: vscode.Event<void> },
  told: (connection: StoreConnection, file: string) => void,
): vscode.Disposable {
  const watchers = new Map<StoreConnection, vscode.Disposable>()
  const follow = (): void => {
    const wanted = new Set(connections.all.filter(isFolderInWorkspace))
    for (const [connection, watcher] of watchers)
      if (!wanted.has(connection)) {
        watcher.dispose()
        watchers.delete(connection)
      }
    for (const connection of wanted)
      if (!watchers.has(connection)) watchers.set(connection, watchFolder(connection, told))
  }
  const subscription = connections.onDidChange(follow)
  follow()
  return new vscode.Disposable(() => {
    subscription.dispose()
    for (const watcher of watchers.values()) watcher.dispose()
  })
}

function watchFolder(
  connection: StoreConnection,
  told: (connection: StoreConnection, file: string) => void,
): vscode.Disposable {
  const folder = vscode.Uri.file(connection.entry.uri.path ?? '')
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, written), false, false)
  const tell = ({ fsPath }: vscode.Uri): void => told(connection, fsPath)
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(tell),
    watcher.onDidChange(tell),
    watcher.onDidDelete(tell),
  )
}

const isFolderInWorkspace = ({ kind, entry: { uri } }: StoreConnection): boolean =>
  kind === 'files' &&
  uri.path !== undefined &&
  vscode.workspace.getWorkspaceFolder(vscode.Uri.file(uri.path)) !== undefined
