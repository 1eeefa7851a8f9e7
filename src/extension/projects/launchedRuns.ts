/** The launches of this window that have not ended. */
import type { LaunchedRun } from './launchedRun'

export interface LaunchEntry {
  readonly run: LaunchedRun
  /** Id of its connection. */
  readonly connection: string
  readonly entryPoint: string
  readonly project: string
}

export class LaunchedRuns {
  readonly #entries = new Map<LaunchEntry, string | undefined>()

  /** All that still run, with the id of the run where it is known. */
  get all(): readonly (LaunchEntry & { readonly runId: string | undefined })[] {
    return [...this.#entries].map(([entry, runId]) => ({ ...entry, runId }))
  }

  /** True while the process that trains this run was launched here and has not ended. */
  has(runId: string): boolean {
    return this.get(runId) !== undefined
  }

  get(runId: string): LaunchEntry | undefined {
    for (const [entry, known] of this.#entries) if (known === runId) return entry
    return undefined
  }

  add(entry: LaunchEntry): void {
    this.#entries.set(entry, undefined)
  }

  known(entry: LaunchEntry, runId: string): void {
    this.#entries.set(entry, runId)
  }

  remove(entry: LaunchEntry): void {
    this.#entries.delete(entry)
  }

  /** Asks all processes to end at once; resolves when they and their runs have ended. Never rejects. */
  async stopAll(): Promise<void> {
    await Promise.allSettled(this.all.map(({ run }) => run.stop()))
  }
}

/** Those of this window; the tree marks their runs as launched. */
export const launchedRuns = new LaunchedRuns()
