/** What was changed in this window, newest first, with the way back where there is one. */
import { t } from '../../shared/l10n'
import type { TrackingStore, TrackingWriter } from '../stores'

export interface Change {
  /** For humans: what is now true. */
  readonly label: string
  /** Id of the connection. */
  readonly connection: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Brings it back; undefined where MLflow can't. */
  readonly undo: ((writer: TrackingWriter, store: TrackingStore) => Promise<void>) | undefined
}

const most = 100

export class Changes {
  #all: readonly Change[] = []

  get all(): readonly Change[] {
    return this.#all
  }

  add(change: Omit<Change, 'at'>): void {
    this.#all = [{ ...change, at: Date.now() }, ...this.#all].slice(0, most)
  }

  /** The last one that can be undone. @throws Error where there is none */
  get lastUndoable(): Change {
    const found = this.#all.find(({ undo }) => undo)
    if (!found) throw new Error(t('There is nothing to undo: nothing was changed in this window that can be.'))
    return found
  }

  /** It was undone. */
  remove(change: Change): void {
    this.#all = this.#all.filter((each) => each !== change)
  }
}
