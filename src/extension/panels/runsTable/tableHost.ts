import type { Channel, Handlers } from '../../../shared/channel'
import { t } from '../../../shared/l10n'
import { aboutRun } from '../../../shared/runsTable/about'
import type { Arranged } from '../../../shared/runsTable/arrange'
import { catalogOf } from '../../../shared/runsTable/catalog'
import { completions } from '../../../shared/runsTable/completion'
import type {
  Arrangement,
  Loading,
  TableHostHalf,
  TableSubject,
  TableWebviewHalf,
} from '../../../shared/runsTable/protocol'
import type { TableView } from '../../../shared/runsTable/view'
import { wholeCell } from '../../../shared/runsTable/window'
import type { Connection } from '../../connections/connection'
import type { TrackingStore } from '../../stores'
import { cancelled } from '../../stores/limiter'
import { callsOf, type ActedOn } from './actions'
import { Announcer } from './announcer'
import { Arrangements } from './arrangements'
import { BeyondRuns } from './beyondRuns'
import type { ExportRequest } from './exporting'
import { Exports } from './exports'
import { inSlices } from './inSlices'
import { SavedViews } from './savedViews'
import { TableRights } from './tableRights'
import { TableRuns } from './tableRuns'
import type { TableDeps } from './tableUi'

type Notify = Channel<TableWebviewHalf, TableWebviewHalf>['notify']

/** One table: answers its webview from the runs that it keeps. Knows no vscode. */
export class TableHost implements Disposable {
  readonly handlers: Handlers<TableHostHalf>
  readonly #subject: TableSubject
  readonly #deps: TableDeps
  readonly #notify: Notify
  readonly #runs: TableRuns
  readonly #beyond: BeyondRuns
  readonly #arrangements: Arrangements
  readonly #rights: TableRights
  readonly #announcer: Announcer
  readonly #savedViews: SavedViews
  readonly #exports: Exports
  #view: TableView
  /** A view that the webview was told to show, until it asks for rows: a hidden one has not heard of it. */
  #shown: TableView | undefined
  #arranging: AbortController | undefined
  readonly #listener: Disposable
  readonly #closed = new AbortController()

