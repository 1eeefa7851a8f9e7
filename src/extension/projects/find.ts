/** MLprojects in folders: at their root and below, where people keep them, without walking into environments and stores. */
import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { t } from '../../shared/l10n'
import type { MlProject } from './mlproject'

export interface FoundProject extends MlProject {
  /** Absolute path of the folder. */
  readonly folder: string
  /** Absolute path of the MLproject file. */
  readonly file: string
}

const deepest = 5
const mostFolders = 2_000
const skipped = new Set([
  'node_modules',
  'venv',
  'env',
  'site-packages',
  'mlruns',
  'mlartifacts',
  '__pycache__',
  'dist',
  'build',
])

/** Folders with an MLproject file, nearest first. MLflow takes any case: `MLproject`, `mlproject`. */
export async function findProjectFolders(roots: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const found: string[] = []
  let level = [...new Set(roots)]
  let visited = 0
  for (let depth = 0; depth <= deepest && level.length > 0 && visited < mostFolders; depth++) {
    const next: string[] = []
    for (const folder of level.slice(0, mostFolders - visited)) {
      signal?.throwIfAborted()
      visited++
      const entries = await entriesOf(folder)
      if (entries.some(isProjectFile)) found.push(folder)
      next.push(...entries.filter(isWalked).map((entry) => path.join(folder, entry.name)))
    }
    level = next
  }
  return [...new Set(found)]
}

/** Reads the MLproject of a folder. @throws Error where there is none */
export async function readProject(folder: string): Promise<FoundProject> {
  const project = await projectIn(folder)
  if (!project) throw new Error(t('There is no MLproject file in {0}.', folder))
  return project
}

/** The MLproject of a folder, where there is one. */
export async function projectIn(folder: string): Promise<FoundProject | undefined> {
  const entry = (await entriesOf(folder)).find(isProjectFile)
  if (!entry) return undefined
  const file = path.join(folder, entry.name)
  const { parseMlProject } = await import('./mlproject') // with its YAML parser, which activation does without
  return { folder, file, ...parseMlProject(await readFile(file, 'utf8')) }
}

const isProjectFile = (entry: Dirent): boolean => entry.name.toLowerCase() === 'mlproject' && !entry.isDirectory()
const isWalked = (entry: Dirent): boolean =>
  entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name)

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch {
    return [] // not there or not readable: nothing to be found in it
  }
}
