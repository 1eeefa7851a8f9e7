import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { StoreOptions } from '../open'
import { WorkerClient } from '../worker/client'
import type { SqliteMethods } from './methods'
import { storeErrorOf, type SqliteKind } from './problems'

export type SqliteClient = WorkerClient<SqliteMethods, SqliteKind>

/** The worker that reads the database `file`. */
export function sqliteClient(file: string, { workers, log }: StoreOptions): SqliteClient {
  return new WorkerClient({
    script: path.join(workers, 'sqliteWorker.js'),
    name: 'mlflow-sqlite',
    prepare: () => {
      const scratch = path.join(os.tmpdir(), `mlflow-lens-${randomUUID()}`)
      // Nearly always not there; a worker that is ended can't remove it itself.
      return { data: { file, scratch }, clear: () => rmSync(scratch, { recursive: true, force: true }) }
    },
    errorOf: (problem) => storeErrorOf(problem, file),
    log: (line) => log?.(`SQLite ${file}: ${line}`),
  })
}
