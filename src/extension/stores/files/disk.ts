/**
 * Reading of small files that others may be writing at this moment. Synchronous: it lives in a worker, where that is several times
 * faster than promises.
 */
import fs from 'node:fs'
import path from 'node:path'

/** What tells that a file or folder is as it was: equal numbers, equal content, unless it is young. */
export type Stamp = number

/** How long a file counts as being written, in milliseconds: the clock of the file system may be that coarse. */
export const youth = 2_000
/** A value longer than this is cut: MLflow allows 8,000 characters, but its old versions and their tags more. Bytes. */
export const longestValue = 1024 * 1024

/** A file's beginning, up to a limit. */
export interface FileStart {
  /** Only until the next read: a view of the one buffer. */
  readonly bytes: Buffer
  /** Of the whole file. */
  readonly size: number
  /** It looked cut for as long as it was waited for: somebody is still writing it. */
  readonly isUnsettled?: boolean
}

const noBlocking = fs.constants.O_RDONLY | ((fs.constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0) // a pipe would block
/** As long as the longest value: memory that nothing was read into costs nothing. */
const buffer = Buffer.allocUnsafeSlow(longestValue)

/** Undefined where there is nothing. Whoever opens closes. */
export function openForReading(file: string): number | undefined {
  try {
    return fs.openSync(file, noBlocking)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/**
 * Reads a file; undefined where there is none. A pipe reads as an empty one.
 *
 * @throws the system's error for what may not be read
 */
export function readStart(file: string): FileStart | undefined {
  const descriptor = openForReading(file)
  if (descriptor === undefined) return undefined
  try {
    // Nearly all files are small: asking for their size first would be one call in four.
    const length = readInto(buffer, descriptor)
    const size = length < buffer.length ? length : fs.fstatSync(descriptor).size
    return { bytes: buffer.subarray(0, length), size }
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Reads the beginning of a file, as much as there is room for; says how many bytes it was. */
export function readInto(room: Buffer, descriptor: number): number {
  let length = 0
  while (length < room.length) {
    const count = fs.readSync(descriptor, room, length, room.length - length, null)
    length += count
    // Only some network drives give less than there is, and then in blocks.
    if (count === 0 || count % 4096 !== 0) break
  }
  return length
}

/** As `readStart`, but waits a moment where the file looks cut in the middle of a write. @throws NotAFileError too */
export function readSettled(
  file: string,
  isCut: (start: FileStart) => boolean,
  patience: Patience,
  mostAttempts = Infinity,
): FileStart | undefined {
  for (let attempt = 1; ; attempt++) {
    const start = readStart(file)
    if (!start || !isCut(start)) return start
    const stats = statOf(file)
    if (stats && !stats.isFile()) throw new NotAFileError(file)
    if (!stats || !isYoung(stats.mtimeMs)) return start
    if (attempt === mostAttempts || !patience.wait()) return { ...start, isUnsettled: true }
  }
}

/** Values are written at once: readers see them empty, or cut at the end of a memory page. They may be meant so. */
export function readValue(file: string, patience: Patience): FileStart | undefined {
  return readSettled(file, ({ size }) => size % 4096 === 0, patience, 30)
}

/** How long one request waits for writers in all: a few milliseconds each time, as a write lasts no longer. */
export class Patience {
  #left = 250

  /** False when it has waited enough. */
  wait(): boolean {
    if (this.#left <= 0) return false
    this.#left--
    Atomics.wait(sleeper, 0, 0, 2)
    return true
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

export const textOf = (bytes: Buffer): string => bytes.toString('utf8')

/** Undefined where there is nothing. Follows links. */
export function statOf(place: string): fs.Stats | undefined {
  try {
    return fs.statSync(place, { throwIfNoEntry: false })
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

export function isFolder(place: string): boolean {
  try {
    return statOf(place)?.isDirectory() ?? false
  } catch {
    return false // not for us: nothing to look into
  }
}

/** In the order of the file system; undefined where there is no such folder. */
export function entriesOf(folder: string): fs.Dirent[] | undefined {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (isAbsent(error) && codeOf(error) !== 'ENOTDIR') return undefined
    throw error
  }
}

/** Names of the folders directly in `folder`, links to folders too; none where it isn't there. */
export function subfolders(folder: string): string[] {
  const names: string[] = []
  for (const entry of entriesOf(folder) ?? [])
    if (entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path.join(folder, entry.name))))
      names.push(entry.name)
  return names.sort()
}

/** Names of the files and folders below a folder, with `/` between the parts of a name; as MLflow, links to folders are not followed. */
export interface Tree {
  readonly files: readonly string[]
  /** Those below it, not the folder itself. */
  readonly folders: readonly string[]
}

export const emptyTree: Tree = { files: [], folders: [] }
/** MLflow's keys have at most 250 characters. */
const deepest = 130

/**
 * @param unreadable is told of what below the folder could not be looked into; the rest is in the tree
 * @throws the system's error where the folder itself is a file, or may not be read
 */
export function treeOf(folder: string, unreadable: (name: string, error: unknown) => void = () => undefined): Tree {
  const entries = entriesOf(folder)
  if (!entries || entries.length === 0) return emptyTree
  const tree = { files: [] as string[], folders: [] as string[] }
  collect(folder, entries, '', tree, unreadable)
  return tree
}

function collect(
  folder: string,
  entries: readonly fs.Dirent[],
  prefix: string,
  tree: { files: string[]; folders: string[] },
  unreadable: (name: string, error: unknown) => void,
  depth = 0,
): void {
  for (const entry of entries) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isFile()) {
      tree.files.push(name)
      continue
    }
    const place = path.join(folder, entry.name)
    try {
      if (entry.isDirectory() && depth < deepest) {
        tree.folders.push(name)
        collect(place, entriesOf(place) ?? [], name, tree, unreadable, depth + 1)
      } else if (entry.isSymbolicLink() && statOf(place)?.isFile()) tree.files.push(name)
    } catch (error) {
      unreadable(name, error)
    }
  }
}

/** Numbers of a file or folder mixed into one; never 0. The time of the last change of the inode can't be set, as that of the content can. */
export function stampOf({ mtimeMs, ctimeMs, size, ino }: fs.Stats): Stamp {
  return mixed(mixed(mtimeMs, size), mixed(ctimeMs, ino)) || 1
}

export function isYoung(mtimeMs: number): boolean {
  const age = Date.now() - mtimeMs
  return age < youth && age > -youth // a clock that goes ahead of ours says nothing
}

/** Both numbers in one of 53 bits; order matters. */
export function mixed(a: number, b: number): number {
  numbers[0] = a
  numbers[1] = b
  const a0 = words[0] ?? 0
  const a1 = words[1] ?? 0
  const b0 = words[2] ?? 0
  const b1 = words[3] ?? 0
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  high = Math.imul(high ^ a0, 0x01000193) ^ (low >>> 15)
  low = Math.imul(low ^ (a0 >>> 7) ^ high, 0x27d4eb2f) + a1
  high = Math.imul(high ^ a1, 0x01000193) ^ (low >>> 15)
  low = Math.imul(low ^ (a1 >>> 7) ^ high, 0x27d4eb2f) + b0
  high = Math.imul(high ^ b0, 0x01000193) ^ (low >>> 15)
  low = Math.imul(low ^ (b0 >>> 7) ^ high, 0x27d4eb2f) + b1
  high = Math.imul(high ^ b1, 0x01000193) ^ (low >>> 15)
  low = Math.imul(low ^ (b1 >>> 7) ^ high, 0x27d4eb2f)
  return (high >>> 11) * 0x100000000 + (low >>> 0)
}

const numbers = new Float64Array(2)
const words = new Int32Array(numbers.buffer)

export class NotAFileError extends Error {
  override readonly name = 'NotAFileError'

  constructor(file: string) {
    super(`${path.basename(file)} is not a file`)
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

export const isAbsent = (error: unknown): boolean => absent.has(codeOf(error))

/** The system's word for what went wrong, without the path, which whoever shows it names. */
export function wordOf(error: unknown): string {
  if (codeOf(error) === 'EISDIR') return 'it is a folder'
  return error instanceof Error ? error.message.replace(/, \w+(?: '.*')?$/s, '') : String(error)
}
