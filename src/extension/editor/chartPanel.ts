import path from 'node:path'
import * as vscode from 'vscode'
import {
  type BesideHostHalf,
  besideHostHalf,
  type BesideState,
  type BesideSubject,
  type BesideWebviewHalf,
  besideWebviewHalf,
} from '../../shared/besideProtocol'
import { Channel } from '../../shared/channel'
import { t } from '../../shared/l10n'
import { coalesce } from '../coalesce'
import { showError } from '../commands'
import { fileWritten } from '../connections'
import type { PanelDeps } from '../panels'
import { bundle, connect, dress } from '../panels/dress'
import { pageSources } from '../panels/open'
import { oneLine } from '../tree/text'
import type { Beside } from './beside'
import { type ChartSetting, chartSubject, emptySubject } from './chartSubject'
import { ruleText } from './hoverText'
import { callAt, callOf, documentOf, goTo } from './chartTarget'
import { type MetricCall, metricMeant, metricsOf } from './metricAt'
import type { Sight } from './sights'

/** Milliseconds after a move of the cursor before it is followed. */
const settle = 80

/** What is shown: of a document the metrics of a call, and which of them. */
interface Target {
  readonly document: vscode.TextDocument
  readonly call: MetricCall
  /** Chosen on the page, or kept from an earlier session; else the one that the cursor means. */
  readonly metric: string | undefined
}

/** The host's half of one chart beside the code: follows the cursor from metric to metric, unless it is pinned to one. */
export class ChartPanel {
  readonly #panel: vscode.WebviewPanel
  readonly #beside: Beside
  readonly #deps: PanelDeps
  readonly #channel: Channel<BesideHostHalf, BesideWebviewHalf>
  readonly #following = coalesce(() => this.#follow(), settle)
  readonly #disposables: vscode.Disposable[] = []
  readonly #sources: ReturnType<typeof pageSources>
  #setting: Omit<ChartSetting, 'file'> = { pinned: false, count: 10, epoch: 0 }
  #target: Target | undefined
  #held: vscode.Disposable | undefined
  #release: (() => void) | undefined
  #colored = ''
  #sent = ''

