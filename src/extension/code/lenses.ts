import * as vscode from 'vscode'
import { shortCommit } from '../../shared/commits'
import { t } from '../../shared/l10n'
import type { Connections } from '../connections/connection'
import { oneLine, withoutIcons } from '../tree/text'
import { parseCodeUri } from './uri'

/** Above a run's file: whose it is, what is known of changes that were not committed, and what can be done with it. */
export function codeLenses(connections: Connections): vscode.CodeLensProvider {
  return {
    async provideCodeLenses({ uri }, token) {
      const file = parseCodeUri(uri)
      if (!file) return []
      const { connection, runId, commit, path, diff, without } = file
      await connections.discovered
      const store = await connections.get(connection).store()
      const { info, tags } = await store.getRun(runId)
      if (token.isCancellationRequested) return []
      const { codeFactsOf } = await import('./runFacts')
      const { dirty } = codeFactsOf(tags)
      const known = diff
        ? t('with its uncommitted changes')
        : without
          ? t('without its uncommitted changes')
          : dirty === undefined
            ? t('uncommitted changes unknown')
            : dirty
              ? t('uncommitted changes were not logged')
              : t('no uncommitted changes')
      const top = new vscode.Range(0, 0, 0, 0)
      const run = { connection, runId }
      const lens = (title: string, command: string, options: object): vscode.CodeLens =>
        new vscode.CodeLens(top, { title, command, arguments: [options] })
      return [
        lens(
          `$(git-commit) ${t('{0} at {1}', withoutIcons(oneLine(info.runName || runId, 60)), shortCommit(commit))} · ${known}`,
          'mlflow.openRun',
          run,
        ),
        lens(t('Compare with Working Tree'), 'mlflow.compareCodeWithWorkingTree', { ...run, path }),
      ]
    },
  }
}
