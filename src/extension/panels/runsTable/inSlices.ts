import { setImmediate } from 'node:timers/promises'
import type { Steps } from '../../../shared/steps'
import { cancelled } from '../../stores/limiter'

/** Milliseconds after which others have their turn. */
const slice = 15

/** Does the work a slice at a time: whatever else the extension host has to do comes in between. @throws StoreError cancelled */
export async function inSlices<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    if (signal?.aborted) throw cancelled()
    const end = performance.now() + slice
    do {
      const { done, value } = steps.next()
      if (done) return value
    } while (performance.now() < end)
    await setImmediate()
  }
}
