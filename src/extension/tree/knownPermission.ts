/** What the user of a server may do with what a row shows: asked once the row is drawn, for the row to be drawn again. */
import type { Connection } from '../connections/connection'
import type { TrackingStore } from '../stores'
import { guardedKey, permissionToOffer, type Guarded, type Permission } from '../stores/rights'
import type { TreeNode } from './node'

interface Answers {
  /** What is not known, or not yet, is not here. */
  readonly known: Map<string, Permission | undefined>
  readonly asked: Set<string>
}

const answersOf = new WeakMap<TrackingStore, Answers>()

/** Undefined until it is known. */
export function knownPermission(node: TreeNode, on: Guarded): Permission | undefined {
  const { state } = node.scope.connection
  if (state.status !== 'ready' || !state.store.rights) return undefined
  const answers: Answers = answersOf.get(state.store) ?? { known: new Map(), asked: new Set() }
  answersOf.set(state.store, answers)
  const key = guardedKey(on)
  const { known, asked } = answers
  if (!asked.has(key)) {
    asked.add(key)
    void permissionToOffer(state.store.rights, on).then((permission) => {
      if (permission === known.get(key)) return
      known.set(key, permission)
      node.scope.redraw(node)
    })
  }
  return known.get(key)
}

/** Asks anew when rows are next drawn: permissions may have been given or taken. */
export function askPermissionsAgain({ state }: Connection): void {
  if (state.status !== 'ready') return
  state.store.rights?.forget()
  answersOf.get(state.store)?.asked.clear()
}
