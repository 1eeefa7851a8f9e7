import path from 'node:path'
import type { StoreOptions } from '../open'
import { pointBuffers, inOrder, isInOrder, type Points } from '../series'
import { WorkerClient } from '../worker/client'
import { ProblemError, type CommonKind } from '../worker/protocol'
import { decode, type AnswerKind } from './answers'
import { sizeOf, type Slabs } from './body'
import type { Decoded, DecoderName } from './decoders'
import type { JsonMethods } from './jsonWorker'

/** Longer answers are read in a worker: reading these takes a millisecond, less than a frame by far. */
const longestHere = 64 * 1024
/** Points that are sorted here; more would be felt. */
const mostSortedHere = 10_000
/** What the worker may hold: it reads a piece at a time, so that this is for what comes out. Parsing makes much that is soon garbage. */
const limits = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 64 }

/** How long it stays when nothing is to be read, in milliseconds: long enough for a view that refreshes now and then. */
const idleTime = 60_000

/** Reads the answers of one server: short ones here, long ones in a worker that is started when the first of them comes. */
export class JsonReader implements AsyncDisposable {
  readonly #worker: WorkerClient<JsonMethods, AnswerKind>

  constructor(server: string, { workers, log }: Pick<StoreOptions, 'workers' | 'log'>) {
    this.#worker = new WorkerClient({
      script: path.resolve(workers, 'jsonWorker.js'),
      name: 'mlflow-json',
      limits,
      idle: idleTime,
      errorOf: (problem) => new ProblemError<AnswerKind | CommonKind>(problem.kind, problem.detail),
      log: (line) => log?.(`JSON of ${server}: ${line}`),
    })
  }

  /** The slabs must not be used afterwards. @throws ProblemError */
  async decode<N extends DecoderName>(decoder: N, slabs: Slabs, signal?: AbortSignal): Promise<Decoded<N>> {
    if (sizeOf(slabs) <= longestHere) return decode(decoder, slabs)
    const buffers = slabs.map(({ buffer }) => buffer)
    const { result } = await this.#worker.call('decode', { decoder, chunks: slabs }, signal, buffers)
    return result
  }

  /** The points by step, timestamp and value; their buffers must not be used afterwards. @throws ProblemError */
  async sort(points: Points, signal?: AbortSignal): Promise<Points> {
    if (points.steps.length <= mostSortedHere || isInOrder(points)) return inOrder(points)
    return await this.#worker.call('sort', points, signal, pointBuffers(points))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#worker.dispose()
  }
}
