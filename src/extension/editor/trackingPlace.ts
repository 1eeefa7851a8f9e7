/** Which connection a file of code logs to: by the tracking URI that it sets, else the active one; and which has its models. Knows no vscode. */
import type { Connection } from '../connections/connection'
import type { TrackingStore } from '../stores'
import { parseTrackingUri, withoutPassword } from '../stores/uri'
import { StoreError } from '../stores/errors'
import { isWithin } from '../within'
import type { MlflowCall } from './pythonCalls'

/** Of a connection: what tells where it is. */
type Known = Pick<Connection, 'id' | 'uri'>

export type TrackingPlace<C> =
  /** `isSure`: the code can log nowhere else. */
  | { readonly connection: C; readonly isSure: boolean }
  /** The code sets a URI that no connection has. */
  | { readonly missing: string; readonly line: number }

export interface Connected<C> {
  readonly all: readonly C[]
  readonly active: C | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** From which relative paths may start: the folder of the workspace that the file is in, and its own. */
  readonly folders: readonly string[]
  /** Folders of the workspace. */
  readonly roots: readonly string[]
}

/** Undefined where there is no connection. */
export function trackingPlace<C extends Known>(
  calls: readonly MlflowCall[],
  connected: Connected<C>,
): TrackingPlace<C> | undefined {
  const { all, env, folders } = connected
  const active = ofItsRoot(connected)
  const unsure = active && { connection: active, isSure: false }
  const sets = calls.filter(({ fn, isBlank }) => fn === 'set_tracking_uri' && !isBlank)
  const [first] = sets
  if (!first) return active && { connection: active, isSure: true }
  const found = new Set<C>()
  let missing: { readonly missing: string; readonly line: number } | undefined
  let isOpen = false
  for (const call of sets) {
    const { text, isDefault } = uriIn(call, env)
    const connection = text === undefined ? undefined : connectionAt(text, all, folders)
    if (connection) found.add(connection)
    // A default counts where the environment says nothing; that of the terminal may be another than ours.
    else if (text === undefined || isDefault) isOpen = true
    else missing ??= { missing: withoutPassword(text), line: call.line }
  }
  const [one] = found
  if (one && found.size === 1 && !isOpen && !missing) return { connection: one, isSure: true }
  if (isOpen || (active && found.has(active))) return unsure
  return one ? { connection: one, isSure: false } : missing
}

/** Which connection has the models of code that logs to `tracking`; undefined where none is known to. */
export function registryOf<C extends Known>(
  calls: readonly MlflowCall[],
  { all, env, folders }: Connected<C>,
  tracking: C,
): C | undefined {
  const sets = calls.filter(({ fn, isBlank }) => fn === 'set_registry_uri' && !isBlank)
  const everywhere = env.MLFLOW_REGISTRY_URI
  if (sets.length === 0) return everywhere ? connectionAt(everywhere, all, folders) : tracking
  const found = sets.map((call) => {
    const { text } = uriIn(call, env)
    return text === undefined ? undefined : connectionAt(text, all, folders)
  })
  const [first] = found
  return found.every((connection) => connection === first) ? first : undefined
}

/** The URI that a call sets; by default where the environment could say another. */
function uriIn({ environment, named: [named] }: MlflowCall, env: Connected<unknown>['env']) {
  const asked = environment === undefined ? undefined : env[environment]
  const written = named?.isPattern === false ? named.text : undefined
  const isSaid = asked !== undefined && asked !== ''
  return { text: isSaid ? asked : written, isDefault: environment !== undefined && !isSaid }
}

function connectionAt<C extends Known>(text: string, all: readonly C[], folders: readonly string[]): C | undefined {
  const ids = folders.length > 0 ? folders.map((folder) => idOf(text, folder)) : [idOf(text)]
  for (const id of ids) {
    const found = all.find((connection) => connection.id === id)
    if (found) return found
  }
  return undefined
}

function idOf(text: string, folder?: string): string | undefined {
  try {
    return parseTrackingUri(text, folder).id
  } catch (error) {
    if (StoreError.is(error)) return undefined // no URI that a connection can have
    throw error
  }
}

/** The active connection; where that is a file of another folder of the workspace, the first one of the file's own, if there is one. */
function ofItsRoot<C extends Known>({ all, active, folders: [own], roots }: Connected<C>): C | undefined {
  const isIn = (connection: C, folder: string): boolean => {
    const place = parseTrackingUri(connection.uri).path
    return place !== undefined && isWithin(place, folder)
  }
  if (!active || own === undefined || !roots.includes(own) || isIn(active, own)) return active
  if (!roots.some((root) => isIn(active, root))) return active
  return all.find((connection) => isIn(connection, own)) ?? active
}

/** A connection that has failed is asked again once an interval, or when the user wants it; not with every key. */
export async function storeOf(connection: Connection, mayAsk: boolean, signal: AbortSignal): Promise<TrackingStore> {
  const { state } = connection
  if (state.status === 'failed' && !mayAsk) throw state.error
  return connection.store({ signal })
}
