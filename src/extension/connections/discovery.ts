/** Looks through the workspace, the environment and the settings for MLflow stores. */
import os from 'node:os'
import path from 'node:path'
import { parseEnv } from 'node:util'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { Log } from '../log'
import { connectionsSetting } from '../settings'
import { sourcesOfSetting, type Problem, type Source } from './sources'
import { isMlflowDatabase } from './sqliteFile'

/** Relative to a workspace folder. */
export const databasePattern = '**/*.{db,sqlite,sqlite3}'
/** What an experiment has in a folder store, and not where only artifacts lie, as beside an `mlflow.db` of MLflow 3.7 or later. */
const folderStorePattern = '**/mlruns/*/meta.yaml'
const crowded =
  'node_modules,.venv,venv,env,.env,.tox,.git,site-packages,__pycache__,dist,build,out,.vscode-test'.split(',')
/** Folders with many files and no store; also the runs of a folder store, which are not to be walked through to find it. */
const neverIn = `{${[...crowded.map((name) => `**/${name}/**`), '**/mlruns/*/*/*'].join(',')}}`
const mostDatabases = 200
const mostExperiments = 10_000
const deepest = 5

interface Discovered {
  readonly sources: readonly Source[]
  readonly problems: readonly Problem[]
}

export async function discover(log: Log): Promise<Discovered> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file')
  const firstFolder = folders[0]?.uri.fsPath ?? os.homedir()
  const inFolders = await Promise.all([
    ...folders.flatMap((folder) => [fromDotenv(folder, log), databasesIn(folder), foldersIn(folder)]),
  ])
  return joined([fromSettings(firstFolder), fromEnvironment(firstFolder), ...inFolders])
}

const joined = (found: readonly Discovered[]): Discovered => ({
  sources: found.flatMap(({ sources }) => sources),
  problems: found.flatMap(({ problems }) => problems),
})

function fromSettings(folder: string): Discovered {
  const { user, workspace } = connectionsSetting()
  return joined([
    sourcesOfSetting(workspace, { byUser: false, folder }),
    sourcesOfSetting(user, { byUser: true, folder: os.homedir() }),
  ])
}

function fromEnvironment(folder: string): Discovered {
  const uri = process.env.MLFLOW_TRACKING_URI
  if (!uri) return none
  return {
    sources: [
      { origin: 'environment', uri, folder, where: t('environment variable MLFLOW_TRACKING_URI'), byUser: true },
    ],
    problems: [],
  }
}

async function fromDotenv({ uri: folder, name }: vscode.WorkspaceFolder, log: Log): Promise<Discovered> {
  let text
  try {
    text = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, '.env'))).toString('utf8')
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound'))
      log.warn(`.env of ${name}: ${String(error)}`)
    return none
  }
  const variables = parseEnv(text)
  const uri = variables.MLFLOW_TRACKING_URI
  if (!uri) return none
  const where = t('MLFLOW_TRACKING_URI in {0}', `${name}/.env`)
  return { sources: [{ origin: 'dotenv', uri, folder: folder.fsPath, where, byUser: false, variables }], problems: [] }
}

async function databasesIn(folder: vscode.WorkspaceFolder): Promise<Discovered> {
  const files = await filesIn(folder, databasePattern, mostDatabases)
  const stores = await Promise.all(
    files.map(async (file) => ((await isStoreToOffer(folder.uri.fsPath, file.fsPath)) ? [file.fsPath] : [])),
  )
  return { sources: stores.flat().map((file) => inWorkspace(file, folder)), problems: [] }
}

/** The folder's own `mlflow.db` always: when it is broken, the user wants to be told. */
const isStoreToOffer = async (folder: string, file: string): Promise<boolean> =>
  file === path.join(folder, 'mlflow.db') || (await isMlflowDatabase(file))

async function foldersIn(folder: vscode.WorkspaceFolder): Promise<Discovered> {
  const files = await filesIn(folder, folderStorePattern, mostExperiments)
  const stores = new Set(files.map((file) => path.dirname(path.dirname(file.fsPath))))
  return { sources: [...stores].map((store) => inWorkspace(store, folder)), problems: [] }
}

const inWorkspace = (uri: string, folder: vscode.WorkspaceFolder): Source => ({
  origin: 'workspace',
  uri,
  folder: folder.uri.fsPath,
  where: folder.name,
  byUser: false,
})

/** Shallow ones first. */
async function filesIn(folder: vscode.WorkspaceFolder, pattern: string, most: number): Promise<vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, pattern), neverIn, most)
  const depth = (file: vscode.Uri): number => path.relative(folder.uri.fsPath, file.fsPath).split(path.sep).length
  return files
    .filter((file) => depth(file) <= deepest)
    .sort((a, b) => depth(a) - depth(b) || a.fsPath.localeCompare(b.fsPath))
}

const none: Discovered = { sources: [], problems: [] }
