import path from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'
import { type CommandDefinition, connectionOption, defineCommand, Dismissed, type Json } from '../commands'
import type { Connections } from '../connections/connection'
import { StoreError, type TrackingStore } from '../stores'
import { saveArtifact, type Progress } from './save'

const SaveArtifact = v.object({
  ...connectionOption,
  runId: v.pipe(v.string(), v.nonEmpty()),
  /** Of a file or a folder; left out or empty: all artifacts of the run. */
  path: v.optional(v.string(), ''),
  /** Absolute path, or `file:` URI, of the file or folder to make; asked for when left out. */
  target: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Replace a file that is there. */
  overwrite: v.optional(v.boolean(), false),
})

export function artifactCommands(connections: Connections): CommandDefinition[] {
  return [defineCommand('mlflow.saveArtifact', SaveArtifact, (options) => save(options, connections))]
}

async function save(options: v.InferOutput<typeof SaveArtifact>, connections: Connections): Promise<Json> {
  await connections.discovered
  const { runId, path: given } = options
  const artifact = given.replace(/\/$/, '')
  if (artifact.split(/[\\/]/).includes('..') || artifact.startsWith('/'))
    throw new StoreError('refused', t('“{0}” leads out of the run’s artifacts and was not opened.', artifact))
  const store = await connections.get(options.connection).store({ interactive: true })
  const chosen = options.target === undefined ? await askTarget(store, runId, artifact) : undefined
  const target = chosen ?? pathOf(options.target ?? '')
  const overwrite = chosen !== undefined || options.overwrite // the dialog has asked
  const saved = await withProgress(artifact || t('artifacts'), (signal, told) =>
    saveArtifact({ store, runId, artifact, target, overwrite, signal, told }),
  )
  vscode.window.setStatusBarMessage(`$(check) ${t('Saved to {0}', target)}`, 5_000)
  return { target, ...saved }
}

/** @throws Dismissed */
async function askTarget(store: TrackingStore, runId: string, artifact: string): Promise<string> {
  const name = artifact === '' ? runId : artifact.slice(artifact.lastIndexOf('/') + 1)
  const start = vscode.workspace.workspaceFolders?.[0]?.uri
  const folder = artifact === '' || (await isFolder(store, runId, artifact))
  const title = t('Save {0}', artifact || t('artifacts'))
  if (!folder) {
    const uri = await vscode.window.showSaveDialog({
      title,
      ...(start && { defaultUri: vscode.Uri.joinPath(start, name) }),
    })
    if (!uri) throw new Dismissed()
    return pathOf(uri.toString())
  }
  const [parent] =
    (await vscode.window.showOpenDialog({
      title,
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: t('Save Here'),
      ...(start && { defaultUri: start }),
    })) ?? []
  if (!parent) throw new Dismissed()
  return path.join(pathOf(parent.toString()), name)
}

async function isFolder(store: TrackingStore, runId: string, artifact: string): Promise<boolean> {
  const parent = artifact.split('/').slice(0, -1).join('/')
  const siblings = await store.listArtifacts(runId, parent === '' ? undefined : parent)
  return siblings.some((entry) => entry.path === artifact && entry.isDir)
}

/** @throws Error for what is not on the disk of this machine */
function pathOf(target: string): string {
  if (path.isAbsolute(target)) return target
  if (/^file:/i.test(target)) return vscode.Uri.parse(target, true).fsPath
  throw new Error(t('{0} is not an absolute path of this machine’s disk.', target))
}

/** @throws Dismissed where the user cancels: nothing is left on the disk then */
function withProgress<T>(
  what: string,
  work: (signal: AbortSignal, told: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const location = vscode.ProgressLocation.Notification
  const done = vscode.window.withProgress(
    { location, title: t('Saving {0}', what), cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => abort.abort())
      let before = 0
      const told = ({ bytes, of, file }: Progress): void => {
        const size = of === null ? formatBytes(bytes) : t('{0} of {1}', formatBytes(bytes), formatBytes(of))
        const increment = of === null || of === 0 ? {} : { increment: ((bytes - before) / of) * 100 }
        before = bytes
        progress.report({ message: `${size} · ${file}`, ...increment })
      }
      try {
        return await work(abort.signal, told)
      } catch (error) {
        throw abort.signal.aborted ? new Dismissed() : error
      }
    },
  )
  return Promise.resolve(done)
}
