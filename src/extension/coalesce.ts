/** Many requests, one run: `schedule` runs `work` once `delay` ms later, however often it was called in between; none is lost. */
export interface Coalesced {
  schedule(): void
  dispose(): void
}

export function coalesce(work: () => void, delay: number): Coalesced {
  let timer: NodeJS.Timeout | undefined
  return {
    schedule() {
      timer ??= setTimeout(() => {
        timer = undefined
        work()
      }, delay)
    },
    dispose() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

/** `schedule` runs `work` once nobody has called it for `pause` ms. */
export function settled(work: () => void, pause: number): Coalesced {
  let timer: NodeJS.Timeout | undefined
  return {
    schedule() {
      clearTimeout(timer)
      timer = setTimeout(work, pause)
    },
    dispose: () => clearTimeout(timer),
  }
}

/**
 * Runs `work` one at a time. A call during a run asks for one more run after it, and resolves with that one: it must see
 * what changed while the first was under way.
 *
 * A caller may give up by its signal, and is rejected with the signal's reason at once. The run goes on for the others; when nobody
 * waits for it any more, its own signal is aborted, or it does not begin.
 */
export function oneAtATime(work: (signal: AbortSignal) => Promise<void>): (signal?: AbortSignal) => Promise<void> {
  let running: Run | undefined
  let next: Run | undefined
  const begin = (run: Run | undefined): void => {
    running = run
    run?.settle(
      work(run.signal).finally(() => {
        const queued = next?.signal.aborted ? undefined : next
        next = undefined
        begin(queued) // at once: a call that comes now must not begin one beside it
      }),
    )
  }
  return (signal) => {
    if (signal?.aborted) return Promise.reject(reasonOf(signal))
    if (!running) {
      const run = new Run()
      begin(run)
      return run.join(signal)
    }
    if (!next || next.signal.aborted) next = new Run()
    return next.join(signal)
  }
}

/** One run of the work, and those who wait for it. */
class Run {
  readonly #abort = new AbortController()
  readonly #result = Promise.withResolvers<unknown>()
  #waiting = 0

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** What becomes of it: those who wait hear of it. */
  settle(result: Promise<void>): void {
    this.#result.resolve(result)
  }

  async join(signal: AbortSignal | undefined): Promise<void> {
    this.#waiting++
    if (!signal) {
      await this.#result.promise // waits to the end
      return
    }
    const given = Promise.withResolvers<never>()
    const giveUp = (): void => {
      if (--this.#waiting === 0) this.#abort.abort(signal.reason)
      given.reject(reasonOf(signal))
    }
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      await Promise.race([this.#result.promise, given.promise])
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }
}

/** Runs what it is given one after the other, whatever becomes of those before. What is aborted while it waits is not begun. */
export function inTurn(): <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work, signal) => {
    const mine = last.then(() => {
      if (signal?.aborted) throw reasonOf(signal)
      return work()
    })
    last = mine.catch(() => undefined) // its own caller hears of it
    return mine
  }
}

const reasonOf = ({ reason }: AbortSignal): Error => (reason instanceof Error ? reason : new Error(String(reason)))
