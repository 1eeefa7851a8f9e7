import * as v from 'valibot'
import * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { connectionOption, defineCommand, Dismissed, type CommandDefinition, type Json } from '../commands'
import type { Connection, Connections } from '../connections/connection'
import type { Log } from '../log'
import type { TrackingStore } from '../stores'
import { askText } from '../ui/prompts'
import { confirm } from '../ui/steps'
import { writeOptions, type WriteAnswers, type Writing } from '../writing'
import { applyAll, type Outcome, type Step } from './applyAll'
import { askDeleted, askKnownKey, askNewKey, askTarget, given, listOf } from './ask'
import type { Changes } from './changes'
import { inverseOf, isRestorable, labelOf, sentenceOf, wrongEdit, type Edit, type Target } from './edits'
import { createCommands } from './create'
import { pendingEdits } from './pendingEdits'
import { requirePermission } from './permitted'
import type { TargetRef } from './targets'

export interface EditingServices {
  readonly connections: Connections
  readonly writing: Writing
  readonly changes: Changes
  readonly log: Log
}

const text = v.optional(v.string())
const id = v.optional(v.pipe(v.string(), v.nonEmpty()))
const refs = {
  experimentId: id,
  runId: id,
  /** Of a registered model; rows of other things have a name as well, which says nothing here. */
  name: text,
  version: v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))),
}
const one = { ...connectionOption, ...refs, ...writeOptions }
/** Rows that were selected together. */
const many = { ...one, selection: v.optional(v.array(v.object({ ...connectionOption, ...refs }))) }

const Rename = v.object({ ...one, newName: text })
const Describe = v.object({ ...one, description: text })
const SetTag = v.object({ ...many, key: text, value: text })
const RemoveTag = v.object({ ...many, key: text })
const Delete = v.object({
  ...many,
  /** Do not ask. What can't be restored is deleted for good. */
  confirmed: v.optional(v.boolean()),
})
const Restore = v.object(many)

type Ref = v.InferOutput<ReturnType<typeof v.object<typeof refs>>>
interface Asked extends Ref, WriteAnswers {
  readonly connection?: string | undefined
  readonly selection?: readonly (Ref & { readonly connection?: string | undefined })[] | undefined
}

export function editingCommands(services: EditingServices): CommandDefinition[] {
  return [
    ...createCommands(services),
    defineCommand('mlflow.rename', Rename, (options) =>
      edit(options, services, t('Rename'), ['experiment', 'run', 'model'], async ([target]) => ({
        act: 'rename',
        name: options.newName ?? (await askName(target)),
      })),
    ),
    defineCommand('mlflow.editDescription', Describe, (options) =>
      edit(options, services, t('Edit Description'), undefined, async ([target]) => ({
        act: 'describe',
        description:
          options.description ??
          (await askText({ title: t('Edit Description'), prompt: t('Markdown'), value: target?.description ?? '' })),
      })),
    ),
    defineCommand('mlflow.setTag', SetTag, (options) =>
      edit(options, services, t('Set Tag'), undefined, async (targets) => {
        const key = options.key ?? (await askNewKey(t('Set Tag'), targets))
        const now = targets.length === 1 ? (targets[0]?.tags.get(key) ?? '') : ''
        const value = options.value ?? (await askText({ title: t('Set Tag'), prompt: key, value: now }))
        return { act: 'setTag', key, value }
      }),
    ),
    defineCommand('mlflow.removeTag', RemoveTag, (options) =>
      edit(options, services, t('Remove Tag'), undefined, async (targets) => ({
        act: 'removeTag',
        key: options.key ?? (await askKnownKey(t('Remove Tag'), targets)),
      })),
    ),
    defineCommand('mlflow.delete', Delete, (options) =>
      edit(options, services, t('Delete'), undefined, async (targets) => {
        if (options.confirmed !== true) await confirmDelete(targets)
        return { act: 'delete' }
      }),
    ),
    defineCommand('mlflow.restore', Restore, (options) =>
      edit(options, services, t('Restore'), [], () => Promise.resolve({ act: 'restore' } as const)),
    ),
    defineCommand('mlflow.undo', v.object(writeOptions), (options) => undoLast(options, services)),
    defineCommand('mlflow.showChanges', v.object({}), () => showChanges(services)),
  ]
}