  constructor(subject: TableSubject, notify: Notify, deps: TableDeps, view?: TableView) {
    const { memory, log, ui, colorOf } = deps
    const { experimentIds } = subject
    this.#subject = subject
    this.#deps = deps
    this.#notify = notify
    this.#view = view ?? memory.lastView(subject)
    this.#announcer = new Announcer(() => notify('changed', null))
    this.#runs = new TableRuns({
      subject,
      connection: () => this.#connection,
      changed: () => this.#announcer.changed(),
      loading: (loading, turned) => this.#tellLoading(loading, turned),
      interactive: deps.interactive ?? false,
    })
    this.#beyond = new BeyondRuns({
      experimentIds,
      store: (signal) => this.#store(signal),
      arrived: () => this.#announcer.changed(),
      say: (what) => this.#runs.say(what),
      log,
    })
    this.#rights = new TableRights(experimentIds)
    this.#arrangements = new Arrangements({
      listed: () => this.#runs.listed,
      beyond: this.#beyond,
      stars: () => memory.stars(subject.connection),
      colorOf,
      several: experimentIds.length > 1,
    })
    this.#savedViews = new SavedViews({ subject, memory, ui, changed: () => this.#tellViews() })
    this.#exports = new Exports({
      ui,
      origin: () => ({ trackingUri: this.#connection.uri, experimentIds }),
      beyond: this.#beyond,
      closed: this.#closed.signal,
    })
    this.#listener = memory.onDidStar(() => this.#announcer.now())
    this.handlers = this.#makeHandlers()
  }

  get subject(): TableSubject {
    return this.#subject
  }

  /** The view as it was last arranged. */
  get view(): TableView {
    return this.#view
  }

  get loading(): Loading {
    return this.#runs.loading
  }

  /** What is being read or refreshed now; resolves however that ends. */
  get settled(): Promise<void> {
    return this.#runs.settled
  }

  get #connection(): Connection {
    return this.#deps.connections.get(this.#subject.connection)
  }

  async #store(signal = this.#closed.signal): Promise<TrackingStore> {
    await this.#deps.connections.discovered
    return this.#connection.store({ signal })
  }

  /** Names of the experiments, where somebody knows them already. */
  learnNames(names: ReadonlyMap<string, string>): void {
    this.#beyond.names.learn(names)
  }

  /** Names by id, as far as they can be had soon. */
  experimentNames(): Promise<ReadonlyMap<string, string>> {
    return this.#beyond.names.soon()
  }

  /** Looks for what has changed. @param thorough reads all again */
  refresh(thorough?: boolean): void {
    if (thorough) this.#beyond.forget()
    this.#runs.refresh(thorough)
  }

  /** Something that the rows show has changed, other than the runs. */
  redraw(): void {
    this.#announcer.now()
  }

  /** Sets the table otherwise, wherever that comes from. */
  show(view: TableView): void {
    this.#view = this.#shown = view
    this.#tellViews(view)
  }

  [Symbol.dispose](): void {
    this.#closed.abort()
    this.#arranging?.abort()
    this.#listener[Symbol.dispose]()
    this.#announcer[Symbol.dispose]()
    this.#beyond[Symbol.dispose]()
    this.#runs[Symbol.dispose]()
  }

  #makeHandlers(): Handlers<TableHostHalf> {
    const { memory, ui } = this.#deps
    const { connection } = this.#subject
    return {
      commands: {
        act: ({ action, runIds }) =>
          this.#attempt(async () => {
            for (const { command, options } of callsOf(action, connection, this.#actedOn(runIds)))
              await ui.run(command, options)
          }),
        star: ({ runIds, on }) => {
          memory.star(connection, runIds, on) // which tells all tables, this one too
        },
        export: (request) => this.#attempt(() => this.#exports.run(this.#arrangements.latest, request)),
        copy: ({ text }) => this.#attempt(() => ui.copy(text)),
        refresh: () => this.refresh(true),
        stop: () => {
          this.#arranging?.abort()
          this.#exports.stop()
          this.#runs.stop()
        },
        showLog: () => this.#attempt(() => ui.run('mlflow.showLog', {})),
        used: ({ filter }) => memory.useFilter(connection, filter),
        keepFilter: ({ filter, on }) => memory.keepFilter(connection, filter, on),
        saveView: ({ view }) => this.#attempt(() => this.#savedViews.save(view)),
        shareView: ({ view }) =>
          this.#attempt(async () => {
            const names = await this.experimentNames()
            const experiments = this.#subject.experimentIds.map((id) => names.get(id) ?? id)
            await ui.shareView({ name: experiments[0] ?? '', experiments, view })
          }),
        deleteView: ({ name }) => this.#attempt(() => this.#savedViews.delete(name)),
      },
      requests: {
        hello: () => this.#hello(),
        arrange: ({ view }, signal) => this.#arrange(view, signal),
        rows: ({ revision, from, to, columns }) =>
          Promise.resolve(this.#arrangements.window(revision, from, to, columns)),
        ids: ({ revision, from, to }) => Promise.resolve(this.#arrangements.ids(revision, from, to)),
        find: ({ revision, key }) => Promise.resolve(this.#arrangements.find(revision, key)),
        cell: ({ runId, column }) => {
          const { latest } = this.#arrangements
          return Promise.resolve(latest ? wholeCell(latest, runId, column) : null)
        },
        about: ({ runId }) => {
          const { frame } = this.#runs.listed
          const row = frame.rowOf(runId)
          return Promise.resolve(row < 0 ? [] : aboutRun(frame, row, Date.now()))
        },
        catalog: ({ search, group }, signal) => {
          if (group === 'model') this.#beyond.models.want()
          const { frame, rows } = this.#runs.listed
          const { latest } = this.#arrangements
          const found = latest?.input.frame === frame ? latest.selection.found : rows
          return inSlices(catalogOf(frame, found, search, group, this.#beyond.now), signal)
        },
        complete: ({ text, offset }) => Promise.resolve(completions(text, offset, this.#runs.listed.frame)),
        sparklines: ({ runIds, key, width }, signal) =>
          this.#beyond.histories.sparklines(this.#runs.listed.frame, runIds, key, width, signal),
        loadView: async ({ name }) => Promise.resolve(this.#savedViews.load(name)),
      },
      notifications: {},
    }
  }

  /** What the user may do with the runs, for the menus; asked once the table is there. */
  async #askRights(): Promise<void> {
    try {
      const known = await this.#rights.ask(await this.#store())
      if (known && !this.#closed.signal.aborted) this.#announcer.changed()
    } catch {
      // The table itself tells that the store does not answer.
    }
  }

  async #hello() {
    await this.#deps.connections.discovered
    void this.#askRights()
    const { id, name, uri } = this.#connection
    const names = await this.experimentNames()
    const shown = this.#shown
    if (shown) setImmediate(() => this.#tellViews(shown)) // after the reply
    return {
      bundle: this.#deps.ui.bundle,
      connection: { id, name, uri },
      experiments: this.#subject.experimentIds.map((each) => ({ id: each, name: names.get(each) ?? each })),
      subject: this.#subject,
      view: this.#view,
      savedViews: this.#savedViews.names,
      history: [...this.#deps.memory.filters(this.#subject.connection)],
      savedFilters: [...this.#deps.memory.savedFilters(this.#subject.connection)],
    }
  }

  async #arrange(view: TableView, given: AbortSignal): Promise<Arrangement> {
    this.#shown = undefined
    this.#arranging?.abort()
    const abort = (this.#arranging = new AbortController())
    const signal = AbortSignal.any([given, abort.signal])
    await this.#deps.connections.discovered
    if (signal.aborted) throw cancelled()
    if (JSON.stringify(view) !== JSON.stringify(this.#view)) this.#deps.memory.keepLast(this.#subject, view)
    this.#view = view
    this.#beyond.judge(view.better)
    this.#runs.show(view.lifecycle)
    const start = performance.now()
    const arranged = await this.#arrangements.arrange(view, signal)
    this.#announcer.cost = performance.now() - start
    return this.#publish(arranged)
  }

  #publish(arranged: Arranged): Arrangement {
    const { mayEdit, mayDelete } = this.#rights
    const { input, selection, layout, closed, columns, filterProblem, filterIsOurs, filterIsText } = arranged
    return {
      revision: this.#arrangements.publish(arranged),
      loading: this.#runs.loading,
      runs: input.base.length,
      matching: selection.found.length,
      hidden: selection.hidden,
      closed,
      rows: layout.items.length,
      pinnedRows: layout.pinned,
      columns: [...columns],
      filterProblem,
      filterIsOurs,
      filterIsText,
      mayEdit,
      mayDelete,
    }
  }

  /**
   * Loads all runs and exports what the view finds. Rejects as the store does.
   *
   * @param to `result`: only what is returned has it
   * @param path of the file; asked for where left out
   */
  async exportAll(
    format: ExportRequest['format'],
    to: ExportRequest['to'] | 'result',
    path?: string,
  ): Promise<{ readonly runs: number; readonly text: string }> {
    const { signal } = this.#closed
    this.#runs.show(this.#view.lifecycle)
    await this.#runs.settled
    const { problem } = this.#runs.loading
    if (problem !== null) throw new Error(problem)
    if (signal.aborted) throw cancelled()
    await this.experimentNames()
    await this.#arrange(this.#view, signal)
    const { latest } = this.#arrangements
    if (latest?.filterProblem) throw new Error(latest.filterProblem.message)
    const text = await this.#exports.write(latest, format, null, signal)
    if (to !== 'result') await this.#exports.hand(text, to, path)
    return { runs: latest?.ordered.length ?? 0, text: text.text }
  }

  #actedOn(runIds: readonly string[]): ActedOn[] {
    const { frame } = this.#runs.listed
    return runIds.map((runId) => {
      const row = frame.rowOf(runId)
      if (row < 0) throw new Error(t('The run {0} is not there any more.', runId))
      const { runName, experimentId } = frame.info(row)
      return { runId, name: runName, experimentId }
    })
  }

  #tellLoading(loading: Loading, turned: boolean): void {
    this.#notify('loading', loading)
    if (turned && loading.state !== 'loading') this.#announcer.now()
  }

  #tellViews(view: TableView | null = null): void {
    this.#notify('views', { savedViews: this.#savedViews.names, view })
  }

  #attempt(doing: () => PromiseLike<unknown>): void {
    const attempt = async (): Promise<unknown> => doing()
    attempt().catch((error: unknown) => this.#deps.ui.showProblem(error))
  }
}
