import { readFile } from 'node:fs/promises'

/** The text of a file; empty where there is no such file. Rejects where it can't be read. */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
