/** Why a store could not answer, as a word to decide by; the message says it to the user, with the next step. */
export type StoreErrorReason =
  | 'cancelled' // the caller aborted
  | 'unreachable' // no connection, DNS, TLS
  | 'timeout' // no answer within the deadline
  | 'unauthorized' // 401: credentials missing or wrong
  | 'forbidden' // 403: not allowed, or refused by MLflow's host check
  | 'notFound' // no such experiment, run, model, artifact or endpoint
  | 'badRequest' // the request is wrong, such as a search expression
  | 'rateLimited' // 429, and retries did not help
  | 'serverError' // 500: the server failed on this request
  | 'unavailable' // 502, 503, 504: nobody answers behind the proxy, or the server is overloaded
  | 'badAnswer' // HTML, broken JSON, an answer of the wrong shape
  | 'notAStore' // the file or folder is not an MLflow store
  | 'damaged' // an MLflow store that can't be read: truncated, corrupt
  | 'busy' // a database locked by a writer for too long
  | 'schema' // a schema that lacks what is needed
  | 'unsupported' // a scheme, a runtime or a feature this version does not have
  | 'refused' // unsafe: a path outside the artifact root

/** Failures of the store as such: whatever is asked next will hardly fare better. */
const ofTheStore: ReadonlySet<StoreErrorReason> = new Set([
  'unreachable',
  'timeout',
  'unauthorized',
  'rateLimited',
  'unavailable',
  'badAnswer',
  'notAStore',
  'damaged',
  'busy',
])

/** Failures that may pass while nobody does anything: worth another try after a while. */
const passing: ReadonlySet<StoreErrorReason> = new Set([
  'unreachable',
  'timeout',
  'rateLimited',
  'unavailable',
  'serverError',
  'badAnswer',
  'busy',
])

export class StoreError extends Error {
  override readonly name = 'StoreError'

  /** @param message what was wrong, where, and what to do next; shown to the user as it is. */
  constructor(
    readonly reason: StoreErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  /** True where the store itself is in trouble, not only what was asked of it. */
  get isOfTheStore(): boolean {
    return ofTheStore.has(this.reason)
  }

  get mayPass(): boolean {
    return passing.has(this.reason)
  }

  static is(error: unknown, reason?: StoreErrorReason): error is StoreError {
    return error instanceof StoreError && (reason === undefined || error.reason === reason)
  }
}
