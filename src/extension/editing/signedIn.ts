import type { Connection } from '../connections/connection'
import { StoreError, type TrackingStore } from '../stores'

/**
 * Does `work` on the connection's store; where the credentials are no longer good, such as an expired token, asks for others and does
 * it once more, so it should keep what the user has answered already.
 *
 * @throws Dismissed where the user gives no others; whatever `work` throws
 */
export async function signedIn<T>(connection: Connection, work: (store: TrackingStore) => Promise<T>): Promise<T> {
  try {
    return await work(await connection.store({ interactive: true }))
  } catch (error) {
    if (!StoreError.is(error, 'unauthorized')) throw error
    return work(await connection.store({ interactive: true }))
  }
}
