import { stat } from 'node:fs/promises'

/** A word that changes when a database is written to. */
export async function fileStamp(database: string): Promise<string> {
  const stamps = await Promise.all([database, `${database}-wal`].map(stampOf))
  return stamps.join(' ')
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(file)
    return `${mtimeMs}:${size}`
  } catch {
    return '-' // not there: that is a state like others
  }
}
