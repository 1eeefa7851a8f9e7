import { setTimeout as sleep } from 'node:timers/promises'
import { EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici'
import { t } from '../../../shared/l10n'
import type { ByteRange } from '..'
import { StoreError } from '../errors'
import type { Points } from '../series'
import { ProblemError } from '../worker/protocol'
import type { Credentials, StoreOptions } from '../open'
import { authorizationHeader, type Authorization } from './authorization'
import { faultOf } from './answers'
import { collect, nextTokenAtEnd, textOf, type Slabs } from './body'
import type { Decoded, DecoderName } from './decoders'
import { codeOf, errorOfAnswer, failureOfNetwork, failureOfStatus, type Failure } from './failures'
import { JsonReader } from './jsonReader'
import { isNothingThere, partOf, rangeHeader } from './range'
import { ShapeError } from './shape'

/** What follows the `?`: a list becomes several of one name, `undefined` is left out. */
export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** One call of a server's API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the server's address, such as `/api/2.0/mlflow/runs/search`. */
  readonly path: string
  /** Below the server's origin instead, outside its prefix. */
  readonly outsidePrefix?: true
  readonly query?: Query
  readonly body?: object
  /** It changes nothing, so that it may be sent again after a failure. */
  readonly reads: boolean
  /** How many times the usual deadline it may take until the answer begins; 1 if left out. */
  readonly patience?: number
  /** Of the answer only that part is wanted. For `stream`. */
  readonly range?: ByteRange | undefined
}

export interface ClientOptions extends Pick<StoreOptions, 'workers' | 'timeout' | 'log'> {
  /** Bytes that an answer may have, other than an artifact. */
  readonly largestAnswer?: number
}

/** An answer whose bytes are here. */
export interface Answered<T> {
  /** The token of the next page, where it could be told before `content` is. */
  readonly next: string | undefined
  readonly content: Promise<T>
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Dispatcher.ResponseData['body']
}

/** Bytes that are held until the answer is whole: a page of runs with thousands of metrics each, or two million points. */
const largestAnswer = 256_000_000
/** Of an answer that is read in one piece. */
const largestShortAnswer = 16_000_000
const longestErrorBody = 64 * 1024
const mostRedirects = 5
const mostRepeats = 3
const firstPause = 200

/** Calls of one server: keep-alive connections, deadlines, credentials, repeats of what is safe to repeat, errors as `StoreError`. */
export class RestClient implements AsyncDisposable {
  readonly #origin: string
  readonly #basePath: string
  readonly #dispatcher: Dispatcher
  readonly #closing = new AbortController()
  readonly #timeout: number
  readonly #largestAnswer: number
  readonly #reader: JsonReader

  /** @param server address without a slash at its end: origin and prefix */
  constructor(
    readonly server: string,
    private readonly authorization: Authorization,
    private readonly options: ClientOptions,
  ) {
    const url = new URL(server)
    this.#origin = url.origin
    this.#basePath = url.pathname.replace(/\/+$/, '')
    this.#timeout = options.timeout ?? 30_000
    this.#largestAnswer = options.largestAnswer ?? largestAnswer
    this.#reader = new JsonReader(server, options)
    this.#dispatcher = dispatcherFor(url, this.#timeout)
  }

  /** In use at the server. */
  get credentials(): Credentials | undefined {
    return this.authorization.current
  }

  /** A short answer as `decode` reads it; `decode` throws ShapeError. */
  async json<T>(call: Call, decode: (json: unknown) => T, signal?: AbortSignal): Promise<T> {
    const text = await this.text(call, signal)
    try {
      return decode(JSON.parse(text))
    } catch (error) {
      if (error instanceof SyntaxError) throw this.#explained(call, new ProblemError(...faultOf(text, error)))
      if (error instanceof ShapeError) throw this.#explained(call, new ProblemError('shape', error.message))
      throw error
    }
  }

  /** An answer that may be long, read by that decoder. */
  async decoded<N extends DecoderName>(call: Call, decoder: N, signal?: AbortSignal): Promise<Answered<Decoded<N>>> {
    const slabs = await this.#slabs(call, Math.max(this.#largestAnswer, 0), signal)
    const next = nextTokenAtEnd(slabs)
    const content = this.#read(call, () => this.#reader.decode(decoder, slabs, signal))
    content.catch(() => undefined) // told of when it is asked for
    return { next, content }
  }

  /** The points of an answer by step, timestamp and value; their buffers must not be used afterwards. */
  sorted(call: Pick<Call, 'path'>, points: Points, signal?: AbortSignal): Promise<Points> {
    return this.#read(call, () => this.#reader.sort(points, signal))
  }

