/** The clones of this workspace. Knows no vscode. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { t } from '../../shared/l10n'
import { CodeMissing } from './codeMissing'
import { GitError, gitList, gitText, type GitOptions } from './git'
import { isInside, isSamePlace } from './inside'

/** A clone: where git runs. */
export interface Clone {
  readonly root: string
  readonly git: string | undefined
}

export const optionsOf = ({ root, git }: Clone, signal?: AbortSignal): GitOptions => ({ git, folder: root, signal })

/**
 * The clones that some folders lie in, or that lie directly in them, each once.
 *
 * @throws GitError `missing`; where git refuses all that there are, why
 */
export async function clonesOf(
  folders: readonly string[],
  executable: string | undefined,
  signal?: AbortSignal,
): Promise<Clone[]> {
  const roots = new Set<string>()
  let refusal: Error | undefined
  /** Whether it lies in a repository. */
  const add = async (folder: string): Promise<boolean> => {
    try {
      const root = await gitText(['rev-parse', '--show-toplevel'], { git: executable, folder, signal })
      if (root !== '') roots.add(root)
    } catch (error) {
      if (!GitError.is(error, 'failed')) throw error
      if (error.message.includes('not a git repository')) return false
      refusal ??= refused(error)
    }
    return true
  }
  await Promise.all(
    folders.map(async (folder) => {
      if (!(await isFolder(folder)) || (await add(folder))) return
      for (const clone of await clonesIn(folder)) await add(clone)
    }),
  )
  if (roots.size === 0 && refusal) throw refusal
  return [...roots].map((root) => ({ root, git: executable }))
}

/** In containers and over WSL, folders often belong to another user. */
function refused(error: GitError): Error {
  const place = /dubious ownership in repository at '(.*)'/.exec(error.message)?.[1]
  if (place === undefined) return error
  const isPlain = /^[\w./~:-]+$/.test(place) // needs no quotes in any shell
  return new CodeMissing(
    t('Git refuses to read {0}, since it belongs to another user. If you trust it, tell Git so.', place),
    isPlain ? { command: `git config --global --add safe.directory ${place}`, folder: undefined } : undefined,
  )
}

/** Folders in a folder that are clones. */
async function clonesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).slice(0, mostNested)
  const places = folders.map(({ name }) => path.join(folder, name))
  const isClone = await Promise.all(places.map((place) => isThere(path.join(place, '.git'))))
  return places.filter((_, at) => isClone[at])
}

/** The clone whose root this is: one of these, or one that lies within one of them. */
export async function cloneAt(
  root: string,
  clones: readonly Clone[],
  signal?: AbortSignal,
): Promise<Clone | undefined> {
  const among = (some: readonly Clone[]): Clone | undefined => some.find((clone) => isSamePlace(clone.root, root))
  const known = among(clones)
  if (known) return known
  for (const clone of clones) {
    const nested = among(await nestedClones(clone, signal))
    if (nested) return nested
  }
  return undefined
}

const isFolder = (place: string): Promise<boolean> =>
  stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** Folders of a clone that are looked at for clones within. */
const mostNested = 200

/** Submodules, and clones that git does not track. Those that are ignored are not looked for. */
export async function nestedClones(clone: Clone, signal?: AbortSignal): Promise<Clone[]> {
  const list = async (args: readonly string[]): Promise<string[]> => {
    try {
      return await gitList(args, optionsOf(clone, signal))
    } catch (error) {
      if (GitError.is(error, 'failed')) return [] // there is no .gitmodules
      throw error
    }
  }
  const [modules, others] = await Promise.all([
    list(['config', '--file', '.gitmodules', '-z', '--get-regexp', String.raw`^submodule\..*\.path$`]),
    list(['ls-files', '--others', '--directory', '--exclude-standard', '-z']),
  ])
  const paths = [
    ...modules.map((entry) => entry.slice(entry.indexOf('\n') + 1)),
    ...others.filter((one) => one.endsWith('/')),
  ]
  const folders = paths
    .map((one) => one.replace(/\/$/, ''))
    .filter((one) => isInside(one))
    .slice(0, mostNested)
    .map((one) => path.join(clone.root, ...one.split('/')))
  const isClone = await Promise.all(folders.map((folder) => isThere(path.join(folder, '.git'))))
  return folders.filter((_, at) => isClone[at]).map((root) => ({ root, git: clone.git }))
}

const isThere = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  )
