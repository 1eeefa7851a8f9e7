/** Edits that are on their way, or made and not yet read again: views show them at once. Knows no editor. */
import type { Edit, Step, Target } from './edits'
import { refOf, type TargetRef } from './targets'

/** What a view shows: versions are below their models. */
export type ShownKind = 'experiment' | 'run' | 'model'

/** A run's row names its experiment, too; a version's its model. */
function keyOf(connection: string, { runId, experimentId, name, version }: TargetRef): string {
  const ref: readonly [ShownKind, ...unknown[]] =
    runId !== undefined
      ? ['run', runId]
      : experimentId !== undefined
        ? ['experiment', experimentId]
        : ['model', name, version]
  return JSON.stringify([...ref, connection])
}

/** How long an edit that is made shows where nobody reads again, in milliseconds. */
const mostWaiting = 10_000

class PendingEdits {
  readonly #edits = new Map<string, Edit>()
  readonly #made = new Set<string>()
  readonly #listeners = new Set<() => void>()

  of(connection: string, target: TargetRef): Edit | undefined {
    return this.#edits.size === 0 ? undefined : this.#edits.get(keyOf(connection, target))
  }

  begin(connection: string, steps: readonly Step[]): void {
    for (const { target, edit } of steps) this.#edits.set(keyOf(connection, refOf(target)), edit)
    this.#tell()
  }

  /** The edits of `made` show until the store was read again, the others no longer. */
  end(connection: string, steps: readonly Step[], made: readonly Step[]): void {
    const key = ({ target }: { readonly target: Target }): string => keyOf(connection, refOf(target))
    const madeKeys = new Set(made.map(key))
    for (const each of steps.map(key))
      if (madeKeys.has(each)) this.#made.add(each)
      else this.#edits.delete(each)
    this.#tell()
    setTimeout(() => this.readAgain(['experiment', 'run', 'model']), mostWaiting).unref()
  }

  /** What the store says of these kinds shows the edits that were made. */
  readAgain(kinds: readonly ShownKind[]): void {
    const shown = [...this.#made].filter((key) => kinds.some((kind) => key.startsWith(`["${kind}"`)))
    for (const key of shown) {
      this.#edits.delete(key)
      this.#made.delete(key)
    }
    if (shown.length > 0) this.#tell()
  }

  /** Calls `listener` after each change, until what is returned is disposed of. */
  onDidChange(listener: () => void): { dispose: () => void } {
    this.#listeners.add(listener)
    return { dispose: () => this.#listeners.delete(listener) }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** Of this window. */
export const pendingEdits = new PendingEdits()
