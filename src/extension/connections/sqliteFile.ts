/** A cheap look at a file: is it a database that MLflow made? */
import { open } from 'node:fs/promises'

const magic = 'SQLite format 3\0'

/** True for an SQLite database with MLflow's tables. Opens nothing for writing and waits for no lock. */
export async function isMlflowDatabase(path: string): Promise<boolean> {
  if (!(await hasSqliteHeader(path))) return false
  const sqlite = await import('node:sqlite').catch(() => undefined)
  if (!sqlite) return /mlflow/i.test(path) // an editor without node:sqlite: by its name
  try {
    const database = new sqlite.DatabaseSync(path, { readOnly: true })
    try {
      const tables = database.prepare(
        "SELECT count(*) AS found FROM sqlite_master WHERE type = 'table' AND name IN ('alembic_version', 'experiments', 'runs')",
      )
      return tables.get()?.found === 3
    } finally {
      database.close()
    }
  } catch {
    return /mlflow/i.test(path) // locked by a writer or damaged: opening it will say which
  }
}

async function hasSqliteHeader(path: string): Promise<boolean> {
  let file
  try {
    file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0)
    return bytesRead === magic.length && buffer.toString('latin1') === magic
  } catch {
    return false // gone or unreadable: not a store to offer
  } finally {
    await file?.close()
  }
}
