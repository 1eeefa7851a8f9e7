import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Steps } from '../../shared/steps'
import { inSlices } from './inSlices'

/** Something that an element has computed, a slice at a time. Only the latest question counts; the work ends when the element goes. */
export class Sliced<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  #question: string | undefined
  #begin: (() => Steps<T>) | undefined
  #working = new AbortController()
  #found: T | undefined
  #isStopped = false

  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }

  /** Undefined until it is computed. */
  get found(): T | undefined {
    return this.#found
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  hostDisconnected(): void {
    this.#working.abort()
    this.#question = undefined
  }

  /** Begins, unless this was the last question. @param question as JSON: pages make their lists anew each time they render */
  ask(question: unknown, begin: () => Steps<T>): void {
    const asked = JSON.stringify(question)
    if (asked === this.#question) return
    this.#question = asked
    this.#begin = begin
    this.again()
  }

  again(): void {
    const { signal } = (this.#working = restarted(this.#working))
    this.#found = undefined
    this.#isStopped = false
    this.#host.requestUpdate()
    if (!this.#begin) return
    void inSlices(this.#begin(), signal).then((found) => {
      if (signal.aborted) return
      this.#found = found
      this.#host.requestUpdate()
    })
  }

  stop(): void {
    this.#working.abort()
    this.#isStopped = true
    this.#host.requestUpdate()
  }
}

function restarted(working: AbortController): AbortController {
  working.abort()
  return new AbortController()
}
