/** Tells when the places that connections come from change, and when a database in the workspace is written. */
import * as vscode from 'vscode'
import { coalesce } from '../coalesce'
import { onDidChangeSetting } from '../settings'
import { databasePattern } from './discovery'

const settle = 300

/** In these nobody puts a store, or there is one that is known; and many folders come and go. */
const crowded = /\/(mlruns|mlartifacts|node_modules|\.git|__pycache__|\.?venv)\//

/** What appears in a folder together with it may go unnoticed: the watcher of the system has to get there first. */
async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.Directory
  } catch {
    return false // gone again
  }
}

/**
 * @param look called after databases, folders, `.env` files, settings or trust have changed
 * @param holds true for a folder that a known store lies in: VS Code tells the end of a folder, not that of its files
 * @param written called with the path of each database that is written to
 */
export function watchSources(
  look: () => void,
  holds: (folder: string) => boolean,
  written: (path: string) => void,
): vscode.Disposable {
  const looking = coalesce(look, settle)
  const schedule = (): void => looking.schedule()

  const databases = vscode.workspace.createFileSystemWatcher(databasePattern)
  const others = ['**/mlruns', '**/mlruns/*/meta.yaml'].map((pattern) =>
    vscode.workspace.createFileSystemWatcher(pattern, false, true, true),
  )
  const anything = vscode.workspace.createFileSystemWatcher('**/*', false, true, false)
  const dotenv = vscode.workspace.createFileSystemWatcher('**/.env')
  return vscode.Disposable.from(
    looking,
    databases,
    databases.onDidCreate(schedule),
    databases.onDidChange(({ fsPath }) => written(fsPath)),
    ...others.flatMap((watcher) => [watcher, watcher.onDidCreate(schedule)]),
    anything,
    anything.onDidCreate((uri) => {
      if (!crowded.test(uri.path)) void isFolder(uri).then((itIs) => itIs && schedule())
    }),
    anything.onDidDelete(({ fsPath }) => {
      if (holds(fsPath)) schedule()
    }),
    dotenv,
    dotenv.onDidCreate(schedule),
    dotenv.onDidChange(schedule),
    dotenv.onDidDelete(schedule),
    vscode.workspace.onDidChangeWorkspaceFolders(schedule),
    vscode.workspace.onDidGrantWorkspaceTrust(schedule),
    onDidChangeSetting('connections', schedule),
  )
}
