/** What a user may do on a server with MLflow's basic auth. */

/** Who a server takes us for. */
export interface Account {
  readonly username: string
  readonly isAdmin: boolean
}

/** MLflow's words. */
export const permissions = ['READ', 'USE', 'EDIT', 'MANAGE', 'NO_PERMISSIONS', 'DENY'] as const
export type Permission = (typeof permissions)[number]

/** What MLflow gives permissions on: an experiment with its runs, a registered model with its versions. */
export type Guarded =
  { readonly kind: 'experiment'; readonly experimentId: string } | { readonly kind: 'model'; readonly name: string }

export const guardedKey = (thing: Guarded): string =>
  thing.kind === 'experiment' ? `experiment:${thing.experimentId}` : `model:${thing.name}`

/** Rejects like a store does. Answers are remembered for a minute; few are asked for at a time, however many are wanted. */
export interface Rights {
  /** Undefined where the server asks nobody, or does not tell. */
  account(signal?: AbortSignal): Promise<Account | undefined>
  /** Likewise. */
  permission(on: Guarded, signal?: AbortSignal): Promise<Permission | undefined>
  /** Asks anew from now on. */
  forget(): void
}

/** Changing needs EDIT, deleting MANAGE. What is not known is tried: the server decides. */
export function allows(permission: Permission | undefined, needed: 'EDIT' | 'MANAGE'): boolean {
  return permission === undefined || permission === 'MANAGE' || permission === needed
}

/** For what is offered: undefined also where it can't be asked. Then everything is offered, and the server decides. */
export async function permissionToOffer(
  rights: Rights | undefined,
  on: Guarded,
  signal?: AbortSignal,
): Promise<Permission | undefined> {
  try {
    return await rights?.permission(on, signal)
  } catch {
    return undefined
  }
}
