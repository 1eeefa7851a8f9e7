/** Where to look for the user's Python, in the order that the user would expect. */
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { Log } from '../log'
import { messageOf } from '../commands'
import { readSetting } from '../settings'
import type { Candidate } from './interpreter'

const windows = process.platform === 'win32'

/** The setting; the Python extension's choice; `.venv` or `venv` beside the project or in its workspace folder; PATH. */
export async function interpreterCandidates(project: vscode.Uri | undefined, log: Log): Promise<Candidate[]> {
  const folders = foldersOf(project)
  const set = settingOf(project, folders.at(-1))
  if (set !== undefined) return [{ path: set, source: t('setting mlflow.pythonPath'), decisive: true }]
  return foundCandidates(project, log)
}

/** As `interpreterCandidates`, whatever the setting says. */
export async function foundCandidates(project: vscode.Uri | undefined, log: Log): Promise<Candidate[]> {
  const folders = foldersOf(project)
  const chosen = await chosenInPythonExtension(project, log)
  return withoutRepeats([
    ...(chosen === undefined ? [] : [{ path: chosen, source: t('Python extension') }]),
    ...folders.flatMap(virtualEnvironments),
    ...(windows ? ['python', 'py'] : ['python3', 'python']).map((name) => ({ path: name, source: t('PATH') })),
  ])
}

/**
 * Only what lies in the workspace, which the user trusts: looking at a store elsewhere must not run a Python beside it, but one of the
 * workspace's first folder.
 */
function foldersOf(project: vscode.Uri | undefined): string[] {
  const folder = project && vscode.workspace.getWorkspaceFolder(project)
  if (folder && project.scheme === 'file') return [project.fsPath, folder.uri.fsPath]
  const first = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')
  return first ? [first.uri.fsPath] : []
}

function settingOf(scope: vscode.Uri | undefined, folder: string | undefined): string | undefined {
  const value = readSetting('pythonPath', scope)
  if (value === '') return undefined
  const expanded = value.replace(/^~(?=[\\/])/, os.homedir()).replaceAll('${workspaceFolder}', folder ?? '')
  const isPath = /[\\/]/.test(expanded) // a bare name is looked up on PATH
  return isPath && folder !== undefined ? path.resolve(folder, expanded) : expanded
}

function virtualEnvironments(folder: string): Candidate[] {
  return ['.venv', 'venv']
    .map((name) => path.join(folder, name, windows ? 'Scripts/python.exe' : 'bin/python'))
    .filter((file) => existsSync(file))
    .map((file) => ({ path: file, source: path.basename(path.dirname(path.dirname(file))) }))
}

function withoutRepeats(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((one, index) => candidates.findIndex((other) => other.path === one.path) === index)
}

// The part of the Python extension's public API that is used; it is somebody else's object, so each answer is checked.
const PythonApi = v.object({
  environments: v.object({ getActiveEnvironmentPath: v.function(), resolveEnvironment: v.function() }),
})
const ResolvedEnvironment = v.object({
  executable: v.object({ uri: v.optional(v.object({ fsPath: v.pipe(v.string(), v.minLength(1)) })) }),
})

async function chosenInPythonExtension(resource: vscode.Uri | undefined, log: Log): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>('ms-python.python')
  if (!extension) return undefined
  try {
    const { environments } = v.parse(PythonApi, await extension.activate())
    const chosen: unknown = environments.getActiveEnvironmentPath(resource)
    const resolved: unknown = await environments.resolveEnvironment(chosen)
    return v.parse(v.optional(ResolvedEnvironment), resolved ?? undefined)?.executable.uri?.fsPath
  } catch (error) {
    log.warn(`The Python extension did not tell its interpreter: ${messageOf(error)}`)
    return undefined
  }
}
