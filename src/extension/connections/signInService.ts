import { t } from '../../shared/l10n'
import { messageOf } from '../commands'
import type { Log } from '../log'
import { openStore, StoreError, type TrackingStore } from '../stores'
import type { Credentials } from '../stores/open'
import { askCredentials } from './signIn'
import { offering, type ConnectionServices, type StoreConnection } from './storeConnection'
import type { CredentialVault } from './vault'

/** Signing in to a server: with credentials that are given, or by asking; those that work are kept. */
export class SignInService {
  constructor(
    private readonly vault: CredentialVault,
    private readonly storeOptions: ConnectionServices['storeOptions'],
    private readonly log: Log,
  ) {}

  /** Asks until it works. @throws Dismissed when the user gives up */
  async ask(connection: StoreConnection, refusal?: StoreError): Promise<TrackingStore> {
    const opened: { store?: TrackingStore } = {}
    const known =
      connection.entry.uri.origin === undefined ? undefined : await this.vault.get(connection.entry.uri.origin)
    const credentials = await askCredentials({
      server: connection.name,
      username: known?.kind === 'basic' ? known.username : undefined,
      problem: refusal?.message,
      attempt: async (attempted, signal) => {
        try {
          opened.store = await this.#open(connection, attempted, signal)
          return undefined
        } catch (error) {
          return messageOf(error)
        }
      },
    })
    if (!opened.store) throw new StoreError('unauthorized', t('{0} was not signed in to.', connection.name))
    return this.#keep(connection, credentials, opened.store)
  }

  /** Signs in without asking. @throws StoreError when the credentials don't work; nothing is kept then */
  async with(connection: StoreConnection, credentials: Credentials): Promise<TrackingStore> {
    return this.#keep(connection, credentials, await this.#open(connection, credentials))
  }

  #open(connection: StoreConnection, credentials: Credentials, signal?: AbortSignal): Promise<TrackingStore> {
    const options = { ...this.storeOptions(connection), credentials: offering(() => Promise.resolve([credentials])) }
    return openStore(connection.uri, options, signal)
  }

  async #keep(connection: StoreConnection, credentials: Credentials, store: TrackingStore): Promise<TrackingStore> {
    try {
      if (connection.entry.uri.origin !== undefined) await this.vault.set(connection.entry.uri.origin, credentials)
    } catch (error) {
      this.log.warn(`The secret storage did not take the credentials of ${connection.name}: ${messageOf(error)}`)
    }
    return connection.adopt(store, credentials)
  }
}
