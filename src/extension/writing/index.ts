/**
 * Where changes go: to a server by its REST API; to a local store through an MLflow server of the user's own Python, which is started
 * when the first change is asked for, listens on loopback only, and is ended when nothing was changed for a while.
 */
import { stat } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { Dismissed, messageOf } from '../commands'
import type { Connection, Connections } from '../connections/connection'
import type { Log } from '../log'
import { findInterpreter, requireTrust, scriptsOf } from '../python'
import { failureOf, startLocalServer, type LocalStore } from '../python/localServer'
import { protectDatabase } from '../python/protectDatabase'
import { StoreError, type TrackingStore, type TrackingWriter } from '../stores'
import { rootOf } from '../stores/files/layout'
import { parseTrackingUri } from '../stores/uri'
import { explained } from './explained'
import { LocalWriter, type WritingServer } from './localWriter'

/** Options that every command has which changes something. */
export const writeOptions = {
  /** May MLflow upgrade an older local database (after a backup)? Asked when left out. */
  upgradeSchema: v.optional(v.boolean()),
}

export interface WriteAnswers {
  readonly upgradeSchema?: boolean | undefined
}

export interface WritingServices {
  readonly extensionUri: vscode.Uri
  readonly connections: Connections
  readonly log: Log
  /** Opens a store that is no connection. */
  readonly openStore: (uri: string, signal: AbortSignal) => Promise<TrackingStore>
}

/** Long enough for the next edit, short enough to give back half a gigabyte. Milliseconds. */
const idle = 10 * 60_000

export class Writing implements vscode.Disposable {
  readonly #writers = new Map<string, LocalWriter<WriteAnswers>>()

  constructor(private readonly services: WritingServices) {}

  /**
   * Does `work` with a writer of the connection's store; views then look again, whatever became of it.
   *
   * @param what the act, as a sentence begins: "Changing a stage"
   * @throws Error in Restricted Mode; Dismissed where the user cancels the start of a local server; whatever `work` throws
   */
  async write<T>(
    connection: Connection,
    what: string,
    work: (writer: TrackingWriter, store: TrackingStore) => Promise<T>,
    answers: WriteAnswers = {},
  ): Promise<T> {
    requireTrust(what)
    const store = await connection.store({ interactive: true })
    const refresh = (): void => this.services.connections.requestRefresh(connection, what)
    if (store.writer) return onServer(connection, store, work).finally(refresh)
    const writer = this.#writerOf(connection, store)
    if (!writer.isUp) await this.#withProgress(connection, (signal) => writer.ready(answers, signal))
    return writer.use((each) => work(each, store), answers).finally(refresh)
  }

  /** Ends the server of a connection, if it has one. */
  async release(connection: Connection): Promise<void> {
    await this.#writers.get(connection.id)?.stop()
  }

  /** Ends all local servers and waits for that. */
  async closeAll(): Promise<void> {
    const writers = [...this.#writers.values()]
    this.#writers.clear()
    await Promise.allSettled(writers.map((writer) => writer.close()))
  }

  dispose(): void {
    void this.closeAll()
  }

  #writerOf(connection: Connection, store: TrackingStore): LocalWriter<WriteAnswers> {
    const known = this.#writers.get(connection.id)
    if (known) return known
    const writer = new LocalWriter<WriteAnswers>({
      start: (answers, signal) => this.#start(connection, store.kind, answers, signal),
      idle,
      failed: (error) => this.services.log.warn(`the server on ${connection.name}: ${messageOf(error)}`),
    })
    this.#writers.set(connection.id, writer)
    return writer
  }

  async #start(
    connection: Connection,
    kind: TrackingStore['kind'],
    { upgradeSchema }: WriteAnswers,
    signal: AbortSignal,
  ): Promise<WritingServer> {
    const { extensionUri, log, openStore } = this.services
    const file = parseTrackingUri(connection.uri).path
    if (file === undefined || kind === 'rest') throw new Error(t('{0} can’t be written to.', connection.name))
    const interpreter = await findInterpreter(this.services, vscode.Uri.file(path.dirname(file)), signal)
    if (kind === 'sqlite') await protectDatabase(file, interpreter, upgradeSchema, this.services, signal)
    const local: LocalStore = { kind, path: kind === 'sqlite' ? file : rootOf(file) }
    const server = await startLocalServer(interpreter, local, {
      scripts: scriptsOf(extensionUri),
      env: process.env,
      log: (line) => log.info(line),
      printed: (text) => log.debug(`mlflow of ${connection.name}: ${text.trimEnd()}`),
      signal,
    })
    const opened = await identityOf(file)
    try {
      const store = await openStore(server.url, signal)
      if (!store.writer) throw new Error(t('{0} can’t be written to.', connection.name))
      void server.exited.then(() => store[Symbol.asyncDispose]())
      return {
        writer: explained(store.writer, (error) => failureOf(server, connection.name, error)),
        exited: server.exited,
        isCurrent: async () => (await identityOf(file)) === opened,
        stop: () => server.stop(),
      }
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  async #withProgress<T>(connection: Connection, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController()
    return vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: t('Starting MLflow to change {0}', connection.name),
        cancellable: true,
      },
      async (_, token) => {
        token.onCancellationRequested(() => abort.abort(new Dismissed()))
        return work(abort.signal)
      },
    )
  }
}

/** Tells a file from another that took its place. */
async function identityOf(file: string): Promise<string | undefined> {
  const { dev, ino } = (await stat(file).catch(() => undefined)) ?? {}
  return ino === undefined ? undefined : `${dev} ${ino}`
}

/** Where the credentials are no longer good, such as an expired token, asks for others and tries once more. */
async function onServer<T>(
  connection: Connection,
  store: TrackingStore,
  work: (writer: TrackingWriter, store: TrackingStore) => Promise<T>,
): Promise<T> {
  const on = (one: TrackingStore): Promise<T> => {
    if (!one.writer) throw new Error(t('{0} can’t be written to.', connection.name))
    return work(one.writer, one)
  }
  try {
    return await on(store)
  } catch (error) {
    if (!StoreError.is(error, 'unauthorized')) throw error
    return on(await connection.store({ interactive: true }))
  }
}
