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

/**
 * Runs `work` one at a time. A call during a run asks for one more run after it, and resolves with that one: it must see
 * what changed while the first was under way.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = (): Promise<void> => {
    const run = work().finally(() => (running = undefined))
    running = run
    return run
  }
  return () => {
    if (!running) return start()
    next ??= running
      .catch(() => undefined) // its own caller hears of it
      .then(() => {
        next = undefined
        return start()
      })
    return next
  }
}
