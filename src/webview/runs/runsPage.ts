import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { RequestError } from '../../shared/channel'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Arrangement, Loading, RunAction, TableCompletion, TableRow } from '../../shared/runsTable/protocol'
import { type Column, columnId, defaultView, type ShownColumn, type TableView } from '../../shared/runsTable/view'
import type { Grid } from '../grid/grid'
import '../grid/grid'
import type { ColumnMenuDetail, RowMenuDetail, RowSource } from '../grid/types'
import { icon } from '../ui/icons'
import { type Menu, openMenu } from '../ui/menu'
import { common } from '../ui/styles'
import { Arranging } from './arranging'
import { renderBulkBar } from './bulkBar'
import { columnLabel, gridDataOf, nameColumn, nameId } from './columns'
import type { ColumnsPicker, LoadCatalog } from './columnsPicker'
import './columnsPicker'
import type { DateRange } from './dateRange'
import './dateRange'
import { renderInstead } from './instead'
import { KeptPlace } from './keptPlace'
import * as menus from './menus'
import { rowSourceOf } from './rowSource'
import { runsPageStyles } from './runsPageStyles'
import type { SearchBox } from './searchBox'
import './searchBox'
import './statusLine'
import type { TableAbout, TableHost } from './tableHost'
import { renderTool } from './tool'
import { changeColumn, listedColumns, moveColumn, sortNext, staysInPlace, toggled, unfiltered } from './viewEdits'

/** The table of runs of one or several experiments. */
@customElement('lens-runs-page')
export class RunsPage extends LitElement {
  @property({ attribute: false }) host!: TableHost
  @property({ attribute: false }) about!: TableAbout

  @state() private view: TableView = defaultView
  @state() private arrangement: Arrangement | undefined
  @state() private loading: Loading | undefined
  /** Why the last arranging or reading of rows failed. */
  @state() private problem: string | undefined
  @state() private selected: ReadonlySet<string> = new Set()
  @state() private savedViews: readonly string[] = []
  @state() private history: readonly string[] = []
  @state() private savedFilters: readonly string[] = []
  /** An arrangement takes so long that it is seen. */
  @state() private busy = false
  @state() private picking: 'columns' | 'group' | 'sort' | undefined

  @state() private asksDates = false

