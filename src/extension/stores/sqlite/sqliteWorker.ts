/** Reads one database, one request after the other. */
import { workerData } from 'node:worker_threads'
import { transferablesOf } from '../../../shared/runFrame'
import { pointBuffers } from '../series'
import { serve } from '../worker/serve'
import type { Call } from '../worker/protocol'
import { Database, type Snapshot, type Transaction } from './database'
import { buffersOfLook } from './look'
import { longMethods, methods, type SqliteMethods } from './methods'

/** How long the file stays open after the last request, in milliseconds. Windows lets nobody replace an open file. */
const idleTime = 2_000

const { file, scratch } = workerData as { file: string; scratch: string }
const database = new Database(file, scratch)

type AnyMethod = (snapshot: Snapshot, argument: unknown, call: Call) => unknown
type AnyLongMethod = (transaction: Transaction, argument: unknown, call: Call) => unknown

const inOne = Object.entries(methods).map(([name, run]) => [
  name,
  (argument: unknown, call: Call) =>
    database.snapshot((snapshot) => (run as AnyMethod)(snapshot, argument, call), call.isCancelled),
])
const inSeveral = Object.entries(longMethods).map(([name, run]) => [
  name,
  (argument: unknown, call: Call) =>
    (run as AnyLongMethod)((read) => database.snapshot(read, call.isCancelled), argument, call),
])
const served = Object.fromEntries([...inOne, ...inSeveral]) as unknown as SqliteMethods

serve({
  methods: served,
  transfers: {
    readRuns: transferablesOf,
    lookAtRuns: buffersOfLook,
    readHistory: ({ points }) => pointBuffers(points),
  },
  idle: { after: idleTime, run: () => database.close() },
})
