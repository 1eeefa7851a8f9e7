/** What a run ran, and what changed since or between two runs. All but the commands' names is loaded when first used. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import { type CommandDefinition, connectionOption, defineCommand } from '../commands'
import type { Connections } from '../connections/connection'
import { pickRun, pickRuns } from '../panels/pickRuns'
import { codeLenses } from './lenses'
import { ReadOnlyFiles } from './readOnlyFiles'
import { codeScheme, jsonScheme } from './uri'

const text = v.optional(v.pipe(v.string(), v.nonEmpty()))

const run = v.object({ ...connectionOption, runId: text })

const OpenCode = v.object({ ...run.entries, path: text, uncommitted: v.optional(v.boolean(), true) })
const WithWorkingTree = v.object({ ...run.entries, path: text })
/** `runIds`: two runs of the connection; `selection`: two, each of any. */
const TwoRuns = {
  ...run.entries,
  runIds: v.optional(v.array(v.string())),
  selection: v.optional(v.array(run)),
}
const CompareCode = v.object({ ...TwoRuns, path: text })
/** `path`: of the artifact, in both runs. */
const CompareArtifacts = v.object({ ...TwoRuns, path: text })
type Two = Omit<v.InferOutput<typeof CompareCode>, 'path'>

/** A line of a file, from 1; the cursor's, of the active editor, where left out. */
const OfLine = v.object({
  ...connectionOption,
  path: text,
  line: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

export function codeCommands(connections: Connections): CommandDefinition[] {
  return [
    defineCommand('mlflow.openRunCode', OpenCode, async ({ path, uncommitted, ...which }) => {
      const chosen = await oneRun(connections, which, t('Open Code of Run'))
      const { openRunCode } = await import('./openCode')
      return openRunCode(connections, { run: chosen, path, uncommitted })
    }),

    defineCommand('mlflow.compareCodeWithWorkingTree', WithWorkingTree, async ({ path, ...which }) => {
      const chosen = await oneRun(connections, which, t('Compare Code with Working Tree'))
      const { compareWithWorkingTree } = await import('./compareCode')
      return compareWithWorkingTree(connections, chosen, path)
    }),

    defineCommand('mlflow.compareRunCode', CompareCode, async ({ path, ...which }) => {
      const chosen = await twoRuns(connections, which, t('Compare Code of Runs'))
      const { compareRunCode } = await import('./compareCode')
      return compareRunCode(connections, chosen, path)
    }),

    defineCommand('mlflow.compareArtifacts', CompareArtifacts, async ({ path, ...which }) => {
      const chosen = await twoRuns(connections, which, t('Compare Artifacts of Runs'))
      const { compareArtifacts } = await import('./compareArtifacts')
      return compareArtifacts(connections, chosen, path)
    }),

    defineCommand('mlflow.showRunsSinceLineChanged', OfLine, async ({ connection, path, line }) => {
      await connections.discovered
      const editor = vscode.window.activeTextEditor
      const document = path === undefined ? editor?.document : await vscode.workspace.openTextDocument(path)
      if (!document) throw new Error(t('No file is open whose line could be looked up.'))
      const wanted = line ?? (editor?.document === document ? editor.selection.active.line + 1 : 1)
      const { showRunsSinceLine } = await import('./lineRuns')
      return showRunsSinceLine(connections.get(connection), document, wanted)
    }),
  ]
}

export function registerCodeFiles(connections: Connections): vscode.Disposable {
  const code = new ReadOnlyFiles(async (uri) => (await import('./files')).readCode(uri, connections))
  const json = new ReadOnlyFiles(async (uri) => (await import('./files')).readJson(uri))
  const options = { isReadonly: true, isCaseSensitive: true }
  return vscode.Disposable.from(
    vscode.workspace.registerFileSystemProvider(codeScheme, code, options),
    vscode.workspace.registerFileSystemProvider(jsonScheme, json, options),
    vscode.languages.registerCodeLensProvider({ scheme: codeScheme }, codeLenses(connections)),
  )
}

async function oneRun(
  connections: Connections,
  { connection, runId }: v.InferOutput<typeof run>,
  title: string,
): Promise<RunRef> {
  await connections.discovered
  const from = connections.get(connection)
  return runId === undefined ? pickRun(from, title) : { connection: from.id, runId }
}

/** Asked for where they are not two. */
async function twoRuns(connections: Connections, options: Two, title: string): Promise<[RunRef, RunRef]> {
  await connections.discovered
  const named = [
    ...(options.selection ?? [options]),
    ...(options.runIds ?? []).map((runId) => ({ connection: options.connection, runId })),
  ].flatMap(({ connection, runId }) =>
    runId === undefined ? [] : [{ connection: connections.get(connection ?? options.connection).id, runId }],
  )
  const [one, other] = named
  if (named.length === 2 && one && other) return [one, other]
  if (named.length > 2) throw new Error(t('Two runs are compared, not {0}.', named.length))
  const from = connections.get(one?.connection ?? options.connection)
  const picked = await pickRuns(from, title, named)
  const [first, second] = picked
  if (picked.length !== 2 || !first || !second) throw new Error(t('Two runs are compared, not {0}.', picked.length))
  return [first, second]
}