  @query('lens-search-box') private readonly searchBox!: SearchBox | null
  @query('lens-date-range') private readonly dateRange!: DateRange | null
  @query('lens-grid') private readonly grid!: Grid | null
  @query('lens-columns-picker') private readonly picker!: ColumnsPicker | null
  #source: RowSource | undefined
  #columns = new Map<string, Column>()
  /** Of the rows that show. */
  #shownView: TableView | undefined
  /** A filter that was entered and not only typed, until its runs are there. */
  #entered: string | undefined
  readonly #place = new KeptPlace(
    () => this.grid,
    () => this.host,
  )
  readonly #arranging = new Arranging({
    arrange: async (keep, signal, arrived) => {
      const { view } = this
      const arrangement = await this.host.channel.request('arrange', { view }, signal)
      arrived()
      this.#shownView = view
      await this.#show(arrangement, keep && this.arrangement !== undefined)
    },
    failed: (error, isWanted) => {
      this.#fail(error)
      if (isWanted && RequestError.is(error, 'cancelled')) this.#backToShown()
    },
    busy: (busy) => (this.busy = busy),
  })

  static override styles = [common, runsPageStyles]

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('keydown', this.#onKey)
  }

  /** VS Code's own find would only see the rows that are drawn. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    this.searchBox?.focus()
  }

  override firstUpdated(): void {
    this.view = this.host.view
    this.#place.wanted = this.host.place
    addEventListener('pagehide', this.#place.now)
    this.savedViews = this.about.savedViews
    this.history = this.about.history
    this.savedFilters = this.about.savedFilters
    this.#source = rowSourceOf(this.host, (id) => this.#columns.get(id))
    this.host.listen({
      changed: () => this.#arranging.changed(),
      loading: (loading) => (this.loading = loading),
      views: (savedViews, view) => {
        this.savedViews = savedViews
        if (view) this.#setView(view)
      },
    })
    void this.#arranging.arrange(false)
  }

  override render(): TemplateResult {
    return html`<h1 class="unseen">${this.#title()}</h1>
      ${this.#renderBar()} ${this.#renderNotices()} ${this.#renderTable()} ${this.#renderBulk()}
      <lens-status-line
        .arrangement=${this.arrangement}
        .loading=${this.loading}
        @stop=${() => this.host.channel.command('stop', null)}
        @refresh=${this.#refresh}
        @unhide=${() => this.#change({ hiddenRuns: [] })}
        @unnest=${() => this.#change({ nested: false })}
      ></lens-status-line>
      ${this.picking ? this.#renderPicker(this.picking) : nothing}
      ${
        this.asksDates
          ? html`<lens-date-range
              .range=${this.view.startedBetween}
              @choose=${(event: CustomEvent<TableView['startedBetween']>) =>
                this.#change({ startedBetween: event.detail, startedWithin: null })}
              @close=${() => (this.asksDates = false)}
            ></lens-date-range>`
          : nothing
      }`
  }

  #title(): string {
    return t('Runs of {0}', this.#experiments())
  }

  #experiments(): string {
    const { experiments } = this.about
    const [first] = experiments
    return experiments.length === 1 && first ? first.name : t('{0} experiments', experiments.length)
  }

  // The bar above the table

  #renderBar(): TemplateResult {
    const { view } = this
    const groups = view.groupBy.map(columnLabel)
    return html`<div class="bar" role="search">
      <lens-search-box
        .value=${view.filter}
        .problem=${this.arrangement?.filterProblem ?? null}
        .ours=${this.arrangement?.filterIsOurs ?? false}
        .plain=${this.arrangement?.filterIsText ?? false}
        .history=${this.history}
        .saved=${this.savedFilters}
        .complete=${this.#complete}
        @search=${(event: CustomEvent<{ text: string; done: boolean }>) => this.#search(event.detail)}
        @keep=${(event: CustomEvent<{ text: string; on: boolean }>) => this.#keepFilter(event.detail)}
      ></lens-search-box>
      <div class="tools" role="group" aria-label=${t('Which runs and columns')}>
        ${renderTool('pass', t('Status'), (at) => openMenu(t('Status'), () => menus.statusMenu(this.view, this.#change), at), { menu: true, value: menus.statusText(view) })}
        ${renderTool('clock', t('Started'), (at) => openMenu(t('Started'), () => menus.startedMenu(this.view, this.#change, () => void this.#askDates(at)), at), { menu: true, value: menus.startedText(view) })}
        ${renderTool('table', t('Dataset'), (at) => void this.#openDatasets(at), { menu: true, value: view.dataset ?? undefined })}
        ${renderTool('group', t('Group'), (at) => openMenu(t('Group'), () => menus.groupMenu(this.view, this.#change, () => void this.#pick('group', at)), at), { menu: true, value: groups.length > 0 ? groups.join(', ') : undefined })}
        ${renderTool(
          'arrowDown',
          t('Sort'),
          (at) =>
            openMenu(
              t('Sort'),
              () =>
                menus.sortMenu(
                  this.view,
                  (column) => this.#sort(column, true),
                  this.#change,
                  () => void this.#pick('sort', at),
                ),
              at,
            ),
          { menu: true, value: menus.orderText(view) },
        )}
        ${renderTool('columns', t('Columns'), (at) => void this.#pick('columns', at), { menu: true })}
        <button
          class="plain tool ${view.onlyChanged ? 'set' : ''}"
          aria-pressed=${view.onlyChanged}
          title=${t('Only columns in which runs differ')}
          aria-label=${t('Only differences')}
          @click=${() => this.#change({ onlyChanged: !view.onlyChanged })}
        >
          ${icon('branch')}<span class="label clip">${t('Only differences')}</span>
        </button>
        ${renderTool('views', t('Views'), (at) => this.#openViews(at), { menu: true })}
        ${renderTool('export', t('Export'), (at) => this.#openExport(at, null), { menu: true })}
      </div>
    </div>`
  }

  async #openDatasets(at: Element): Promise<void> {
    const start = "dataset.name = '"
    try {
      const found = await this.#complete(start, start.length, new AbortController().signal)
      const names = found.map(({ label }) => label.replace(/^['"]|['"]$/g, ''))
      openMenu(t('Dataset'), () => menus.datasetMenu(names, this.view, this.#change), at)
    } catch (error) {
      this.#fail(error)
    }
  }

  #openViews(at: Element): void {
    const { channel } = this.host
    const menu = menus.viewsMenu(this.savedViews, {
      load: (name) => void this.#loadView(name),
      remove: (name) => channel.command('deleteView', { name }),
      save: () => channel.command('saveView', { view: this.view }),
      share: () => channel.command('shareView', { view: this.view }),
      reset: () => this.#setView(defaultView),
    })
    openMenu(t('Views'), () => menu, at)
  }

  #openExport(at: Element, runIds: readonly string[] | null): void {
    const count = runIds ? runIds.length : (this.arrangement?.matching ?? 0)
    const what = count === 1 ? t('1 run') : t('{0} runs', formatCount(count))
    const menu = menus.exportMenu(what, (format, to) =>
      this.host.channel.command('export', { format, to, runIds: runIds && [...runIds] }),
    )
    openMenu(t('Export'), () => menu, at)
  }

  // The table, or what there is instead

  /** Why what there is to show can't be shown, or not as it is now. */
  get #failed(): string | undefined {
    if (this.problem !== undefined) return this.problem
    return this.loading?.state === 'failed' ? (this.loading.problem ?? t('unknown')) : undefined
  }

  #renderNotices(): TemplateResult {
    const failed = this.#failed
    if (failed === undefined || (this.arrangement?.runs ?? 0) === 0) return html``
    return html`<lens-stale
      .asOf=${this.loading?.updatedAt ?? this.loading?.since ?? Date.now()}
      .reason=${failed}
      @retry=${this.#refresh}
      @showlog=${this.#showLog}
    ></lens-stale>`
  }

  #renderTable(): TemplateResult {
    const { about, view, arrangement, loading } = this
    const instead = renderInstead({
      ...{ about, view, arrangement, loading, failed: this.#failed },
      does: {
        retry: this.#refresh,
        showLog: this.#showLog,
        stop: () => this.host.channel.command('stop', null),
        clearFilters: () => this.#change(unfiltered),
      },
    })
    return html`${this.busy && instead === undefined ? html`<div class="busy" role="progressbar" aria-label=${t('Arranging the runs')}></div>` : nothing}<lens-grid
        aria-busy=${this.busy}
        ?hidden=${instead !== undefined}
        .label=${this.#title()}
        .source=${this.#source}
        @sort=${(event: CustomEvent<{ id: string; add: boolean }>) => this.#sort(this.#columns.get(event.detail.id), event.detail.add)}
        @resize-column=${(event: CustomEvent<{ id: string; width: number }>) =>
          this.#change(changeColumn(this.#listed(event.detail.id), event.detail.id, { width: event.detail.width }))}
        @move-column=${(event: CustomEvent<{ id: string; by: number }>) => this.#move(event.detail)}
        @column-menu=${(event: CustomEvent<ColumnMenuDetail>) => this.#openColumnMenu(event.detail)}
        @row-menu=${(event: CustomEvent<RowMenuDetail>) => this.#openRowMenu(event.detail)}
        @expand=${(event: CustomEvent<TableRow>) =>
          this.#change({ expanded: toggled(this.view.expanded, event.detail.key) })}
        @open-row=${(event: CustomEvent<TableRow>) => this.#act('open', [event.detail.key])}
        @star=${(event: CustomEvent<TableRow>) => this.#star([event.detail.key], !event.detail.starred)}
        @selection=${(event: CustomEvent<ReadonlySet<string>>) => this.#select(event.detail)}
        @moved=${this.#place.changed}
        @pointerdown=${this.#place.taken}
        @wheel=${this.#place.taken}
        @keydown=${this.#place.taken}
        @copy-text=${(event: CustomEvent<string>) => this.host.channel.command('copy', { text: event.detail })}
        @gone=${(event: CustomEvent<number>) => this.#gone(event.detail)}
        @problem=${(event: CustomEvent<unknown>) => this.#fail(event.detail)}
      ></lens-grid>
      ${instead === undefined ? nothing : html`<div class="instead">${instead}</div>`}`
  }

  #renderBulk(): TemplateResult | typeof nothing {
    const runIds = [...this.selected]
    const state = this.view.lifecycle === 'all' ? 'mixed' : this.view.lifecycle
    const items = (): Menu => menus.actionItems(runIds.length, state, this.#may, (action) => this.#act(action, runIds))
    return renderBulkBar(runIds.length, {
      compare: () => this.#act('compare', runIds),
      open: () => this.#act('open', runIds),
      more: (at) => openMenu(t('Actions'), items, at),
      export: (at) => this.#openExport(at, runIds),
      star: () => this.#star(runIds, true),
      pin: () => this.#change({ pinnedRuns: [...new Set([...this.view.pinnedRuns, ...runIds])] }),
      hide: () => {
        this.#clearSelection()
        this.#change({ hiddenRuns: [...new Set([...this.view.hiddenRuns, ...runIds])] })
      },
      clear: () => this.#clearSelection(),
    })
  }

  #select(runIds: ReadonlySet<string>): void {
    this.selected = runIds
    this.#place.changed()
  }

  get #may(): menus.May {
    return this.arrangement ?? { mayEdit: true, mayDelete: true }
  }

  /** The bar goes, and the focus with it: it goes back to the table. */
  #clearSelection(): void {
    this.grid?.selection.clear()
    this.grid?.focus()
  }

  #renderPicker(what: 'columns' | 'group' | 'sort'): TemplateResult {
    return html`<lens-columns-picker
      .one=${what === 'columns' ? undefined : what}
      .load=${this.#loadCatalog}
      .shown=${this.#listed(undefined)}
      @columns=${(event: CustomEvent<ShownColumn[]>) => this.#change({ columns: event.detail })}
      @choose=${(event: CustomEvent<Column>) => (what === 'sort' ? this.#sort(event.detail, true) : this.#groupBy(event.detail))}
      @close=${() => (this.picking = undefined)}
    ></lens-columns-picker>`
  }

  // Menus of the table

  #openColumnMenu({ column, anchor }: ColumnMenuDetail): void {
    openMenu(column.label.slice(0, 200), () => this.#columnItems(column.id), anchor)
  }

  #openRowMenu({ row, column, anchor }: RowMenuDetail): void {
    const columnItem = {
      label: t('Column “{0}”', column.label.slice(0, 60)),
      items: () => this.#columnItems(column.id),
    }
    if (row.kind === 'group') {
      const toggle = {
        label: row.expanded ? t('Collapse') : t('Expand'),
        run: () => this.#change({ expanded: toggled(this.view.expanded, row.key) }),
      }
      openMenu(row.label.slice(0, 200), () => [toggle, 'line', columnItem], anchor)
      return
    }
    const runIds = this.selected.has(row.key) ? [...this.selected] : [row.key]
    const items = menus.actionItems(runIds.length, row.deleted ? 'deleted' : 'active', this.#may, (action) =>
      this.#act(action, runIds),
    )
    const own = menus.starAndPinItems(row, runIds, this.view, this.#change, (on) => this.#star(runIds, on))
    openMenu(row.label.slice(0, 200), () => [...items, 'line', ...own, 'line', columnItem], anchor)
  }

  #columnItems(id: string): Menu {
    const column = this.#columns.get(id)
    if (!column || !this.arrangement) return []
    return menus.columnMenu(column, this.view, this.#listed(id), this.arrangement.columns, this.#change)
  }

  async #pick(what: 'columns' | 'group' | 'sort', at: Element): Promise<void> {
    this.picking = what
    await this.updateComplete
    await this.picker?.open(at)
  }

  async #askDates(at: Element): Promise<void> {
    this.asksDates = true
    await this.updateComplete
    await this.dateRange?.open(at)
  }

  // Changes of the view

  /** Columns as the view lists them; with the column of the name, if it is that one that is to change. */
  #listed(id: string | undefined): ShownColumn[] {
    const columns = listedColumns(this.view, this.arrangement?.columns ?? [])
    if (id !== nameId || columns.some(({ column }) => columnId(column) === nameId)) return columns
    return [{ column: nameColumn }, ...columns]
  }

  /** @param add keeps the columns sorted by before it */
  #sort(column: Column | undefined, add: boolean): void {
    if (!column) return
    const id = columnId(column)
    const kind = this.arrangement?.columns.find((one) => columnId(one.column) === id)?.kind
    const better =
      column.group === 'metric' && Object.hasOwn(this.view.better, column.key)
        ? this.view.better[column.key]
        : undefined
    const numeric = kind ? kind !== 'text' && kind !== 'status' : column.group === 'metric'
    this.#change(sortNext(this.view, column, add, better ? better === 'higher' : numeric))
  }

  #move({ id, by }: { id: string; by: number }): void {
    const order = (this.grid?.shown?.columns ?? []).map((column) => column.id)
    const toId = order[order.indexOf(id) + by]
    if (toId !== undefined) this.#change(moveColumn(this.#listed(id), id, toId))
  }

  #groupBy(column: Column): void {
    const id = columnId(column)
    if (!this.view.groupBy.some((other) => columnId(other) === id))
      this.#change({ groupBy: [...this.view.groupBy, column] })
  }

  #search({ text, done }: { text: string; done: boolean }): void {
    if (done) this.#entered = text
    if (text !== this.view.filter) this.#change({ filter: text })
    else this.#noteUsed()
  }

  /** Only what was entered, and understood, is worth to be offered again. */
  #noteUsed(): void {
    const text = this.#entered
    if (text === undefined || text !== this.view.filter || this.#arranging.asking) return
    this.#entered = undefined
    if (text.trim() === '' || !this.arrangement || this.arrangement.filterProblem) return
    this.host.channel.command('used', { filter: text })
    this.history = [text, ...this.history.filter((other) => other !== text)].slice(0, 20)
  }

  #keepFilter({ text, on }: { text: string; on: boolean }): void {
    this.host.channel.command('keepFilter', { filter: text, on })
    const others = this.savedFilters.filter((other) => other !== text)
    this.savedFilters = on ? [...others, text] : others
  }

  readonly #change = (change: Partial<TableView>): void => {
    this.#setView({ ...this.view, ...change }, staysInPlace(change))
  }

  #setView(view: TableView, keep = false): void {
    this.view = view
    this.host.remember(view)
    void this.#arranging.arrange(keep)
  }

  async #loadView(name: string): Promise<void> {
    try {
      this.#setView(await this.host.channel.request('loadView', { name }))
    } catch (error) {
      this.#fail(error)
    }
  }

  // What the host says

  /** What was asked for was stopped: the table is set as it shows, else the next change would begin it all over. */
  #backToShown(): void {
    const { orderBy, columns } = this.#shownView ?? { orderBy: [], columns: this.view.columns }
    if (JSON.stringify(orderBy) !== JSON.stringify(this.view.orderBy)) this.#change({ orderBy, columns })
  }

  /** A newer arrangement that is asked for already takes the place of one that is gone. */
  #gone(revision: number): void {
    if (!this.#arranging.asking && revision === this.arrangement?.revision) this.#arranging.changed()
  }

  async #show(arrangement: Arrangement, keep: boolean): Promise<void> {
    this.#columns = new Map([
      [nameId, nameColumn],
      ...[...this.#columns, ...arrangement.columns.map(({ column }) => [columnId(column), column] as const)],
    ])
    this.arrangement = arrangement
    this.loading = arrangement.loading
    this.problem = undefined
    this.#noteUsed()
    await this.updateComplete
    await this.grid?.show(gridDataOf(arrangement, this.view, this.#experiments()), keep, this.#place.wanted)
    this.#place.restoreSelection(arrangement.loading.state !== 'loading')
    await this.#forgetWhatLeft(arrangement)
  }

  /** Runs that are no longer in the table are no longer selected: nothing is done to what isn't seen. */
  async #forgetWhatLeft({ revision, rows }: Arrangement): Promise<void> {
    if (this.selected.size === 0) return
    try {
      const there = rows === 0 ? [] : await this.host.channel.request('ids', { revision, from: 0, to: rows })
      if (there && revision === this.arrangement?.revision) this.grid?.selection.keepOnly(new Set(there))
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (RequestError.is(error, 'cancelled') || RequestError.is(error, 'closed')) return
    this.problem = error instanceof Error ? error.message : String(error)
  }

  // What the host is asked for

  #act(action: RunAction, runIds: readonly string[]): void {
    this.#place.now() // what it opens may stand before this page
    this.host.channel.command('act', { action, runIds: [...runIds] })
  }

  #star(runIds: readonly string[], on: boolean): void {
    this.host.channel.command('star', { runIds: [...runIds], on })
  }

  readonly #refresh = (): void => {
    this.problem = undefined
    this.host.channel.command('refresh', null)
    void this.#arranging.arrange(true)
  }

  readonly #showLog = (): void => this.host.channel.command('showLog', null)

  readonly #complete = (text: string, offset: number, signal: AbortSignal): Promise<TableCompletion[]> =>
    this.host.channel.request('complete', { text, offset }, signal)

  readonly #loadCatalog: LoadCatalog = (query, signal) => this.host.channel.request('catalog', query, signal)
}
