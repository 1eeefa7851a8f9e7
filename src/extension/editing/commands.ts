import * as v from 'valibot'
import * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { defineCommand, type CommandDefinition, type Json } from '../commands'
import { requireTrust } from '../python'
import { askText } from '../ui/prompts'
import { confirm } from '../ui/steps'
import { writeOptions, type WriteAnswers } from '../writing'
import type { Outcome } from './applyAll'
import { askKnownKey, askNewKey, listOf } from './ask'
import { attempt, outcomeJson, tell, type Job } from './carryOut'
import { createCommands } from './create'
import { edit, many, one, type EditingServices } from './edit'
import { isRestorable, labelOf, type Target } from './edits'
import { wrongEdit } from './wrongEdit'

const text = v.optional(v.string())
const Rename = v.object({ ...one, newName: text })
const Describe = v.object({ ...one, description: text })
const SetTag = v.object({ ...many, value: text })
const RemoveTag = v.object(many)
const Delete = v.object({
  ...many,
  /** Do not ask. What can't be restored is deleted for good. */
  confirmed: v.optional(v.boolean()),
})
const Restore = v.object(many)

export function editingCommands(services: EditingServices): CommandDefinition[] {
  return [
    ...createCommands(services),
    defineCommand('mlflow.rename', Rename, (options) =>
      edit(options, services, {
        title: t('Rename'),
        act: 'rename',
        among: ['experiment', 'run', 'model'],
        decide: async ([target]) => {
          const name = options.newName ?? (await askName(target))
          return () => ({ act: 'rename', name })
        },
      }),
    ),
    defineCommand('mlflow.editDescription', Describe, (options) =>
      edit(options, services, {
        title: t('Edit Description'),
        act: 'describe',
        decide: async ([target]) => {
          const value = target?.description ?? ''
          const question = { title: t('Edit Description'), prompt: t('Markdown'), value }
          const description = options.description ?? (await askText(question))
          return () => ({ act: 'describe', description })
        },
        onlyUnchanged: true, // else what somebody else wrote meanwhile would be lost
      }),
    ),
    defineCommand('mlflow.setTag', SetTag, (options) =>
      edit(options, services, {
        title: t('Set Tag'),
        act: 'setTag',
        decide: async (targets) => {
          const key = options.key ?? (await askNewKey(t('Set Tag'), targets))
          const now = targets.length === 1 ? (targets[0]?.tags.get(key) ?? '') : ''
          const value = options.value ?? (await askText({ title: t('Set Tag'), prompt: key, value: now }))
          return () => ({ act: 'setTag', key, value })
        },
      }),
    ),
    defineCommand('mlflow.removeTag', RemoveTag, (options) =>
      edit(options, services, {
        title: t('Remove Tag'),
        act: 'removeTag',
        decide: async (targets) => {
          const isEach = options.selection?.every(({ key }) => key !== undefined)
          const all = options.key ?? (isEach ? '' : await askKnownKey(t('Remove Tag'), targets))
          return ({ key }) => ({ act: 'removeTag', key: key ?? all })
        },
      }),
    ),
    defineCommand('mlflow.delete', Delete, (options) =>
      edit(options, services, {
        title: t('Delete'),
        act: 'delete',
        decide: () => Promise.resolve(() => ({ act: 'delete' })),
        ...(options.confirmed !== true && { confirm: confirmDelete }),
      }),
    ),
    defineCommand('mlflow.restore', Restore, (options) =>
      edit(options, services, {
        title: t('Restore'),
        act: 'restore',
        among: [],
        decide: () => Promise.resolve(() => ({ act: 'restore' })),
      }),
    ),
    defineCommand('mlflow.undo', v.object(writeOptions), (options) => undoLast(options, services)),
    defineCommand('mlflow.showChanges', v.object({}), () => showChanges(services)),
  ]
}

async function askName(target: Target | undefined): Promise<string> {
  return askText({
    title: t('Rename'),
    prompt: target ? labelOf(target) : '',
    value: target?.name ?? '',
    validate: (name) => target && wrongEdit(target, { act: 'rename', name }),
  })
}

/** What is gone for good has to be named, of several their number. @throws Dismissed */
async function confirmDelete(targets: readonly Target[]): Promise<void> {
  const forGood = targets.find((target) => !isRestorable(target))
  const several = targets.length > 1
  if (!forGood) {
    const undoable = several
      ? t('{0}\n\nThey can be restored (“MLflow: Restore…”).', listOf(targets))
      : t('It can be restored (“MLflow: Restore…”).')
    const what = several ? t('{0} of them', formatCount(targets.length)) : listOf(targets)
    await confirm(t('Delete {0}?', what), undoable, t('Delete'))
    return
  }
  if (several)
    await confirm(
      t('Delete {0} of them for good?', formatCount(targets.length)),
      t('This can’t be undone.') + `\n\n${targets.map(labelOf).join('\n')}`,
      t('Go On'),
    )
  const one = forGood.kind === 'version' ? `${forGood.name} ${forGood.version}` : forGood.name
  const word = several ? String(targets.length) : one
  await askText({
    title: t('Delete {0} for good', several ? t('{0} of them', formatCount(targets.length)) : labelOf(forGood)),
    prompt: t('This can’t be undone. Type {0} to go on.', word),
    validate: (typed) => (typed === word ? undefined : t('Type {0} to go on.', word)),
  })
}

async function undoLast(answers: WriteAnswers, services: EditingServices): Promise<Json> {
  const { changes, connections } = services
  const title = t('Undoing a change')
  requireTrust(title)
  const over: Outcome[] = []
  const jobOn = (connection: string): Job => ({
    ...{ connection: connections.get(connection), title, answers, services },
    ...{ onlyUnchanged: true, isUndo: true },
  })
  const { label, connection } = await changes.undoLast(async (change, undo) => {
    for (const [at, lot] of undo.entries()) {
      const outcome = await attempt(lot, jobOn(change.connection))
      over.push(outcome)
      // What somebody else has changed since is theirs, and done with.
      const open = [...outcome.failed.filter(({ why }) => why !== 'changed'), ...outcome.left]
      if (open.length > 0) return [open, ...undo.slice(at + 1)]
    }
    return []
  })
  const all: Outcome = {
    done: over.flatMap(({ done }) => done),
    failed: over.flatMap(({ failed }) => failed),
    left: over.flatMap(({ left }) => left),
  }
  tell(all, jobOn(connection))
  if (all.failed.length + all.left.length > 0) return { undone: null, ...outcomeJson(all) }
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
