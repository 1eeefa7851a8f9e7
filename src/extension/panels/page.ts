import * as vscode from 'vscode'
import { Channel } from '../../shared/channel'
import {
  type HostHalf,
  hostHalf,
  type RefreshScope,
  type RunEdit,
  type RunRef,
  type ShownRun,
  type WebviewHalf,
  webviewHalf,
} from '../../shared/protocol'
import { t } from '../../shared/l10n'
import { showError } from '../commands'
import { fileWritten } from '../connections'
import type { Connection, Connections } from '../connections/connection'
import type { Log } from '../log'
import { readSetting } from '../settings'
import type { Answers } from './answers'
import type { PageSubject } from './subject'
import type { Layouts } from './layouts'
import { askLayoutName, saveFile } from './saveFile'
import { bundle, connect, dress } from './dress'
import type { RunColors } from './runColors'
import type { RunNames } from './runNames'
import { RunStatuses } from './runStatuses'

export interface PanelDeps {
  readonly extensionUri: vscode.Uri
  readonly connections: Connections
  readonly log: Log
  /** Where runs' colours are remembered; left out, they are for as long as the window lives. */
  readonly state?: vscode.Memento
}

/** What the open pages share. */
export interface PageDeps extends PanelDeps {
  readonly answers: Answers
  readonly layouts: Layouts
  readonly colors: RunColors
  readonly names: RunNames
  /** Opens a run's own page. */
  readonly openRun: (run: RunRef) => void
}

/** A kind of page: the run page or the comparison. */
export interface PageKind {
  readonly viewType: 'mlflow.run' | 'mlflow.compare'
  /** Its bundle in dist/webview. */
  readonly script: string
  /** Of its tab: media/<icon>-light.svg and -dark.svg. */
  readonly icon: string
  /** Title of the tab. */
  title(runs: readonly RunRef[], nameOf: (run: RunRef) => string): string
}

/** The host's half of one open page: wires a webview panel to the channel, and ends with it. */
export class Page {
  readonly #panel: vscode.WebviewPanel
  readonly #kind: PageKind
  readonly #subject: PageSubject
  readonly #deps: PageDeps
  readonly #channel: Channel<HostHalf, WebviewHalf>
  readonly #statuses = new RunStatuses()
  readonly #disposables: vscode.Disposable[] = []
  readonly #closed = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(panel: vscode.WebviewPanel, kind: PageKind, subject: PageSubject, deps: PageDeps, onDispose: () => void) {
    this.#panel = panel
    this.#kind = kind
    this.#subject = subject
    this.#deps = deps
    this.#channel = this.#openChannel()
    this.updateTitle()
    this.#disposables.push(
      new vscode.Disposable(deps.colors.show(subject.runs.map((run) => run.runId))),
      connect(panel, this.#channel),
      deps.connections.onDidRequestRefresh(({ connection, reason }) => this.#refresh(connection, reason)),
      panel.onDidDispose(() => {
        this.#closed.abort()
        clearTimeout(this.#timer)
        this.#channel.close()
        vscode.Disposable.from(...this.#disposables).dispose()
        onDispose()
      }),
    )
    this.#tickLater()
    dress(panel, deps.extensionUri, kind)
    deps.answers.warm(subject.runs, this.#closed.signal)
  }

  reveal(): void {
    this.#panel.reveal()
  }

  dispose(): void {
    this.#panel.dispose()
  }

  /** Until all names are known, a restored tab keeps the title it had, and a new one bears the beginnings of ids. */
  updateTitle(): void {
    const unknown: string[] = []
    const title = this.#kind.title(this.#subject.runs, (run) => {
      const name = this.#deps.names.of(run)
      if (name === undefined) unknown.push(run.runId)
      return name ?? run.runId.slice(0, 8)
    })
    if (this.#panel.title === '' || (unknown.length === 0 && this.#panel.title !== title)) this.#panel.title = title
  }

  /** Some runs have other colours now. */
  recolor(runIds: ReadonlySet<string>): void {
    if (this.#subject.runs.some((run) => runIds.has(run.runId)))
      this.#channel.notify('recolor', { runs: this.#shownRuns() })
  }

  #shownRuns(): ShownRun[] {
    return this.#subject.runs.map((run) => ({ ...run, color: this.#deps.colors.of(run.runId) }))
  }

  /** Somebody has a reason to think that data has changed. Only who asks in person has the curves read again that look unchanged. */
  #refresh(connection: Connection | undefined, reason: string): void {
    const ours = !connection || this.#subject.runs.some((run) => run.connection === connection.id)
    if (!ours) return
    const written = reason === fileWritten
    if (!written) this.#deps.answers.expire(connection)
    this.#notifyRefresh(written ? 'all' : 'anew', reason)
  }

  /** A page out of sight is unloaded: it reads everything when it is next shown. */
  #notifyRefresh(scope: RefreshScope, reason: string): void {
    if (this.#panel.visible) this.#channel.notify('refresh', { scope, reason })
  }

  /** While it is in sight, a page looks at its running runs once an interval. */
  #tickLater(): void {
    const seconds = readSetting('refreshInterval')
    // Turned off: look now and then whether it was turned on.
    this.#timer = setTimeout(() => this.#tick(seconds > 0), (seconds > 0 ? seconds : 10) * 1000)
  }

