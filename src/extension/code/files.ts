/** What stands behind the URIs of a run's code. */
import * as vscode from 'vscode'
import { indentJson } from '../../shared/artifacts/jsonText'
import { t } from '../../shared/l10n'
import type { Connections } from '../connections/connection'
import { cloneAt } from './clones'
import { readLoggedDiff, readSide } from './side'
import { codeFactsOf } from './runFacts'
import { artifactOf, parseCodeUri } from './uri'
import { workspaceClones } from './workspace'

/** Milliseconds. */
const deadline = 60_000

export async function readCode(uri: vscode.Uri, connections: Connections): Promise<Uint8Array> {
  const file = parseCodeUri(uri)
  if (!file) throw vscode.FileSystemError.NoPermissions(t('{0} is not a file of a run’s code.', uri.path))
  const signal = AbortSignal.timeout(deadline)
  const clone = await cloneAt(file.root, await workspaceClones(signal), signal)
  if (!clone) throw vscode.FileSystemError.Unavailable(t('{0} is not a repository of this workspace.', file.root))
  const commit = { clone, id: file.commit }
  if (!file.diff) return readSide(commit, undefined, file.path, signal)
  await connections.discovered
  const store = await connections.get(file.connection).store({ interactive: true, signal })
  const facts = codeFactsOf((await store.getRun(file.runId, signal)).tags)
  return readSide(commit, await readLoggedDiff(file.runId, facts, file.diff, store, signal), file.path, signal)
}

/** An artifact's JSON, indented. */
export async function readJson(uri: vscode.Uri): Promise<Uint8Array> {
  const bytes = await vscode.workspace.fs.readFile(artifactOf(uri))
  return new TextEncoder().encode(indentJson(new TextDecoder().decode(bytes)))
}
