import type { Channel, Handlers } from '../../../shared/channel'
import { t } from '../../../shared/l10n'
import type { RunFrame } from '../../../shared/runFrame'
import { aboutRun } from '../../../shared/runsTable/about'
import { arrange, type Arranged } from '../../../shared/runsTable/arrange'
import { catalogOf } from '../../../shared/runsTable/catalog'
import { completions } from '../../../shared/runsTable/completion'
import { nothingBeyond, type Beyond } from '../../../shared/runsTable/fields'
import type {
  Arrangement,
  Loading,
  TableHostHalf,
  TableSubject,
  TableWebviewHalf,
  TableWindow,
} from '../../../shared/runsTable/protocol'
import type { Column, TableView } from '../../../shared/runsTable/view'
import { cellsOf, idsOf, rowOfKey, rowsOf, wholeCell, type Look } from '../../../shared/runsTable/window'
import type { Connection, Connections } from '../../connections/connection'
import type { Log } from '../../log'
import { allows, permissionToOffer, type Permission } from '../../stores/rights'
import { cancelled } from '../../stores/limiter'
import { callsOf, type ActedOn } from './actions'
import { Announcer } from './announcer'
import { historyKeys, loadHistories } from './columnHistories'
import { ExperimentNames } from './experimentNames'
import type { ExportRequest } from './exporting'
import { Exports } from './exports'
import { Histories } from './histories'
import { inSlices } from './inSlices'
import type { TableMemory } from './memory'
import { RunModels } from './models'
import { TableRuns } from './tableRuns'
import type { ViewFile } from './viewFile'

/** What a table does outside of itself. */
export interface TableUi {
  /** Runs a command of the extension. */
  run(command: string, options: Readonly<Record<string, unknown>>): Thenable<unknown>
  copy(text: string): Thenable<void>
  open(text: string, language: string): Thenable<void>
  /** Writes to a file. @param path asked for where left out: `name` is only a proposal */
  save(name: string, text: string, path?: string): Promise<void>
  /** @throws Dismissed */
  askViewName(taken: readonly string[]): Promise<string>
  shareView(file: Omit<ViewFile, 'mlflowView'>): Promise<void>
  showProblem(error: unknown): void
  readonly bundle: Record<string, string>
}

export interface TableDeps {
  readonly connections: Pick<Connections, 'get' | 'discovered'>
  readonly memory: TableMemory
  readonly colorOf: (runId: string) => number
  readonly ui: TableUi
  readonly log: Log
  /** Somebody opened the table just now: it may ask for credentials. */
  readonly interactive?: boolean
}

type Notify = Channel<TableWebviewHalf, TableWebviewHalf>['notify']

const mostRows = 1000
/** Arrangements whose rows can still be asked for. */
const keptRevisions = 3

/** One table: answers its webview from the runs that it keeps. Knows no vscode. */
export class TableHost implements Disposable {
  readonly handlers: Handlers<TableHostHalf>
  readonly #subject: TableSubject
  readonly #deps: TableDeps
  readonly #notify: Notify
  readonly #runs: TableRuns
  readonly #histories: Histories
  readonly #announcer: Announcer
  readonly #arrangements = new Map<number, Arranged>()
  readonly #names: ExperimentNames
  readonly #models: RunModels
  readonly #exports: Exports
  #view: TableView
  /** A view that the webview was told to show, until it asks for rows: a hidden one has not heard of it. */
  #shown: TableView | undefined
  #beyond: Beyond = nothingBeyond
  /** Of the user, on each experiment; empty while they are not known. */
  #permissions: readonly (Permission | undefined)[] = []
  #latest: Arranged | undefined
  #revision = 0
  #arranging: AbortController | undefined
  readonly #listener: Disposable
  readonly #closed = new AbortController()

