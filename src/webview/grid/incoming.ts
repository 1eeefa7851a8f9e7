import type { RowCache } from './rowCache'

/** Rows that are not shown before those in sight are there. */
export class Incoming {
  #now: { readonly cache: RowCache; readonly there: () => boolean; readonly done: () => void } | undefined

  /** Resolves once `there` holds, or when it is given up. */
  async wait(cache: RowCache, there: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#now = { cache, there, done: () => resolve(undefined) }
    await promise
    if (this.#now.cache === cache) this.#now = undefined
  }

  /** Some rows came. False where nobody waits for them. */
  arrived(cache: RowCache): boolean {
    if (this.#now?.cache !== cache) return false
    if (this.#now.there()) this.#now.done()
    return true
  }

  /** @param cache only if these are waited for */
  giveUp(cache?: RowCache): void {
    if (!cache || cache === this.#now?.cache) this.#now?.done()
  }
}
