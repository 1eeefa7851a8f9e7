/** Reads one file store, one request after the other; and, in threads of their own, helps that. */
import { workerData } from 'node:worker_threads'
import { transferablesOf } from '../../../shared/runFrame'
import { pointBuffers } from '../series'
import { serve } from '../worker/serve'
import { Crew, help, type HelperData } from './crew'
import { FileStore } from './fileStore'
import { methodsOf } from './methods'

/** What the worker itself is started with. */
export interface FilesData {
  readonly folder: string
  /** This bundle's path. */
  readonly script: string
}

const data = workerData as FilesData | HelperData

if ('port' in data) help(data)
else
  serve({
    methods: methodsOf(new FileStore(data.folder, new Crew(data.script))),
    transfers: {
      readRuns: transferablesOf,
      getRun: transferablesOf,
      runChanges: ({ changed }) => transferablesOf(changed),
      readHistory: ({ points }) => pointBuffers(points),
    },
  })