  #tick(on: boolean): void {
    if (on && this.#statuses.someGoOn) this.#notifyRefresh('running', 'interval')
    this.#tickLater()
  }

  #openChannel(): Channel<HostHalf, WebviewHalf> {
    const { log, answers, names, layouts } = this.#deps
    const { webview } = this.#panel
    return new Channel({
      mine: hostHalf,
      theirs: webviewHalf,
      post: (message) => void webview.postMessage(message),
      complain: (sentence, error) => log.error(`${this.#kind.viewType}: ${sentence}`, error),
      handlers: {
        commands: {
          openLink: ({ url }) => this.#attempt(openExternal(url)),
          openArtifact: ({ run, path }) => this.#execute('mlflow.openArtifact', { ...run, path }),
          saveArtifact: ({ run, path }) => this.#execute('mlflow.saveArtifact', { ...run, path }),
          openRun: ({ run }) => this.#deps.openRun(run),
          compare: ({ runs }) => this.#execute('mlflow.compareRuns', { selection: runs }),
          compareCode: ({ runs, path }) =>
            this.#execute('mlflow.compareRunCode', { selection: runs, ...(path !== undefined && { path }) }),
          compareArtifacts: ({ runs }) => this.#execute('mlflow.compareArtifacts', { selection: runs }),
          exportReport: (report) => this.#execute('mlflow.exportReport', report),
          copy: ({ text }) => this.#attempt(vscode.env.clipboard.writeText(text)),
          showLog: () => this.#execute('mlflow.showLog', {}),
        },
        requests: {
          hello: () =>
            Promise.resolve({
              runs: this.#shownRuns(),
              leftOut: this.#subject.leftOut,
              bundle: bundle(),
            }),
          runs: async ({ runs, interactive }, signal) => {
            const found = await answers.runs(runs, interactive, signal)
            found.forEach((answer, at) => {
              const run = runs[at]
              if (!run || !('run' in answer)) return
              this.#statuses.learn(run, answer.run.status)
              names.learn(run, answer.run.name)
            })
            return found
          },
          across: async ({ runs, interactive }, signal) => {
            const data = await answers.across(runs, interactive, signal)
            data.runs.forEach(({ found, name, status }, at) => {
              const run = runs[at]
              if (!found || !run) return
              names.learn(run, name)
              if (status) this.#statuses.learn(run, status)
            })
            return data
          },
          environments: ({ runs }, signal) => answers.environments(runs, signal),
          codeChanges: async ({ runs }, signal) => {
            await this.#deps.connections.discovered
            const { codeChanges } = await import('../code/codeChanges')
            return codeChanges(this.#deps.connections, runs, signal)
          },
          curve: (query, signal) => answers.curve(query, signal),
          band: (query, signal) => answers.band(query, signal),
          saveFile: async ({ name, ending, bytes }) => ({ saved: await saveFile(name, ending, bytes) }),
          saveCurves: async (file, signal) => {
            const text = await answers.curvesFile(file, signal)
            return { saved: await saveFile(file.name, 'csv', new TextEncoder().encode(text)) }
          },
          layouts: () => Promise.resolve(layouts.all),
          saveLayout: async ({ layout }) => {
            const name = await askLayoutName(layouts.all.map((saved) => saved.name))
            if (name !== undefined) await layouts.save(name, layout)
            return { saved: name !== undefined }
          },
          deleteLayout: async ({ name }) => {
            await layouts.delete(name)
            return null
          },
          stats: ({ run, key }, signal) => answers.stats(run, key, signal),
          artifacts: ({ run, path }, signal) => answers.artifacts(run, path, signal),
          artifactPart: async (part, signal) => ({ bytes: await answers.artifactPart(part, signal) }),
          modelCard: ({ run, path }, signal) => answers.modelCard(run, path, signal),
          related: ({ run, children }, signal) => answers.related(run, children, signal),
          edit: async ({ run, edit }) => ({ done: await editRun(run, edit) }),
        },
        notifications: {},
      },
    })
  }

  #execute(command: string, options: object): void {
    this.#attempt(vscode.commands.executeCommand(command, options))
  }

  #attempt(doing: Thenable<unknown>): void {
    doing.then(undefined, (error: unknown) => {
      this.#deps.log.error(this.#kind.viewType, error)
      void showError(error)
    })
  }
}

const editCommands = {
  describe: 'mlflow.editDescription',
  setTag: 'mlflow.setTag',
  removeTag: 'mlflow.removeTag',
  rename: 'mlflow.rename',
  delete: 'mlflow.delete',
  restore: 'mlflow.restore',
  registerModel: 'mlflow.registerModel',
} satisfies Record<RunEdit['act'], string>

/** By the command that anybody else would use. False where the user closed a question. */
async function editRun(run: RunRef, { act, ...answers }: RunEdit): Promise<boolean> {
  const result = await vscode.commands.executeCommand(editCommands[act], { ...run, ...answers })
  return result !== null && result !== undefined
}

/** Opens a link of a note. VS Code itself asks before it leaves for a site that isn't trusted. */
async function openExternal(url: string): Promise<void> {
  const { protocol } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new Error(t('Only http and https links are opened, not {0}', protocol))
  await vscode.env.openExternal(vscode.Uri.parse(url, true))
}
