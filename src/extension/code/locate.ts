/** Which file of a commit a run's source was. Pure. */

export interface Source {
  /** `mlflow.source.name`: relative, absolute on whatever machine, or no path at all. */
  readonly name: string
  /** Of the clone at hand. */
  readonly root: string
}

/**
 * Files that may be the one, best first: those which share most of the end of its path. None where no file has its name.
 *
 * @param files of the commit, from its root, with `/`
 */
export function locate(files: readonly string[], { name, root }: Source): string[] {
  const wanted = partsOf(name)
  const last = wanted.at(-1)
  if (last === undefined) return []
  const inside = insideOf(wanted, partsOf(root))
  const exact = inside?.join('/')
  if (exact !== undefined && files.includes(exact)) return [exact]
  let longest = 0
  let found: string[] = []
  for (const file of files) {
    if (file !== last && !file.endsWith(`/${last}`)) continue
    const shared = sharedEnd(file.split('/'), wanted)
    if (shared > longest) [longest, found] = [shared, []]
    if (shared === longest) found.push(file)
  }
  const whole = wanted.join('/')
  return found.sort((a, b) => Number(b === whole) - Number(a === whole) || a.length - b.length || (a < b ? -1 : 1))
}

/** Parts of a path below a folder; undefined where it does not lie there, or is relative. */
function insideOf(path: readonly string[], folder: readonly string[]): string[] | undefined {
  const lies = folder.length > 0 && folder.every((part, index) => path[index] === part)
  return lies ? path.slice(folder.length) : undefined
}

function partsOf(path: string): string[] {
  return path
    .replace(/^file:\/\//, '')
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.')
}

function sharedEnd(one: readonly string[], other: readonly string[]): number {
  let count = 0
  while (count < one.length && count < other.length && one.at(-1 - count) === other.at(-1 - count)) count++
  return count
}

/** Folder of a project in its repository, as its URI tells it after `#`; undefined where it does not. */
export function projectFolder(source: string): string | undefined {
  const hash = source.indexOf('#')
  return hash < 0 ? undefined : partsOf(source.slice(hash + 1)).join('/')
}

/** The script that an entry point's command runs, as a path in the repository. */
export function scriptOf(command: string, folder: string, files: readonly string[]): string | undefined {
  const known = new Set(files)
  for (const word of command.split(/\s+/)) {
    const script = word.replace(/^["']|["']$/g, '')
    if (!/\.(?:py|ipynb|r|sh)$/i.test(script)) continue
    const path = [...partsOf(folder), ...partsOf(script)].join('/')
    if (known.has(path)) return path
  }
  return undefined
}