  constructor(subject: TableSubject, notify: Notify, deps: TableDeps, view?: TableView) {
    this.#subject = subject
    this.#deps = deps
    this.#notify = notify
    this.#view = view ?? deps.memory.lastView(subject)
    this.#announcer = new Announcer(() => notify('changed', null))
    this.#runs = new TableRuns({
      subject,
      connection: () => this.#connection,
      changed: () => this.#announcer.changed(),
      loading: (loading, turned) => this.#tellLoading(loading, turned),
      interactive: deps.interactive ?? false,
    })
    this.#histories = new Histories({
      store: (signal) => this.#connection.store({ signal }),
      arrived: () => {
        this.#renewBeyond({})
        this.#announcer.changed()
      },
      failed: (runId, key, error) => deps.log.warn(`history of ${key} of ${runId}: ${String(error)}`),
    })
    const store = async (signal = this.#closed.signal) => {
      await deps.connections.discovered
      return this.#connection.store({ signal })
    }
    this.#names = new ExperimentNames({
      ids: subject.experimentIds,
      store: () => store(),
      learned: (experimentNames) => this.#renewBeyond({ experimentNames }),
      failed: (error) => deps.log.warn(`names of experiments: ${String(error)}`),
    })
    this.#models = new RunModels({
      experimentIds: subject.experimentIds,
      store,
      arrived: (found) => {
        this.#renewBeyond(found)
        this.#announcer.changed()
      },
      failed: (error) => deps.log.warn(`models of runs: ${String(error)}`),
    })
    this.#exports = new Exports({
      ui: deps.ui,
      origin: () => ({ trackingUri: this.#connection.uri, experimentIds: subject.experimentIds }),
      readHistories: (frame, rows, columns, signal) => this.#readHistories(frame, rows, columns, signal),
      beyond: () => this.#beyond,
      closed: this.#closed.signal,
    })
    this.#renewBeyond({ history: (frame, key, value) => this.#histories.field(frame, key, value) })
    this.#listener = deps.memory.onDidStar(() => this.#announcer.now())
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

  /** Names of the experiments, where somebody knows them already. */
  learnNames(names: ReadonlyMap<string, string>): void {
    this.#names.learn(names)
  }

  /** Names by id, as far as they can be had soon. */
  experimentNames(): Promise<ReadonlyMap<string, string>> {
    return this.#names.soon()
  }

  /** Looks for what has changed. @param thorough reads all again */
  refresh(thorough?: boolean): void {
    if (thorough) {
      this.#models.forget()
      this.#histories.forgive()
    }
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
    this.#models[Symbol.dispose]()
    this.#announcer[Symbol.dispose]()
    this.#histories[Symbol.dispose]()
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
        export: (request) => this.#attempt(() => this.#exports.run(this.#latest, request)),
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
        saveView: ({ view }) =>
          this.#attempt(async () => {
            memory.saveView(this.#subject, await ui.askViewName(this.#savedNames()), view)
            this.#tellViews()
          }),
        shareView: ({ view }) =>
          this.#attempt(async () => {
            const names = await this.experimentNames()
            const experiments = this.#subject.experimentIds.map((id) => names.get(id) ?? id)
            await ui.shareView({ name: experiments[0] ?? '', experiments, view })
          }),
        deleteView: ({ name }) => {
          memory.deleteView(this.#subject, name)
          this.#tellViews()
        },
      },
      requests: {
        hello: () => this.#hello(),
        arrange: ({ view }, signal) => this.#arrange(view, signal),
        rows: ({ revision, from, to, columns }) => Promise.resolve(this.#window(revision, from, to, columns)),
        ids: ({ revision, from, to }) => {
          const arranged = this.#arrangements.get(revision)
          return Promise.resolve(arranged ? idsOf(arranged, from, to) : null)
        },
        find: ({ revision, key }) => {
          const arranged = this.#arrangements.get(revision)
          return Promise.resolve(arranged ? rowOfKey(arranged, key) : -1)
        },
        cell: ({ runId, column }) => Promise.resolve(this.#latest ? wholeCell(this.#latest, runId, column) : null),
        about: ({ runId }) => {
          const { frame } = this.#runs.listed
          const row = frame.rowOf(runId)
          return Promise.resolve(row < 0 ? [] : aboutRun(frame, row, Date.now()))
        },
        catalog: ({ search, group }, signal) => {
          if (group === 'model') this.#models.want()
          const { frame, rows } = this.#runs.listed
          const found = this.#latest?.input.frame === frame ? this.#latest.selection.found : rows
          return inSlices(catalogOf(frame, found, search, group, this.#beyond), signal)
        },
        complete: ({ text, offset }) => Promise.resolve(completions(text, offset, this.#runs.listed.frame)),
        sparklines: ({ runIds, key, width }, signal) =>
          this.#histories.sparklines(this.#runs.listed.frame, runIds, key, width, signal),
        loadView: ({ name }) => {
          const view = memory.savedViews(this.#subject).get(name)
          return view ? Promise.resolve(view) : Promise.reject(new Error(t('There is no saved view “{0}”.', name)))
        },
      },
      notifications: {},
    }
  }

  /** What the user may do with the experiments, for the menus; asked once the table is there. */
  async #askPermissions(): Promise<void> {
    try {
      const { rights } = await this.#connection.store({ signal: this.#closed.signal })
      if (!rights) return
      this.#permissions = await Promise.all(
        this.#subject.experimentIds.map((experimentId) =>
          permissionToOffer(rights, { kind: 'experiment', experimentId }),
        ),
      )
      if (!this.#closed.signal.aborted) this.#announcer.changed()
    } catch {
      // The table itself tells that the store does not answer.
    }
  }

  async #hello() {
    await this.#deps.connections.discovered
    void this.#askPermissions()
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
      savedViews: this.#savedNames(),
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
    if (JSON.stringify(view.better) !== JSON.stringify(this.#beyond.better)) this.#renewBeyond({ better: view.better })
    this.#runs.show(view.lifecycle)
    const start = performance.now()
    let arranged = await this.#arrangeOnce(view, signal)
    if (await this.#loadHistories(arranged, signal)) arranged = await this.#arrangeOnce(view, signal)
    this.#announcer.cost = performance.now() - start
    return this.#publish(arranged)
  }

  #arrangeOnce(view: TableView, signal: AbortSignal): Promise<Arranged> {
    const { frame, rows } = this.#runs.listed
    const several = this.#subject.experimentIds.length > 1
    const input = { frame, base: rows, view, beyond: this.#beyond, stars: this.#stars, several, now: Date.now() }
    return inSlices(arrange(input, this.#latest), signal)
  }

  /** To sort by a value of a metric's history, all of them are needed. True where any came. */
  async #loadHistories({ input, selection }: Arranged, signal: AbortSignal): Promise<boolean> {
    return (await this.#readHistories(input.frame, selection.found, input.view.orderBy, signal)).came
  }

  async #readHistories(
    frame: RunFrame,
    rows: Iterable<number>,
    of: readonly { readonly column: Column }[],
    signal: AbortSignal,
  ): ReturnType<typeof loadHistories> {
    const columns = of.map(({ column }) => column)
    const say = (what: string | undefined): void => this.#runs.say(what)
    const read = await loadHistories(this.#histories, frame, rows, columns, signal, say)
    if (read.came) this.#renewBeyond({})
    return read
  }

  #publish(arranged: Arranged): Arrangement {
    this.#latest = arranged
    const { columns, input } = arranged
    const shown = [...columns.map(({ column }) => column), ...input.view.orderBy.map(({ column }) => column)]
    if ([...shown, ...input.view.groupBy].some(({ group }) => group === 'model')) this.#models.want()
    const revision = ++this.#revision
    this.#arrangements.set(revision, arranged)
    this.#arrangements.delete(revision - keptRevisions)
    return {
      revision,
      loading: this.#runs.loading,
      runs: arranged.input.base.length,
      matching: arranged.selection.found.length,
      hidden: arranged.selection.hidden,
      closed: arranged.closed,
      rows: arranged.layout.items.length,
      pinnedRows: arranged.layout.pinned,
      columns: [...arranged.columns],
      filterProblem: arranged.filterProblem,
      mayEdit: this.#permissions.every((permission) => allows(permission, 'EDIT')),
      mayDelete: this.#permissions.every((permission) => allows(permission, 'MANAGE')),
      filterIsOurs: arranged.filterIsOurs,
      filterIsText: arranged.filterIsText,
    }
  }

  #window(revision: number, from: number, to: number, columns: readonly Column[]): TableWindow {
    const arranged = this.#arrangements.get(revision)
    if (!arranged) return { rows: null, columns: [] }
    const end = Math.min(to, from + mostRows)
    const keys = historyKeys(columns)
    const rows = arranged.layout.items.subarray(from, end).filter((item) => item >= 0)
    const window = {
      rows: rowsOf(arranged, from, end, this.#look),
      columns: columns.map((column) => cellsOf(arranged, column, from, end)),
    }
    this.#histories.want(arranged.input.frame, rows, keys)
    return window
  }

  get #stars(): ReadonlySet<string> {
    return this.#deps.memory.stars(this.#subject.connection)
  }

  get #look(): Look {
    const stars = this.#stars
    return { colorOf: this.#deps.colorOf, isStarred: (runId) => stars.has(runId) }
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
    const { filterProblem } = this.#latest ?? {}
    if (filterProblem) throw new Error(filterProblem.message)
    const text = await this.#exports.write(this.#latest, format, null, signal)
    if (to !== 'result') await this.#exports.hand(text, to, path)
    return { runs: this.#latest?.ordered.length ?? 0, text: text.text }
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

  #renewBeyond(change: Partial<Beyond>): void {
    this.#beyond = { ...this.#beyond, ...change, version: this.#beyond.version + 1 }
  }

  #tellLoading(loading: Loading, turned: boolean): void {
    this.#notify('loading', loading)
    if (turned && loading.state !== 'loading') this.#announcer.now()
  }

  #savedNames(): string[] {
    return [...this.#deps.memory.savedViews(this.#subject).keys()]
  }

  #tellViews(view: TableView | null = null): void {
    this.#notify('views', { savedViews: this.#savedNames(), view })
  }

  #attempt(doing: () => PromiseLike<unknown>): void {
    const attempt = async (): Promise<unknown> => doing()
    attempt().catch((error: unknown) => this.#deps.ui.showProblem(error))
  }
}
