import { stat } from 'node:fs/promises'
import path from 'node:path'
import { locationOf, type Location } from './location'

/** Folders beside a store in which MLflow, or its server, keeps artifacts. */
const customary = ['', 'mlartifacts', 'mlruns', 'artifacts']
/** A run's folder is found by at least so many names at its end: `<run>/artifacts`, since runs have unique names. */
const fewestParts = 2

/**
 * Finds the folders in which artifacts are now. MLflow records absolute paths; where a store was moved, or copied from another
 * machine, what was `/there/mlruns/1/abc/artifacts` is `mlruns/1/abc/artifacts` beside the store now, or in it.
 */
export class ArtifactRoots {
  readonly #folders: readonly string[]
  readonly #found = new Map<string, string>()
  /** Folder names that turned out to be replaced by a folder here; the latest first. */
  readonly #moves: { readonly from: readonly string[]; readonly to: string }[] = []

  /** @param folders to look in, the best first */
  constructor(folders: readonly string[]) {
    this.#folders = folders
  }

  /**
   * The folder of an artifact URI on this machine, or where it was looked for in vain.
   *
   * @throws StoreError `unsupported` for artifacts that are kept elsewhere by their nature
   */
  async find(uri: string): Promise<Found> {
    const known = this.#found.get(uri)
    if (known !== undefined && (await isFolder(known))) return { folder: known }
    const location = locationOf(uri)
    for (const { folder, from, to } of this.#candidates(location)) {
      if (!(await isFolder(folder))) continue
      this.#found.set(uri, folder)
      if (from && !this.#moves.some((move) => move.to === to && isPrefix(move.from, from)))
        this.#moves.unshift({ from, to })
      return { folder }
    }
    return { folder: undefined, isLost: await this.#isLost(location) }
  }

  *#candidates({ here, parts, served }: Location): Generator<Candidate> {
    if (here !== undefined) yield { folder: here, to: here }
    if (parts.includes('..')) return
    for (const { from, to } of this.#moves)
      if (isPrefix(from, parts)) yield { folder: path.join(to, ...parts.slice(from.length)), to }
    for (let skipped = 0; skipped <= parts.length - fewestParts; skipped++)
      for (const within of this.#folders)
        for (const name of served ? ['mlartifacts', ...customary] : customary) {
          const to = path.join(within, name)
          yield { folder: path.join(to, ...parts.slice(skipped)), from: parts.slice(0, skipped), to }
        }
  }

  /**
   * A run without artifacts has no folder, which is nothing to complain of. But if nothing is left of the place where its
   * artifacts were to be, neither there nor here, they were left behind.
   */
  async #isLost({ here, parts, served }: Location): Promise<boolean> {
    if (served || this.#moves.length > 0 || parts.length < fewestParts || parts.includes('..')) return false
    for (let up = 1; up <= 4; up++) {
      if (here !== undefined && (await isFolder(path.resolve(here, ...Array<string>(up).fill('..'))))) return false
      const above = parts.slice(0, -up)
      for (let skipped = 0; skipped < above.length; skipped++)
        for (const within of this.#folders) if (await isFolder(path.join(within, ...above.slice(skipped)))) return false
    }
    return true
  }
}

export type Found = { readonly folder: string } | { readonly folder: undefined; readonly isLost: boolean }

interface Candidate {
  readonly folder: string
  /** Names that `to` stands for; undefined where nothing was replaced. */
  readonly from?: readonly string[]
  readonly to: string
}

function isPrefix(prefix: readonly string[], parts: readonly string[]): boolean {
  return prefix.length < parts.length && prefix.every((part, at) => parts[at] === part)
}

async function isFolder(candidate: string): Promise<boolean> {
  try {
    return (await stat(candidate)).isDirectory()
  } catch {
    return false // not there, or not for us: not a place to look into
  }
}
