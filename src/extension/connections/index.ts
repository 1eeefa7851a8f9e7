/** The stores that this window knows: found in the workspace, named in settings and environment, or connected to by hand. */
import path from 'node:path'
import * as vscode from 'vscode'
import { messageOf, type CommandDefinition } from '../commands'
import { readSetting } from '../settings'
import type { Credentials, StoreOptions } from '../stores/open'
import { connectionCommands } from './commands'
import { ConnectionList, fileWritten } from './connectionList'
import { credentialsFor } from './permittedCredentials'
import { SignInService } from './signInService'
import type { Entry } from './sources'
import { createStatusBar } from './statusBar'
import { CredentialVault } from './vault'
import { watchSources } from './watch'

export type { Connection, ConnectionOrigin, Connections, ConnectionState } from './connection'
export { fileWritten, type ConnectionList } from './connectionList'
export { stateText } from './stateText'
export type { StoreConnection } from './storeConnection'

export interface ConnectionParts {
  readonly list: ConnectionList
  readonly commands: readonly CommandDefinition[]
  readonly disposable: vscode.Disposable
}

const isWithin = (file: string, folder: string): boolean => {
  const relative = path.relative(folder, file)
  return !relative.startsWith('..') && !path.isAbsolute(relative)
}

export function createConnections(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ConnectionParts {
  const vault = new CredentialVault(context.secrets, log)
  const storeOptions = (): Omit<StoreOptions, 'credentials'> => ({
    workerPath: vscode.Uri.joinPath(context.extensionUri, 'dist', 'sqliteWorker.js').fsPath,
    timeout: readSetting('requestTimeout') * 1000,
    log: (line) => log.debug(line),
  })
  const permitted = (entry: Entry): Promise<Credentials[]> => credentialsFor(entry, vault, vscode.workspace.isTrusted)
  const signIn = new SignInService(vault, storeOptions, log)
  const list = new ConnectionList(
    {
      storeOptions,
      credentialsFor: permitted,
      signIn: (connection, refusal) => signIn.ask(connection, refusal),
    },
    context.workspaceState,
    log,
  )
  const look = (): void => void list.rediscover()
  const written = (paths: ReadonlySet<string>): void => {
    for (const connection of list.all)
      if (connection.entry.uri.path !== undefined && paths.has(connection.entry.uri.path))
        list.requestRefresh(connection, fileWritten)
  }
  const holds = (folder: string): boolean =>
    list.all.some(({ entry }) => entry.uri.path !== undefined && isWithin(entry.uri.path, folder))
  const setContext = (): void => {
    const none = list.all.length === 0 && list.problems.length === 0
    vscode.commands
      .executeCommand('setContext', 'mlflow.noConnections', none)
      .then(undefined, (error: unknown) => log.warn(messageOf(error)))
  }
  list.discovered.then(setContext, setContext)
  return {
    list,
    commands: connectionCommands(list, signIn, () => log.show()),
    disposable: vscode.Disposable.from(
      list,
      list.onDidChange(setContext),
      watchSources(look, holds, written),
      createStatusBar(list),
    ),
  }
}