/**
 * @param among what may be chosen where nothing was named; undefined: anything; nothing: what is deleted
 * @param decide asks for what is missing
 */
async function edit(
  options: Asked,
  services: EditingServices,
  title: string,
  among: readonly Target['kind'][] | undefined,
  decide: (targets: readonly Target[]) => Promise<Edit>,
): Promise<Json> {
  const { connections } = services
  await connections.discovered
  const connection = connections.get(options.connection ?? options.selection?.[0]?.connection)
  const store = await connection.store({ interactive: true })
  const targets = await targetsOf(options, connection, store, title, among)
  const decided = await decide(targets)
  const wanted = decided.act === 'removeTag' ? targets.filter(({ tags }) => tags.has(decided.key)) : targets
  const [first] = targets
  const steps = (wanted.length === 0 && first ? [first] : wanted).map((target) => ({ target, edit: decided }))
  for (const step of steps) {
    const wrong = wrongEdit(step.target, step.edit)
    if (wrong !== undefined) throw new Error(wrong)
  }
  await requirePermission(steps, store)
  const { upgradeSchema } = options
  return carryOut(steps, connection, { upgradeSchema }, services, title)
}

async function targetsOf(
  options: Asked,
  connection: Connection,
  store: TrackingStore,
  title: string,
  among: readonly Target['kind'][] | undefined,
): Promise<Target[]> {
  const { selection, experimentId, runId, name, version } = options
  const refs: readonly TargetRef[] = selection ?? [{ experimentId, runId, name, version }]
  if (selection === undefined && (experimentId ?? runId ?? name) === undefined) {
    const ref = await (among?.length === 0 ? askDeleted(title, store) : askTarget(title, connection, store, among))
    return [await given(store, ref)]
  }
  const targets: Target[] = []
  for (const ref of refs) targets.push(await given(store, ref))
  return targets
}

/** Makes the steps with progress and Cancel, notes how to undo them, and tells what failed. */
async function carryOut(
  steps: readonly Step[],
  connection: Connection,
  answers: WriteAnswers,
  services: EditingServices,
  title: string,
): Promise<Json> {
  const apply = (some: readonly Step[]): Promise<Outcome> =>
    services.writing.write(
      connection,
      title,
      (writer, store) =>
        withProgress(some.length, title, (signal, told) => applyAll(some, { writer, store, signal, told })),
      answers,
    )
  pendingEdits.begin(connection.id, steps)
  let done: readonly Step[] = []
  let outcome: Outcome
  try {
    const first = await apply(steps)
    outcome = first.isSignedOut ? await afterSigningIn(first, connection, apply) : first
    done = outcome.done
  } finally {
    pendingEdits.end(connection.id, steps, done)
  }
  noteChange(outcome.done, connection, services)
  for (const { target, message } of outcome.failed) services.log.warn(`${title}: ${labelOf(target)}: ${message}`)
  if (steps.length === 1 && outcome.failed[0]) throw new Error(outcome.failed[0].message)
  tellRest(outcome, steps.length, () =>
    carryOut([...outcome.failed, ...outcome.left], connection, answers, services, title),
  )
  return {
    changed: outcome.done.length,
    failed: outcome.failed.map(({ target, message }) => ({ what: labelOf(target), message })),
    left: outcome.left.length,
  }
}

/** The credentials are no longer good, such as an expired token: asks for others, and goes on. */
async function afterSigningIn(
  { done, failed, left }: Outcome,
  connection: Connection,
  apply: (some: readonly Step[]) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    await connection.store({ interactive: true })
  } catch (error) {
    if (error instanceof Dismissed) return { done, failed, left }
    throw error
  }
  const rest = await apply([...failed, ...left])
  return { ...rest, done: [...done, ...rest.done] }
}

function noteChange(done: readonly Step[], connection: Connection, { changes }: EditingServices): void {
  const [first] = done
  if (!first) return
  const inverse = done.flatMap(({ target, edit: made }) => inverseOf(target, made) ?? [])
  const sentence = sentenceOf(first.target, first.edit)
  const label = done.length === 1 ? sentence : t('{0}, and {1} more', sentence, formatCount(done.length - 1))
  changes.add({
    label,
    connection: connection.id,
    undo:
      inverse.length < done.length
        ? undefined
        : async (writer, store) => {
            const { failed } = await applyAll(inverse, { writer, store })
            if (failed[0])
              throw new Error(t('Not all was undone: {0}: {1}', labelOf(failed[0].target), failed[0].message))
          },
  })
  vscode.window.setStatusBarMessage(`$(check) ${label}`, 5_000)
}

