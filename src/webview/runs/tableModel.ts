import { RequestError } from '../../shared/channel'
import { t } from '../../shared/l10n'
import type { Arrangement, Loading, RunAction } from '../../shared/runsTable/protocol'
import { type Column, columnId, defaultView, type ShownColumn, type TableView } from '../../shared/runsTable/view'
import { Arranging } from './arranging'
import { nameColumn, nameId } from './columns'
import { KnownFilters } from './knownFilters'
import type { TableAbout, TableHost } from './tableHost'
import { descendsFirst, listedColumns, listedWith, metricsFirst, sortNext, staysInPlace } from './viewEdits'

interface Options {
  readonly host: () => TableHost
  /** Something of it is another. */
  readonly changed: () => void
  /** Shows rows that were arranged. `keep` stays where the user is. */
  readonly show: (arrangement: Arrangement, keep: boolean) => Promise<void>
  /** What is done next may stand before this page. */
  readonly leaving: () => void
  /** There is room for a few columns only. */
  readonly isNarrow: () => boolean
}

/** How a table is set, what the host arranged so, and what is asked of the host. */
export class TableModel {
  readonly filters: KnownFilters
  view: TableView = defaultView
  arrangement: Arrangement | undefined
  loading: Loading | undefined
  savedViews: readonly string[] = []
  /** An arrangement takes so long that it is seen. */
  busy = false
  /** Why the last arranging or reading of rows failed. */
  #problem: string | undefined
  readonly #options: Options
  readonly #arranging: Arranging
  #columns = new Map<string, Column>()
  /** Of the rows that show. */
  #shownView: TableView | undefined

  constructor(options: Options) {
    this.#options = options
    this.filters = new KnownFilters(options.host, options.changed)
    this.#arranging = new Arranging({
      arrange: (keep, signal, arrived) => this.#arrange(keep, signal, arrived),
      failed: (error, isWanted) => {
        this.fail(error)
        if (isWanted && RequestError.is(error, 'cancelled')) this.#backToShown()
      },
      busy: (busy) => {
        this.busy = busy
        options.changed()
      },
    })
  }

  /** Begins with what the host said of the table. */
  start({ savedViews, history, savedFilters }: TableAbout): void {
    this.view = this.host.view
    this.savedViews = savedViews
    this.filters.used = history
    this.filters.saved = savedFilters
    this.host.listen({
      changed: () => this.#arranging.changed(),
      loading: (loading) => {
        this.loading = loading
        this.#options.changed()
      },
      views: (names, view) => {
        this.savedViews = names
        this.#options.changed()
        if (view) this.set(view)
      },
    })
    void this.#arranging.arrange(false)
  }

  get host(): TableHost {
    return this.#options.host()
  }

  /** Why what there is to show can't be shown, or not as it is now. */
  get failed(): string | undefined {
    if (this.#problem !== undefined) return this.#problem
    return this.loading?.state === 'failed' ? (this.loading.problem ?? t('unknown')) : undefined
  }

  /** Of the runs that it lists. */
  get lifecycle(): 'active' | 'deleted' | 'mixed' {
    return this.view.lifecycle === 'all' ? 'mixed' : this.view.lifecycle
  }

  /** Columns that show. */
  get arranged(): Arrangement['columns'] {
    return this.arrangement?.columns ?? []
  }

  /** Columns as they are listed. @param id of the one that is to change */
  listed(id?: string): ShownColumn[] {
    return id === undefined ? listedColumns(this.view, this.arranged) : listedWith(id, this.view, this.arranged)
  }

  /** Any that has shown. */
  readonly columnOf = (id: string): Column | undefined => this.#columns.get(id)

  // How it is set

  readonly change = (change: Partial<TableView>): void => {
    this.set({ ...this.view, ...change }, staysInPlace(change))
  }

  set(view: TableView, keep = false): void {
    this.view = view
    this.#options.changed()
    this.host.remember(view)
    void this.#arranging.arrange(keep)
  }

  /** @param add keeps the columns sorted by before it */
  sort(column: Column | undefined, add: boolean): void {
    if (column) this.change(sortNext(this.view, column, add, descendsFirst(this.view, column, this.arranged)))
  }

  /** @param done it was entered and not only typed */
  search(text: string, done: boolean): void {
    if (done) this.filters.entered(text)
    if (text !== this.view.filter) this.change({ filter: text })
    else this.#noteUsed()
  }

  async loadView(name: string): Promise<void> {
    try {
      this.set(await this.host.channel.request('loadView', { name }))
    } catch (error) {
      this.fail(error)
    }
  }

  // What is arranged

  async #arrange(keep: boolean, signal: AbortSignal, arrived: () => void): Promise<void> {
    const { view } = this
    const arranged = await this.host.channel.request('arrange', { view }, signal)
    const isMetricsFirst = view.columns === null && this.#options.isNarrow()
    const arrangement = isMetricsFirst ? { ...arranged, columns: metricsFirst(arranged.columns) } : arranged
    arrived()
    this.#shownView = view
    const stays = keep && this.arrangement !== undefined
    this.#columns = new Map([
      [nameId, nameColumn],
      ...[...this.#columns, ...arrangement.columns.map(({ column }) => [columnId(column), column] as const)],
    ])
    this.arrangement = arrangement
    this.loading = arrangement.loading
    this.#problem = undefined
    this.#options.changed()
    this.#noteUsed()
    await this.#options.show(arrangement, stays)
  }

  #noteUsed(): void {
    const { arrangement, view } = this
    if (arrangement && !this.#arranging.asking) this.filters.shown(view.filter, !arrangement.filterProblem)
  }

  /** What was asked for was stopped: the table is set as it shows, else the next change would begin it all over. */
  #backToShown(): void {
    const { orderBy, columns } = this.#shownView ?? { orderBy: [], columns: this.view.columns }
    if (JSON.stringify(orderBy) !== JSON.stringify(this.view.orderBy)) this.change({ orderBy, columns })
  }

  /** Rows of a revision are gone: arranges anew, unless a newer one takes its place already. */
  gone(revision: number): void {
    if (!this.#arranging.asking && revision === this.arrangement?.revision) this.#arranging.changed()
  }

  fail(error: unknown): void {
    if (RequestError.is(error, 'cancelled') || RequestError.is(error, 'closed')) return
    this.#problem = error instanceof Error ? error.message : String(error)
    this.#options.changed()
  }

  // What the host is asked for

  act(action: RunAction, runIds: readonly string[]): void {
    this.#options.leaving()
    this.host.channel.command('act', { action, runIds: [...runIds] })
  }

  star(runIds: readonly string[], on: boolean): void {
    this.host.channel.command('star', { runIds: [...runIds], on })
  }

  readonly refresh = (): void => {
    this.#problem = undefined
    this.#options.changed()
    this.host.channel.command('refresh', null)
    void this.#arranging.arrange(true)
  }

  readonly stop = (): void => this.host.channel.command('stop', null)

  readonly showLog = (): void => this.host.channel.command('showLog', null)
}
