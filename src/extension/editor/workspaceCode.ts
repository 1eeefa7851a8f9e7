import path from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { oneAtATime } from '../coalesce'
import { messageOf } from '../messageOf'
import type { Log } from '../log'
import { metricFunctions } from './metricFacts'
import type { FileNames } from './nameProblems'
import { findMlflowCalls, type MlflowCall, type Named } from './pythonCalls'

const pattern = '**/*.{py,ipynb}'
const ignored = '**/{.*,node_modules,site-packages,venv,env,__pycache__}/**'
const mostFiles = 2000
const mostBytes = 2_000_000

/** What a file logs. */
export interface LoggedNames {
  readonly metrics: readonly Named[]
  readonly params: readonly Named[]
}

/**
 * The metrics and parameters that the code of the workspace logs, of its files as they are saved. Reads nothing until it is asked; then every file
 * once, and again when it was written.
 */
export class WorkspaceCode implements vscode.Disposable {
  readonly #log: Log
  readonly #changed: () => void
  readonly #files = new Map<string, LoggedNames>()
  /** The same for people, by workspace folder; put together when it is asked for. */
  readonly #byFolder = new Map<string, { readonly path: string; readonly names: FileNames }[]>()
  /** Written since they were read. */
  readonly #stale = new Set<string>()
  readonly #read = oneAtATime((signal) => this.#readAll(signal))
  readonly #closed = new AbortController()
  #watcher: vscode.FileSystemWatcher | undefined
  #isRead = false
  /** There are more files than are read. */
  #isTooLarge = false

  /** @param changed it is read, or read anew */
  constructor(log: Log, changed: () => void) {
    this.#log = log
    this.#changed = changed
  }

  /** By the path of the file; undefined while it isn't known: `changed` tells when it is. */
  get logged(): ReadonlyMap<string, LoggedNames> | undefined {
    if (!this.#watcher) {
      this.#watcher = vscode.workspace.createFileSystemWatcher(pattern)
      const stale = ({ fsPath }: vscode.Uri): void => {
        this.#stale.add(fsPath)
        this.#look()
      }
      this.#watcher.onDidChange(stale)
      this.#watcher.onDidCreate(stale)
      this.#watcher.onDidDelete(stale)
      this.#look()
    }
    return this.#isRead && !this.#isTooLarge ? this.#files : undefined
  }

  /** What other files of the same workspace folder log; nothing while it isn't known. */
  othersThan(file: vscode.Uri): FileNames[] {
    const folder = this.logged && vscode.workspace.getWorkspaceFolder(file)
    if (!folder) return []
    const key = folder.uri.toString()
    let logging = this.#byFolder.get(key)
    if (!logging) this.#byFolder.set(key, (logging = this.#loggingIn(folder)))
    return logging.flatMap(({ path, names }) => (path === file.fsPath ? [] : [names]))
  }

  #loggingIn(folder: vscode.WorkspaceFolder): { path: string; names: FileNames }[] {
    return [...this.#files].flatMap(([path, { metrics, params }]) => {
      if (metrics.length + params.length === 0) return []
      if (vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path)) !== folder) return []
      const file = vscode.workspace.asRelativePath(path, false)
      return [{ path, names: { file, metrics: textsOf(metrics), params: textsOf(params) } }]
    })
  }

  #look(): void {
    this.#read(this.#closed.signal).catch((error: unknown) => {
      if (!this.#closed.signal.aborted) this.#log.warn(messageOf(error))
    })
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const uris = await vscode.workspace.findFiles(pattern, ignored, mostFiles + 1)
    this.#isTooLarge = uris.length > mostFiles
    if (!this.#isTooLarge) {
      const found = new Set(uris.map(({ fsPath }) => fsPath))
      for (const file of this.#files.keys()) if (!found.has(file)) this.#files.delete(file)
      for (const uri of uris) {
        if (signal.aborted) return
        if (this.#stale.delete(uri.fsPath) || !this.#files.has(uri.fsPath))
          this.#files.set(uri.fsPath, namesIn(findMlflowCalls(await textOf(uri))))
      }
    }
    this.#byFolder.clear()
    this.#isRead = true
    this.#changed()
  }

  dispose(): void {
    this.#closed.abort()
    this.#watcher?.dispose()
  }
}

/** The metrics that calls log. */
export const metricsIn = (calls: readonly MlflowCall[]): Named[] =>
  calls.flatMap(({ fn, named }) => (metricFunctions.has(fn) ? named : []))

const namesIn = (calls: readonly MlflowCall[]): LoggedNames => ({
  metrics: metricsIn(calls),
  params: calls.flatMap(({ fn, named }) => (fn === 'log_param' || fn === 'log_params' ? named : [])),
})

const textsOf = (names: readonly Named[]): string[] => names.flatMap(({ text, isPattern }) => (isPattern ? [] : [text]))

/** The Python of a file; nothing where it can't be read. */
async function textOf(uri: vscode.Uri): Promise<string> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri)
    if (bytes.length > mostBytes) return ''
    const text = new TextDecoder().decode(bytes)
    if (!text.includes('mlflow')) return ''
    return path.extname(uri.fsPath) === '.ipynb' ? cellsOf(text) : text
  } catch {
    return '' // it went meanwhile, or is no notebook
  }
}

const notebook = v.object({
  cells: v.array(v.object({ cell_type: v.string(), source: v.union([v.string(), v.array(v.string())]) })),
})

function cellsOf(text: string): string {
  const { cells } = v.parse(notebook, JSON.parse(text))
  return cells
    .filter(({ cell_type: type }) => type === 'code')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')))
    .join('\n')
}
