import * as v from 'valibot'
import { t } from './l10n'

/** What one side understands: commands ("do this"), notifications ("this happened") and requests, each with its schema. */
export interface Half {
  readonly commands: Readonly<Record<string, v.GenericSchema>>
  readonly notifications: Readonly<Record<string, v.GenericSchema>>
  readonly requests: Readonly<Record<string, RequestSchema>>
}

export interface RequestSchema {
  readonly params: v.GenericSchema
  readonly reply: v.GenericSchema
}

type Params<H extends Half, N extends keyof H['requests']> = v.InferOutput<H['requests'][N]['params']>
type Reply<H extends Half, N extends keyof H['requests']> = v.InferOutput<H['requests'][N]['reply']>

/** What a side does with what it understands. */
export interface Handlers<H extends Half> {
  readonly commands: { readonly [N in keyof H['commands']]: (body: v.InferOutput<H['commands'][N]>) => void }
  readonly notifications: {
    readonly [N in keyof H['notifications']]: (body: v.InferOutput<H['notifications'][N]>) => void
  }
  readonly requests: {
    readonly [N in keyof H['requests']]: (params: Params<H, N>, signal: AbortSignal) => Promise<Reply<H, N>>
  }
}

const failureSchema = v.object({ reason: v.string(), message: v.string() })
const id = v.pipe(v.string(), v.maxLength(64))

const messageSchema = v.variant('kind', [
  v.object({ kind: v.literal('command'), name: v.string(), body: v.unknown() }),
  v.object({ kind: v.literal('notification'), name: v.string(), body: v.unknown() }),
  v.object({ kind: v.literal('request'), id, name: v.string(), body: v.unknown() }),
  v.object({ kind: v.literal('cancel'), id }),
  v.object({ kind: v.literal('reply'), id, body: v.unknown() }),
  v.object({ kind: v.literal('failure'), id, failure: failureSchema }),
])

/** All that crosses between a host and its webview, in either direction. */
export type Message = v.InferOutput<typeof messageSchema>

/** A request that did not succeed: `reason` to decide by (a store's, `cancelled`, `closed`, `malformed` or `internal`), message for the user. */
export class RequestError extends Error {
  override readonly name = 'RequestError'

  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message)
  }

  static is(error: unknown, reason?: string): error is RequestError {
    return error instanceof RequestError && (reason === undefined || error.reason === reason)
  }
}

interface Pending {
  readonly reply: v.GenericSchema
  settle(result: { body: unknown } | { error: RequestError }): void
}

/** Told of each message that was refused and each handler that threw. */
export type Complain = (sentence: string, error?: unknown) => void

/**
 * One end of the line between the host and a webview; the other end is the same class with its type arguments swapped.
 * Inbound messages are checked against the schemas; what does not fit is refused, complained about, and goes no further.
 */
export class Channel<Mine extends Half, Theirs extends Half> {
  readonly #mine: Mine
  readonly #theirs: Theirs
  readonly #handlers: Handlers<Mine>
  readonly #post: (message: Message) => void
  readonly #complain: Complain
  /** Ids of a webview that was reloaded must never be taken for those of the new one. */
  readonly #session = Math.random().toString(36).slice(2)
  readonly #pending = new Map<string, Pending>()
  readonly #answering = new Map<string, AbortController>()
  #sent = 0
  #closed = false

  constructor(options: {
    readonly mine: Mine
    readonly theirs: Theirs
    readonly handlers: Handlers<Mine>
    readonly post: (message: Message) => void
    readonly complain: Complain
  }) {
    this.#mine = options.mine
    this.#theirs = options.theirs
    this.#handlers = options.handlers
    this.#post = options.post
    this.#complain = options.complain
  }

