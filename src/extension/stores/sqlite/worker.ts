/** Reads one database, one request after the other, so that the extension host never waits for a disk. */
import { parentPort, workerData } from 'node:worker_threads'
import { transferablesOf, type RunFrameData } from '../../../shared/runFrame'
import type { MetricSeries } from '../../../shared/model'
import { Database, type Snapshot } from './database'
import { methods, type Checkpoint, type Reply, type Request } from './methods'
import { ProblemError, type Problem } from './problems'

/** How long the file stays open after the last request, in milliseconds. Windows lets nobody replace an open file. */
const idleTime = 2_000

const { file, scratch } = workerData as { file: string; scratch: string }
const database = new Database(file, scratch)
let idle: NodeJS.Timeout | undefined

parentPort?.on('message', (request: Request) => {
  clearTimeout(idle)
  const reply = answer(request)
  parentPort?.postMessage(reply, 'result' in reply ? transferables(request, reply.result) : [])
  idle = setTimeout(() => database.close(), idleTime)
})

function answer({ id, method, argument, cancelled }: Request): Reply {
  const flag = new Int32Array(cancelled)
  const isCancelled = () => Atomics.load(flag, 0) !== 0
  const checkpoint = () => {
    if (isCancelled()) throw new ProblemError('cancelled')
  }
  const run = methods[method] as (snapshot: Snapshot, argument: unknown, checkpoint: Checkpoint) => unknown
  try {
    return { id, result: database.snapshot((snapshot) => run(snapshot, argument, checkpoint), isCancelled) }
  } catch (error) {
    return { id, problem: problemOf(error) }
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  return { kind: 'stopped', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

/** Buffers are handed over, not copied. */
function transferables({ method }: Request, result: unknown): ArrayBuffer[] {
  if (method === 'readRuns') return transferablesOf(result as RunFrameData)
  if (method !== 'readHistory') return []
  const { steps, values, timestamps } = result as MetricSeries
  return [steps, values, timestamps].map((array) => array.buffer as ArrayBuffer)
}
