import { t } from '../../shared/l10n'
import { openStore, StoreError, type TrackingStore } from '../stores'
import type { Credentials, StoreOptions } from '../stores/open'
import type { Advice, Connection, ConnectionState } from './connection'
import type { Entry } from './sources'
import { watchedStore } from './watchedStore'

/** What a connection needs from the house around it. */
export interface ConnectionServices {
  readonly storeOptions: (connection: StoreConnection) => Omit<StoreOptions, 'credentials'>
  /** Credentials that may be sent to this entry's server, best first. */
  readonly credentialsFor: (entry: Entry) => Promise<readonly Credentials[]>
  /** Asks the user; resolves to a store that is open. @throws Dismissed when the user gives up */
  readonly signIn: (connection: StoreConnection, refusal: StoreError) => Promise<TrackingStore>
  readonly changed: () => void
}

/** A connection that opens its store when first asked for it, once for all who ask. */
export class StoreConnection implements Connection {
  #entry: Entry
  #state: ConnectionState = { status: 'closed' }
  #opening: Promise<TrackingStore> | undefined
  #signingIn: Promise<TrackingStore> | undefined
  #abort = new AbortController()
  #disconnected = false
  #credentials: Credentials | undefined
  #advice: Advice | undefined

  constructor(
    entry: Entry,
    private readonly services: ConnectionServices,
  ) {
    this.#entry = entry
  }

  get entry(): Entry {
    return this.#entry
  }

  /** What discovery says now; the id stays. */
  set entry(entry: Entry) {
    this.#entry = entry
  }

  get id(): string {
    return this.#entry.uri.id
  }

  get uri(): string {
    return this.#entry.uri.id
  }

  get name(): string {
    return this.#entry.name
  }

  get kind(): 'rest' | 'sqlite' | 'files' {
    return this.#entry.uri.kind
  }

  get origin(): Entry['origin'] {
    return this.#entry.origin
  }

  get state(): ConnectionState {
    return this.#state
  }

  get credentials(): Credentials | undefined {
    return this.#store && this.#credentials
  }

  get advice(): Advice | undefined {
    return this.#advice
  }

  set advice(advice: Advice | undefined) {
    if (advice?.whole === this.#advice?.whole) return
    this.#advice = advice
    this.services.changed()
  }

  /** The store that is open, whether or not it answers at the moment. */
  get #store(): TrackingStore | undefined {
    return this.#state.status === 'ready' || this.#state.status === 'failed' ? this.#state.store : undefined
  }

  /** A file of the store was written: an open store looks closer at what it belongs to. */
  touched(file: string): void {
    this.#store?.touched?.([file])
  }

  /** True after `disconnect`: only somebody who means it opens the store again. */
  get disconnected(): boolean {
    return this.#disconnected
  }

  async store({
    signal,
    interactive = false,
  }: { readonly signal?: AbortSignal; readonly interactive?: boolean } = {}): Promise<TrackingStore> {
    const isSignedOut = this.#state.status === 'failed' && this.#state.error.reason === 'unauthorized'
    if (this.#store && interactive && isSignedOut) await this.close() // such as a token that expired
    if (this.#store) return this.#store
    if (interactive) this.#disconnected = false
    if (this.#disconnected)
      throw new StoreError(
        'unreachable',
        t('{0} is disconnected. Select it in the Connections view to connect again.', this.name),
      )
    try {
      return await abortable((this.#opening ??= this.#open()), signal)
    } catch (error) {
      if (!interactive || !StoreError.is(error, 'unauthorized')) throw error
      this.#signingIn ??= this.services.signIn(this, error).finally(() => (this.#signingIn = undefined))
      return await abortable(this.#signingIn, signal)
    }
  }

  /** Takes a store that was opened elsewhere, with credentials that work. */
  async adopt(store: TrackingStore, credentials: Credentials): Promise<TrackingStore> {
    await this.close()
    this.#disconnected = false
    this.#credentials = credentials
    return this.#opened(store)
  }

  /** Closes the store and keeps it closed until somebody asks for it in person. */
  async disconnect(): Promise<void> {
    this.#disconnected = true
    await this.close()
  }

  /** Allows opening after `disconnect`, and forgets a failure: the store is opened anew when it is next asked for. */
  async reconnect(): Promise<void> {
    const isDown = this.#disconnected || this.#state.status === 'failed'
    this.#disconnected = false
    if (isDown) await this.close()
  }

  async close(): Promise<void> {
    const store = this.#store
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#opening = undefined
    this.#become({ status: 'closed' })
    await store?.[Symbol.asyncDispose]()
  }

  async #open(): Promise<TrackingStore> {
    const { signal } = this.#abort
    this.#become({ status: 'connecting' })
    try {
      let isOpen = false
      const offer = offering(
        () => this.services.credentialsFor(this.#entry),
        () => isOpen,
      )
      const credentials = async (rejected: Credentials | undefined): Promise<Credentials | undefined> =>
        (this.#credentials = await offer(rejected))
      const store = await openStore(this.uri, { ...this.services.storeOptions(this), credentials }, signal)
      isOpen = true
      if (signal.aborted) {
        await store[Symbol.asyncDispose]()
        throw cancelled()
      }
      return this.#opened(store)
    } catch (error) {
      const failure = StoreError.is(error) ? error : new StoreError('badAnswer', String(error), { cause: error })
      if (!signal.aborted) {
        this.#opening = undefined
        this.#become({ status: 'failed', error: failure })
      }
      throw failure
    }
  }

  /** The store as callers get it: what becomes of their reads tells how the connection is. */
  #opened(opened: TrackingStore): TrackingStore {
    const store = watchedStore(opened, (failure) => {
      if (this.#store !== store) return // of a store that was closed since
      if (failure === undefined) {
        if (this.#state.status === 'failed') this.#become({ status: 'ready', store })
      } else if (failure.isOfTheStore) this.#become({ status: 'failed', error: failure, store })
    })
    this.#become({ status: 'ready', store })
    return store
  }

  #become(state: ConnectionState): void {
    if (this.#state.status === 'closed' && state.status === 'closed') return
    this.#state = state
    this.services.changed()
  }
}

/**
 * Offers one candidate after the other; one that the server has refused is not sent again. Once one has worked, the others, who may
 * be other users, are not tried any more: only what has replaced it at its place.
 */
export function offering(
  candidates: () => Promise<readonly Credentials[]>,
  hasWorked: () => boolean = () => false,
): (rejected: Credentials | undefined) => Promise<Credentials | undefined> {
  const refused = new Set<string>()
  return async (rejected) => {
    const all = await candidates()
    if (rejected) {
      const key = JSON.stringify(rejected)
      refused.add(key)
      if (hasWorked() && all.some((candidate) => JSON.stringify(candidate) === key)) return undefined
    }
    return all.find((candidate) => !refused.has(JSON.stringify(candidate)))
  }
}

const cancelled = (): StoreError => new StoreError('cancelled', t('Cancelled.'))

/** `work`, or a `StoreError` `cancelled` as soon as the caller gives up; the work itself goes on for others who wait for it. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  if (signal.aborted) throw cancelled()
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(cancelled())
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
