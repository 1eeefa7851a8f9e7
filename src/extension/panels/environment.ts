/** The Python environment that a run logged with its models. Knows no vscode. */
import { t } from '../../shared/l10n'
import type { FileInfo } from '../../shared/model'
import type { RunEnvironment } from '../../shared/protocol'
import type { TrackingStore } from '../stores'
import { parseYaml, type Yaml } from '../stores/files/yaml'

/** Folders of a run that are looked into, bytes of a file, packages, and characters of a name or version. */
const mostFolders = 8
const mostBytes = 256 * 1024
const mostPackages = 2000
const longest = 200

const files = ['requirements.txt', 'python_env.yaml', 'conda.yaml'] as const
type Name = (typeof files)[number]
type Texts = Partial<Record<Name, string>>

/** Versions by package. */
type Packages = Map<string, string>

/** Of all models of a run; where they differ in a package, it has several versions. @throws StoreError */
export async function readEnvironment(
  store: Pick<TrackingStore, 'listArtifacts' | 'readArtifact'>,
  runId: string,
  signal: AbortSignal,
): Promise<RunEnvironment> {
  const root = await store.listArtifacts(runId, undefined, signal)
  const folders = root.filter(({ isDir }) => isDir).slice(0, mostFolders)
  const inside = await Promise.all(folders.map(({ path }) => store.listArtifacts(runId, path, signal)))
  const versions = new Map<string, Set<string>>()
  for (const listing of [root, ...inside]) {
    const packages = packagesOf(await read(store, runId, listing, signal))
    for (const [name, version] of packages) versions.set(name, (versions.get(name) ?? new Set()).add(version))
  }
  const packages = [...versions].slice(0, mostPackages)
  return { packages: packages.map(([name, found]) => [name, [...found].join(' | ')]) }
}

async function read(
  store: Pick<TrackingStore, 'readArtifact'>,
  runId: string,
  listing: readonly FileInfo[],
  signal: AbortSignal,
): Promise<Texts> {
  const texts: Texts = {}
  for (const name of files) {
    const file = listing.find(({ path, isDir }) => !isDir && path.split('/').at(-1) === name)
    if (
      !file ||
      (name === 'conda.yaml' && texts['requirements.txt'] !== undefined && texts['python_env.yaml'] !== undefined)
    )
      continue
    const decoder = new TextDecoder()
    let text = ''
    for await (const piece of store.readArtifact(runId, file.path, signal, { start: 0, length: mostBytes }))
      text += decoder.decode(piece, { stream: true })
    texts[name] = text + decoder.decode()
  }
  return texts
}

/** What requirements.txt says, or else conda.yaml; the version of Python is in the other two. */
export function packagesOf(texts: Texts): Packages {
  const packages: Packages = new Map()
  const conda = listOf(parseYaml(texts['conda.yaml'] ?? '')?.get('dependencies'))
  const python = parseYaml(texts['python_env.yaml'] ?? '')?.get('python')
  if (typeof python === 'string' || typeof python === 'number') packages.set('python', String(python))
  for (const one of conda) {
    if (typeof one === 'string') addConda(packages, one)
    else if (one instanceof Map && texts['requirements.txt'] === undefined)
      for (const line of listOf((one as ReadonlyMap<string, Yaml>).get('pip')))
        if (typeof line === 'string') addRequirement(packages, line)
  }
  for (const line of (texts['requirements.txt'] ?? '').split('\n')) addRequirement(packages, line)
  return packages
}

const listOf = (value: Yaml | undefined): readonly Yaml[] => (Array.isArray(value) ? (value as readonly Yaml[]) : [])

/** `name=version=build`; others are as pip has them. */
function addConda(packages: Packages, text: string): void {
  const [, name, version] = /^([\w.-]+)={1,2}([^=]+)/.exec(text) ?? []
  if (name !== undefined && version !== undefined) add(packages, name, version)
  else addRequirement(packages, text)
}

/** A line of requirements.txt: options, comments, and what holds for some machines only are left out. */
function addRequirement(packages: Packages, line: string): void {
  const text = line.replace(/(?:^|\s)#.*$/, '').trim()
  const [, name, rest = ''] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*([^;]*)/.exec(text) ?? []
  if (name === undefined) return
  const exact = /^={2,3}\s*([^\s,=]+)\s*$/.exec(rest)?.[1]
  add(packages, name, exact ?? (rest.trim() === '' ? t('any version') : rest.trim().replace(/\/\/[^/@]*@/, '//')))
}

/** PyPI's names are the same in lower case, with any of its separators. */
function add(packages: Packages, name: string, version: string): void {
  packages.set(
    name
      .toLowerCase()
      .replaceAll(/[-_.]+/g, '-')
      .slice(0, longest),
    version.trim().slice(0, longest),
  )
}
