import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { StoreOptions } from '../open'
import type { Argument, Method, Reply, Request, Result } from './methods'
import { storeErrorOf, type Problem } from './problems'

/** How long a worker may go on with a request that nobody waits for any more, before it is replaced. Milliseconds. */
const grace = 2_000
/** How long one request may take: it waits for writers up to ten seconds, and a disk may be slow. */
const deadline = 60_000

interface Pending {
  readonly request: Request
  readonly settle: (reply: Reply) => void
}

/** The extension host's end of the worker: starts it when needed, and again after a crash. */
export class WorkerClient {
  readonly #file: string
  readonly #options: StoreOptions
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 1
  #closed = false

  constructor(file: string, options: StoreOptions) {
    this.#file = file
    this.#options = options
  }

  /** @throws StoreError; `cancelled` at once when the signal is aborted. */
  async call<M extends Method>(method: M, argument: Argument<M>, signal?: AbortSignal): Promise<Result<M>> {
    if (this.#closed) throw this.#error({ kind: 'closed' })
    if (signal?.aborted) throw this.#error({ kind: 'cancelled' })
    const start = performance.now()
    const reply = await this.#ask(method, argument, signal)
    this.#log(
      `${method} ${'problem' in reply ? reply.problem.kind : 'done'}, ${Math.round(performance.now() - start)} ms`,
    )
    if ('problem' in reply) throw this.#error(reply.problem)
    return reply.result as Result<M>
  }

  async dispose(): Promise<void> {
    this.#closed = true
    const worker = this.#forgetWorker()
    this.#settleAll({ kind: 'closed' })
    await worker?.terminate()
  }

  #ask(method: Method, argument: unknown, signal: AbortSignal | undefined): Promise<Reply> {
    const id = this.#nextId++
    const cancelled = new SharedArrayBuffer(4)
    const request: Request = { id, method, argument, cancelled }
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve) => {
      const settle = (reply: Reply) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        resolve(reply)
      }
      const abandon = (problem: Problem, patience: number) => {
        Atomics.store(new Int32Array(cancelled), 0, 1)
        this.#abandon(id, patience)
        settle({ id, problem })
      }
      const abort = () => abandon({ kind: 'cancelled' }, grace)
      const timer = setTimeout(() => abandon({ kind: 'timeout' }, 0), deadline)
      signal?.addEventListener('abort', abort, { once: true })
      this.#pending.set(id, { request, settle })
      worker.postMessage(request)
    })
  }

  /** Nobody waits for this answer. If it doesn't come soon, others would wait in vain: the worker is replaced. */
  #abandon(id: number, patience: number): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    const timer = setTimeout(() => {
      this.#log('the reader does not stop: replaced')
      this.#pending.delete(id)
      void this.#forgetWorker()?.terminate()
      if (this.#pending.size === 0) return
      const worker = (this.#worker = this.#start())
      for (const { request } of this.#pending.values()) worker.postMessage(request)
    }, patience)
    timer.unref()
    this.#pending.set(id, { request: pending.request, settle: () => clearTimeout(timer) })
  }

  #start(): Worker {
    const scratch = path.join(os.tmpdir(), `mlflow-lens-${randomUUID()}`)
    const worker = new Worker(this.#options.workerPath, {
      workerData: { file: this.#file, scratch },
      execArgv: [],
      stderr: true,
      name: 'mlflow-sqlite',
    })
    const stopped = (detail: string) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#log(`the reader stopped: ${detail}`)
      this.#settleAll({ kind: 'stopped', detail })
    }
    worker.on('message', (reply: Reply) => {
      const pending = this.#pending.get(reply.id)
      this.#pending.delete(reply.id)
      pending?.settle(reply)
    })
    worker.on('messageerror', (error) => stopped(error.message))
    worker.on('error', (error) => stopped(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => {
      rmSync(scratch, { recursive: true, force: true }) // nearly always not there; a worker that is ended can't do it itself
      stopped(`exit code ${code}`)
    })
    worker.stderr.setEncoding('utf8').on('data', (text: string) => this.#log(text.trimEnd()))
    return worker
  }

  #forgetWorker(): Worker | undefined {
    const worker = this.#worker
    this.#worker = undefined
    return worker
  }

  #settleAll(problem: Problem): void {
    const all = [...this.#pending]
    this.#pending.clear()
    for (const [id, { settle }] of all) settle({ id, problem })
  }

  #log(line: string): void {
    this.#options.log?.(`SQLite ${this.#file}: ${line}`)
  }

  #error(problem: Problem): Error {
    return storeErrorOf(problem, this.#file)
  }
}
