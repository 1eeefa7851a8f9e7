/**
 * MLflow's folder stores lose the tags and aliases of a model that is renamed, and break off half-way where a version has tags. A
 * server doesn't tell that it has one. Knows no editor.
 */
import { t } from '../../shared/l10n'
import { messageOf } from '../messageOf'
import { StoreError, type TrackingStore, type TrackingWriter } from '../stores'
import type { Step } from './edits'
import { readTarget } from './targets'

/** Sets again what was lost. Resolves to what is wrong with it now; undefined where nothing is, or it was no such edit. */
export async function putBackLost(
  writer: TrackingWriter,
  store: TrackingStore,
  { target, edit }: Step,
): Promise<string | undefined> {
  if (edit.act !== 'rename' || target.kind !== 'model' || target.tags.size + target.aliases.size === 0) return undefined
  const { name } = edit
  try {
    const now = await readTarget(store, { name })
    if (now?.kind !== 'model') return undefined
    for (const [key, value] of target.tags) if (!now.tags.has(key)) await writer.setRegisteredModelTag(name, key, value)
    for (const [alias, version] of target.aliases)
      if (!now.aliases.has(alias)) await writer.setAlias(name, alias, version)
    return undefined
  } catch (error) {
    const kept = [...target.tags.keys(), ...[...target.aliases.keys()].map((alias) => `@${alias}`)].join(', ')
    return t(
      'It is now {0}, but MLflow may have dropped these tags and aliases: {1}. {2}',
      name,
      kept,
      messageOf(error),
    )
  }
}

/** A sentence on what a failure of the renaming has left; empty where that is nothing. Rejects as the store does. */
export async function leftBehind(store: TrackingStore, { target, edit }: Step, failure: unknown): Promise<string> {
  if (edit.act !== 'rename' || target.kind !== 'model' || !StoreError.is(failure, 'serverError')) return ''
  if (!(await readTarget(store, { name: edit.name }))) return ''
  return ` ${t('MLflow broke off half-way: a part of it is now the model “{0}”. Look at it, and delete it.', edit.name)}`
}