  /** The whole body of a 2xx answer. */
  async text(call: Call, signal?: AbortSignal): Promise<string> {
    return textOf(await this.#slabs(call, Math.min(this.#largestAnswer, largestShortAnswer), signal))
  }

  #slabs(call: Call, most: number, signal?: AbortSignal): Promise<Slabs> {
    return this.#authorized(call, signal, async ({ body, headers }, progressed) => {
      const announced = Number(headers['content-length']) || 0
      const slabs = announced <= most ? await collect(body, announced, most, progressed) : undefined
      if (slabs) return slabs
      body.on('error', () => undefined).destroy() // its being cut off is our doing
      throw this.#explained(call, new ProblemError('tooLarge', String(most / 1e6)))
    })
  }

  async #read<T>(call: Pick<Call, 'path'>, read: () => Promise<T>): Promise<T> {
    try {
      return await read()
    } catch (error) {
      throw error instanceof ProblemError ? this.#explained(call, error as ProblemError) : error
    }
  }

  #explained({ path }: Pick<Call, 'path'>, error: ProblemError): StoreError {
    if (error.problem.kind === 'cancelled') return new StoreError('cancelled', t('Cancelled.'), { cause: error })
    if (error.problem.kind === 'closed')
      return new StoreError('cancelled', t('The connection to {0} was closed.', this.server))
    return errorOfAnswer(error, this.server, path)
  }

  /**
   * The body of a 2xx answer as it comes. Resolves when the answer begins; from then on the deadline holds between two pieces, as
   * a large artifact may take its time. The stream must be read, or destroyed.
   */
  async stream(call: Call, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const answer = await this.#authorized(call, signal, (begun) => Promise.resolve(begun))
    const pieces = this.#pieces(answer.body, signal)
    return call.range ? partOf(pieces, answer, call.range, this.server) : pieces
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#dispatcher.destroy(), this.#reader[Symbol.asyncDispose]()])
  }

  async *#pieces(body: Answer['body'], signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const started = performance.now()
    let size = 0
    try {
      for await (const piece of body as AsyncIterable<Buffer>) {
        size += piece.length
        yield piece
      }
    } catch (error) {
      throw this.#cancelled(signal) ?? failureOfNetwork(error, this.server).error
    } finally {
      this.options.log?.(`  … ${size} bytes streamed in ${Math.round(performance.now() - started)} ms`)
    }
  }

  /** With the credentials in use; after a 401 once more with new ones. */
  async #authorized<T>(call: Call, signal: AbortSignal | undefined, read: Reader<T>): Promise<T> {
    const used = this.authorization.current
    try {
      return await this.#repeated(call, used, signal, read)
    } catch (error) {
      if (!StoreError.is(error, 'unauthorized')) throw error
      let renewed: boolean
      try {
        renewed = await this.authorization.renew(used, signal)
      } catch (failure) {
        throw this.#cancelled(signal) ?? failure
      }
      if (!renewed) throw error
      return await this.#repeated(call, this.authorization.current, signal, read)
    }
  }

  /**
   * Within one deadline: the call, and again after a pause where the failure and the call allow it. An answer that goes on coming
   * has the whole time again with each piece: it may be long, but it may not stall.
   */
  async #repeated<T>(
    call: Call,
    credentials: Credentials | undefined,
    signal: AbortSignal | undefined,
    read: Reader<T>,
  ): Promise<T> {
    const deadline = new AbortController()
    const allowed = this.#timeout * (call.patience ?? 1)
    const end = performance.now() + allowed
    let timer = setTimeout(() => deadline.abort(), allowed)
    const progressed = (): void => {
      if (deadline.signal.aborted) return
      clearTimeout(timer)
      timer = setTimeout(() => deadline.abort(), this.#timeout)
    }
    const stop = AbortSignal.any([deadline.signal, this.#closing.signal, ...(signal ? [signal] : [])])
    const stopped = (cause?: unknown): StoreError | undefined =>
      this.#cancelled(signal) ??
      (deadline.signal.aborted
        ? new StoreError(
            'timeout',
            t(
              '{0} did not answer {1} within {2} s. Try again, or raise the setting mlflow.requestTimeout.',
              this.server,
              call.path,
              allowed / 1000,
            ),
            { cause },
          )
        : undefined)
    try {
      for (let repeats = 0; ; repeats++) {
        const outcome = await this.#once(call, credentials, stop, stopped, (answer) => read(answer, progressed))
        if ('value' in outcome) return outcome.value
        const pause = pauseBefore(outcome.failure, call, repeats)
        if (pause === undefined || performance.now() + pause >= end) throw outcome.failure.error
        this.options.log?.(`  again in ${Math.round(pause)} ms: ${outcome.failure.error.message}`)
        try {
          await sleep(pause, undefined, { signal: stop })
        } catch (error) {
          throw stopped(error) ?? error
        }
      }
    } finally {
      clearTimeout(timer)
    }
  }

  async #once<T>(
    call: Call,
    credentials: Credentials | undefined,
    stop: AbortSignal,
    stopped: (cause: unknown) => StoreError | undefined,
    read: (answer: Answer) => Promise<T>,
  ): Promise<{ value: T } | { failure: Failure }> {
    const started = performance.now()
    const log = (outcome: string | number): void =>
      this.options.log?.(
        `${call.method} ${this.server}${call.path}${queryOf(call)} → ${outcome} in ${Math.round(performance.now() - started)} ms`,
      )
    try {
      const answer = await this.#send(call, credentials, stop)
      if (isWanted(answer, call)) {
        const value = await read(answer)
        log(answer.status)
        return { value }
      }
      const text = await beginning(answer.body)
      log(answer.status)
      return {
        failure: failureOfStatus({
          status: answer.status,
          retryAfter: headerOf(answer, 'retry-after'),
          text,
          server: this.server,
          path: call.path,
          withCredentials: credentials !== undefined,
        }),
      }
    } catch (error) {
      const ours = stopped(error) ?? (error instanceof StoreError ? error : undefined)
      log(ours?.reason ?? codeOf(error))
      if (ours) throw ours
      return { failure: failureOfNetwork(error, this.server) }
    }
  }

  /** One request, with redirects that stay at this server. */
  async #send(call: Call, credentials: Credentials | undefined, signal: AbortSignal): Promise<Answer> {
    const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'mlflow-lens' }
    if (call.body) headers['content-type'] = 'application/json'
    if (call.range) headers.range = rangeHeader(call.range)
    if (credentials) headers.authorization = authorizationHeader(credentials, this.server)
    const body = call.body ? JSON.stringify(call.body) : null
    let path = `${call.outsidePrefix ? '' : this.#basePath}${call.path}${queryOf(call)}`
    for (let redirects = 0; ; redirects++) {
      signal.throwIfAborted()
      const answer = await this.#dispatcher.request({
        origin: this.#origin,
        path,
        method: call.method,
        headers,
        body,
        signal,
      })
      const target = redirectOf({ status: answer.statusCode, headers: answer.headers, body: answer.body })
      if (target === undefined) return { status: answer.statusCode, headers: answer.headers, body: answer.body }
      await answer.body.dump()
      path = this.#followed(call, path, target, answer.statusCode, redirects)
    }
  }

  /** Where a redirect leads, if we go there: credentials must not reach anybody else, nor a write become something else. */
  #followed(call: Call, from: string, target: string, status: number, redirects: number): string {
    const url = URL.parse(target, `${this.#origin}${from}`)
    if (!url)
      throw new StoreError(
        'badAnswer',
        t('{0} redirects {1} to no address. Check a proxy before it.', this.server, call.path),
      )
    if (url.origin !== this.#origin)
      throw new StoreError(
        'badAnswer',
        t(
          '{0} redirects {1} to {2}. Nothing was sent there. If that is where the server lives now, use its address; if it is a sign-in page, this server needs a token.',
          this.server,
          call.path,
          url.origin,
        ),
      )
    if (redirects >= mostRedirects)
      throw new StoreError(
        'badAnswer',
        t('{0} redirects {1} again and again. Check its address and a proxy before it.', this.server, call.path),
      )
    if (!call.reads && status !== 307 && status !== 308)
      throw new StoreError(
        'badAnswer',
        t('{0} redirects {1} to {2}; a change is not sent on. Use that address.', this.server, call.path, url.pathname),
      )
    return `${url.pathname}${url.search}`
  }

  #cancelled(signal: AbortSignal | undefined): StoreError | undefined {
    if (signal?.aborted) return new StoreError('cancelled', t('Cancelled.'), { cause: signal.reason })
    if (this.#closing.signal.aborted)
      return new StoreError('cancelled', t('The connection to {0} was closed.', this.server))
    return undefined
  }
}

