/** An arrangement that takes longer than this shows, ms. */
const patience = 250

interface Options {
  /** Asks for an arrangement and shows it. `keep` stays where the user is. */
  readonly arrange: (keep: boolean, signal: AbortSignal, arrived: () => void) => Promise<void>
  /** @param isWanted it was not called off here */
  readonly failed: (error: unknown, isWanted: boolean) => void
  /** It takes so long that it is seen, or no longer. */
  readonly busy: (busy: boolean) => void
}

/** Has the table arranged, for the newest wish only; what changes meanwhile is arranged afterwards. */
export class Arranging {
  readonly #options: Options
  #now: AbortController | undefined
  #changedMeanwhile = false
  /** An arrangement was asked for and is not there yet. */
  asking = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Something that the rows show is no longer as it was. */
  changed(): void {
    if (this.#now) this.#changedMeanwhile = true
    else void this.arrange(true)
  }

  async arrange(keep: boolean): Promise<void> {
    const { arrange, failed, busy } = this.#options
    this.#now?.abort()
    const now = (this.#now = new AbortController())
    this.asking = true
    const timer = setTimeout(() => busy(true), patience)
    try {
      await arrange(keep, now.signal, () => (this.asking = false))
    } catch (error) {
      failed(error, !now.signal.aborted)
    } finally {
      clearTimeout(timer)
      if (this.#now === now) this.#end(busy)
    }
  }

  #end(busy: Options['busy']): void {
    this.#now = undefined
    this.asking = false
    busy(false)
    if (!this.#changedMeanwhile) return
    this.#changedMeanwhile = false
    void this.arrange(true)
  }
}
