import { Worker, type ResourceLimits } from 'node:worker_threads'
import { endThread, letWait, takeWaiting } from './threads'
import type { Argument, CommonKind, MethodOf, Methods, Problem, Reply, Request, Result } from './protocol'

/** How long a worker may go on with a request that nobody waits for any more, once it is busy with it. Then it is replaced. Milliseconds. */
const grace = 2_000
/** The id of requests whose answers nobody waits for: the first that is waited for has 1. */
const unanswered = 0
/** How long one request may take, in milliseconds: a disk may be slow, and a writer may have to be waited for. */
const usualDeadline = 60_000

export interface WorkerDescription<Kind extends string> {
  /** Path of the bundle that calls `serve`. */
  readonly script: string
  /** For debuggers and the log. */
  readonly name: string
  /** Called for each worker that is started. `clear` is called once it has ended, however it did. */
  readonly prepare?: () => { readonly data: unknown; readonly clear?: () => void }
  readonly limits?: ResourceLimits
  readonly deadline?: number
  /** The method that makes a thread forget whom it served: it can serve others of the same script afterwards. Then `prepare` has no `clear`. */
  readonly forgetBy?: string
  /** Milliseconds without a request after which the worker is ended; the next request starts another. Never if left out. */
  readonly idle?: number
  readonly errorOf: (problem: Problem<Kind | CommonKind>) => Error
  readonly log?: ((line: string) => void) | undefined
}

interface Pending {
  readonly request: Request
  /** Whether the argument is still whole, so that another worker can be asked. */
  readonly repeatable: boolean
  readonly settle: (reply: Reply) => void
  /** Nobody waits for it any more; for so long the worker may still go on with it. */
  readonly patience?: number
}

