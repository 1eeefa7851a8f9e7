/** Databases of MLflow's tables that are written to while they are read in pieces. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll } from 'vitest'
import { Database, type Transaction } from '../../src/extension/stores/sqlite/database'

/** MLflow's tables, those of metrics apart. */
export const tables = `
  CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, lifecycle_stage TEXT);
  CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, experiment_id, status, start_time, end_time, lifecycle_stage, artifact_uri);
  CREATE TABLE params (key, value, run_uuid);
  CREATE TABLE tags (key, value, run_uuid);
`

export interface PieceFile {
  /** Begins a new file. */
  create(sql: string): void
  /** Fails at once while somebody reads. */
  readonly write: (sql: string) => void
  /** All rows of a query. */
  rows(sql: string): Record<string, unknown>[]
  /** Reads by transactions; `between` is called after each, with their number. */
  read<T>(reading: (transaction: Transaction) => T, between: (count: number) => void): T
}

/** Files of a folder that is there for the tests of a file. */
export function pieceFile(): PieceFile {
  let folder = ''
  let file = ''
  let number = 0
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-pieces-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

  const write = (sql: string): void => {
    using database = new DatabaseSync(file, { timeout: 0 })
    database.exec(sql)
  }
  return {
    create: (sql) => {
      file = path.join(folder, `${++number}.db`)
      write(sql)
    },
    write,
    rows: (sql) => {
      using database = new DatabaseSync(file, { readOnly: true })
      return database.prepare(sql).all()
    },
    read: (reading, between) => {
      const database = new Database(file, path.join(folder, 'scratch'))
      let count = 0
      try {
        return reading((run) => {
          const result = database.snapshot(run, () => false)
          between(++count)
          return result
        })
      } finally {
        database.close()
      }
    },
  }
}
