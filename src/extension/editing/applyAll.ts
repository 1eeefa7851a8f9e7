/** Makes one edit or hundreds, and tells what became of each. Knows no editor. */
import { t } from '../../shared/l10n'
import { messageOf } from '../messageOf'
import { StoreError, type TrackingStore, type TrackingWriter } from '../stores'
import { holds, labelOf, partOf, type Step, type Target } from './edits'
import { notKnown } from './making'
import { leftBehind, putBackLost } from './renamedModel'
import { applyEdit } from './sendEdit'
import { obstacleTo, repairsOf } from './surroundings'
import { readTarget, refOf } from './targets'

/** The target is as it was last seen. */
export interface Failure extends Step {
  readonly message: string
  /** Not made; not sent, as somebody else has changed the same; or the store can't be asked what it is. */
  readonly why: 'failed' | 'changed' | 'unknown'
}

export interface Outcome {
  readonly done: readonly Step[]
  readonly failed: readonly Failure[]
  /** Not begun: it was cancelled, or the store does not answer any more. */
  readonly left: readonly Step[]
  /** The server takes the credentials no longer. */
  readonly isSignedOut?: boolean
}

export interface ApplyOptions {
  readonly writer: TrackingWriter
  /** Read before each edit, and asked for the truth after a failure. */
  readonly store: TrackingStore
  readonly signal?: AbortSignal | undefined
  /** Told of how many are over. */
  readonly told?: ((over: number) => void) | undefined
  /** Leaves alone what is not as the step's target says any more. */
  readonly onlyUnchanged?: boolean | undefined
}

/** As many requests as one server gets at a time. */
const atOnce = 4

/** Never rejects: each step is done, failed or left. */
export async function applyAll(steps: readonly Step[], options: ApplyOptions): Promise<Outcome> {
  const { signal, told } = options
  const done: Step[] = []
  const failed: Failure[] = []
  const waiting = [...steps]
  let [isOver, isSignedOut] = [false, false]
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const end = await make(step, options)
      if ('message' in end) failed.push(end)
      else done.push(end)
      if ('error' in end) {
        isOver ||= StoreError.is(end.error) && end.error.isOfTheStore
        isSignedOut ||= StoreError.is(end.error, 'unauthorized')
      }
      told?.(done.length + failed.length)
      if (isOver || signal?.aborted) return
    }
  }
  if (!signal?.aborted) await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, work))
  return { done, failed, left: waiting, ...(isSignedOut && { isSignedOut }) }
}

type End = Step | (Failure & { readonly error?: unknown })

/** Nothing is cut off by a signal: nobody would know whether it was made after all. */
async function make({ target, edit, repairs = [] }: Step, options: ApplyOptions): Promise<End> {
  const { writer, store, onlyUnchanged } = options
  let step: Step = { target, edit, repairs }
  const failure = (why: Failure['why'], message: string, now: Target | undefined, error?: unknown): End => ({
    ...{ ...step, target: now ?? step.target, why, message },
    ...(error !== undefined && { error }),
  })
  try {
    const { now, isMade } = await look(store, step)
    if (!now && isMade) return step
    if (!now) return failure('failed', t('{0} is not there any more.', labelOf(target)), now)
    // What is made already, such as before an answer that got lost, is sent all the same: a store may show a change late.
    if (!isMade) {
      if (onlyUnchanged && partOf(now, edit) !== partOf(target, edit))
        return failure('changed', t('{0} has been changed since, and stays as it is now.', labelOf(now)), now)
      const obstacle = await obstacleTo(store, now, edit)
      if (obstacle !== undefined) return failure('failed', obstacle, now)
      step = { target: now, edit, repairs: await repairsOf(store, now, edit) }
    }
  } catch (error) {
    return failure('failed', messageOf(error), undefined, error)
  }
  try {
    await applyEdit(writer, step.target, edit)
  } catch (error) {
    let truth: Looked
    let left: string
    try {
      truth = await look(store, step)
      left = await leftBehind(store, step, error)
    } catch {
      // Who asks next hears why the store can't be asked.
      if (StoreError.is(error, 'unauthorized')) return failure('failed', error.message, undefined, error)
      return failure('unknown', notKnown(error), undefined, error)
    }
    if (!truth.isMade) return failure('failed', messageOf(error) + left, truth.now, error)
  }
  const lost = await putBackLost(writer, store, step)
  return lost === undefined ? step : failure('failed', lost, undefined)
}

interface Looked {
  readonly now: Target | undefined
  readonly isMade: boolean
}

/** What the store says of a step. A model that is gone is deleted; a renamed one is under its new name only. */
async function look(store: TrackingStore, { target, edit }: Step): Promise<Looked> {
  const now = await readTarget(store, refOf(target))
  if (now) return { now, isMade: holds(now, edit) }
  const isRenamed = edit.act === 'rename' && target.kind === 'model'
  return {
    now,
    isMade: isRenamed ? (await readTarget(store, { name: edit.name })) !== undefined : edit.act === 'delete',
  }
}
