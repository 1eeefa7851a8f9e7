/** MLflow's API of one server: where it lies, and how its pages follow each other. */
import { t } from '../../../shared/l10n'
import { StoreError } from '../errors'
import type { Call, Query, RestClient } from './client'
import { MissingEndpoint } from './failures'
import { fieldsOf, textOf, type Fields } from './shape'

/** A request's fields; `undefined` leaves one out. */
export type Request = Readonly<Record<string, string | number | boolean | readonly unknown[] | undefined>>

export class MlflowApi {
  constructor(
    readonly client: RestClient,
    /** `/api`, or `/ajax-api` where only that is served. */
    private readonly root: '/api' | '/ajax-api',
    /** For humans: "MLflow 3.17.2". */
    readonly version: string,
  ) {}

  /** Reads by GET. */
  get<T>(endpoint: string, query: Query, decode: (json: unknown) => T, signal?: AbortSignal): Promise<T> {
    return this.#call({ method: 'GET', path: this.#path(endpoint), query, reads: true }, decode, signal)
  }

  /** Reads by POST, as searches do. */
  search<T>(endpoint: string, body: Request, decode: (json: unknown) => T, signal?: AbortSignal): Promise<T> {
    return this.#call({ method: 'POST', path: this.#path(endpoint), body, reads: true }, decode, signal)
  }

  write<T>(
    method: 'POST' | 'DELETE',
    endpoint: string,
    body: Request,
    decode: (json: unknown) => T,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#call({ method, path: this.#path(endpoint), body, reads: false }, decode, signal)
  }

  /** The pages of a search, each as `read` sees it; throws ShapeError. */
  async *pages<T>(
    by: 'get' | 'search',
    endpoint: string,
    request: Readonly<Record<string, string | number | readonly string[] | undefined>>,
    read: (page: Fields) => T,
    signal?: AbortSignal,
  ): AsyncGenerator<T> {
    const decode = (json: unknown): Page<T> => {
      const page = asFields(json)
      return { content: read(page), next: nextTokenOf(page) }
    }
    let token: string | undefined
    do {
      const page: Page<T> = await this[by](endpoint, { ...request, page_token: token }, decode, signal)
      yield page.content
      token = this.advanced(page.next, token)
    } while (token !== undefined)
  }

  /** `next`, unless it is the token that was just used: such a server would never come to an end. */
  advanced(next: string | undefined, token: string | undefined): string | undefined {
    if (next === undefined || next !== token) return next
    throw new StoreError(
      'badAnswer',
      t(
        '{0} gives the same page again and again. Refresh; if it stays so, look into the server’s log.',
        this.client.server,
      ),
    )
  }

  /** What `read` makes of an answer to `endpoint`, its ShapeError as the StoreError it means. */
  shaped<T>(endpoint: string, read: () => T): T {
    return this.client.shaped(this.#path(endpoint), read)
  }

  async #call<T>(call: Call, decode: (json: unknown) => T, signal?: AbortSignal): Promise<T> {
    try {
      return await this.client.json(call, decode, signal)
    } catch (error) {
      if (!(error instanceof MissingEndpoint)) throw error
      throw new StoreError(
        'unsupported',
        t(
          '{0} ({1}) does not offer {2}. It may be too old for that, or a proxy before it may hold it back.',
          this.client.server,
          this.version,
          call.path,
        ),
        { cause: error },
      )
    }
  }

  #path(endpoint: string): string {
    return `${this.root}/2.0/mlflow/${endpoint}`
  }
}

interface Page<T> {
  readonly content: T
  readonly next: string | undefined
}

/** Undefined on the last page. */
export const nextTokenOf = (page: Fields): string | undefined =>
  textOf(page.next_page_token, 'next_page_token') || undefined

export const asFields = (json: unknown): Fields => fieldsOf(json, 'the answer')

/**
 * Finds the API below the server's address. MLflow 3 puts everything under its static prefix, MLflow 2 only what its own pages
 * use; so it is tried, not concluded from a version.
 */
export async function locateApi(client: RestClient, signal?: AbortSignal): Promise<MlflowApi> {
  const answers = async (root: '/api' | '/ajax-api'): Promise<StoreError | undefined> => {
    try {
      await client.json(
        { method: 'GET', path: `${root}/2.0/mlflow/experiments/search`, query: { max_results: 1 }, reads: true },
        asFields,
        signal,
      )
      return undefined
    } catch (error) {
      // Anything else, such as a 401, says that something is there.
      if (StoreError.is(error, 'notFound') || StoreError.is(error, 'badAnswer')) return error
      throw error
    }
  }
  const failure = await answers('/api')
  if (!failure) return new MlflowApi(client, '/api', await versionOf(client, false, signal))
  if (await answers('/ajax-api')) throw failure
  return new MlflowApi(client, '/ajax-api', await versionOf(client, true, signal))
}

/** "MLflow 3.17.2" where the server tells, else what is known. */
async function versionOf(client: RestClient, outsidePrefix: boolean, signal: AbortSignal | undefined): Promise<string> {
  const version = await optional(
    client.text({ method: 'GET', path: '/version', reads: true, ...(outsidePrefix && { outsidePrefix }) }, signal),
  )
  if (version !== undefined && /^\d+\.\d[\w.+-]{0,40}$/.test(version.trim())) return `MLflow ${version.trim()}`
  const info = await optional(
    client.json({ method: 'GET', path: '/api/3.0/mlflow/server-info', reads: true }, asFields, signal),
  )
  return info?.store_type === undefined ? 'MLflow' : 'MLflow 3'
}

/** Undefined where the server does not offer it. */
export async function optional<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (StoreError.is(error) && ['notFound', 'badAnswer', 'forbidden', 'unsupported'].includes(error.reason))
      return undefined
    throw error
  }
}
