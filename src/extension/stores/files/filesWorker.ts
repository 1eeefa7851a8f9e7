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
type StoreMethods = {
  readonly [M in keyof FilesMethods]: (
    asked: Addressed<Parameters<FilesMethods[M]>[0]>,
    call: Call,
  ) => ReturnType<FilesMethods[M]>
}

/** `forget`: the store was closed. */
export type ServedFiles = StoreMethods & { readonly forget: () => void }

const data = workerData as FilesData | HelperData

if ('port' in data) help(data)
else serveFiles(new Crew(data.script))

function serveFiles(crew: Crew): void {
  let current: { readonly number: number; readonly store: FileStore; readonly methods: FilesMethods } | undefined
  const forget = (): void => {
    current?.store.close()
    current = undefined
  }
  const methodsFor = ({ store: number, folder }: Addressed<unknown>): FilesMethods => {
    if (current?.number === number) return current.methods
    forget()
    const store = new FileStore(folder, crew)
    current = { number, store, methods: methodsOf(store) }
    return current.methods
  }
  type AnyMethod = (argument: unknown, call: Call) => unknown
  const names = Object.keys(methodsOf(new FileStore('', crew))) as (keyof FilesMethods)[]
  const served = Object.fromEntries(
    names.map((name) => [
      name,
      (asked: Addressed<unknown>, call: Call) => (methodsFor(asked)[name] as AnyMethod)(asked.argument, call),
    ]),
  ) as unknown as StoreMethods
  serve<ServedFiles>({
    methods: { ...served, forget },
    transfers: {
      readRuns: transferablesOf,
      getRun: transferablesOf,
      runChanges: ({ changed }) => transferablesOf(changed),
      readHistory: ({ points }) => pointBuffers(points),
    },
  })
}
