import { stat } from 'node:fs/promises'
import type { TrackingStore } from './index'
import { parseTrackingUri } from './uri'

/** Credentials of a tracking server. */
export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }

export interface StoreOptions {
  /** The folder of the built workers, `dist/`: `sqliteWorker.js`, `filesWorker.js`, `jsonWorker.js`. */
  readonly workers: string
  /** For `http(s)` only. Asked before the first request and again after a 401 (`rejected`: what the server refused). */
  readonly credentials?: (rejected: Credentials | undefined, signal?: AbortSignal) => Promise<Credentials | undefined>
  /** Milliseconds that one answer of a server may take; 30,000 when left out. */
  readonly timeout?: number
  /** Told of each external call with its duration. */
  readonly log?: (line: string) => void
}

/**
 * Opens `http(s)://…`, `sqlite:///…`, or the path of a database or folder; connects, and rejects with a `StoreError` where that fails.
 * Paths must be absolute. Credentials in the URI (`http://user:password@host`) are tried before those of the options.
 */
export async function openStore(uri: string, options: StoreOptions, signal?: AbortSignal): Promise<TrackingStore> {
  const parsed = parseTrackingUri(uri)
  if (parsed.kind === 'rest') {
    const { openRestStore } = await import('./rest') // with its HTTP client: too much to load before it is needed
    return await openRestStore(parsed, options, signal)
  }
  const { path = '' } = parsed
  if (parsed.kind === 'files' && (await isFolder(path))) {
    const { openFilesStore } = await import('./files')
    return await openFilesStore(path, parsed.id, options, signal)
  }
  const { openSqliteStore } = await import('./sqlite')
  return await openSqliteStore(path, parsed.id, options, signal)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false // whoever opens it says what is wrong
  }
}
