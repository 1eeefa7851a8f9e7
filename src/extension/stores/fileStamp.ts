import { stat } from 'node:fs/promises'

/** What a look at a database from outside tells. */
export interface FileStamp {
  /** Which file it is. */
  readonly file: string
  /** Differs as soon as the database was written to or replaced. */
  readonly word: string
  /** False where it was written so lately that it may be written again without the word changing. */
  readonly isSettled: boolean
}

/** File systems count time in steps, of up to two seconds. */
const longestStep = 2_000

/** Looks at the metadata of a database and of its log. A file that isn't there has a stamp as well: whoever reads it says so. */
export async function stampOf(database: string): Promise<FileStamp> {
  const now = Date.now()
  const [main, log] = await Promise.all([stampOfFile(database, now), stampOfFile(`${database}-wal`, now)])
  return { file: main.file, word: `${main.word} ${log.word}`, isSettled: main.isSettled && log.isSettled }
}

async function stampOfFile(file: string, now: number): Promise<FileStamp> {
  try {
    const { dev, ino, size, mtimeNs, mtimeMs } = await stat(file, { bigint: true })
    const identity = `${dev}:${ino}`
    return { file: identity, word: `${identity}:${size}:${mtimeNs}`, isSettled: now - Number(mtimeMs) >= longestStep }
  } catch {
    return { file: '', word: '-', isSettled: true }
  }
}
