/** Choosing the Python whose MLflow does the writing and the running; what is missing there can be installed. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import { defineCommand, type CommandDefinition } from '../commands'
import type { Log } from '../log'
import { savePythonPath } from '../settings'
import { askChoice, askText } from '../ui/prompts'
import { confirm } from '../ui/steps'
import { foundCandidates } from './candidates'
import { HelperError } from './helper'
import { findInterpreter, requireTrust, scriptsOf } from './index'
import { probeWith, type Candidate, type Environment } from './interpreter'

interface SelectServices {
  readonly extensionUri: vscode.Uri
  readonly log: Log
}

const SelectPython = v.object({
  /** Path of the interpreter; empty to look for one as if none had been chosen. */
  path: v.optional(v.string()),
})

export function selectPythonCommand(services: SelectServices): CommandDefinition {
  return defineCommand('mlflow.selectPython', SelectPython, async ({ path }) => {
    requireTrust(t('Starting Python'))
    const chosen = path ?? (await askInterpreter(services))
    const environment = chosen === '' ? undefined : await probed(chosen, services)
    if (environment instanceof Error) throw environment
    if (environment?.mlflow === null && path === undefined) {
      await offerToInstall(environment)
      await savePythonPath(chosen)
      const { python, mlflow } = await findInterpreter(services, firstFolder())
      return { path: chosen, python, mlflow }
    }
    await savePythonPath(chosen)
    if (chosen === '') {
      const { executable, python, mlflow } = await findInterpreter(services, firstFolder())
      return { path: executable, python, mlflow }
    }
    if (environment && environment.mlflow !== null) await findInterpreter(services, firstFolder()) // it is shown
    return { path: chosen, python: environment?.python ?? null, mlflow: environment?.mlflow ?? null }
  })
}

const firstFolder = (): vscode.Uri | undefined => vscode.workspace.workspaceFolders?.[0]?.uri

async function askInterpreter(services: SelectServices): Promise<string> {
  const title = t('Select Python Environment')
  const candidates = await foundCandidates(firstFolder(), services.log)
  const rows = await Promise.all(
    candidates.map(async (candidate) => rowOf(candidate, await probed(candidate.path, services))),
  )
  const usable = rows.flatMap((row) => row ?? [])
  const items = [
    ...usable,
    { label: `$(folder) ${t('Enter a path…')}`, description: '', path: undefined },
    { label: `$(search) ${t('Look for one')}`, description: t('the first of these that has mlflow'), path: '' },
  ]
  const placeholder = t('The Python whose MLflow changes local stores and runs projects')
  const { path } = await askChoice({ title, placeholder, items })
  if (path !== undefined) return path
  return (
    await askText({ title, prompt: t('Path of a Python interpreter'), accept: (text) => refusal(text, services) })
  ).trim()
}

interface Row {
  readonly label: string
  readonly description: string
  readonly path: string
}

/** Undefined of one that does not run. */
function rowOf({ path, source }: Candidate, environment: Environment | HelperError): Row | undefined {
  if (environment instanceof Error) return undefined
  const { python, mlflow } = environment
  const what = mlflow === null ? t('no mlflow') : `mlflow ${mlflow}`
  return { label: path, description: `${what} · Python ${python} · ${source}`, path: environment.executable }
}

async function refusal(text: string, services: SelectServices): Promise<string | undefined> {
  if (text.trim() === '') return t('Give a path.')
  const environment = await probed(text.trim(), services)
  return environment instanceof Error ? environment.message : undefined
}

async function probed(path: string, { extensionUri }: SelectServices): Promise<Environment | HelperError> {
  try {
    return await probeWith(scriptsOf(extensionUri))(path)
  } catch (error) {
    if (error instanceof HelperError) return error
    throw error
  }
}

/** Shows the command, and runs it in a terminal where the user agrees, to its end. @throws Dismissed; Error where it fails */
async function offerToInstall({ executable }: Environment): Promise<void> {
  const command = [executable, '-m', 'pip', 'install', 'mlflow']
  await confirm(t('This Python has no mlflow. Install it there?'), command.join(' '), t('Install'))
  const terminal = vscode.window.createTerminal({
    name: t('Install mlflow'),
    shellPath: executable,
    shellArgs: command.slice(1),
  })
  terminal.show()
  const title = t('Installing mlflow in {0}', executable)
  const where = { location: vscode.ProgressLocation.Notification, title }
  const code = await vscode.window.withProgress(where, () => exitOf(terminal))
  if (code !== 0)
    throw new Error(t('pip did not install mlflow in {0} ({1}). Its words are in the terminal.', executable, code))
}

/** Resolves when the terminal has ended, or was closed. */
function exitOf(terminal: vscode.Terminal): Promise<number | string> {
  return new Promise((resolve) => {
    const listening = vscode.window.onDidCloseTerminal((closed) => {
      if (closed !== terminal) return
      listening.dispose()
      resolve(closed.exitStatus?.code ?? t('the terminal was closed'))
    })
  })
}