  constructor(panel: vscode.WebviewPanel, beside: Beside, deps: PanelDeps, onDispose: () => void) {
    this.#panel = panel
    this.#beside = beside
    this.#deps = deps
    this.#sources = pageSources(deps)
    this.#channel = this.#openChannel()
    if (panel.title === '') panel.title = t('Chart')
    this.#disposables.push(
      new vscode.Disposable(() => this.#following.dispose()),
      connect(panel, this.#channel),
      beside.onDidDraw(() => this.#tell()),
      this.#sources.onDidRecolor(() => this.#tell()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) this.#following.schedule()
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#following.schedule()),
      deps.connections.onDidRequestRefresh(({ connection, reason }) => {
        if (reason === fileWritten) return
        this.#sources.answers.expire(connection)
        this.#set({ epoch: this.#setting.epoch + 1 })
      }),
      panel.onDidChangeViewState(() => this.#hold()),
      panel.onDidDispose(() => {
        this.#channel.close()
        this.#held?.dispose()
        this.#release?.()
        vscode.Disposable.from(...this.#disposables).dispose()
        onDispose()
      }),
    )
    dress(panel, deps.extensionUri, { script: 'compare.js', page: 'beside', icon: 'run' })
  }

  get isPinned(): boolean {
    return this.#setting.pinned
  }

  /** What it shows now; empty where that is nothing. */
  get metric(): string {
    return this.#subject().metric
  }

  /** Beside the code, which keeps the focus. */
  reveal(): void {
    this.#panel.reveal(undefined, true)
  }

  dispose(): void {
    this.#panel.dispose()
  }

  /** @param metric the cursor's where left out */
  show(document: vscode.TextDocument, metric: string | undefined): void {
    this.#hold(document)
    const sight = this.#beside.sights.get(document)
    if (!sight) return
    const editor = vscode.window.visibleTextEditors.find((each) => each.document === document)
    const call = callAt(sight, editor?.selection.active, true)
    const named = metric === undefined ? call : (callOf(sight, metric) ?? call)
    if (named) this.#aim({ document, call: named, metric })
    else this.#tell()
  }

  /** @param pinned keep to this metric, wherever the cursor goes */
  pin(pinned: boolean): void {
    this.#set({ pinned })
    this.#following.schedule()
  }

  /** As it was in an earlier session. */
  async restore({ uri, metric, pinned, count }: BesideState): Promise<void> {
    this.#set({ pinned, count })
    const document = await documentOf(vscode.Uri.parse(uri))
    if (document && !this.#target) this.show(document, metric === '' ? undefined : metric)
  }

  /** The metric under the cursor; the one before while there is none. */
  #follow(): void {
    const editor = vscode.window.activeTextEditor
    if (this.#setting.pinned || !editor || !this.#panel.visible) return
    const sight = this.#beside.sights.get(editor.document)
    if (!sight || sight.entries) return
    const isOther = editor.document !== this.#target?.document
    const call = callAt(sight, editor.selection.active, isOther)
    if (!call) return
    const same = !isOther && JSON.stringify(call) === JSON.stringify(this.#target?.call)
    if (!same) this.#aim({ document: editor.document, call, metric: undefined })
  }

  #aim(target: Target): void {
    this.#target = target
    this.#hold()
    this.#tell()
  }

  #set(change: Partial<ChartSetting>): void {
    this.#setting = { ...this.#setting, ...change }
    this.#tell()
  }

  /** While it is in sight its file is looked at, whether or not an editor shows it. */
  #hold(document = this.#target?.document): void {
    const before = this.#held
    this.#held = document && this.#panel.visible ? this.#beside.sights.hold(document) : undefined
    before?.dispose()
    if (this.#panel.visible) this.#following.schedule()
  }

  #subject(): BesideSubject {
    const { call, metric } = this.#target ?? {}
    const sight = this.#sight
    const setting = { ...this.#setting, file: path.posix.basename(vscode.Uri.parse(this.#uri).path) }
    const wanted = metric ?? call?.meant?.text ?? ''
    if (!sight || !call) return emptySubject(setting, 'nothing')
    const known = this.#beside.sights.known(sight)
    const { runs, subject } = sight
    if (!known || !runs || !subject) {
      const problem = sight.problem ?? runs?.problem
      if (problem !== undefined) return emptySubject(setting, 'failed', wanted, problem)
      if (!sight.isLookedAt || runs) return emptySubject(setting, 'loading', wanted)
      return emptySubject(setting, this.#deps.connections.all.length === 0 ? 'noConnection' : 'noExperiment', wanted)
    }
    const keys = known.runs.frame.metricKeys
    const metrics = metricsOf(call, keys)
    const { experiment, rule } = subject
    const isAll = this.#beside.sights.rows(sight)?.isAll ?? false
    return chartSubject(
      setting,
      {
        ...{ connection: runs.connection.id, known, metrics, problem: runs.problem ?? '' },
        metric: metric ?? metricMeant(call, keys) ?? metrics[0] ?? wanted,
        mayReadCode: vscode.workspace.isTrusted,
        why: ruleText({ rule, isAll, experimentName: experiment.name }),
      },
      (runId) => this.#sources.colors.of(runId),
    )
  }

  /** Sends what is shown, where it is not what was sent last. */
  #tell(): void {
    if (!this.#panel.visible) return
    const subject = this.#colouredSubject()
    const { metric } = subject
    const title = metric === '' ? t('Chart') : oneLine(metric, 40)
    if (this.#panel.title !== title) this.#panel.title = title
    const sent = sentence(subject)
    if (sent === this.#sent) return
    this.#sent = sent
    this.#channel.notify('subject', { subject, uri: this.#uri })
  }

  /** Runs that are shown together differ in colour. */
  #colouredSubject(): BesideSubject {
    const { runs } = this.#subject()
    const ids = runs.map(({ runId }) => runId)
    if (ids.join() !== this.#colored) {
      this.#colored = ids.join()
      const before = this.#release
      this.#release = this.#sources.colors.show(ids)
      before?.()
    }
    return this.#subject()
  }

  get #sight(): Sight | undefined {
    return this.#target && this.#beside.sights.get(this.#target.document)
  }

  /** Of the file; empty where there is none. */
  get #uri(): string {
    return this.#sight?.view.fileUri ?? ''
  }

  #openChannel(): Channel<BesideHostHalf, BesideWebviewHalf> {
    const { webview } = this.#panel
    const { log } = this.#deps
    return new Channel({
      mine: besideHostHalf,
      theirs: besideWebviewHalf,
      post: (message) => void webview.postMessage(message),
      complain: (sentence, error) => log.error(`mlflow.showChartBeside: ${sentence}`, error),
      handlers: {
        commands: {
          pin: ({ pinned }) => this.pin(pinned),
          choose: ({ metric }) => {
            if (this.#target) this.#aim({ ...this.#target, metric })
          },
          count: ({ count }) => this.#set({ count }),
          goToLine: () => {
            if (this.#sight) this.#attempt(goTo(this.#sight, this.#subject().metric))
          },
          openRun: ({ run }) => this.#execute('mlflow.openRun', run),
          openCode: ({ run }) => this.#execute('mlflow.openRunCode', run),
          compare: () =>
            this.#execute('mlflow.compareRuns', {
              selection: this.#subject().runs.map(({ connection, runId }) => ({ connection, runId })),
            }),
          openRuns: () => {
            const { runs, subject } = this.#sight ?? {}
            if (!runs || !subject) return
            const { experimentId, name } = subject.experiment
            this.#execute('mlflow.openRuns', { connection: runs.connection.id, experimentId, name })
          },
          chooseReference: () => this.#execute('mlflow.chooseReference', {}),
          chooseExperiment: () => this.#execute('mlflow.chooseExperiment', { file: this.#uri }),
          connect: () => this.#execute('mlflow.connect', {}),
          retry: () => {
            if (this.#sight) this.#attempt(this.#beside.sights.retry(this.#sight))
          },
          showLog: () => this.#execute('mlflow.showLog', {}),
        },
        requests: {
          hello: () => {
            const subject = this.#colouredSubject()
            this.#sent = sentence(subject)
            return Promise.resolve({ subject, uri: this.#uri, bundle: bundle() })
          },
          curve: (query, signal) => this.#sources.answers.curve(query, signal),
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
      this.#deps.log.error('mlflow.showChartBeside', error)
      void showError(error)
    })
  }
}

/** What tells one subject from another. */
const sentence = (subject: BesideSubject): string =>
  JSON.stringify(subject, (_, value: unknown) => (value instanceof Float64Array ? Array.from(value, String) : value))
