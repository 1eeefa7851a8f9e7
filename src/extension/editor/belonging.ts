/** Which runs belong to a file of code: what it says itself, then what the runs say of where they came from. Pure. */
import type { RunFrame } from '../../shared/runFrame'
import { isNamed, type MlflowCall, type Named } from './pythonCalls'

export const sourceTag = 'mlflow.source.name'
export const commitTag = 'mlflow.source.git.commit'
const entryPointTag = 'mlflow.project.entryPoint'

/** A file as runs may name it. */
export interface CodeFile {
  /** Absolute, with `/`. */
  readonly path: string
  /** Entry points of the MLproject beside it whose commands run it. */
  readonly entryPoints: readonly string[]
}

/** Why an experiment is taken for that of a file. */
export type Rule =
  | { readonly by: 'choice' }
  | { readonly by: 'code'; readonly line: number }
  /** Named by an environment variable that the code or MLflow itself looks at. */
  | { readonly by: 'environment'; readonly variable: string }
  | { readonly by: 'source' }
  /** By a run of this commit, which changed the file. */
  | { readonly by: 'history'; readonly commit: string }

/** The name of an experiment, as the code has it. */
export interface Claim {
  readonly experiment: Pick<Named, 'text' | 'isPattern'>
  readonly rule: Rule
}

/**
 * The experiment that the code logs to: the first that it sets. An environment variable that it asks first has precedence; MLflow's own
 * counts where the code sets none.
 */
export function claimOf(
  calls: readonly MlflowCall[],
  env: Readonly<Record<string, string | undefined>>,
): Claim | undefined {
  const call = calls.find(({ fn, key, environment }) => fn === 'set_experiment' && (key !== undefined || environment))
  if (call?.environment !== undefined) {
    const value = env[call.environment]
    if (value) return { experiment: literal(value), rule: { by: 'environment', variable: call.environment } }
  }
  const [named] = call?.named ?? []
  if (call && named) return { experiment: named, rule: { by: 'code', line: call.line } }
  const variable = 'MLFLOW_EXPERIMENT_NAME'
  const value = env[variable]
  return value ? { experiment: literal(value), rule: { by: 'environment', variable } } : undefined
}

const literal = (text: string): Claim['experiment'] => ({ text, isPattern: false })

/** Of experiments in their order the first that the claim names. */
export function claimed<T extends { readonly name: string }>(claim: Claim, experiments: readonly T[]): T | undefined {
  return experiments.find(({ name }) => isNamed(claim.experiment, name))
}

/**
 * Whether MLflow would have written `source` for a run of the file: as it was typed in some folder, so any end of the path will do.
 */
export function isSourceOf(source: string, { path }: Pick<CodeFile, 'path'>): boolean {
  const plain = source.replaceAll('\\', '/').replace(/^\.\//, '')
  return plain !== '' && (path === plain || (!plain.startsWith('/') && path.endsWith(`/${plain}`)))
}

/** Rows of runs that the file has logged; all of them, with `isAll`, where none says that it comes from there. */
export function rowsOfFile(
  frame: RunFrame,
  rows: Iterable<number>,
  file: CodeFile,
): { readonly rows: readonly number[]; readonly isAll: boolean } {
  const all = [...rows]
  const isOurs = new Map<string, boolean>()
  const bySource = (row: number): boolean => {
    const source = frame.tagAt(row, sourceTag) ?? ''
    let ours = isOurs.get(source)
    if (ours === undefined) isOurs.set(source, (ours = isSourceOf(source, file)))
    return ours
  }
  const ours = all.filter((row) => bySource(row) || file.entryPoints.includes(frame.tagAt(row, entryPointTag) ?? ''))
  return ours.length > 0 ? { rows: ours, isAll: false } : { rows: all, isAll: true }
}
