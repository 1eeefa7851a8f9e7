/** Where MLflow keeps what in a file store. */
import path from 'node:path'
import { codeOf, entriesOf, isFolder, readStart, statOf, subfolders, textOf, wordOf } from './disk'
import { ProblemError } from './problems'

export const metaFile = 'meta.yaml'
const trash = '.trash'
const registry = 'models'

/** Folders of an experiment that are not runs. */
export const reservedFolders: ReadonlySet<string> = new Set(['tags', 'datasets', 'traces', registry])

/** As MLflow's: anything else is no experiment or run, however it came there. */
const experimentId = /^[a-zA-Z0-9][\w-]{0,63}$/
const runId = /^[a-zA-Z0-9][\w-]{0,255}$/
export const isRunId = (name: string): boolean => runId.test(name)

export interface ExperimentFolder {
  readonly id: string
  readonly folder: string
  readonly deleted: boolean
}

/**
 * The folder that has the experiments: `given`, or `mlruns` in it.
 *
 * @throws ProblemError where there is none
 */
export function rootOf(given: string): string {
  checkFolder(given)
  const candidates = [given, path.join(given, 'mlruns')].filter(isFolder)
  const root = candidates.find(isStore)
  if (root !== undefined) return root
  throw new ProblemError(candidates.some(hasRunArtifacts) ? 'onlyArtifacts' : 'notMlflow')
}

/** @throws ProblemError where it is not there, no folder, or not for us */
export function checkFolder(folder: string): void {
  try {
    const stats = statOf(folder)
    if (!stats) throw new ProblemError('missing')
    if (!stats.isDirectory()) throw new ProblemError('notAFolder')
    entriesOf(folder)
  } catch (error) {
    throw problemOf(error)
  }
}

export function problemOf(error: unknown): Error {
  if (error instanceof ProblemError) return error
  const code = codeOf(error)
  if (code === '') return error instanceof Error ? error : new Error(String(error))
  return new ProblemError(code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'unreadable', wordOf(error))
}

/** An experiment makes a store, and so does what MLflow leaves when the last one is gone for good. */
function isStore(folder: string): boolean {
  try {
    const names = subfolders(folder)
    if (names.includes(trash)) return true
    return names.some((name) =>
      name === registry
        ? subfolders(path.join(folder, name)).some((model) => hasMeta(path.join(folder, name, model)))
        : experimentId.test(name) && isExperiment(path.join(folder, name), name),
    )
  } catch {
    return false // not for us
  }
}

/** Other tools have files of that name, too. One that is damaged counts where the folder is called as experiments are: by a number. */
function isExperiment(folder: string, name: string): boolean {
  if (/^\d+$/.test(name)) return hasMeta(folder)
  const start = readStart(path.join(folder, metaFile))
  return start !== undefined && /^(?:artifact_location|experiment_id)\s*:/m.test(textOf(start.bytes))
}

const hasMeta = (folder: string): boolean => statOf(path.join(folder, metaFile))?.isFile() ?? false

/** MLflow with a database writes artifacts into folders of the same names. */
function hasRunArtifacts(folder: string): boolean {
  return subfolders(folder)
    .slice(0, 50)
    .some((id) =>
      subfolders(path.join(folder, id))
        .slice(0, 5)
        .some((run) => isFolder(path.join(folder, id, run, 'artifacts'))),
    )
}

/** All experiments by id; of two with one id the one that isn't deleted, as MLflow has it. Those of no known id are left out. */
export function experimentFolders(root: string): Map<string, ExperimentFolder> {
  const found = new Map<string, ExperimentFolder>()
  const add = (parent: string, deleted: boolean): void => {
    for (const id of subfolders(parent))
      if (experimentId.test(id) && (deleted || id !== registry) && !found.has(id))
        found.set(id, { id, folder: path.join(parent, id), deleted })
  }
  add(root, false)
  add(path.join(root, trash), true)
  return found
}

export function experimentFolder(root: string, id: string): ExperimentFolder | undefined {
  if (!experimentId.test(id) || id === registry) return undefined
  for (const deleted of [false, true]) {
    const folder = deleted ? path.join(root, trash, id) : path.join(root, id)
    if (isFolder(folder)) return { id, folder, deleted }
  }
  return undefined
}

export const registryFolder = (root: string): string => path.join(root, registry)
export const loggedModelsFolder = (experiment: ExperimentFolder): string => path.join(experiment.folder, registry)
