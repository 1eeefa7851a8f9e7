import { t } from '../../../shared/l10n'
import { StoreError } from '../errors'
import type { Credentials, StoreOptions } from '../open'

type Ask = NonNullable<StoreOptions['credentials']>

/** The credentials in use at one server. Asks for new ones at most once at a time, however many calls were refused. */
export class Authorization {
  #current: Credentials | undefined
  #asking: Promise<'answered' | 'abandoned'> | undefined

  constructor(
    readonly server: string,
    private readonly ask: Ask | undefined,
    embedded: Credentials | undefined,
  ) {
    this.#current = embedded
  }

  get current(): Credentials | undefined {
    return this.#current
  }

  /** Gets the first credentials, unless the URI brought some. */
  async begin(signal?: AbortSignal): Promise<void> {
    this.#current ??= await this.ask?.(undefined, signal)
  }

  /** Whether there are others to try than `rejected`, which the server refused. Rejects with what the one who is asked throws. */
  async renew(rejected: Credentials | undefined, signal?: AbortSignal): Promise<boolean> {
    while (this.#current === rejected) {
      this.#asking ??= this.#renewOnce(rejected, signal).finally(() => (this.#asking = undefined))
      const outcome = await this.#asking
      signal?.throwIfAborted()
      if (outcome === 'answered') break // 'abandoned': the call that asked was aborted, ours was not
    }
    return this.#current !== rejected
  }

  async #renewOnce(
    rejected: Credentials | undefined,
    signal: AbortSignal | undefined,
  ): Promise<'answered' | 'abandoned'> {
    try {
      const fresh = await this.ask?.(rejected, signal)
      if (fresh) this.#current = fresh
      return 'answered'
    } catch (error) {
      if (signal?.aborted) return 'abandoned'
      throw error
    }
  }
}

/** Value of the header `Authorization`. */
export function authorizationHeader(credentials: Credentials, server: string): string {
  if (credentials.kind === 'basic')
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
  const token = credentials.token.trim()
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new StoreError(
      'unauthorized',
      t('The token for {0} is empty or has characters that no token has. Enter it again.', server),
    )
  return `Bearer ${token}`
}
