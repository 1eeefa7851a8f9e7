/** The worker's end: answers requests, so that the extension host never waits for a disk or for a parser. */
import { parentPort } from 'node:worker_threads'
import { ProblemError, type Call, type Methods, type Problem, type Reply, type Request, type Result } from './protocol'

export interface Service<T extends Methods> {
  readonly methods: T
  /** Buffers of an answer that are handed over, not copied. */
  readonly transfers?: { readonly [M in keyof T]?: (result: Result<T, M>) => ArrayBuffer[] }
  /** Called when nothing was asked for some time. */
  readonly idle?: { readonly after: number; readonly run: () => void }
}

/** Serves the table until the worker is ended: one request after the other, unless methods answer with a promise. */
export function serve<T extends Methods>({ methods, transfers, idle }: Service<T>): void {
  const port = parentPort
  if (!port) throw new Error('serve() is for worker threads')
  let underWay = 0
  let timer: NodeJS.Timeout | undefined

  async function answer({ id, method, argument, cancelled }: Request): Promise<Reply> {
    try {
      const run = Object.hasOwn(methods, method) ? methods[method] : undefined
      if (!run) throw new Error(`no method ${method}`)
      const call = callOf(cancelled)
      call.checkpoint()
      return { id, result: await run(argument as never, call) }
    } catch (error) {
      return { id, problem: problemOf(error) }
    }
  }

  function buffersOf({ method }: Request, reply: Reply): ArrayBuffer[] {
    if (!('result' in reply)) return []
    return transfers?.[method]?.(reply.result as Result<T, string>) ?? []
  }

  port.on('message', (request: Request) => {
    clearTimeout(timer)
    underWay++
    void answer(request).then((reply) => {
      try {
        port.postMessage(reply, buffersOf(request, reply))
      } catch (error) {
        port.postMessage({ id: request.id, problem: problemOf(error) } satisfies Reply) // else the worker would end
      }
      if (--underWay === 0 && idle) timer = setTimeout(idle.run, idle.after)
    })
  })
}

function callOf(cancelled: SharedArrayBuffer): Call {
  const flag = new Int32Array(cancelled)
  const isCancelled = () => Atomics.load(flag, 0) !== 0
  return {
    isCancelled,
    checkpoint: () => {
      if (isCancelled()) throw new ProblemError('cancelled')
    },
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return (error as ProblemError).problem
  return { kind: 'stopped', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