/** In words, with the way on; nothing where all is done. */
function tellRest({ done, failed, left }: Outcome, all: number, retry: () => Promise<Json>): void {
  if (failed.length + left.length === 0) return
  const again = t('Retry')
  const why = failed[0] ? ` ${labelOf(failed[0].target)}: ${failed[0].message}` : ''
  const message =
    failed.length === 0
      ? t('{0} of {1} were changed; then it was cancelled.', formatCount(done.length), formatCount(all))
      : t('{0} of {1} were changed.{2}', formatCount(done.length), formatCount(all), why)
  void vscode.window.showWarningMessage(message, again).then((chosen) => (chosen === again ? retry() : undefined))
}

/** Of one edit nobody needs to see the progress. */
function withProgress<T>(
  count: number,
  title: string,
  work: (signal: AbortSignal | undefined, told: (over: number) => void) => Promise<T>,
): Promise<T> {
  if (count === 1) return work(undefined, () => undefined)
  const abort = new AbortController()
  const location = vscode.ProgressLocation.Notification
  const done = vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
    token.onCancellationRequested(() => abort.abort(new Dismissed()))
    return work(abort.signal, (over) =>
      progress.report({
        message: t('{0} of {1}', formatCount(over), formatCount(count)),
        increment: 100 / count,
      }),
    )
  })
  return Promise.resolve(done)
}

async function askName(target: Target | undefined): Promise<string> {
  return askText({
    title: t('Rename'),
    prompt: target ? labelOf(target) : '',
    value: target?.name ?? '',
    validate: (name) => target && wrongEdit(target, { act: 'rename', name }),
  })
}

/** What is gone for good has to be named. @throws Dismissed */
async function confirmDelete(targets: readonly Target[]): Promise<void> {
  const forGood = targets.find((target) => !isRestorable(target))
  if (!forGood) {
    const undoable =
      targets.length === 1
        ? t('It can be restored (“MLflow: Restore…”).')
        : t('{0}\n\nThey can be restored (“MLflow: Restore…”).', listOf(targets))
    const what = targets.length === 1 ? listOf(targets) : t('{0} of them', formatCount(targets.length))
    await confirm(t('Delete {0}?', what), undoable, t('Delete'))
    return
  }
  const word = forGood.kind === 'version' ? `${forGood.name} ${forGood.version}` : forGood.name
  await askText({
    title: t('Delete {0} for good', listOf(targets)),
    prompt: t('This can’t be undone. Type {0} to go on.', word),
    validate: (typed) => (typed === word ? undefined : t('Type {0} to go on.', word)),
  })
}

async function undoLast(answers: WriteAnswers, { changes, connections, writing }: EditingServices): Promise<Json> {
  const change = changes.lastUndoable
  const { undo, label } = change
  if (!undo) return null
  await writing.write(connections.get(change.connection), t('Undoing a change'), undo, answers)
  changes.remove(change)
  vscode.window.setStatusBarMessage(`$(discard) ${t('Undone: {0}', label)}`, 5_000)
  return { undone: label }
}

function showChanges({ changes, connections }: EditingServices): Promise<Json> {
  const list = changes.all.map(({ label, connection, at, undo }) => ({
    label,
    connection: connections.all.find(({ id: known }) => known === connection)?.name ?? connection,
    at,
    undoable: undo !== undefined,
  }))
  const items = list.map((change) => ({
    label: change.label,
    description: `${change.connection} · ${new Date(change.at).toLocaleTimeString()}`,
    ...(!change.undoable && { detail: t('can’t be undone') }),
  }))
  if (items.length === 0) void vscode.window.showInformationMessage(t('Nothing was changed in this window.'))
  else
    void vscode.window.showQuickPick(items, {
      title: t('Changes'),
      placeHolder: t('Newest first; “MLflow: Undo Last Change” takes back the first that can be'),
    })
  return Promise.resolve(list)
}
