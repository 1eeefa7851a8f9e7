/** The stores that this window knows: found in the workspace, named in settings and environment, or connected to by hand. */
import * as vscode from 'vscode'
import { coalesce } from '../coalesce'
import { messageOf, type CommandDefinition } from '../commands'
import { readSetting } from '../settings'
import { openStore, type TrackingStore } from '../stores'
import type { Credentials, StoreOptions } from '../stores/open'
import { isWithin } from '../within'
import { connectionCommands } from './commands'
import { ConnectionList, fileWritten } from './connectionList'
import { watchFolders } from './folderWatch'
import { credentialsFor } from './permittedCredentials'
import { SignInService } from './signInService'
import type { Entry } from './sources'
import { createStatusBar } from './statusBar'
import type { StoreConnection } from './storeConnection'
import { CredentialVault } from './vault'
import { watchSources } from './watch'

export type { Connection, ConnectionOrigin, Connections, ConnectionState } from './connection'
export { askedFor, fileWritten, type ConnectionList } from './connectionList'
export { kindIcons, kindText, stateText } from './stateText'
export type { StoreConnection } from './storeConnection'

export interface ConnectionParts {
  readonly list: ConnectionList
  readonly commands: readonly CommandDefinition[]
  /** Opens a local store that is no connection. */
  readonly openStore: (uri: string, signal: AbortSignal) => Promise<TrackingStore>
  readonly disposable: vscode.Disposable
}

/** Milliseconds in which what is written counts as one change. */
const writes = 2000

export function createConnections(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ConnectionParts {
  const vault = new CredentialVault(context.secrets, log)
  const storeOptions = (): Omit<StoreOptions, 'credentials'> => ({
    workers: vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath,
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
  const written = writtenStores((connection) => list.requestRefresh(connection, fileWritten))
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
    openStore: (uri, signal) => openStore(uri, storeOptions(), signal),
    disposable: vscode.Disposable.from(
      list,
      list.onDidChange(setContext),
      written.disposable,
      watchSources(look, holds, (database) => {
        for (const connection of list.all) if (connection.entry.uri.path === database) written.add(connection)
      }),
      watchFolders(list, (connection, file) => {
        connection.touched(file)
        written.add(connection)
      }),
      createStatusBar(list),
    ),
  }
}

/** Training writes all the time: `told` is called once for all that was written to a store within some seconds. */
function writtenStores(told: (connection: StoreConnection) => void): {
  readonly add: (connection: StoreConnection) => void
  readonly disposable: vscode.Disposable
} {
  const stores = new Set<StoreConnection>()
  const telling = coalesce(() => {
    for (const connection of stores) told(connection)
    stores.clear()
  }, writes)
  return {
    add(connection) {
      stores.add(connection)
      telling.schedule()
    },
    disposable: new vscode.Disposable(() => telling.dispose()),
  }
}
