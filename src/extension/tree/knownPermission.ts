/** What the user of a server may do with what a row shows: asked once the row is drawn, for the row to be drawn again. */
import type { TrackingStore } from '../stores'
import { guardedKey, permissionToOffer, type Guarded, type Permission } from '../stores/rights'
import type { TreeNode } from './node'

/** Of each store, what was asked for; undefined where it is not known, or not yet. */
const known = new WeakMap<TrackingStore, Map<string, Permission | undefined>>()

/** Undefined until it is known. */
export function knownPermission(node: TreeNode, on: Guarded): Permission | undefined {
  const { state } = node.scope.connection
  if (state.status !== 'ready' || !state.store.rights) return undefined
  const answers = known.get(state.store) ?? new Map<string, Permission | undefined>()
  known.set(state.store, answers)
  const key = guardedKey(on)
  if (!answers.has(key)) {
    answers.set(key, undefined)
    void permissionToOffer(state.store.rights, on).then((permission) => {
      if (permission === undefined) return
      answers.set(key, permission)
      node.scope.redraw(node)
    })
  }
  return answers.get(key)
}
