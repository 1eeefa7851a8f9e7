import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { t } from '../../shared/l10n'

export type Answer<T> = { readonly value: T } | { readonly error: string } | 'waiting'

/** Something that an element asks for. Only the latest question counts; it is dropped when the element goes. */
export class Asked<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #question: string | undefined
  #read: ((signal: AbortSignal) => Promise<T>) | undefined
  #abort = new AbortController()
  #answer: Answer<T> = 'waiting'

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  get answer(): Answer<T> {
    return this.#answer
  }

  /** What there is of an answer; undefined while there is none. */
  get value(): T | undefined {
    return typeof this.#answer === 'object' && 'value' in this.#answer ? this.#answer.value : undefined
  }

  hostDisconnected(): void {
    this.#abort.abort()
    this.#question = undefined
  }

  /** Asks, unless this was the last question. @param keep the old answer, until there is a new one */
  ask(question: string, read: (signal: AbortSignal) => Promise<T>, keep = false): void {
    if (question === this.#question) return
    this.#question = question
    this.#read = read
    if (!keep || this.value === undefined) this.#answer = 'waiting'
    void this.#run()
  }

  retry(): void {
    this.#answer = 'waiting'
    this.#host.requestUpdate()
    void this.#run()
  }

  /** Gives up: what there is instead of an answer says so. */
  cancel(): void {
    this.#abort.abort()
    this.#answer = { error: t('Cancelled.') }
    this.#host.requestUpdate()
  }

  async #run(): Promise<void> {
    this.#abort.abort()
    const abort = (this.#abort = new AbortController())
    let answer: Answer<T>
    try {
      answer = { value: await (this.#read?.(abort.signal) ?? Promise.reject(new Error('nothing was asked for'))) }
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) }
    }
    if (abort.signal.aborted) return
    this.#answer = answer
    this.#host.requestUpdate()
  }
}
