import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { coalesce, oneAtATime } from '../coalesce'
import { messageOf } from '../commands'
import type { Log } from '../log'
import type { Connections } from './connection'
import { discover } from './discovery'
import { arrange, type Entry, type Problem, type Source } from './sources'
import { StoreConnection, type ConnectionServices } from './storeConnection'

/** Reason of a refresh that nobody asked for: somebody trains. */
export const fileWritten = 'its file was written'
/** Reason for a refresh that the user asks for. */
export const askedFor = 'asked for'

const chosenKey = 'mlflow.activeConnection'

/** The connections of this window: discovered ones and those of the session. */
export class ConnectionList implements Connections, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>()
  readonly #refreshRequested = new vscode.EventEmitter<{ connection: StoreConnection | undefined; reason: string }>()
  readonly onDidChange = this.#changed.event
  readonly onDidRequestRefresh = this.#refreshRequested.event
  readonly discovered: Promise<void>
  /** Looks again where connections come from. */
  readonly rediscover: () => Promise<void>

  readonly #announce = coalesce(() => this.#changed.fire(), 0)
  readonly #session: Source[] = []
  #found: readonly Source[] = []
  /** What discovery found wrong, and what `arrange` did. */
  #foundProblems: readonly Problem[] = []
  #problems: readonly Problem[] = []
  #all: readonly StoreConnection[] = []
  #chosen: string | undefined

  constructor(
    private readonly services: Omit<ConnectionServices, 'changed'>,
    private readonly memory: vscode.Memento,
    private readonly log: Log,
  ) {
    this.#chosen = memory.get<string>(chosenKey)
    this.rediscover = oneAtATime(() => this.#discover())
    this.discovered = this.rediscover()
  }

  get all(): readonly StoreConnection[] {
    return this.#all
  }

  get active(): StoreConnection | undefined {
    return this.#all.find(({ id }) => id === this.#chosen) ?? this.#all[0]
  }

  /** What was meant as a connection and can't be one. */
  get problems(): readonly Problem[] {
    return this.#problems
  }

  get(idOrName?: string): StoreConnection {
    const found = idOrName === undefined ? this.active : this.find(idOrName)
    if (found) return found
    if (idOrName === undefined)
      throw new Error(t('There is no connection yet. Use “MLflow: Connect to Tracking Server…”.'))
    const names = this.#all.map(({ name }) => name).join(', ')
    throw new Error(
      names === ''
        ? t('There is no connection “{0}”, nor any other.', idOrName)
        : t('There is no connection “{0}”. There are: {1}.', idOrName, names),
    )
  }

  find(idOrName: string): StoreConnection | undefined {
    return this.#all.find(({ id }) => id === idOrName) ?? this.#all.find(({ name }) => name === idOrName)
  }

  requestRefresh(connection: StoreConnection | undefined, reason: string): void {
    this.log.trace(`Refresh of ${connection?.name ?? 'everything'}: ${reason}`)
    this.#refreshRequested.fire({ connection, reason })
  }

  /** Makes a connection the active one, and opens it again if it was disconnected. */
  async select(connection: StoreConnection): Promise<void> {
    this.#chosen = connection.id
    await connection.reconnect()
    this.#announce.schedule()
    await this.memory.update(chosenKey, connection.id)
  }

  /** Adds a connection for this session; the one that is there already if it is the same store. */
  addForSession(source: Source): StoreConnection {
    this.#session.push(source)
    this.#arrange()
    const { entries } = arrange([source])
    const added = this.#all.find(({ id }) => id === entries[0]?.uri.id)
    if (!added) throw new Error(arrange([source]).problems[0]?.message ?? source.uri)
    return added
  }

  /** Names a connection for this session. */
  rename(connection: StoreConnection, name: string): void {
    this.#session.unshift({ origin: 'session', uri: connection.uri, name, folder: '', where: name, byUser: true })
    this.#arrange()
  }

  /** Forgets what `addForSession` added; a connection that was also found elsewhere stays. */
  removeFromSession(connection: StoreConnection): void {
    const kept = this.#session.filter((source) => arrange([source]).entries[0]?.uri.id !== connection.id)
    this.#session.splice(0, Infinity, ...kept)
    this.#arrange()
  }

  /** Closes a connection. One of the session is forgotten, others stay closed until they are asked for again. */
  async disconnect(connection: StoreConnection): Promise<void> {
    this.removeFromSession(connection)
    await connection.disconnect()
  }

  dispose(): void {
    this.#announce.dispose()
    this.#changed.dispose()
    this.#refreshRequested.dispose()
    void this.closeAll()
  }

  async closeAll(): Promise<void> {
    await Promise.allSettled(this.#all.map((connection) => connection.close()))
  }

  async #discover(): Promise<void> {
    try {
      const { sources, problems } = await discover(this.log)
      this.#found = sources
      this.#foundProblems = problems
      this.#arrange()
    } catch (error) {
      this.log.error(`Looking for connections failed: ${messageOf(error)}`, error)
    }
  }

  #arrange(): void {
    const { entries, problems } = arrange([...this.#found, ...this.#session])
    this.#report([...this.#foundProblems, ...problems])
    const known = new Map(this.#all.map((connection) => [connection.id, connection]))
    this.#all = entries.map((entry) => this.#connectionOf(entry, known))
    for (const gone of known.values()) this.#close(gone)
    this.#announce.schedule()
  }

  #connectionOf(entry: Entry, known: Map<string, StoreConnection>): StoreConnection {
    const existing = known.get(entry.uri.id)
    if (!existing) return new StoreConnection(entry, { ...this.services, changed: () => this.#announce.schedule() })
    known.delete(entry.uri.id)
    existing.entry = entry
    return existing
  }

  #close(connection: StoreConnection): void {
    connection.close().catch((error: unknown) => this.log.warn(`Closing ${connection.name}: ${messageOf(error)}`))
  }

  #report(problems: readonly Problem[]): void {
    for (const problem of problems)
      if (!this.#problems.some((known) => known.where === problem.where && known.message === problem.message))
        this.log.warn(`${problem.where}: ${problem.message}`)
    this.#problems = problems
  }
}
