/** The workspace's side of a run's code: its clones, and the questions that the commands share. */
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import { Remediable } from '../commands'
import type { Connections } from '../connections/connection'
import { gitExecutable } from '../settings'
import { type Clone, clonesOf } from './clones'
import { CodeMissing } from './codeMissing'
import { type Side, sideOf } from './side'
import { shortCommit } from '../../shared/commits'

/** @throws Error in Restricted Mode: git is a process */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted)
    throw new Error(t('Git is not run in Restricted Mode. Trust this workspace to see the code of its runs.'))
}

export function workspaceClones(signal?: AbortSignal): Promise<Clone[]> {
  requireTrust()
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file')
  return clonesOf(
    folders.map(({ uri }) => uri.fsPath),
    gitExecutable(),
    signal,
  )
}

/** The code of a run, from the clones of this workspace. @throws Remediable where a command would bring it */
export async function sideOfRun(run: RunRef, connections: Connections, signal: AbortSignal): Promise<Side> {
  const store = await connections.get(run.connection).store({ interactive: true, signal })
  try {
    return await sideOf(run, store, await workspaceClones(signal), signal)
  } catch (error) {
    if (!(error instanceof CodeMissing) || !error.remedy) throw error
    const { command, folder } = error.remedy
    throw new Remediable(new Error(`${error.message} ${command}`), {
      label: t('Show in Terminal'),
      act: () => {
        const terminal = vscode.window.createTerminal({ name: 'Git', ...(folder !== undefined && { cwd: folder }) })
        terminal.show()
        terminal.sendText(command, false) // the user is the one who runs it
      },
    })
  }
}

/** `brave-fox (3f2a1b0)`, and whether logged changes come on top. */
export function sideLabel({ runName, commit, diff }: Side): string {
  const short = shortCommit(commit.id)
  return diff ? t('{0} ({1} + uncommitted changes)', runName, short) : t('{0} ({1})', runName, short)
}
