import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Sqlite from 'node:sqlite'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { registerFilterFunctions } from './functions'
import { inspect, stamp, type Access, type Inspection } from './inspection'
import { ProblemError } from './problems'
import { Schema } from './schema'
import { raw, sql, type Sql } from './sql'

/** What a query is given: one consistent state of the database. */
export interface Snapshot {
  readonly schema: Schema
  /** All rows, each as an array of its columns. */
  readonly all: (query: Sql) => unknown[][]
  /**
   * Calls `row` with `columns` (up to five) of each row that `from` gives. For what is many: takes a third less time than `all`,
   * and no memory. What `row` throws ends the query.
   */
  readonly forEach: (columns: Sql, from: Sql, row: RowReader) => void
}

/** Runs something on one state of the database; perhaps several times, of which the last counts. */
export type Transaction = <T>(read: (snapshot: Snapshot) => T) => T

export type RowReader = (...columns: readonly [unknown, unknown, unknown, unknown, unknown]) => void

/** How long a writer is waited for, in milliseconds, and how long for what should last a moment only. */
const patience = 10_000
const shortPatience = 1_000

/**
 * An MLflow database, only ever read. Synchronous: it lives in a worker.
 *
 * The file is open only while it is used, and looked at again before each read: it may be upgraded, replaced or removed meanwhile.
 */
export class Database {
  readonly #file: string
  readonly #scratch: string
  #open: { readonly connection: Connection; readonly inspection: Inspection } | undefined

  /** @param scratch a folder that may be made for what must be read from a copy; whoever names it removes it in the end */
  constructor(file: string, scratch: string) {
    this.#file = file
    this.#scratch = scratch
  }

  /**
   * Runs `read` on one state of the database, waiting for writers up to ten seconds.
   *
   * @param cancelled asked while waiting
   * @throws ProblemError
   */
  snapshot<T>(read: (snapshot: Snapshot) => T, cancelled: () => boolean): T {
    const start = Date.now()
    for (let pause = 5; ; pause = Math.min(pause * 2, 100)) {
      if (cancelled()) throw new ProblemError('cancelled')
      try {
        const result = this.#attempt(read)
        if (result) return result.value
      } catch (error) {
        const failure = failureOf(error)
        if (Date.now() - start >= failure.patience) {
          this.close()
          throw failure.error
        }
      }
      if (Date.now() - start >= patience) throw new ProblemError('busy')
      Atomics.wait(sleeper, 0, 0, pause)
    }
  }

  close(): void {
    this.#open?.connection.close()
    this.#open = undefined
  }

  /** Undefined, whatever came out, if somebody wrote to the file meanwhile: our lock was lost, or could not be seen. */
  #attempt<T>(read: (snapshot: Snapshot) => T): { value: T } | undefined {
    const { connection, inspection } = this.#connected()
    let outcome: { value: T } | { error: unknown }
    try {
      outcome = { value: connection.transaction(read) }
    } catch (error) {
      outcome = { error }
    }
    const isOwn = inspection.access === 'shared' || inspection.access === 'copied'
    if (!isOwn && stamp(this.#file) !== inspection.stamp) {
      this.close()
      return undefined
    }
    if ('error' in outcome) throw outcome.error
    return outcome
  }

