/** Whether the user of a server may make edits: asked before anything is sent. Knows no editor. */
import { t } from '../../shared/l10n'
import type { TrackingStore } from '../stores'
import { allows, guardedKey, type Guarded } from '../stores/rights'
import type { Step } from './applyAll'
import type { Edit, Target } from './edits'

/** What MLflow demands for each edit. */
const needed = {
  rename: 'EDIT',
  describe: 'EDIT',
  setTag: 'EDIT',
  removeTag: 'EDIT',
  delete: 'MANAGE',
  restore: 'MANAGE',
} as const satisfies Record<Edit['act'], 'EDIT' | 'MANAGE'>

const guardedBy = (target: Target): Guarded =>
  target.kind === 'experiment' || target.kind === 'run'
    ? { kind: 'experiment', experimentId: target.experimentId }
    : { kind: 'model', name: target.name }

/** More different experiments or models than this are left to the server to decide. */
const mostAsked = 50

/** @throws Error that says who may not do what, and who can help */
export async function requirePermission(steps: readonly Step[], store: TrackingStore): Promise<void> {
  const places = new Map(steps.map(({ target, edit }) => [guardedKey(guardedBy(target)), { target, edit }]))
  for (const { target, edit } of [...places.values()].slice(0, mostAsked))
    await requirePermissionOn(guardedBy(target), needed[edit.act], store)
}

/** @throws likewise */
export async function requirePermissionOn(
  on: Guarded,
  needs: 'EDIT' | 'MANAGE',
  { rights, uri, getExperiment }: Pick<TrackingStore, 'rights' | 'uri' | 'getExperiment'>,
): Promise<void> {
  const permission = await rights?.permission(on)
  if (!rights || allows(permission, needs)) return
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