/** The extension host's end of a worker: starts it when needed, and again after a crash. `T` is the table of what it serves. */
export class WorkerClient<T extends Methods, Kind extends string> {
  readonly #description: WorkerDescription<Kind>
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 1
  /** The oldest request, and what becomes of it if it does not end. */
  #watched: Pending | undefined
  #timer: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor(description: WorkerDescription<Kind>) {
    this.#description = description
  }

  /**
   * @param transfer buffers of the argument to hand over instead of copying
   * @throws what `errorOf` makes of the problem; of `cancelled` at once when the signal is aborted
   */
  async call<M extends MethodOf<T>>(
    method: M,
    argument: Argument<T, M>,
    signal?: AbortSignal,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Result<T, M>> {
    if (this.#closed) throw this.#error({ kind: 'closed' })
    if (signal?.aborted) throw this.#error({ kind: 'cancelled' })
    const start = performance.now()
    const reply = await this.#ask(method, argument, transfer, signal)
    this.#log(
      `${method} ${'problem' in reply ? reply.problem.kind : 'done'}, ${Math.round(performance.now() - start)} ms`,
    )
    if ('problem' in reply) throw this.#error(reply.problem)
    return reply.result as Result<T, M>
  }

  /** Resolves soon, whatever the worker is doing. */
  async dispose(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    const worker = this.#forgetWorker()
    const isIdle = this.#pending.size === 0
    this.#settleAll({ kind: 'closed' })
    const { script, forgetBy } = this.#description
    if (!worker) return
    if (!isIdle || forgetBy === undefined) return endThread(worker)
    worker.postMessage({ id: unanswered, method: forgetBy, argument: undefined, cancelled: new SharedArrayBuffer(4) })
    await letWait(script, worker)
  }

  #ask(
    method: string,
    argument: unknown,
    transfer: readonly ArrayBuffer[],
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    const id = this.#nextId++
    const request: Request = { id, method, argument, cancelled: new SharedArrayBuffer(4) }
    const worker = (this.#worker ??= this.#start())
    clearTimeout(this.#idle)
    return new Promise((resolve) => {
      const settle = (reply: Reply) => {
        signal?.removeEventListener('abort', abort)
        resolve(reply)
      }
      const abort = () => this.#abandon(id, { kind: 'cancelled' }, grace)
      signal?.addEventListener('abort', abort, { once: true })
      try {
        worker.postMessage(request, transfer)
        this.#pending.set(id, { request, repeatable: transfer.length === 0, settle })
        this.#watch()
      } catch (error) {
        settle({ id, problem: { kind: 'stopped', detail: String(error) } }) // what can't be sent
      }
    })
  }

  /** Nobody waits for this answer any more. If it doesn't come soon, others would wait in vain: the worker is replaced. */
  #abandon(id: number, problem: Problem, patience: number): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    Atomics.store(new Int32Array(pending.request.cancelled), 0, 1)
    this.#pending.set(id, { ...pending, settle: () => undefined, patience })
    this.#watch()
    pending.settle({ id, problem })
  }

  /**
   * A worker answers in turn, so it is busy with the oldest request, which has its time from when it came to be that. One that waits in
   * the line costs nothing: it is not begun.
   */
  #watch(): void {
    const [oldest] = this.#pending.values()
    if (this.#watched === oldest) return
    clearTimeout(this.#timer)
    this.#watched = oldest
    if (!oldest) return
    const { request, patience } = oldest
    this.#timer =
      patience === undefined
        ? setTimeout(
            () => this.#abandon(request.id, { kind: 'timeout' }, 0),
            this.#description.deadline ?? usualDeadline,
          )
        : setTimeout(() => this.#replaceWorker(), patience)
    this.#timer.unref()
  }

  #replaceWorker(): void {
    this.#log('the reader does not stop: replaced')
    for (const [id, { patience }] of this.#pending) if (patience !== undefined) this.#pending.delete(id)
    this.#endWorker()
    this.#settleAll({ kind: 'stopped' }, ({ repeatable }) => !repeatable)
    if (this.#pending.size === 0) return
    const worker = (this.#worker = this.#start())
    for (const { request } of this.#pending.values()) worker.postMessage(request)
    this.#watch()
  }

  #start(): Worker {
    const { script, name, prepare, limits } = this.#description
    const { data, clear } = prepare?.() ?? {}
    const worker =
      takeWaiting(script) ??
      new Worker(script, {
        workerData: data,
        execArgv: [],
        stderr: true,
        name,
        ...(limits && { resourceLimits: limits }),
      })
    worker.ref()
    const stopped = (detail: string) => {
      if (this.#worker !== worker) return
      this.#endWorker()
      this.#log(`the reader stopped: ${detail}`)
      this.#settleAll({ kind: 'stopped', detail })
    }
    worker.on('message', (reply: Reply) => {
      const pending = this.#pending.get(reply.id)
      this.#pending.delete(reply.id)
      this.#watch()
      this.#rest(worker)
      pending?.settle(reply)
    })
    worker.on('messageerror', (error) => stopped(error.message))
    worker.on('error', (error) => stopped(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => {
      clear?.()
      stopped(`exit code ${code}`)
    })
    worker.stderr.setEncoding('utf8').on('data', (text: string) => this.#log(text.trimEnd()))
    return worker
  }

  /** Nobody waits for the worker now: it ends unless something is asked soon. */
  #rest(worker: Worker): void {
    const { idle } = this.#description
    if (idle === undefined || this.#pending.size > 0 || this.#worker !== worker) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      if (this.#worker !== worker || this.#pending.size > 0) return
      this.#log('the reader is idle: ended')
      this.#endWorker()
    }, idle)
    this.#idle.unref()
  }

  #endWorker(): void {
    const worker = this.#forgetWorker()
    if (worker) void endThread(worker)
  }

  #forgetWorker(): Worker | undefined {
    const worker = this.#worker
    this.#worker = undefined
    return worker
  }

  #settleAll(problem: Problem, which: (pending: Pending) => boolean = () => true): void {
    const chosen = [...this.#pending].filter(([, pending]) => which(pending))
    for (const [id] of chosen) this.#pending.delete(id)
    this.#watch()
    for (const [id, { settle }] of chosen) settle({ id, problem })
  }

  #log(line: string): void {
    this.#description.log?.(line)
  }

  /** A worker names only kinds of its own table and the common ones. */
  #error(problem: Problem): Error {
    return this.#description.errorOf(problem as Problem<Kind | CommonKind>)
  }
}
