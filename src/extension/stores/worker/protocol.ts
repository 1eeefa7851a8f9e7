/** What the extension host and a worker say to each other. */

/**
 * What a worker can be asked for: each method takes one argument that can be cloned and answers with something that can be. Methods
 * remember nothing that the next ones need, so that a request can be repeated by a new worker.
 */
export type Methods = Readonly<Record<string, (argument: never, call: Call) => unknown>>
export type MethodOf<T extends Methods> = Extract<keyof T, string>
export type Argument<T extends Methods, M extends keyof T> = Parameters<T[M]>[0]
export type Result<T extends Methods, M extends keyof T> = Awaited<ReturnType<T[M]>>

/** The request that a method is answering. */
export interface Call {
  readonly isCancelled: () => boolean
  /** @throws ProblemError `cancelled` once the request is cancelled. Cheap: ask often. */
  readonly checkpoint: () => void
}

export interface Request {
  readonly id: number
  readonly method: string
  readonly argument: unknown
  /** One int32 in shared memory: not 0 once the request is cancelled. Reaches a worker that is busy, as a message would not. */
  readonly cancelled: SharedArrayBuffer
}

export type Reply = { readonly id: number } & ({ readonly result: unknown } | { readonly problem: Problem })

/**
 * What went wrong, as data: it crosses to the extension host, which knows the user's language. Each worker has kinds of its own.
 * `detail` is the system's own word for it, or the name of what is missing.
 */
export interface Problem<Kind extends string = string> {
  readonly kind: Kind
  readonly detail?: string
}

/** What can go wrong with any worker: nobody waits for the answer, it takes too long, the worker ended, the client was disposed of. */
export type CommonKind = 'cancelled' | 'timeout' | 'stopped' | 'closed'

/** Thrown in a worker. */
export class ProblemError<Kind extends string = string> extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem<Kind>

  constructor(kind: Kind, detail?: string) {
    super(detail === undefined ? kind : `${kind}: ${detail}`)
    this.problem = detail === undefined ? { kind } : { kind, detail }
  }
}
