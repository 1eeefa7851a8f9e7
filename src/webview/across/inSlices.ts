import type { Steps } from '../../shared/steps'

/** Milliseconds after which the page has its turn. */
const slice = 12

/** Does the work a slice at a time, so that the page goes on answering; undefined where it was stopped before its end. */
export async function inSlices<T>(steps: Steps<T>, signal: AbortSignal): Promise<T | undefined> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve))
    if (signal.aborted) return undefined
    const end = performance.now() + slice
    do {
      const { done, value } = steps.next()
      if (done) return value
    } while (performance.now() < end)
  }
}