  command<N extends keyof Theirs['commands'] & string>(name: N, body: v.InferInput<Theirs['commands'][N]>): void {
    if (!this.#closed) this.#post({ kind: 'command', name, body })
  }

  notify<N extends keyof Theirs['notifications'] & string>(
    name: N,
    body: v.InferInput<Theirs['notifications'][N]>,
  ): void {
    if (!this.#closed) this.#post({ kind: 'notification', name, body })
  }

  /** @throws RequestError, with reason `cancelled` once `signal` aborts and `closed` once the channel is closed. */
  request<N extends keyof Theirs['requests'] & string>(
    name: N,
    params: v.InferInput<Theirs['requests'][N]['params']>,
    signal?: AbortSignal,
  ): Promise<Reply<Theirs, N>> {
    const schema = this.#theirs.requests[name]
    if (!schema) return Promise.reject(new RequestError('malformed', `no request ${name}`))
    if (this.#closed) return Promise.reject(closedError())
    if (signal?.aborted) return Promise.reject(cancelledError())
    const requestId = `${this.#session}:${++this.#sent}`
    return new Promise<Reply<Theirs, N>>((resolve, reject) => {
      const onAbort = (): void => {
        this.#post({ kind: 'cancel', id: requestId })
        settle({ error: cancelledError() })
      }
      const settle: Pending['settle'] = (result) => {
        this.#pending.delete(requestId)
        signal?.removeEventListener('abort', onAbort)
        if ('error' in result) reject(result.error)
        else resolve(result.body)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#pending.set(requestId, { reply: schema.reply, settle })
      this.#post({ kind: 'request', id: requestId, name, body: params })
    })
  }

  /** Takes a message from the other side, which may be anything. */
  receive(data: unknown): void {
    if (this.#closed) return
    const parsed = v.safeParse(messageSchema, data)
    if (!parsed.success) {
      this.#complain(`refused a message: ${parsed.issues[0].message}`)
      return
    }
    const message = parsed.output
    switch (message.kind) {
      case 'command':
        this.#run(this.#mine.commands, this.#handlers.commands, message)
        break
      case 'notification':
        this.#run(this.#mine.notifications, this.#handlers.notifications, message)
        break
      case 'request':
        void this.#answer(message)
        break
      case 'cancel':
        this.#answering.get(message.id)?.abort()
        break
      case 'reply':
        this.#settle(message)
        break
      case 'failure':
        this.#pending
          .get(message.id)
          ?.settle({ error: new RequestError(message.failure.reason, message.failure.message) })
    }
  }

  /** Aborts what the other side is waiting for, because it is no longer there to hear it. */
  abortAnswers(): void {
    for (const controller of this.#answering.values()) controller.abort()
  }

  /** Rejects all that is pending, aborts all that is being answered; nothing is sent or received afterwards. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.abortAnswers()
    for (const pending of [...this.#pending.values()]) pending.settle({ error: closedError() })
  }

  #run(
    schemas: Readonly<Record<string, v.GenericSchema>>,
    handlers: Readonly<Record<string, (body: never) => void>>,
    message: { readonly kind: string; readonly name: string; readonly body: unknown },
  ): void {
    const schema = own(schemas, message.name)
    const handler = own(handlers, message.name)
    const parsed = schema && v.safeParse(schema, message.body)
    if (!handler || !parsed?.success) {
      const why = parsed ? issueOf(parsed) : 'unknown'
      this.#complain(`refused the ${message.kind} ${message.name.slice(0, 100)}: ${why}`)
      return
    }
    try {
      handler(parsed.output as never)
    } catch (error) {
      this.#complain(`the ${message.kind} ${message.name} failed`, error)
    }
  }

  async #answer(message: { readonly id: string; readonly name: string; readonly body: unknown }): Promise<void> {
    const fail = (reason: string, sentence: string): void => {
      if (!this.#closed) this.#post({ kind: 'failure', id: message.id, failure: { reason, message: sentence } })
    }
    const schema = own(this.#mine.requests, message.name)
    const handler = own(
      this.#handlers.requests as Record<string, (params: unknown, signal: AbortSignal) => Promise<unknown>>,
      message.name,
    )
    const parsed = schema && v.safeParse(schema.params, message.body)
    if (!handler || !parsed?.success) {
      const sentence = `refused the request ${message.name.slice(0, 100)}: ${parsed ? issueOf(parsed) : 'unknown'}`
      this.#complain(sentence)
      fail('malformed', sentence)
      return
    }
    const controller = new AbortController()
    this.#answering.set(message.id, controller)
    try {
      const body = await handler(parsed.output, controller.signal)
      if (!this.#closed) this.#post({ kind: 'reply', id: message.id, body })
    } catch (error) {
      const reason = controller.signal.aborted ? 'cancelled' : reasonOf(error)
      if (reason === 'internal') this.#complain(`the request ${message.name} failed`, error)
      fail(reason, error instanceof Error ? error.message : String(error))
    } finally {
      this.#answering.delete(message.id)
    }
  }

  #settle(message: { readonly id: string; readonly body: unknown }): void {
    const pending = this.#pending.get(message.id)
    if (!pending) return
    const parsed = v.safeParse(pending.reply, message.body)
    if (parsed.success) {
      pending.settle({ body: parsed.output })
      return
    }
    const sentence = `refused a reply: ${issueOf(parsed)}`
    this.#complain(sentence)
    pending.settle({ error: new RequestError('malformed', sentence) })
  }
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function issueOf(result: {
  readonly issues?: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]] | undefined
}): string {
  const issue = result.issues?.[0]
  if (!issue) return 'it has the wrong shape'
  const path = v.getDotPath(issue)
  return path ? `${path}: ${issue.message}` : issue.message
}

/** A store's error says its reason; anything else is ours. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return error.reason
  return 'internal'
}

const cancelledError = (): RequestError => new RequestError('cancelled', t('Cancelled.'))
const closedError = (): RequestError => new RequestError('closed', t('The page was closed.'))
