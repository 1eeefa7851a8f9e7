/** Folder stores for tests, and what the real MLflow says about them. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { TrackingStore } from '../../src/extension/stores'
import { openFilesStore } from '../../src/extension/stores/files'
import type { Run } from '../../src/shared/model'
import type { RunFrame } from '../../src/shared/runFrame'
import { python, type MlflowMajor, type SeededStore } from './servers'
import { workers } from './workers'

export interface SeededFolder extends Omit<SeededStore, 'database'> {
  /** The folder of the experiments. */
  readonly root: string
}

/** Fills a fresh file store by seed_files.py; some ten seconds. */
export async function seedFolder(version: MlflowMajor): Promise<SeededFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `mlflow-files-${version}-`))
  const seeded = await python(version, [path.join(import.meta.dirname, 'seed_files.py'), folder])
  return {
    ...(JSON.parse(seeded) as Pick<SeededStore, 'mlflow' | 'experiments' | 'runs' | 'loggedModels'>),
    folder,
    root: path.join(folder, 'mlruns'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** All that MLflow `version` tells of a store: see answers.py. */
export async function answersOf(version: MlflowMajor, uri: string): Promise<Answers> {
  return JSON.parse(await python(version, [path.join(import.meta.dirname, 'answers.py'), uri])) as Answers
}

export interface Answers {
  readonly experiments: readonly { readonly experimentId: string }[]
  readonly runs: Readonly<Record<string, readonly { readonly info: { readonly runId: string } }[]>>
  readonly histories: Readonly<Record<string, Readonly<Record<string, readonly (readonly unknown[])[]>>>>
  readonly models: readonly { readonly name: string }[]
  readonly versions: readonly { readonly name: string; readonly version: string }[]
  readonly loggedModels: readonly { readonly modelId: string }[]
}

/** Migrates a folder by MLflow 3's own command; resolves to the path of the database. */
export async function migrated(root: string, database: string): Promise<string> {
  const args = ['-m', 'mlflow', 'migrate-filestore', '--source', root, '--target', `sqlite:///${database}`]
  await python('3', args, { MLFLOW_ALLOW_FILE_STORE: 'true' })
  return database
}

/** The last lines that the stores wrote to their logs: for tests that fail for no reason seen. */
export const lastLines: string[] = []

function log(line: string): void {
  lastLines.push(`${new Date().toISOString()} ${line}`)
  if (lastLines.length > 200) lastLines.shift()
}

export const openFolder = (root: string): Promise<TrackingStore> =>
  openFilesStore(root, `file://${root}`, { workers, log })

export async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  return (await Array.fromAsync(pages)).flat()
}

export async function runsOf(frames: AsyncIterable<RunFrame>): Promise<Run[]> {
  return (await Array.fromAsync(frames)).flatMap((frame) =>
    Array.from({ length: frame.length }, (_, row) => frame.run(row)),
  )
}

/** As JSON has it in answers.py: maps as objects, numbers that aren't finite as texts. */
export function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, of]) => [String(key), plain(of)]))
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plain(of)]))
}
