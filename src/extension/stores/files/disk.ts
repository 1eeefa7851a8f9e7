/**
 * Reading of small files that others may be writing at this moment. Synchronous: it lives in a worker, where that is several times
 * faster than promises.
 */
import fs from 'node:fs'
import path from 'node:path'

/** What tells that a file or folder is as it was: equal numbers, equal content, unless it is young. */
export type Stamp = number

/** How long a file counts as being written, in milliseconds: the clock of the file system may be that coarse. */
const youth = 2_000
/** A value longer than this is cut: MLflow allows 8,000 characters, but its old versions and their tags more. Bytes. */
export const longestValue = 1024 * 1024

/** A file's beginning, up to a limit. */
export interface FileStart {
  /** Only until the next read: a view of the one buffer. */
  readonly bytes: Buffer
  /** Of the whole file. */
  readonly size: number
  readonly stamp: Stamp
  /** Written a moment ago: may change without its stamp telling. */
  readonly isYoung: boolean
}

const noBlocking = fs.constants.O_RDONLY | ((fs.constants as { O_NONBLOCK?: number }).O_NONBLOCK ?? 0) // a pipe would block
let buffer = Buffer.allocUnsafeSlow(64 * 1024)

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
 * Reads a file; undefined where there is none.
 *
 * @throws the system's error for what is no ordinary file or may not be read
 */
export function readStart(file: string, limit = longestValue): FileStart | undefined {
  const descriptor = openForReading(file)
  if (descriptor === undefined) return undefined
  try {
    const stats = fs.fstatSync(descriptor)
    if (!stats.isFile()) throw new NotAFileError(file)
    const wanted = Math.min(stats.size, limit)
    if (wanted > buffer.length) buffer = Buffer.allocUnsafeSlow(Math.min(wanted * 2, Math.max(wanted, longestValue)))
    let length = 0
    while (length < wanted) {
      const count = fs.readSync(descriptor, buffer, length, wanted - length, null)
      if (count === 0) break
      length += count
    }
    return {
      bytes: buffer.subarray(0, length),
      size: stats.size,
      stamp: stampOf(stats),
      isYoung: isYoung(stats.mtimeMs),
    }
  } finally {
    fs.closeSync(descriptor)
  }
}

/** As `readStart`, but waits a moment where the file looks cut in the middle of a write. */
export function readSettled(
  file: string,
  isCut: (start: FileStart) => boolean,
  patience: Patience,
  limit = longestValue,
): FileStart | undefined {
  for (;;) {
    const start = readStart(file, limit)
    if (!start?.isYoung || !isCut(start) || !patience.wait()) return start
  }
}

/** Values are written at once: readers see them empty, or cut at the end of a memory page. */
export const isValueCut = ({ size }: FileStart): boolean => size % 4096 === 0

/** How long one request waits for writers in all: a few milliseconds each time, as a write lasts no longer. */
export class Patience {
  #left = 100

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

/** @throws the system's error where the folder is a file, or may not be read */
export function treeOf(folder: string): Tree {
  const entries = entriesOf(folder)
  if (!entries || entries.length === 0) return emptyTree
  const tree = { files: [] as string[], folders: [] as string[] }
  collect(folder, entries, '', tree, 0)
  return tree
}

function collect(
  folder: string,
  entries: readonly fs.Dirent[],
  prefix: string,
  tree: { files: string[]; folders: string[] },
  depth: number,
): void {
  for (const entry of entries) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isFile()) tree.files.push(name)
    else if (entry.isDirectory() && depth < deepest) {
      tree.folders.push(name)
      const place = path.join(folder, entry.name)
      collect(place, entriesOf(place) ?? [], name, tree, depth + 1)
    } else if (entry.isSymbolicLink() && statOf(path.join(folder, entry.name))?.isFile()) tree.files.push(name)
  }
}

/** Numbers of a file or folder mixed into one; never 0. */
export function stampOf({ mtimeMs, size, ino }: fs.Stats): Stamp {
  return mixed(mixed(mtimeMs, size), ino) || 1
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

const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ESTALE'])

export const isAbsent = (error: unknown): boolean => absent.has(codeOf(error))

/** The system's word for what went wrong, without the path, which whoever shows it names. */
export function wordOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+(?: '.*')?$/s, '') : String(error)
}
