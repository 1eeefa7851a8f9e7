/**
 * Reads many runs at once. A thread spends its time in waiting for the system to open files: a second one nearly halves that, and on
 * a network drive four are four times as fast.
 */
import os from 'node:os'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { batchBuffers, readBatch, type Batch, type Wanted } from './batch'
import { Patience } from './disk'
import type { ExperimentFolder } from './layout'
import { LatestValues } from './metricFile'
import { ProblemError } from './problems'
import type { Reading } from './runFiles'

/** What a helper is started with. */
export interface HelperData {
  readonly port: MessagePort
}

/** Runs that are to be read, by whoever comes first; in the order in which somebody will ask for them. */
export interface Task {
  readonly id: number
  readonly experiment: ExperimentFolder
  readonly pieces: readonly (readonly Wanted[])[]
  readonly shared: SharedArrayBuffer
}

interface Reply {
  readonly task: number
  readonly piece: number
  /** Undefined where it could not be read: somebody else tries. */
  readonly batch: Batch | undefined
}

/** Places in a task's shared memory. */
const nextPiece = 0
/** Not 0 once the helpers hand over no more. */
const isStopped = 1
const replies = 2
/** Helpers that are at it. */
const busy = 3
const countersSize = 16

const runsInPiece = 50
/** How long helpers that don't answer are waited for, in milliseconds, before their pieces are read here. */
const mostSilence = 15_000
const helpers = (): number => Math.min(4, Math.max(2, os.availableParallelism())) - 1

export class Crew {
  readonly #script: string
  /** How long helpers are kept without work, in milliseconds. */
  readonly #idleTime: number
  #members: { readonly worker: Worker; readonly port: MessagePort }[] = []
  #idle: NodeJS.Timeout | undefined
  #tasks = 0
  /** Of the last task. */
  #counters = new Int32Array(new SharedArrayBuffer(countersSize))
  #pieces = 0

  /** @param script the bundle that calls `help` when it is started with `HelperData` */
  constructor(script: string, idleTime = 10_000) {
    this.#script = script
    this.#idleTime = idleTime
  }

  /** That takes them some 50 ms; whoever asks reads meanwhile. */
  #start(): void {
    while (this.#members.length < helpers()) {
      const { port1, port2 } = new MessageChannel()
      const data: HelperData = { port: port2 }
      const worker = new Worker(this.#script, { workerData: data, transferList: [port2], execArgv: [] })
      worker.on('error', () => undefined) // it exits
      worker.on('exit', () => {
        if (this.#members.some((member) => member.worker === worker)) this.#dismiss()
      })
      worker.unref()
      port1.unref()
      this.#members.push({ worker, port: port1 })
    }
  }

  /** Has the helpers begin, also while nobody waits. */
  begin(experiment: ExperimentFolder, wanted: readonly Wanted[]): Reader {
    this.#start()
    const pieces: Wanted[][] = []
    for (let at = 0; at < wanted.length; at += runsInPiece) pieces.push(wanted.slice(at, at + runsInPiece))
    const task: Task = { id: ++this.#tasks, experiment, pieces, shared: new SharedArrayBuffer(countersSize) }
    this.#counters = new Int32Array(task.shared)
    this.#pieces = pieces.length
    this.#rest()
    const ports = this.#members.map(({ port }) => port)
    for (const port of ports) port.postMessage(task)
    return new Reader(task, ports)
  }

  /** Lets the helpers go after a while in which they had nothing to do. */
  #rest(): void {
    clearTimeout(this.#idle)
    const counters = this.#counters
    const before = Atomics.load(counters, replies)
    this.#idle = setTimeout(() => {
      const isDone = Atomics.load(counters, nextPiece) >= this.#pieces || isStoppedBy(counters)
      const isQuiet = Atomics.load(counters, replies) === before && Atomics.load(counters, busy) === 0
      if (isDone && isQuiet) this.#dismiss()
      else this.#rest()
    }, this.#idleTime)
  }

  /** What they have not handed over is read by whoever asked. */
  #dismiss(): void {
    clearTimeout(this.#idle)
    stop(this.#counters)
    const members = this.#members
    this.#members = []
    for (const { worker } of members) void worker.terminate()
  }
}

/** Collects what the helpers have read of one task, and reads with them. */
export class Reader {
  readonly #task: Task
  readonly #ports: readonly MessagePort[]
  readonly #counters: Int32Array
  /** Pieces that nobody has handed over yet. */
  readonly #missing: Set<number>
  /** Of them, those that a helper could not read. */
  readonly #failed = new Set<number>()

  constructor(task: Task, ports: readonly MessagePort[]) {
    this.#task = task
    this.#ports = ports
    this.#counters = new Int32Array(task.shared)
    this.#missing = new Set(task.pieces.keys())
  }

  /**
   * Hands over batches, in any order, until it is enough or there are no more.
   *
   * @throws ProblemError `cancelled`
   */
  work(reading: Reading, take: (batch: Batch) => void, isEnough: () => boolean): void {
    let silentSince = Date.now()
    while (this.#missing.size > 0 && !isEnough()) {
      reading.checkpoint()
      const heard = Atomics.load(this.#counters, replies)
      if (this.receive(take)) {
        silentSince = Date.now()
        continue
      }
      const isAlone = isStoppedBy(this.#counters) || Date.now() - silentSince >= mostSilence
      const [mine = Atomics.add(this.#counters, nextPiece, 1)] = isAlone ? this.#missing : this.#failed
      if (mine < this.#task.pieces.length) this.#readHere(mine, reading, take)
      else Atomics.wait(this.#counters, replies, heard, 100)
    }
  }

  /** Takes what is ready; false where nothing is. */
  receive(take: (batch: Batch) => void): boolean {
    let any = false
    for (const port of this.#ports)
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
        const { task, piece, batch } = next.message as Reply
        if (task !== this.#task.id || !this.#missing.has(piece)) continue
        if (!batch) {
          this.#failed.add(piece)
          continue
        }
        this.#missing.delete(piece)
        take(batch)
        any = true
      }
    return any
  }

  /** Nobody needs the rest. */
  stop(): void {
    stop(this.#counters)
  }

  #readHere(piece: number, reading: Reading, take: (batch: Batch) => void): void {
    take(readBatch(this.#task.experiment, this.#task.pieces[piece] ?? [], reading))
    this.#missing.delete(piece)
    this.#failed.delete(piece)
  }
}

/** The other end: reads what it is given, until the thread is ended. */
export function help({ port }: HelperData): void {
  const latest = new LatestValues()
  port.on('message', ({ id, experiment, pieces, shared }: Task) => {
    const counters = new Int32Array(shared)
    const checkpoint = (): void => {
      if (isStoppedBy(counters)) throw new ProblemError('cancelled')
    }
    Atomics.add(counters, busy, 1)
    for (;;) {
      const piece = Atomics.add(counters, nextPiece, 1)
      if (piece >= pieces.length || isStoppedBy(counters)) break
      const batch = attempt(() =>
        readBatch(experiment, pieces[piece] ?? [], { latest, patience: new Patience(), checkpoint }),
      )
      const reply: Reply = { task: id, piece, batch }
      port.postMessage(reply, batch ? batchBuffers(batch) : [])
      Atomics.add(counters, replies, 1)
      Atomics.notify(counters, replies)
    }
    Atomics.sub(counters, busy, 1)
  })
}

function stop(counters: Int32Array): void {
  Atomics.store(counters, isStopped, 1)
}

function isStoppedBy(counters: Int32Array): boolean {
  return Atomics.load(counters, isStopped) !== 0
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined // whoever asked reads it himself, and says what is wrong
  }
}
