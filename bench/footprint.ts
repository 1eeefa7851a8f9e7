import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Setting } from './reading'

export interface Footprint {
  /** Megabytes of heap and buffers that the frame takes, after a garbage collection. */
  readonly kept: number
  /** Megabytes that the process had at most while it was made. */
  readonly peak: number
}

/** What runs take in memory, in a process of its own (bench/memory.ts). */
export async function footprint({ memoryScript, options }: Setting, ...args: readonly string[]): Promise<Footprint> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    memoryScript,
    options.workers,
    ...args,
  ])
  return JSON.parse(stdout) as Footprint
}
