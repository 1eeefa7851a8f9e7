import type { Event } from 'vscode'
import type { StoreError, TrackingStore } from '../stores'
import type { Credentials } from '../stores/open'

/** Where a connection was found. */
export type ConnectionOrigin = 'workspace' | 'environment' | 'dotenv' | 'setting' | 'session'

export type ConnectionState =
  | { readonly status: 'closed' }
  | { readonly status: 'connecting' }
  | { readonly status: 'ready'; readonly store: TrackingStore }
  /** With a `store`: it was open and stopped answering; it is kept, since it may answer again. */
  | { readonly status: 'failed'; readonly error: StoreError; readonly store?: TrackingStore }

/** A hint that asks for nothing: in a few words, and whole. */
export interface Advice {
  readonly short: string
  readonly whole: string
}

/** One store the user can look at. Opened when first asked for its data. */
export interface Connection {
  /** Stable over reloads: the normalised tracking URI, without credentials. */
  readonly id: string
  /** Short, for labels: a setting's name, `mlflow.db`, `host:port`. */
  readonly name: string
  /** Without credentials. */
  readonly uri: string
  readonly kind: 'rest' | 'sqlite' | 'files'
  readonly origin: ConnectionOrigin
  readonly state: ConnectionState
  /** What the server accepted, for processes that work for the user on it; undefined while it is not open. Never for logs or webviews. */
  readonly credentials: Credentials | undefined
  /** What the user should know of it beside its state. */
  readonly advice: Advice | undefined
  /** The open store; opens it where needed. After a failure the next call tries again. Asks for credentials on a 401 if `interactive`. */
  store(options?: { readonly signal?: AbortSignal; readonly interactive?: boolean }): Promise<TrackingStore>
}

/** All connections. One of them is active: commands use it unless told otherwise. */
export interface Connections {
  readonly all: readonly Connection[]
  readonly active: Connection | undefined
  /** The list, the active one, or a state changed. */
  readonly onDidChange: Event<void>
  /** Data may have changed: views and panels should look again. `connection` undefined: all of them. */
  readonly onDidRequestRefresh: Event<{ readonly connection: Connection | undefined; readonly reason: string }>
  requestRefresh(connection: Connection | undefined, reason: string): void
  /** By id or name; the active one when `idOrName` is undefined. @throws Error that names what was not found. */
  get(idOrName?: string): Connection
  /** Resolves once workspace, environment and settings have been looked through for the first time. */
  readonly discovered: Promise<void>
}
