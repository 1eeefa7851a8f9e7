import path from 'node:path'
import type { StoreOptions } from '../open'
import { WorkerClient } from '../worker/client'
import type { FilesData } from './filesWorker'
import type { FilesMethods } from './methods'
import { storeErrorOf, type FilesKind } from './problems'

export type FilesClient = WorkerClient<FilesMethods, FilesKind>

/** The worker that reads the file store in `folder`. */
export function filesClient(folder: string, { workers, log }: StoreOptions): FilesClient {
  const script = path.join(workers, 'filesWorker.js')
  return new WorkerClient({
    script,
    name: 'mlflow-files',
    prepare: () => ({ data: { folder, script } satisfies FilesData }),
    deadline: 300_000, // 100,000 runs on a network drive
    errorOf: (problem) => storeErrorOf(problem, folder),
    log: (line) => log?.(`files ${folder}: ${line}`),
  })
}
