import * as v from 'valibot'
import * as vscode from 'vscode'
import { Channel } from '../../../shared/channel'
import { t } from '../../../shared/l10n'
import {
  type Loading,
  loadingSchema,
  tableHostHalf,
  tableStateSchema,
  tableWebviewHalf,
  type TableHostHalf,
  type TableSubject,
  type TableWebviewHalf,
} from '../../../shared/runsTable/protocol'
import type { TableView } from '../../../shared/runsTable/view'
import { Dismissed, showError } from '../../commands'
import { fileWritten } from '../../connections'
import { readSetting } from '../../settings'
import { bundle, connect, dress } from '../dress'
import type { PanelDeps } from '../page'
import { shortened, type Pages } from '../pages'
import { viewTypes } from '../viewTypes'
import { askViewName, confirmDeleteView, saveText, shareView } from './ask'
import { keyOf, TableMemory } from './memory'
import { TableHost } from './tableHost'
import type { TableDeps, TableUi } from './tableUi'

/** The open tables: one for each set of experiments, used again when it is asked for again. */
export class Tables {
  readonly #deps: PanelDeps
  readonly #pages: Pages
  readonly #open = new Map<string, Table>()
  readonly memory: TableMemory

  constructor(deps: PanelDeps, pages: Pages) {
    this.#deps = deps
    this.#pages = pages
    const { state = forgetful(), log } = deps
    this.memory = new TableMemory(state, (error) => log.warn(`${viewTypes.runs}: ${String(error)}`))
  }

  /** @param view how to set it, where that is asked for */
  show(subject: TableSubject, names: ReadonlyMap<string, string>, view?: TableView): TableHost {
    const open = this.#open.get(keyOf(subject))
    if (open) {
      if (view) open.host.show(view)
      open.reveal()
      return open.host
    }
    const panel = vscode.window.createWebviewPanel(viewTypes.runs, '', vscode.ViewColumn.Active, {
      enableFindWidget: false, // it finds only the rows in sight
      retainContextWhenHidden: false,
    })
    return this.#adopt(panel, subject, names, view, true)
  }

  /** A table that nobody sees: what it finds can be exported. Dispose of it. @param told how its loading stands */
  unseen(subject: TableSubject, view: TableView, told: (loading: Loading) => void): TableHost {
    return new TableHost(
      subject,
      (name, body) => {
        if (name === 'loading') told(v.parse(loadingSchema, body))
      },
      this.#hostDeps(true),
      view,
    )
  }

  /** Restores a table of an earlier session. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const parsed = v.safeParse(tableStateSchema, state)
    if (parsed.success) this.#adopt(panel, parsed.output.subject, new Map(), parsed.output.view, false)
    else {
      const [{ message }] = parsed.issues
      this.#deps.log.warn(`${viewTypes.runs}: a table of an earlier session could not be restored: ${message}`)
      panel.dispose()
    }
  }

  #adopt(
    panel: vscode.WebviewPanel,
    subject: TableSubject,
    names: ReadonlyMap<string, string>,
    view: TableView | undefined,
    interactive: boolean,
  ): TableHost {
    const key = keyOf(subject)
    const table = new Table(panel, subject, this.#deps, this.#pages, this.#hostDeps(interactive), view, () => {
      if (this.#open.get(key) === table) this.#open.delete(key)
    })
    this.#open.set(key, table)
    table.host.learnNames(names)
    void table.updateTitle()
    return table.host
  }

  #hostDeps(interactive: boolean): TableDeps {
    const { connections, log } = this.#deps
    const colorOf = (runId: string): number => this.#pages.colors.of(runId)
    return { connections, log, memory: this.memory, ui, interactive, colorOf }
  }

  closeAll(): void {
    for (const table of [...this.#open.values()]) table.dispose()
  }
}

/** The host's half of one open table: wires a webview panel to it, and ends with it. */
class Table {
  readonly host: TableHost
  readonly #panel: vscode.WebviewPanel
  readonly #subject: TableSubject
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    panel: vscode.WebviewPanel,
    subject: TableSubject,
    deps: PanelDeps,
    pages: Pages,
    hostDeps: TableDeps,
    view: TableView | undefined,
    onDispose: () => void,
  ) {
    this.#panel = panel
    this.#subject = subject
    this.host = new TableHost(subject, (name, body) => channel.notify(name, body), hostDeps, view)
    const channel = new Channel<TableHostHalf, TableWebviewHalf>({
      mine: tableHostHalf,
      theirs: tableWebviewHalf,
      post: (message) => void panel.webview.postMessage(message),
      complain: (sentence, error) => deps.log.error(`${viewTypes.runs}: ${sentence}`, error),
      handlers: this.host.handlers,
    })
    /** Somebody asked for a look at everything while the table was hidden. */
    let missed = false
    const disposables = [
      connect(panel, channel),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) return
        this.host.refresh(missed ? true : undefined)
        missed = false
      }),
      pages.onDidRecolor(() => this.host.redraw()),
      deps.connections.onDidRequestRefresh(({ connection, reason }) => {
        if (connection && connection.id !== subject.connection) return
        const written = reason === fileWritten
        if (panel.visible) this.host.refresh(written ? undefined : true)
        else missed ||= !written
      }),
    ]
    panel.onDidDispose(() => {
      clearTimeout(this.#timer)
      channel.close()
      this.host[Symbol.dispose]()
      vscode.Disposable.from(...disposables).dispose()
      onDispose()
    })
    this.#tickLater()
    dress(panel, deps.extensionUri, { script: 'runs.js', icon: 'runs' })
  }

  reveal(): void {
    this.#panel.reveal()
  }

  dispose(): void {
    this.#panel.dispose()
  }

  /** A restored tab keeps the title it had until all names are known. */
  async updateTitle(): Promise<void> {
    const ids = this.#subject.experimentIds
    const title = (names: ReadonlyMap<string, string>): string => {
      const [first = '', ...others] = ids.map((id) => names.get(id) ?? id)
      return others.length === 0
        ? t('Runs: {0}', shortened(first))
        : t('Runs: {0} and {1} more', shortened(first), others.length)
    }
    if (this.#panel.title === '') this.#panel.title = title(new Map())
    const names = await this.host.experimentNames()
    if (ids.every((id) => names.has(id))) this.#panel.title = title(names)
  }

  /** While it is in sight, a table looks once an interval for what has changed. */
  #tickLater(): void {
    const seconds = readSetting('refreshInterval')
    // Turned off: look now and then whether it was turned on.
    this.#timer = setTimeout(() => this.#tick(seconds > 0), (seconds > 0 ? seconds : 10) * 1000)
  }

  #tick(on: boolean): void {
    if (on && this.#panel.visible) this.host.refresh()
    this.#tickLater()
  }
}

const ui: TableUi = {
  run: (command, options) => vscode.commands.executeCommand(command, options),
  copy: (text) => vscode.env.clipboard.writeText(text),
  open: async (content, language) => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }))
  },
  save: saveText,
  askViewName,
  confirmDeleteView,
  shareView,
  showProblem: (error) => {
    if (!(error instanceof Dismissed)) void showError(error)
  },
  get bundle() {
    return bundle()
  },
}

/** Remembers as long as the window lives. */
function forgetful() {
  const values = new Map<string, unknown>()
  return {
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown) => {
      values.set(key, value)
      return Promise.resolve()
    },
  }
}
