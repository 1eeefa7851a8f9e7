/** Makes edits where the user sees them: with progress, sign-in, undo, and what became of those that failed. */
import * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { Dismissed, messageOf, Remediable, showError, type Json } from '../commands'
import type { Connection } from '../connections/connection'
import type { Log } from '../log'
import type { WriteAnswers, Writing } from '../writing'
import { applyAll, type ApplyOptions, type Outcome } from './applyAll'
import type { Changes } from './changes'
import { inverseOf, labelOf, sentenceOf, type Step } from './edits'
import { pendingEdits } from './pendingEdits'

export interface Job {
  readonly connection: Connection
  readonly title: string
  readonly answers: WriteAnswers
  readonly services: { readonly writing: Writing; readonly changes: Changes; readonly log: Log }
  /** Leaves alone what somebody else has changed since it was read. */
  readonly onlyUnchanged?: boolean
  /** Takes a change back, which is no change of its own. */
  readonly isUndo?: boolean
}

/** What was left out, or failed, and why. */
export interface Told {
  readonly what: string
  readonly message: string
}

/**
 * Makes the steps and tells what failed; of one step, throws it.
 *
 * @throws Dismissed where it was cancelled before it began; Error where a local server can't be started, or the only step failed
 */
export async function carryOut(steps: readonly Step[], job: Job): Promise<Outcome> {
  const outcome = await attempt(steps, job)
  tell(outcome, job)
  return outcome
}

/** @throws Error where the only step failed */
export function tell(outcome: Outcome, job: Job): void {
  const { done, failed, left } = outcome
  const [failure] = failed
  const again = (): void => void carryOut([...failed, ...left], job).catch(showError)
  if (failure && done.length + failed.length + left.length === 1) {
    const error = new Error(failure.message)
    throw failure.why === 'unknown' ? new Remediable(error, { label: t('Check and Retry'), act: again }) : error
  }
  if (failure || left.length > 0) tellRest(outcome, again)
}

/** Makes the steps, and notes what was made. Rejects as `carryOut` does, but not for a step that failed. */
export async function attempt(steps: readonly Step[], job: Job): Promise<Outcome> {
  const { connection, title, services } = job
  const outcome = await services.changes.during(async () => {
    pendingEdits.begin(connection.id, steps)
    let done: readonly Step[] = []
    try {
      const first = await send(steps, job)
      const all = first.isSignedOut ? await afterSigningIn(first, job) : first
      done = all.done
      return all
    } finally {
      pendingEdits.end(connection.id, steps, done)
    }
  })
  for (const { target, message } of outcome.failed) services.log.warn(`${title}: ${labelOf(target)}: ${message}`)
  if (job.isUndo !== true) noteChange(outcome.done, job)
  return outcome
}

const send = (steps: readonly Step[], { connection, title, answers, services, onlyUnchanged }: Job): Promise<Outcome> =>
  services.writing.write(
    connection,
    title,
    (writer, store) =>
      counted(steps.length, title, (progress) => applyAll(steps, { writer, store, onlyUnchanged, ...progress })),
    answers,
  )

/** The credentials are no longer good, such as an expired token: asks for others, and goes on. */
async function afterSigningIn({ done, failed, left }: Outcome, job: Job): Promise<Outcome> {
  try {
    await job.connection.store({ interactive: true })
  } catch (error) {
    if (!(error instanceof Dismissed)) job.services.log.warn(messageOf(error))
    return { done, failed, left }
  }
  const rest = await send([...failed, ...left], job)
  return { ...rest, done: [...done, ...rest.done] }
}

function noteChange(done: readonly Step[], { connection, services }: Job): void {
  const [first] = done
  if (!first) return
  const sentence = sentenceOf(first.target, first.edit)
  const label = done.length === 1 ? sentence : t('{0}, and {1} more', sentence, formatCount(done.length - 1))
  const inverse = done.flatMap(({ target, edit }) => inverseOf(target, edit) ?? [])
  const repairs = done.flatMap((step) => step.repairs ?? [])
  const undo = inverse.length < done.length ? undefined : [inverse, repairs].filter((lot) => lot.length > 0)
  services.changes.add({ label, connection: connection.id, undo })
  vscode.window.setStatusBarMessage(`$(check) ${label}`, 5_000)
}

/** In words, with the way on. */
function tellRest({ done, failed, left }: Outcome, again: () => void): void {
  const unknown = failed.filter(({ why }) => why === 'unknown').length
  const notMade = failed.length - unknown
  const sentences = [
    t('{0} of {1} were changed.', formatCount(done.length), formatCount(done.length + failed.length + left.length)),
    notMade > 0 && t('{0} could not be.', formatCount(notMade)),
    unknown > 0 && t('Of {0} it is not known: the store can’t be asked.', formatCount(unknown)),
    left.length > 0 && t('{0} were not begun.', formatCount(left.length)),
    failed[0] && `${labelOf(failed[0].target)}: ${failed[0].message}`,
  ]
  const told = failed.map(({ target, message }) => ({ what: labelOf(target), message }))
  void warn(sentences.filter(Boolean).join(' '), told, { label: t('Retry'), act: again }).catch(showError)
}

/** Warns, with a list of all that it is about. */
export async function warn(message: string, told: readonly Told[], remedy?: Remediable['remedy']): Promise<void> {
  const [showAll, showLog] = [t('Show All'), t('Show Log')]
  const buttons = [...(remedy ? [remedy.label] : []), ...(told.length > 1 ? [showAll] : []), showLog]
  const chosen = await vscode.window.showWarningMessage(message, ...buttons)
  if (chosen === undefined) return
  if (chosen === remedy?.label) remedy.act()
  if (chosen === showLog) await vscode.commands.executeCommand('mlflow.showLog')
  if (chosen !== showAll) return
  const items = told.map(({ what, message: detail }) => ({ label: what, detail }))
  await vscode.window.showQuickPick(items, { title: message, matchOnDetail: true })
  await warn(message, told, remedy) // the way on is still there
}

export const outcomeJson = ({ done, failed, left }: Outcome): Readonly<Record<string, Json>> => ({
  changed: done.length,
  failed: failed.map(({ target, message }) => ({ what: labelOf(target), message })),
  left: left.length,
})

/** Of one edit nobody needs to see the progress. */
async function counted<T>(
  count: number,
  title: string,
  work: (progress: Pick<ApplyOptions, 'signal' | 'told'>) => Promise<T>,
): Promise<T> {
  if (count === 1) return work({})
  const abort = new AbortController()
  const location = vscode.ProgressLocation.Notification
  return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    token.onCancellationRequested(() => abort.abort(new Dismissed()))
    const told = (over: number): void =>
      progress.report({ message: t('{0} of {1}', formatCount(over), formatCount(count)), increment: 100 / count })
    return work({ signal: abort.signal, told })
  })
}
