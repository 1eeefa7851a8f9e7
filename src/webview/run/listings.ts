import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Artifact } from '../../shared/protocol'

export type Listing = readonly Artifact[] | { readonly error: string } | 'loading'

type List = (path: string, signal: AbortSignal) => Promise<Artifact[]>

/** The folders of a run's artifacts that were looked into. */
export class Listings implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #listings = new Map<string, Listing>()
  readonly #list: List
  #stop = new AbortController()

  constructor(host: ReactiveControllerHost, list: List) {
    this.#host = host
    this.#list = list
    host.addController(this)
  }

  hostConnected(): void {
    this.#stop = new AbortController()
  }

  hostDisconnected(): void {
    this.#stop.abort()
  }

  /** Undefined where nobody has asked yet. */
  of(path: string): Listing | undefined {
    return this.#listings.get(path)
  }

  /** An artifact that is in what was listed. */
  find(path: string): Artifact | undefined {
    const siblings = this.#listings.get(parentOf(path))
    return Array.isArray(siblings) ? (siblings as readonly Artifact[]).find((entry) => entry.path === path) : undefined
  }

  /** Lists all that was listed, and these, again. What there is stays until then. */
  refresh(folders: Iterable<string>): void {
    for (const path of new Set([...folders, ...this.#listings.keys()])) void this.read(path)
  }

  /** Never rejects: a failure is the listing. */
  async read(path: string): Promise<Listing | undefined> {
    const { signal } = this.#stop
    if (!Array.isArray(this.#listings.get(path))) this.#set(path, 'loading')
    try {
      this.#set(path, await this.#list(path, signal))
    } catch (error) {
      if (signal.aborted) return undefined
      this.#set(path, { error: error instanceof Error ? error.message : String(error) })
    }
    return this.#listings.get(path)
  }

  #set(path: string, listing: Listing): void {
    this.#listings.set(path, listing)
    this.#host.requestUpdate()
  }
}

/** The folder that an artifact is in; empty for the root. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
