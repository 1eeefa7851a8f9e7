import type { Dirent } from 'node:fs'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { t } from '../../../shared/l10n'
import type { FileInfo } from '../../../shared/model'
import type { ByteRange } from '..'
import { StoreError } from '../errors'

/**
 * What is directly in `folder`, a path below `root` with `/` between its names. Undefined if it isn't there or is a file.
 *
 * @throws StoreError `refused` where the path leads out of `root`, also by a symbolic link
 */
export async function listFolder(root: string, folder: string, signal?: AbortSignal): Promise<FileInfo[] | undefined> {
  const place = await inside(root, folder)
  if (place === undefined) return undefined
  const entries = await absentAsUndefined(readdir(place, { withFileTypes: true }))
  if (!entries) return undefined
  const files: FileInfo[] = []
  for (const entry of entries) {
    cancelIf(signal)
    files.push(await fileInfo(place, entry, folder))
  }
  return files
}

async function fileInfo(place: string, entry: Dirent, folder: string): Promise<FileInfo> {
  const stats = await absentAsUndefined(stat(path.join(place, entry.name))) // follows links; undefined for one that leads nowhere
  const isDir = stats?.isDirectory() ?? false
  const name = folder === '' ? entry.name : `${folder}/${entry.name}`
  return { path: name, isDir, fileSize: isDir ? null : (stats?.size ?? null) }
}

/**
 * The bytes of a file below `root`, or of that part of it; undefined if there is none.
 *
 * @throws StoreError `refused` as for `listFolder`, `badRequest` for a folder or a device
 */
export async function readFile(
  root: string,
  file: string,
  signal?: AbortSignal,
  range: ByteRange = whole,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const place = await inside(root, file)
  if (place === undefined) return undefined
  const stats = await absentAsUndefined(stat(place))
  if (!stats) return undefined
  if (stats.isDirectory())
    throw new StoreError('badRequest', t('{0} is a folder, not a file. Open one of its files.', file))
  if (!stats.isFile()) throw new StoreError('refused', t('{0} is not an ordinary file and was not opened.', file))
  return chunksOf(place, signal, range)
}

const whole: ByteRange = { start: 0, length: Infinity }
const chunkSize = 256 * 1024

async function* chunksOf(
  place: string,
  signal: AbortSignal | undefined,
  { start, length }: ByteRange,
): AsyncGenerator<Uint8Array> {
  const handle = await open(place, 'r')
  try {
    for (let at = start, left = length; left > 0;) {
      cancelIf(signal)
      const size = Math.min(chunkSize, left)
      const { bytesRead, buffer } = await handle.read(new Uint8Array(size), 0, size, at)
      if (bytesRead === 0) return
      at += bytesRead
      left -= bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

/** The real place of a path below `root`; undefined if it isn't there. */
async function inside(root: string, relative: string): Promise<string | undefined> {
  const [realRoot, place] = await Promise.all([
    absentAsUndefined(realpath(root)),
    absentAsUndefined(realpath(path.join(root, ...safeParts(relative)))),
  ])
  if (realRoot === undefined || place === undefined) return undefined
  const between = path.relative(realRoot, place)
  if (between === '..' || between.startsWith(`..${path.sep}`) || path.isAbsolute(between)) throw leadsOut(relative)
  return place
}

/**
 * The names on the way of an artifact path.
 *
 * @throws StoreError `refused` for what is absolute, goes up, or means something else on Windows
 */
export function safeParts(relative: string): string[] {
  const parts = relative.split('/')
  const dubious = (part: string) =>
    part === '..' || part.includes('\0') || (path.sep === '\\' && /[\\:]/.test(part)) || part.split('\\').includes('..')
  if (relative.startsWith('/') || /^[a-z]:[\\/]/i.test(relative) || parts.some(dubious)) throw leadsOut(relative)
  return parts.filter((part) => part !== '' && part !== '.')
}

function leadsOut(relative: string): StoreError {
  return new StoreError('refused', t('“{0}” leads out of the run’s artifacts and was not opened.', relative))
}

export function cancelIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StoreError('cancelled', t('Cancelled.'))
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

async function absentAsUndefined<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (absent.has(code)) return undefined
    throw new StoreError(
      'forbidden',
      t('An artifact can’t be read: {0}', error instanceof Error ? error.message : code),
      {
        cause: error,
      },
    )
  }
}
