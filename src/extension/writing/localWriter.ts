/** Writes to a local store through a server that is started for it and ends when nobody writes any more. Knows no editor. */
import { t } from '../../shared/l10n'
import type { TrackingWriter } from '../stores'

/** A server that is up, as its writer. */
export interface WritingServer {
  readonly writer: TrackingWriter
  /** Resolves when it has ended, whoever ended it. */
  readonly exited: Promise<unknown>
  /** False where another file has taken the place of the one it writes to. */
  isCurrent(): Promise<boolean>
  stop(): Promise<void>
}

export interface LocalWriterOptions<Context> {
  /** Starts a server; the signal is aborted when nobody waits for it any more. */
  readonly start: (context: Context, signal: AbortSignal) => Promise<WritingServer>
  /** Milliseconds that the server is kept after the last write. */
  readonly idle: number
  readonly failed: (error: unknown) => void
}

/** @typeParam Context what a start may have to ask for, by whoever causes it */
export class LocalWriter<Context> {
  readonly #options: LocalWriterOptions<Context>
  #server: Promise<WritingServer> | undefined
  #starting: AbortController | undefined
  #waiting = 0
  #writing = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: LocalWriterOptions<Context>) {
    this.#options = options
  }

  /** True while a server is up or on its way. */
  get isUp(): boolean {
    return this.#server !== undefined
  }

  /** Does `work` with the writer. Rejects as `start` and `work` do, and with the signal's reason. */
  async use<T>(
    work: (writer: TrackingWriter) => Promise<T>,
    context: Context,
    signal = new AbortController().signal,
  ): Promise<T> {
    if (this.#isClosed) throw new Error(t('Nothing was changed: the window closes.'))
    signal.throwIfAborted()
    clearTimeout(this.#timer)
    this.#writing++
    try {
      const { writer } = await this.#current(context, signal)
      signal.throwIfAborted()
      return await work(writer)
    } finally {
      if (--this.#writing === 0) this.#rest()
    }
  }

  /** Resolves when a server is up: what is written next need not wait for one. Rejects as `use` does. */
  ready(context: Context, signal?: AbortSignal): Promise<void> {
    return this.use(() => Promise.resolve(), context, signal)
  }

  /** Ends the server, or its start, and waits for that. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    const server = this.#server
    this.#server = undefined
    this.#starting?.abort(new Error('stopped'))
    try {
      await (await server)?.stop()
    } catch (error) {
      this.#options.failed(error) // who waited for its start has heard of it
    }
  }

  close(): Promise<void> {
    this.#isClosed = true
    return this.stop()
  }

  /** A server that was started on a file which has been replaced since would write to where nobody reads. */
  async #current(context: Context, signal: AbortSignal): Promise<WritingServer> {
    const server = await this.#wait(context, signal)
    if (await server.isCurrent()) return server
    await this.stop()
    return this.#wait(context, signal)
  }

  async #wait(context: Context, signal: AbortSignal): Promise<WritingServer> {
    const server = (this.#server ??= this.#start(context))
    const starting = this.#starting
    const givenUp = Promise.withResolvers<never>()
    const giveUp = (): void => {
      givenUp.reject(signal.reason as Error)
      if (--this.#waiting > 0 || !starting) return
      starting.abort(signal.reason)
      if (this.#server === server) this.#server = undefined // who comes now waits for another
    }
    this.#waiting++
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await Promise.race([server, givenUp.promise])
    } finally {
      signal.removeEventListener('abort', giveUp)
      if (!signal.aborted) this.#waiting--
    }
  }

  #start(context: Context): Promise<WritingServer> {
    const starting = (this.#starting = new AbortController())
    const forget = (): void => {
      if (this.#server === promise) this.#server = undefined
    }
    const promise = this.#options.start(context, starting.signal).finally(() => {
      if (this.#starting === starting) this.#starting = undefined
    })
    promise.then((server) => server.exited.then(forget, forget), forget)
    return promise
  }

  #rest(): void {
    if (this.#server === undefined || this.#isClosed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.stop(), this.#options.idle)
    this.#timer.unref()
  }
}
