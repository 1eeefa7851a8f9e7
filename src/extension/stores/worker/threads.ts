/**
 * Threads that have served their store wait a while for the next one: a new thread takes some 50 ms to start, and its code is slow at
 * first.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

/** How long a thread that is ended is waited for, in milliseconds. */
const mostEnding = 1_000
const waitingTime = 30_000
/** Of one script. */
const mostWaiting = 2

interface Waiting {
  readonly worker: Worker
  readonly timer: NodeJS.Timeout
}

const waiting = new Map<string, Waiting[]>()

/** A thread of that script which waits, if there is one. */
export function takeWaiting(script: string): Worker | undefined {
  const last = waiting.get(script)?.pop()
  if (!last) return undefined
  clearTimeout(last.timer)
  silence(last.worker)
  return last.worker
}

/** Without those of Node's own, which it would not do without. */
function silence(worker: Worker): void {
  for (const event of ['message', 'messageerror', 'error', 'exit']) worker.removeAllListeners(event)
  worker.stderr.removeAllListeners('data')
}

/** Ends a thread. One that the system keeps, such as for a drive that does not answer, ends when that lets it go: nobody waits for it. */
export async function endThread(worker: Worker): Promise<void> {
  worker.unref()
  await Promise.race([worker.terminate(), sleep(mostEnding, undefined, { ref: false })])
}

/** Lets a thread wait that has nothing to do. */
export async function letWait(script: string, worker: Worker): Promise<void> {
  const others = waiting.get(script) ?? []
  if (others.length >= mostWaiting) {
    await endThread(worker)
    return
  }
  const forget = (): void => {
    clearTimeout(timer)
    const at = others.findIndex((other) => other.worker === worker)
    if (at >= 0) others.splice(at, 1)
  }
  const timer = setTimeout(() => {
    forget()
    void endThread(worker)
  }, waitingTime)
  timer.unref()
  silence(worker)
  worker.on('exit', forget)
  worker.on('error', forget)
  worker.unref()
  others.push({ worker, timer })
  waiting.set(script, others)
}
