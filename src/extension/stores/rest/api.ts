/** MLflow's API of one server: where it lies, and how its pages follow each other. */
import { t } from '../../../shared/l10n'
import { StoreError } from '../errors'
import type { Answered, Call, Query, RestClient } from './client'
import { asFields, type Decoded, type DecoderName, type DecoderOf, type Page } from './decoders'
import { MissingEndpoint } from './failures'
import { followPages, type Search } from './pages'

/** A request's fields; `undefined` leaves one out. */
export type Request = Readonly<Record<string, string | number | boolean | readonly unknown[] | undefined>>

/** A search's fields without the page; objects only where it is a POST. */
export type SearchRequest = Readonly<Record<string, Query[string] | readonly object[]>>

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
    return this.getAt(`2.0/mlflow/${endpoint}`, query, decode, signal)
  }

  /** Likewise, of another version of the API: `3.0/mlflow/…`. */
  getAt<T>(path: string, query: Query, decode: (json: unknown) => T, signal?: AbortSignal): Promise<T> {
    return this.#call({ method: 'GET', path: `${this.root}/${path}`, query, reads: true }, decode, signal)
  }

  write<T>(
    method: 'POST' | 'PATCH' | 'DELETE',
    endpoint: string,
    body: Request,
    decode: (json: unknown) => T,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#call({ method, path: this.#path(endpoint), body, reads: false }, decode, signal)
  }

  /** Reads an answer that may be long, by one of the decoders. */
  long<N extends DecoderName>(
    by: 'GET' | 'POST',
    endpoint: string,
    request: SearchRequest,
    decoder: N,
    signal?: AbortSignal,
    patience = 1,
  ): Promise<Answered<Decoded<N>>> {
    const path = this.#path(endpoint)
    const call: Call =
      by === 'GET'
        ? { method: by, path, query: request as Query, reads: true, patience } // searches by GET have texts only
        : { method: by, path, body: request, reads: true, patience }
    return this.#offered(call, () => this.client.decoded(call, decoder, signal))
  }

  /** The pages of a search, with each item once. */
  async *pages<P>(
    by: 'GET' | 'POST',
    endpoint: string,
    request: SearchRequest,
    { decoder, ...search }: Pick<Search<P>, 'items' | 'sizes' | 'limit'> & { readonly decoder: DecoderOf<Page<P>> },
    signal?: AbortSignal,
  ): AsyncGenerator<P> {
    yield* followPages<P>(
      {
        ...search,
        ask: async (size, token, stop) => {
          const sent = { ...request, max_results: size, page_token: token }
          return (await this.long(by, endpoint, sent, decoder, stop)) as Answered<Page<P>>
        },
        endless: () => this.endless(),
      },
      signal,
    )
  }

  /** A server that would never come to an end. */
  endless(): StoreError {
    return new StoreError(
      'badAnswer',
      t(
        '{0} gives the same page again and again. Refresh; if it stays so, look into the server’s log.',
        this.client.server,
      ),
    )
  }

  #call<T>(call: Call, decode: (json: unknown) => T, signal?: AbortSignal): Promise<T> {
    return this.#offered(call, () => this.client.json(call, decode, signal))
  }

  async #offered<T>(call: Call, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
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
