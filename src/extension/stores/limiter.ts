import { StoreError } from './errors'
import { t } from '../../shared/l10n'

/** Runs tasks, at most so many at a time, in the order they came. A task aborted while it waits never starts. */
export class Limiter {
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(most: number) {
    this.#most = most
  }

  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal)
    try {
      return await task()
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  #enter(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(cancelled())
    if (this.#running < this.#most) {
      this.#running++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', onAbort)
        this.#running++
        resolve()
      }
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1)
        reject(cancelled())
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(start)
    })
  }
}

export const cancelled = (): StoreError => new StoreError('cancelled', t('Cancelled.'))