type Reader<T> = (answer: Answer, progressed: () => void) => Promise<T>

/** A part beyond the end of a file is an answer, too. */
const isWanted = ({ status }: Answer, { range }: Call): boolean =>
  (status >= 200 && status < 300) || (range !== undefined && isNothingThere(status))

/** Through the proxy that the environment names, as MLflow's own client does; never for this machine. */
function dispatcherFor(url: URL, timeout: number): Dispatcher {
  const options = {
    connections: 8,
    allowH2: false,
    connect: { timeout: Math.min(10_000, timeout) },
    headersTimeout: 0, // the deadline of the call holds instead
    bodyTimeout: timeout,
  }
  const { HTTP_PROXY, http_proxy, HTTPS_PROXY, https_proxy } = process.env
  const proxied = HTTP_PROXY ?? http_proxy ?? HTTPS_PROXY ?? https_proxy
  const local = /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)
  return proxied && !local ? new EnvHttpProxyAgent(options) : new Pool(url.origin, options)
}

/** Milliseconds to wait before sending the call again; undefined to give up. */
function pauseBefore({ repeatable, retryAfter }: Failure, call: Call, repeats: number): number | undefined {
  if (repeats >= mostRepeats || repeatable === 'never' || (repeatable === 'reads' && !call.reads)) return undefined
  return retryAfter ?? firstPause * 2 ** repeats * (0.5 + Math.random() / 2)
}

function queryOf({ query }: Call): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {}))
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
      if (one !== undefined) params.append(key, String(one))
  return params.size === 0 ? '' : `?${params.toString()}`
}

function redirectOf(answer: Answer): string | undefined {
  return [301, 302, 303, 307, 308].includes(answer.status) ? headerOf(answer, 'location') : undefined
}

function headerOf(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** As much of a body as says what is wrong. */
async function beginning(body: Answer['body']): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > longestErrorBody) break
  }
  return Buffer.concat(chunks).toString('utf8', 0, longestErrorBody)
}
