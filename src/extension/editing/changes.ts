/** What was changed in this window, newest first, with the way back where there is one. */
import { t } from '../../shared/l10n'
import type { Step } from './edits'

/** Lots of steps: each lot once the one before is made. */
export type Steps = readonly (readonly Step[])[]

export interface Change {
  /** For humans: what is now true. */
  readonly label: string
  /** Id of the connection. */
  readonly connection: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** What brings it back; undefined where MLflow can't. */
  readonly undo: Steps | undefined
}

const most = 100

export class Changes {
  #all: readonly Change[] = []
  readonly #underWay = new Set<Promise<unknown>>()

  get all(): readonly Change[] {
    return this.#all
  }

  add(change: Omit<Change, 'at'>): void {
    this.#all = [{ ...change, at: Date.now() }, ...this.#all].slice(0, most)
  }

  /** Counts `work` as under way until it ends. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const working = work()
    this.#underWay.add(working)
    try {
      return await working
    } finally {
      this.#underWay.delete(working)
    }
  }

  /**
   * Takes the last change back that can be, once none is under way.
   *
   * @param work resolves to what it could not take back, which stays; where it rejects, all does
   * @throws Error where there is none; whatever `work` throws
   */
  async undoLast(work: (change: Change, undo: Steps) => Promise<Steps>): Promise<Change> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
    const change = this.#all.find(({ undo }) => undo)
    if (!change?.undo) throw new Error(t('There is nothing to undo: nothing was changed in this window that can be.'))
    const { undo } = change
    const rest = await this.during(() => work(change, undo))
    this.#all = this.#all.flatMap((each) => (each !== change ? each : rest.length > 0 ? { ...change, undo: rest } : []))
    return change
  }
}
