/** Makes one edit or hundreds, and tells what became of each. Knows no editor. */
import { StoreError, type TrackingStore, type TrackingWriter } from '../stores'
import { applyEdit, holds, type Edit, type Target } from './edits'
import { readTarget, refOf } from './targets'

export interface Step {
  /** As it was before. */
  readonly target: Target
  readonly edit: Edit
}

export interface Outcome {
  readonly done: readonly Step[]
  readonly failed: readonly (Step & { readonly message: string })[]
  /** Not begun: it was cancelled, or the store does not answer any more. */
  readonly left: readonly Step[]
  /** The server takes the credentials no longer. */
  readonly isSignedOut?: boolean
}

export interface ApplyOptions {
  readonly writer: TrackingWriter
  /** Asked for the truth after a failure. */
  readonly store: TrackingStore
  readonly signal?: AbortSignal | undefined
  /** Told of how many are over. */
  readonly told?: (over: number) => void
}

/** As many requests as one server gets at a time. */
const atOnce = 4

/** Never rejects: each step is done, failed or left. What fails is looked up: it may have been done all the same. */
export async function applyAll(
  steps: readonly Step[],
  { writer, store, signal, told }: ApplyOptions,
): Promise<Outcome> {
  const done: Step[] = []
  const failed: (Step & { readonly message: string })[] = []
  const waiting = [...steps]
  let [isOver, isSignedOut] = [false, false]
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      try {
        // Not cut off by the signal: nobody would know whether it was made after all.
        await applyEdit(writer, step.target, step.edit)
        done.push(step)
      } catch (error) {
        if (await isDone(store, step)) done.push(step)
        else failed.push({ ...step, message: error instanceof Error ? error.message : String(error) })
        isOver ||= StoreError.is(error) && error.isOfTheStore
        isSignedOut ||= StoreError.is(error, 'unauthorized')
      }
      told?.(done.length + failed.length)
      if (isOver || signal?.aborted) return
    }
  }
  if (!signal?.aborted) await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, work))
  return { done, failed, left: waiting, ...(isSignedOut && { isSignedOut }) }
}

/** False where the store doesn't tell either. */
async function isDone(store: TrackingStore, { target, edit }: Step): Promise<boolean> {
  const renamed = edit.act === 'rename' && target.kind === 'model' ? { name: edit.name } : refOf(target)
  try {
    return holds(await readTarget(store, renamed), edit)
  } catch {
    return false // whoever asks next hears why
  }
}
