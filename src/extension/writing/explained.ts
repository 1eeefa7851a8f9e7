import { StoreError, type TrackingWriter } from '../stores'

/** The writer, with failures of the store told as `tell` makes of them. */
export function explained(writer: TrackingWriter, tell: (error: StoreError) => Promise<StoreError>): TrackingWriter {
  return new Proxy(writer, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(method, target, args) as Promise<unknown>)
        } catch (error) {
          throw StoreError.is(error) && error.reason !== 'cancelled' ? await tell(error) : error
        }
      }
    },
  })
}
