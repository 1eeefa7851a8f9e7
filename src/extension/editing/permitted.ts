/** Whether the user of a server may make edits: asked before anything is sent. Knows no editor. */
import { t } from '../../shared/l10n'
import type { TrackingStore } from '../stores'
import { allows, guardedKey, type Guarded } from '../stores/rights'
import type { Edit, Target } from './edits'

/** What an edit is about to do, as far as permissions go. */
export interface Wish {
  readonly target: Target
  readonly act: Edit['act']
  /** Of an alias: it is taken away. */
  readonly isRemoval?: boolean
}

/** What MLflow demands; deleting anything of a model's versions is deleting to it. */
const needed = ({ target, act, isRemoval = false }: Wish): 'EDIT' | 'MANAGE' =>
  act === 'delete' || act === 'restore' || isRemoval || (act === 'removeTag' && target.kind === 'version')
    ? 'MANAGE'
    : 'EDIT'

const guardedBy = (target: Target): Guarded =>
  target.kind === 'experiment' || target.kind === 'run'
    ? { kind: 'experiment', experimentId: target.experimentId }
    : { kind: 'model', name: target.name }

/** More different experiments or models than this are left to the server to decide. */
const mostAsked = 50

/** @throws Error that says who may not do what, and who can help */
export async function requirePermission(wishes: readonly Wish[], store: TrackingStore): Promise<void> {
  const places = new Map(wishes.map((wish) => [guardedKey(guardedBy(wish.target)), wish]))
  for (const wish of [...places.values()].slice(0, mostAsked))
    await requirePermissionOn(guardedBy(wish.target), needed(wish), store)
}

/** @throws likewise */
export async function requirePermissionOn(
  on: Guarded,
  needs: 'EDIT' | 'MANAGE',
  { rights, uri, getExperiment }: Pick<TrackingStore, 'rights' | 'uri' | 'getExperiment'>,
): Promise<void> {
  if (!rights || allows(await rights.permission(on), needs)) return
  rights.forget() // it may have been given since
  const permission = await rights.permission(on)
  if (allows(permission, needs)) return
  const account = await rights.account()
  const place =
    on.kind === 'experiment'
      ? t('the experiment “{0}”', (await getExperiment(on.experimentId)).name)
      : t('the model “{0}”', on.name)
  throw new Error(
    t(
      '{0} has only the permission {1} on {2} at {3}; this needs {4}. Who may give it: an administrator of the server, or a user with MANAGE on it. Nothing was changed.',
      account?.username ?? '',
      permission ?? '',
      place,
      uri,
      needs,
    ),
  )
}
