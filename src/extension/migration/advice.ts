/** Tells at a folder's connection that the user's own MLflow refuses it: found out once it is looked at, and never in Restricted Mode. */
import path from 'node:path'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { messageOf } from '../commands'
import type { StoreConnection } from '../connections'
import { findInterpreter } from '../python'
import { refusesFolder } from '../python/releases'
import { onDidChangeSetting } from '../settings'
import type { MigrationServices } from './command'

export function adviseOnFolders(services: MigrationServices): vscode.Disposable {
  const { connections, log } = services
  let asked = new WeakSet<StoreConnection>()
  const look = (): void => {
    if (!vscode.workspace.isTrusted) return
    for (const connection of connections.all) {
      const folder = connection.entry.uri.path
      const { state } = connection
      if (folder === undefined || state.status !== 'ready' || state.store.kind !== 'files') continue
      if (asked.has(connection)) continue
      asked.add(connection)
      void advise(connection, folder)
    }
  }
  const advise = async (connection: StoreConnection, folder: string): Promise<void> => {
    try {
      const { mlflow } = await findInterpreter(services, vscode.Uri.file(path.dirname(folder)))
      connection.advice = refusesFolder(mlflow, process.env)
        ? {
            short: t('MLflow {0} refuses it', mlflow),
            whole: t(
              'The mlflow {0} of your Python refuses folders like this one, as all since 3.13 do. Browsing works as it is. To log there with that MLflow, migrate it to SQLite, or set MLFLOW_ALLOW_FILE_STORE=true.',
              mlflow,
            ),
          }
        : undefined
    } catch (error) {
      log.trace(`which mlflow would open ${folder}: ${messageOf(error)}`) // without one, there is nothing to advise
    }
  }
  const again = (): void => {
    asked = new WeakSet()
    look()
  }
  look()
  return vscode.Disposable.from(
    connections.onDidChange(look),
    onDidChangeSetting('pythonPath', again),
    vscode.workspace.onDidGrantWorkspaceTrust(again),
  )
}
