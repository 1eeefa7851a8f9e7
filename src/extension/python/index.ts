/** The user's own Python: found, asked, and kept from changing a database unasked. */
import path from 'node:path'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { Log } from '../log'
import { interpreterCandidates } from './candidates'
import { Remediable } from '../commands'
import { chooseInterpreter, type Interpreter, NoInterpreterError, probeWith } from './interpreter'

export type { Interpreter } from './interpreter'
export { guardSchema } from './schemaGuard'

const found = new vscode.EventEmitter<Interpreter>()
/** Told of each interpreter that is used. */
export const onDidFindInterpreter = found.event

/** Folder of the helper scripts. */
export function scriptsOf(extensionUri: vscode.Uri): string {
  return path.join(extensionUri.fsPath, 'src', 'python')
}

/**
 * The Python that has MLflow, for the project in `project` (a folder) or for the workspace.
 * @throws Remediable of a NoInterpreterError; Error in Restricted Mode
 */
export async function findInterpreter(
  { extensionUri, log }: { readonly extensionUri: vscode.Uri; readonly log: Log },
  project: vscode.Uri | undefined,
  signal?: AbortSignal,
): Promise<Interpreter> {
  requireTrust(t('Starting Python'))
  const candidates = await interpreterCandidates(project, log)
  const interpreter = await chooseInterpreter(candidates, probeWith(scriptsOf(extensionUri), signal), signal).catch(
    (error: unknown) => {
      if (!(error instanceof NoInterpreterError)) throw error
      const act = (): void => void vscode.commands.executeCommand('mlflow.selectPython')
      throw new Remediable(error, { label: t('Select Python Environment…'), act })
    },
  )
  const { executable, python, mlflow, source } = interpreter
  log.info(`using ${executable} (${source}): Python ${python}, mlflow ${mlflow}`)
  found.fire(interpreter)
  return interpreter
}

/** @param what the act, as a sentence begins: "Running a project". @throws Error in Restricted Mode */
export function requireTrust(what: string): void {
  if (vscode.workspace.isTrusted) return
  throw new Error(
    t(
      '{0} is refused in Restricted Mode. Trust this workspace first (command “Workspaces: Manage Workspace Trust”).',
      what,
    ),
  )
}
