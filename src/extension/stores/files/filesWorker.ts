/** Reads one file store, one request after the other; and, in threads of their own, helps that. */
import { workerData } from 'node:worker_threads'
import { transferablesOf } from '../../../shared/runFrame'
import { pointBuffers } from '../series'
import type { Call } from '../worker/protocol'
import { serve } from '../worker/serve'
import { Crew, help, type HelperData } from './crew'
import { FileStore } from './fileStore'
import { methodsOf, type FilesMethods } from './methods'

/** What the worker itself is started with. */
export interface FilesData {
  /** This bundle's path. */
  readonly script: string
}

/** What every request says: which store it is about. */
interface Addressed<A> {
  /** Another number, another store: nothing is remembered of the one before. */
  readonly store: number
  readonly folder: string
  readonly argument: A
}

/** The methods, each with the store that it is about. */
export type ServedFiles = {
  readonly [M in keyof FilesMethods]: (
    asked: Addressed<Parameters<FilesMethods[M]>[0]>,
    call: Call,
  ) => ReturnType<FilesMethods[M]>
}

const data = workerData as FilesData | HelperData

if ('port' in data) help(data)
else serveFiles(new Crew(data.script))

function serveFiles(crew: Crew): void {
  let current: { readonly store: number; readonly methods: FilesMethods } | undefined
  const methodsFor = ({ store, folder }: Addressed<unknown>): FilesMethods => {
    if (current?.store !== store) current = { store, methods: methodsOf(new FileStore(folder, crew)) }
    return current.methods
  }
  type AnyMethod = (argument: unknown, call: Call) => unknown
  const names = Object.keys(methodsOf(new FileStore('', crew))) as (keyof FilesMethods)[]
  const served = Object.fromEntries(
    names.map((name) => [
      name,
      (asked: Addressed<unknown>, call: Call) => (methodsFor(asked)[name] as AnyMethod)(asked.argument, call),
    ]),
  ) as unknown as ServedFiles
  serve({
    methods: served,
    transfers: {
      readRuns: transferablesOf,
      getRun: transferablesOf,
      runChanges: ({ changed }) => transferablesOf(changed),
      readHistory: ({ points }) => pointBuffers(points),
    },
  })
}
