import type { TrackingStore } from '../../stores'
import { allows, permissionToOffer, type Permission } from '../../stores/rights'

/** What the user may do with the runs of some experiments: all, until it is known. */
export class TableRights {
  readonly #experimentIds: readonly string[]
  #permissions: readonly (Permission | undefined)[] = []

  constructor(experimentIds: readonly string[]) {
    this.#experimentIds = experimentIds
  }

  get mayEdit(): boolean {
    return this.#permissions.every((permission) => allows(permission, 'EDIT'))
  }

  get mayDelete(): boolean {
    return this.#permissions.every((permission) => allows(permission, 'MANAGE'))
  }

  /** False where a store knows no rights. @throws StoreError */
  async ask({ rights }: TrackingStore): Promise<boolean> {
    if (!rights) return false
    this.#permissions = await Promise.all(
      this.#experimentIds.map((experimentId) => permissionToOffer(rights, { kind: 'experiment', experimentId })),
    )
    return true
  }
}
