/** Puts a copy of a database, made before its schema was upgraded, back in its place. Knows no editor. */
import { constants } from 'node:fs'
import { copyFile, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { t } from '../../shared/l10n'

/** The copies that were made of a database, newest first. */
export async function backupsOf(database: string): Promise<string[]> {
  const folder = path.dirname(database)
  const begin = `${path.basename(database)}.backup-`
  const found = (await readdir(folder)).filter((name) => name.startsWith(begin)).map((name) => path.join(folder, name))
  const times = new Map(await Promise.all(found.map(async (file) => [file, (await stat(file)).mtimeMs] as const)))
  return found.sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0))
}

/**
 * Nothing is lost: what was in its place gets a name of its own, which this resolves to.
 *
 * @throws Error where the database is in use, or the copy can't be made; then all is as it was
 */
export async function restoreBackup(database: string, backup: string, now = new Date()): Promise<string> {
  if (!(await backupsOf(database)).includes(backup)) throw new Error(t('{0} is no copy of {1}.', backup, database))
  for (const log of ['-journal', '-wal'])
    if (((await stat(database + log).catch(() => undefined))?.size ?? 0) > 0)
      throw new Error(t('{0} is being written to. End the program that does, then try again.', database))
  const kept = `${database}.replaced-${now.toISOString().slice(0, 19).replaceAll(':', '')}`
  const copy = `${database}.restoring`
  await copyFile(backup, copy, constants.COPYFILE_EXCL) // first, so that a full disk changes nothing
  try {
    await rename(database, kept)
    try {
      await rename(copy, database)
    } catch (error) {
      await rename(kept, database)
      throw error
    }
  } finally {
    await rm(copy, { force: true })
  }
  return kept
}
