/** Artifacts on disk: a file, or a folder with all in it. Knows no editor. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { t } from '../../shared/l10n'
import type { FileInfo } from '../../shared/model'
import { StoreError, type TrackingStore } from '../stores'

export interface SaveOptions {
  readonly store: Pick<TrackingStore, 'listArtifacts' | 'readArtifact'>
  readonly runId: string
  /** Of the file or folder among the run's artifacts; empty for all of them. */
  readonly artifact: string
  /** Absolute path of the file or folder to make. */
  readonly target: string
  /** Whether a file may be replaced that is there. A folder never is. */
  readonly overwrite: boolean
  readonly signal: AbortSignal
  /** Told of each piece: bytes so far, of all (as far as is known), and the file that is being read. */
  readonly told?: (progress: Progress) => void
}

export interface Progress {
  readonly bytes: number
  /** `null` where the store tells no sizes. */
  readonly of: number | null
  readonly file: string
}

export interface Saved {
  readonly files: number
  readonly bytes: number
}

/** Folders within folders: more is a loop. */
const deepest = 100

/**
 * All or nothing: what is under way has another name beside the target, and is removed if it fails or is cancelled.
 *
 * @throws StoreError; Error where the target can't be written
 */
export async function saveArtifact(options: SaveOptions): Promise<Saved> {
  const { artifact, target, overwrite } = options
  const there = await kindOf(target)
  if (there === 'folder' || (there === 'file' && !overwrite))
    throw new Error(t('There is a file or folder {0} already. Choose another name.', target))
  const files = await filesOf(options)
  const partial = path.join(path.dirname(target), `.${shortName(target)}-${randomBytes(4).toString('hex')}.part`)
  await mkdir(path.dirname(target), { recursive: true })
  try {
    const saved = await write(files, partial, options)
    options.signal.throwIfAborted()
    await rename(partial, target)
    return saved
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    if (options.signal.aborted) throw new StoreError('cancelled', t('Cancelled.'), { cause: error })
    if (StoreError.is(error)) throw error
    throw new Error(
      t(
        '{0} could not be saved: {1}',
        artifact || t('The artifacts'),
        error instanceof Error ? error.message : String(error),
      ),
      { cause: error },
    )
  }
}

interface Wanted {
  readonly info: FileInfo
  /** Names on the way from the target; none of a file that was asked for itself. */
  readonly names: readonly string[]
}

/** A folder's files, or the file; a folder with nothing in it has none. */
async function filesOf(options: SaveOptions): Promise<readonly Wanted[] | 'empty folder'> {
  const { store, runId, artifact, signal } = options
  if (artifact !== '') {
    const parent = artifact.split('/').slice(0, -1).join('/')
    const info = (await store.listArtifacts(runId, parent === '' ? undefined : parent, signal)).find(
      (entry) => entry.path === artifact,
    )
    if (!info)
      throw new StoreError(
        'notFound',
        t('Run {0} has no artifact {1}. Refresh the list of artifacts.', runId, artifact),
      )
    if (!info.isDir) return [{ info, names: [] }]
  }
  const files: Wanted[] = []
  const collect = async (folder: string, names: readonly string[]): Promise<void> => {
    if (names.length > deepest) throw new StoreError('refused', t('{0} has folders without end.', artifact))
    for (const info of await store.listArtifacts(runId, folder === '' ? undefined : folder, signal)) {
      const inside = [...names, nameIn(folder, info.path)]
      if (info.isDir) await collect(info.path, inside)
      else files.push({ info, names: inside })
    }
  }
  await collect(artifact, [])
  return files.length === 0 ? 'empty folder' : files
}

/** The name of an entry of a folder. @throws StoreError `refused` where a store names what is not in the folder */
function nameIn(folder: string, entry: string): string {
  const prefix = folder === '' ? '' : `${folder}/`
  const name = entry.slice(prefix.length)
  if (!entry.startsWith(prefix) || name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name))
    throw new StoreError('refused', t('“{0}” leads out of the run’s artifacts and was not opened.', entry))
  return name
}

async function write(files: readonly Wanted[] | 'empty folder', partial: string, options: SaveOptions): Promise<Saved> {
  if (files === 'empty folder') {
    await mkdir(partial)
    return { files: 0, bytes: 0 }
  }
  const { store, runId, signal, told } = options
  const of = files.some(({ info }) => info.fileSize === null)
    ? null
    : files.reduce((sum, { info }) => sum + (info.fileSize ?? 0), 0)
  let bytes = 0
  for (const { info, names } of files) {
    const place = path.join(partial, ...names.map(nameOnDisk))
    await mkdir(path.dirname(place), { recursive: true })
    const handle = await open(place, 'wx')
    try {
      for await (const piece of store.readArtifact(runId, info.path, signal)) {
        signal.throwIfAborted()
        await handle.writeFile(piece)
        bytes += piece.length
        told?.({ bytes, of, file: info.path })
      }
    } finally {
      await handle.close()
    }
  }
  return { files: files.length, bytes }
}

/** Windows takes fewer names. */
const nameOnDisk = (name: string): string => (path.sep === '\\' ? name.replace(/[<>:"|?*\p{Cc}]/gu, '_') : name)

/** Short enough for any file system with what is put around it. */
function shortName(target: string): string {
  const name = path.basename(target)
  return Buffer.byteLength(name) <= 200 ? name : createHash('sha256').update(name).digest('hex').slice(0, 16)
}

async function kindOf(target: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(target)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
