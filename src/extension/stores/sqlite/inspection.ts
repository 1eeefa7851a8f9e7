import fs from 'node:fs'
import { ProblemError } from './problems'

/**
 * How a database must be opened so that nothing is ever written, not even beside it. SQLite's own read-only mode is enough for
 * a database with a rollback journal. In WAL mode it would leave a `-wal` and a `-shm` file behind, so:
 *
 * - `locked`: rollback journal; readers and writers keep apart by locks
 * - `alone`: WAL, but everything is in the database itself: opened as immutable, and looked at again around each read
 * - `shared`: WAL with a log in use: its `-shm` file is used as it is, read-only
 * - `copied`: WAL with a log whose `-shm` is gone, as in a copy: only a private copy can be read without repairing the original
 */
export type Access = 'locked' | 'alone' | 'shared' | 'copied'

export interface Inspection {
  readonly access: Access
  /** Differs as soon as the database was written to or replaced. */
  readonly stamp: string
  /** What the file's own header says. */
  readonly wal: boolean
}

/**
 * Looks at a database file from outside.
 *
 * Opening the file and closing it again drops the locks that this process has on it (POSIX), hence only when the file has
 * changed since `last`; whoever was reading in that moment notices by the stamp if a writer slipped in.
 *
 * @throws ProblemError if it isn't there or isn't an SQLite database.
 */
export function inspect(file: string, last?: Inspection): Inspection {
  const stats = statsOf(file)
  const now = stampOf(stats)
  const wal = last?.stamp === now ? last.wal : saysWal(headerOf(file, stats))
  const log = fs.statSync(`${file}-wal`, { throwIfNoEntry: false })
  return { access: accessOf(file, wal, log?.size), stamp: now, wal }
}

/** @param log bytes of the `-wal` file, if there is one: SQLite uses it even where the header doesn't say so. */
function accessOf(file: string, wal: boolean, log: number | undefined): Access {
  if (!wal && log === undefined) return 'locked'
  if (log === undefined || log === 0) return 'alone'
  return fs.existsSync(`${file}-shm`) ? 'shared' : 'copied'
}

const saysWal = (header: Buffer) => header[18] === 2 || header[19] === 2

/** Changes with each write to the file. Looks only at its metadata. */
export function stamp(file: string): string {
  return stampOf(statsOf(file))
}

function stampOf(stats: fs.BigIntStats): string {
  return `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs}`
}

function statsOf(file: string): fs.BigIntStats {
  const stats = explained(() => fs.statSync(file, { bigint: true }))
  if (!stats.isFile()) throw new ProblemError('notAFile')
  return stats
}

const magic = 'SQLite format 3\0'

function headerOf(file: string, stats: fs.BigIntStats): Buffer {
  if (stats.size === 0n) throw new ProblemError('empty')
  const header = Buffer.alloc(100)
  const length = explained(() => {
    const handle = fs.openSync(file, 'r')
    try {
      return fs.readSync(handle, header)
    } finally {
      fs.closeSync(handle)
    }
  })
  if (header.toString('latin1', 0, magic.length) !== magic) throw new ProblemError('notSqlite')
  if (length < header.length) throw new ProblemError('damaged', `${length} bytes`)
  return header
}

function explained<T>(look: () => T): T {
  try {
    return look()
  } catch (error) {
    throw problemOf(error)
  }
}

/** What the system's own error means for the database. */
function problemOf(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ProblemError('missing')
  if (code === 'EACCES' || code === 'EPERM') return new ProblemError('forbidden', code)
  return code === '' ? error : new ProblemError('damaged', code)
}