  #connected(): { readonly connection: Connection; readonly inspection: Inspection } {
    const inspection = inspect(this.#file, this.#open?.inspection)
    const current = this.#open
    if (current) {
      if (canStay(current.inspection, inspection)) return (this.#open = { connection: current.connection, inspection })
      this.close()
    }
    return (this.#open = { connection: new Connection(this.#file, inspection, this.#scratch), inspection })
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** Whether a connection opened on what was found `before` can read what is there `now`. */
function canStay(before: Inspection, now: Inspection): boolean {
  if (before.access !== now.access) return false
  if (before.stamp === now.stamp) return true
  // SQLite notices what others write only where it shares locks with them, and never that the file is another one.
  const sharesLocks = now.access === 'locked' || now.access === 'shared'
  return sharesLocks && identity(before) === identity(now)
}

/** Device and inode, the first two parts of a stamp. */
const identity = ({ stamp: text }: Inspection) => text.split(' ', 2).join(' ')

/** One open SQLite connection and what is known about its schema. */
class Connection {
  readonly #database: DatabaseSync
  readonly #discard: () => void
  readonly #statements = new Map<string, StatementSync>()
  #row: RowReader = () => undefined
  #schema: { readonly version: unknown; readonly schema: Schema } | undefined

  constructor(file: string, { access }: Inspection, scratch: string) {
    const { DatabaseSync: Opened } = sqlite()
    const copy = access === 'copied' ? copyOf(file, scratch) : undefined
    this.#discard = copy?.discard ?? (() => undefined)
    try {
      this.#database = new Opened(copy?.file ?? locationOf(file, access), { readOnly: !copy, timeout: 0 })
      this.#database.function('each_row', { varargs: true, directOnly: true }, (a, b, c, d, e) => {
        this.#row(a, b, c, d, e)
        return null
      })
      registerFilterFunctions(this.#database)
      // LIKE as MLflow has it, no temporary files, and no trust in functions that a schema may call.
      this.#database.exec(
        'PRAGMA case_sensitive_like = true; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA query_only = true; PRAGMA trusted_schema = off',
      )
    } catch (error) {
      this.#discard()
      throw error
    }
  }

  transaction<T>(read: (snapshot: Snapshot) => T): T {
    this.#database.exec('BEGIN')
    try {
      const schema = this.#currentSchema()
      return read({
        schema,
        all: (query) => this.#all(query),
        forEach: (columns, from, row) => this.#forEach(columns, from, row),
      })
    } finally {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    }
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
    this.#discard()
  }

  #currentSchema(): Schema {
    const version = this.#all(raw('PRAGMA schema_version'))[0]?.[0]
    if (this.#schema && this.#schema.version === version) return this.#schema.schema
    const schema = Schema.read((query) => this.#all(query))
    this.#schema = { version, schema }
    return schema
  }

  #all(query: Sql): unknown[][] {
    return this.#prepare(query).all(...query.values) as unknown as unknown[][]
  }

  /** The rows come out through a function that the query calls, as its result would make an array of each. */
  #forEach(columns: Sql, from: Sql, row: RowReader): void {
    const before = this.#row
    this.#row = row
    try {
      this.#all(sql`SELECT COUNT(each_row(${columns})) ${from}`)
    } finally {
      this.#row = before
    }
  }

  #prepare({ text }: Sql): StatementSync {
    let statement = this.#statements.get(text)
    if (!statement) {
      statement = this.#database.prepare(text)
      statement.setReturnArrays(true)
      this.#statements.set(text, statement)
    }
    return statement
  }
}

/** SQLite's own options are given in a URI; a plain path is kept where it needs none, since a URI can't name a network share. */
function locationOf(file: string, access: Access): string | URL {
  if (access === 'locked') return file
  const url = pathToFileURL(file)
  url.searchParams.set(access === 'alone' ? 'immutable' : 'readonly_shm', '1')
  return url
}

/** @throws ProblemError `runtime` where this runtime has no SQLite, or one that is too old. */
function sqlite(): typeof Sqlite {
  const { getBuiltinModule } = process as Partial<typeof process>
  const found = getBuiltinModule?.('node:sqlite')
  const statement: Partial<StatementSync> | undefined = found?.StatementSync.prototype
  if (!found || !statement?.setReturnArrays) throw new ProblemError('runtime')
  return found
}

/** The database with its log, in a folder of its own, where SQLite may do as it likes. */
function copyOf(file: string, folder: string): { file: string; discard: () => void } {
  const discard = () => fs.rmSync(folder, { recursive: true, force: true })
  discard()
  fs.mkdirSync(folder, { mode: 0o700 })
  try {
    const copy = path.join(folder, 'mlflow.db')
    for (const suffix of ['', '-wal'])
      fs.copyFileSync(`${file}${suffix}`, `${copy}${suffix}`, fs.constants.COPYFILE_FICLONE)
    return { file: copy, discard }
  } catch (error) {
    discard()
    throw error
  }
}

/** SQLite's result codes (the low byte of its extended ones). */
const code = { error: 1, busy: 5, locked: 6, readOnly: 8, cannotOpen: 14, notADatabase: 26 }

/** What an error means, and for how long it is worth trying again. */
function failureOf(error: unknown): { error: unknown; patience: number } {
  if (error instanceof ProblemError || !(error instanceof Error) || !('errcode' in error)) return { error, patience: 0 }
  const detail = error.message
  switch (Number(error.errcode) & 0xff) {
    case code.busy:
    case code.locked:
      return { error: new ProblemError('busy'), patience }
    case code.readOnly: // a journal must be rolled back first; it can look so for a moment while a writer begins or ends
      return { error: new ProblemError('unfinished'), patience: shortPatience }
    case code.cannotOpen: // such as a log that a writer removes just now
      return { error: new ProblemError('forbidden', detail), patience: shortPatience }
    case code.notADatabase:
      return { error: new ProblemError('notSqlite'), patience: 0 }
    case code.error: // such as a missing column
      return { error: new ProblemError('unknownSchema', detail), patience: 0 }
    default:
      return { error: new ProblemError('damaged', detail), patience: 0 }
  }
}
