/** What the user of a server may do with what a row shows: asked once the row is drawn, for the row to be drawn again. */
import type { TrackingStore } from '../stores'
import { guardedKey, type Guarded, type Permission } from '../stores/rights'
import type { TreeNode } from './node'

/** Questions under way at one server. */
const mostAtOnce = 4

class Known {
  readonly #answers = new Map<string, Permission | undefined>()
  readonly #waiting: (() => Promise<void>)[] = []
  #underWay = 0

  constructor(private readonly store: TrackingStore) {}

  of(node: TreeNode, on: Guarded): Permission | undefined {
    const key = guardedKey(on)
    if (this.#answers.has(key)) return this.#answers.get(key)
    this.#answers.set(key, undefined)
    this.#waiting.push(async () => {
      const permission = await this.store.rights?.permission(on)
      this.#answers.set(key, permission)
      if (permission !== undefined) node.scope.redraw(node)
    })
    this.#next()
    return undefined
  }

  #next(): void {
    if (this.#underWay === mostAtOnce) return
    const ask = this.#waiting.shift()
    if (!ask) return
    this.#underWay++
    ask()
      .catch(() => undefined) // then everything is offered, and the server decides
      .finally(() => {
        this.#underWay--
        this.#next()
      })
  }
}

const known = new WeakMap<TrackingStore, Known>()

/** Undefined until it is known. */
export function knownPermission(node: TreeNode, on: Guarded): Permission | undefined {
  const { state } = node.scope.connection
  if (state.status !== 'ready' || !state.store.rights) return undefined
  let ofStore = known.get(state.store)
  if (!ofStore) known.set(state.store, (ofStore = new Known(state.store)))
  return ofStore.of(node, on)
}
