import path from 'node:path'
import type { StoreOptions } from '../open'
import { WorkerClient } from '../worker/client'
import type { Argument, MethodOf, Result } from '../worker/protocol'
import type { FilesData, ServedFiles } from './filesWorker'
import type { FilesMethods } from './methods'
import { storeErrorOf, type FilesKind } from './problems'

export interface FilesClient {
  /** @throws StoreError */
  call<M extends MethodOf<FilesMethods>>(
    method: M,
    argument: Argument<FilesMethods, M>,
    signal?: AbortSignal,
  ): Promise<Result<FilesMethods, M>>
  dispose(): Promise<void>
}

let opened = 0

/** A worker that reads the file store in `folder`. */
export function filesClient(folder: string, { workers, log }: StoreOptions): FilesClient {
  const script = path.join(workers, 'filesWorker.js')
  const worker = new WorkerClient<ServedFiles, FilesKind>({
    script,
    name: 'mlflow-files',
    prepare: () => ({ data: { script } satisfies FilesData }),
    forgetBy: 'forget',
    deadline: 300_000, // 100,000 runs on a network drive
    errorOf: (problem) => storeErrorOf(problem, folder),
    log: (line) => log?.(`files ${folder}: ${line}`),
  })
  const store = ++opened
  return {
    call: <M extends MethodOf<FilesMethods>>(method: M, argument: Argument<FilesMethods, M>, signal?: AbortSignal) =>
      worker.call(method, { store, folder, argument }, signal) as Promise<Result<FilesMethods, M>>,
    dispose: () => worker.dispose(),
  }
}
