/** Which runs belong to a file of code: what it says itself, then what the runs say of where they came from. Pure. */
import path from 'node:path'
import type { RunFrame } from '../../shared/runFrame'
import { isNamed, type MlflowCall, type Named } from './pythonCalls'

export const sourceTag = 'mlflow.source.name'
const entryPointTag = 'mlflow.project.entryPoint'

/** A file as runs may name it. */
export interface CodeFile {
  /** Absolute, with `/`. */
  readonly path: string
  /** Entry points of the MLproject beside it whose commands run it. */
  readonly entryPoints: readonly string[]
  /** Folder of that MLproject. */
  readonly projectFolder?: string | undefined
}

/** Why an experiment is taken for that of a file. */
export type Rule =
  | { readonly by: 'choice' }
  | { readonly by: 'code'; readonly line: number }
  /** The only one there is that the code can mean. */
  | { readonly by: 'pattern'; readonly line: number }
  /** Named by an environment variable that the code or MLflow itself looks at. */
  | { readonly by: 'environment'; readonly variable: string }
  | { readonly by: 'source' }
  /** By a run of this commit, which changed the file. */
  | { readonly by: 'history'; readonly commit: string }

/** An experiment, as the code has it: by its name, or by its id. */
export interface Claim {
  readonly experiment: Pick<Named, 'text' | 'isPattern'>
  readonly isId: boolean
  readonly rule: Rule
}

/** What the code says of where it logs. */
export interface Claims {
  /** Each experiment once. */
  readonly all: readonly Claim[]
  /** It sets an experiment that is known at run time only. */
  readonly isOpen: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/** The experiments that the code logs to; those of MLflow's own variables where it sets none. */
export function claimsOf(calls: readonly MlflowCall[], env: Environment): Claims {
  const sets = calls.filter(({ fn, isBlank }) => fn === 'set_experiment' && !isBlank)
  const starts = calls.filter(({ fn, experimentId }) => fn !== 'set_experiment' && experimentId !== undefined)
  if (sets.length + starts.length === 0) return { all: ofEnvironment(env), isOpen: false }
  const bySet = sets.map((call) => claimOf(call, env))
  const byStart = starts.flatMap((call) => byId(call) ?? [])
  const all = new Map<string, Claim>()
  for (const claim of [...bySet, ...byStart]) if (claim && !all.has(keyOf(claim))) all.set(keyOf(claim), claim)
  // A run that is given an id which isn't known most likely has it from the experiment that is set.
  const isOpen = bySet.includes(undefined) || (sets.length === 0 && byStart.length < starts.length)
  return { all: [...all.values()], isOpen }
}

/** The same for claims of the same experiments, wherever in the code they are. */
export const keyOfClaims = ({ all, isOpen }: Claims): string => JSON.stringify([isOpen, ...all.map(keyOf)])

const keyOf = ({ experiment: { text, isPattern }, isId }: Claim): string => JSON.stringify([text, isPattern, isId])

function claimOf(call: MlflowCall, env: Environment): Claim | undefined {
  const { environment: variable, line, named } = call
  const value = variable === undefined ? undefined : env[variable]
  if (variable !== undefined && value) return literal(value, false, { by: 'environment', variable })
  const [experiment] = named
  return experiment ? { experiment, isId: false, rule: { by: 'code', line } } : byId(call)
}

const byId = ({ experimentId, line }: MlflowCall): Claim | undefined =>
  experimentId ? literal(experimentId, true, { by: 'code', line }) : undefined

function ofEnvironment(env: Environment): Claim[] {
  for (const variable of ['MLFLOW_EXPERIMENT_NAME', 'MLFLOW_EXPERIMENT_ID']) {
    const value = env[variable]
    if (value) return [literal(value, variable.endsWith('ID'), { by: 'environment', variable })]
  }
  return []
}

const literal = (text: string, isId: boolean, rule: Rule): Claim => ({
  experiment: { text, isPattern: false },
  isId,
  rule,
})

/** Of experiments those that a claim may mean. */
export function claimed<T extends { readonly name: string }>(claim: Claim, experiments: readonly T[]): T[] {
  return experiments.filter(({ name }) => isNamed(claim.experiment, name))
}

/**
 * Whether MLflow would have written `source` for a run of the file: as it was typed in some folder, so any end of the path will do.
 */
export function isSourceOf(source: string, { path: file }: Pick<CodeFile, 'path'>): boolean {
  const said = plain(source)
  const ours = plain(file)
  if (said === '.') return false
  return isAbsolute(said) ? said === ours : ours.endsWith(`/${asIn(ours, said)}`)
}

/** A path as it is compared with another. */
const asIn = (full: string, said: string): string => (isAbsolute(full) === 'drive' ? said.toLowerCase() : said)

/**
 * Of sources those of the file. A bare name is of whichever file has it: where some sources name the file by its folders and others
 * another one of its name, only those with folders count.
 */
export function sourcesOf(sources: ReadonlySet<string>, file: Pick<CodeFile, 'path'>): ReadonlySet<string> {
  const ours = [...sources].filter((source) => isSourceOf(source, file))
  const inFolders = ours.filter((source) => plain(source).includes('/'))
  const full = plain(file.path)
  const isOther = (source: string): boolean =>
    asIn(full, plain(source)).endsWith(full.slice(full.lastIndexOf('/'))) && !ours.includes(source)
  return new Set(inFolders.length > 0 && [...sources].some(isOther) ? inFolders : ours)
}

/** A path with `/`, without steps up and down; on Windows, where case does not count, in lower case. */
function plain(text: string): string {
  const slashes = text
    .replace(/^file:\/\/(?:localhost)?(?=\/)/i, '')
    .replaceAll('\\', '/')
    .replace(/^\/(?=[a-z]:\/)/i, '')
  const normal = path.posix
    .normalize(slashes)
    .replace(/^(?:\.\.\/)+/, '')
    .replace(/(?<=.)\/$/, '')
  return isAbsolute(normal) === 'drive' ? normal.toLowerCase() : normal
}

const isAbsolute = (text: string): 'root' | 'drive' | undefined =>
  text.startsWith('/') ? 'root' : /^[a-z]:\//i.test(text) ? 'drive' : undefined

/** Whether a run of an MLproject was one of this one: its source is `folder`, or `repository#folder`. */
function isProjectAt(source: string, folder: string | undefined): boolean {
  return folder !== undefined && source !== '' && plain(source.replace('#', '/')) === plain(folder)
}

/** Rows of runs that the file has logged; all of them, with `isAll`, where none says that it comes from there. */
export function rowsOfFile(
  frame: RunFrame,
  rows: Iterable<number>,
  file: CodeFile,
): { readonly rows: readonly number[]; readonly isAll: boolean } {
  const all = [...rows]
  const sourceAt = (row: number): string => frame.tagAt(row, sourceTag) ?? ''
  const sources = new Set(all.map(sourceAt))
  const files = sourcesOf(sources, file)
  const projects = new Set([...sources].filter((source) => isProjectAt(source, file.projectFolder)))
  const ours = all.filter((row) => {
    const source = sourceAt(row)
    return (
      files.has(source) || (projects.has(source) && file.entryPoints.includes(frame.tagAt(row, entryPointTag) ?? ''))
    )
  })
  return ours.length > 0 ? { rows: ours, isAll: false } : { rows: all, isAll: true }
}
