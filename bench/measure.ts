/** Measuring two ways of doing a thing side by side in one run, so that the machine's speed cancels out. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface Row {
  readonly what: string
  readonly against: string
  /** Ours divided by theirs, at most; without one, the row only informs. */
  readonly budget?: number
  readonly ratio: number
  readonly detail: string
}

export type Work = () => unknown

export async function milliseconds(work: Work): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

export interface Pair {
  readonly ratio: number
  readonly detail: string
  /** Medians in milliseconds. */
  readonly ours: number
  readonly theirs: number
}

/**
 * Times `ours` and `theirs` in turn after one uncounted warm-up of each (none with a single round); the ratio is the median of
 * the ratios pair by pair.
 */
export async function pairs(ours: Work, theirs: Work, rounds = 7): Promise<Pair> {
  if (rounds > 1) {
    await ours()
    await theirs()
  }
  const times: { ours: number; theirs: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0
    const a = await milliseconds(first ? ours : theirs)
    const b = await milliseconds(first ? theirs : ours)
    times.push(first ? { ours: a, theirs: b } : { ours: b, theirs: a })
  }
  const of = (pick: (time: { ours: number; theirs: number }) => number): number => median(times.map(pick))
  const [mine, other] = [of((time) => time.ours), of((time) => time.theirs)]
  return {
    ratio: of((time) => time.ours / time.theirs),
    detail: `${spoken(mine)} against ${spoken(other)}, ${rounds} round${rounds > 1 ? 's' : ''}`,
    ours: mine,
    theirs: other,
  }
}

/** A duration in milliseconds, for humans. */
export function spoken(duration: number): string {
  if (duration >= 10_000) return `${(duration / 1000).toFixed(1)} s`
  return `${duration.toFixed(duration < 10 ? 2 : 0)} ms`
}

/** How long the longest piece of `work` keeps this thread, and so the extension host, from anything else. Milliseconds. */
export async function longestBlock(work: Work): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  await new Promise((resolve) => setTimeout(resolve, 5)) // it measures from its second tick on
  await work()
  await new Promise((resolve) => setTimeout(resolve, 5)) // and notes a block only at the tick after it
  delays.disable()
  return delays.max / 1e6
}

/** A figure that has a limit of its own, instead of something to be compared with. */
export function limited(what: string, figure: number, limit: number, unit: string, detail = ''): Row {
  return {
    what,
    against: `${limit} ${unit}`,
    budget: 1,
    ratio: figure / limit,
    detail: `${figure.toFixed(1)} ${unit}${detail && `; ${detail}`}`,
  }
}

export function print({ what, against, budget, ratio, detail }: Row): void {
  const verdict = budget === undefined ? 'info' : ratio <= budget ? 'ok  ' : 'OVER'
  const most = budget === undefined ? '' : ` (at most ${budget.toFixed(3)})`
  console.log(`${verdict} ${ratio.toFixed(3)} x${most}  ${what} | ${against}\n       ${detail}`)
}
