import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import type { Arrangement, TableCompletion, TableRow } from '../../shared/runsTable/protocol'
import { type Column, defaultView, type ShownColumn, type TableView } from '../../shared/runsTable/view'
import type { Grid } from '../grid/grid'
import '../grid/grid'
import type { ColumnMenuDetail, RowMenuDetail, RowSource } from '../grid/types'
import { type Menu, openMenu } from '../ui/menu'
import { common } from '../ui/styles'
import { renderBulkBar } from './bulkBar'
import { gridDataOf } from './columns'
import type { ColumnsPicker, LoadCatalog } from './columnsPicker'
import './columnsPicker'
import type { DateRange } from './dateRange'
import './dateRange'
import { exportItems } from './exportMenu'
import { datasetMenu } from './filterMenus'
import { renderInstead } from './instead'
import { KeptPlace } from './keptPlace'
import { rowSourceOf } from './rowSource'
import { actionItems, mayOf } from './runMenus'
import { runsPageStyles } from './runsPageStyles'
import type { SearchBox } from './searchBox'
import './searchBox'
import './statusLine'
import type { TableAbout, TableHost } from './tableHost'
import { columnItems, groupItems, runItems } from './tableMenus'
import { TableModel } from './tableModel'
import { renderToolBar } from './toolBar'
import { changeColumn, groupAlso, hideRuns, moveColumn, pinRuns, toggled, unfiltered } from './viewEdits'
import { viewsMenu } from './viewsMenu'

/** A table beside code is narrower, px. */
const narrow = 700

/** The table of runs of one or several experiments. */
@customElement('lens-runs-page')
export class RunsPage extends LitElement {
  @property({ attribute: false }) host!: TableHost
  @property({ attribute: false }) about!: TableAbout

  @state() private selected: ReadonlySet<string> = new Set()
  @state() private picking: 'columns' | 'group' | 'sort' | undefined
  @state() private asksDates = false

  @query('lens-search-box') private readonly searchBox!: SearchBox | null
  @query('lens-date-range') private readonly dateRange!: DateRange | null
  @query('lens-grid') private readonly grid!: Grid | null
  @query('lens-columns-picker') private readonly picker!: ColumnsPicker | null
  #source: RowSource | undefined
  readonly #place = new KeptPlace(
    () => this.grid,
    () => this.host,
  )
  readonly #table = new TableModel({
    host: () => this.host,
    changed: () => this.requestUpdate(),
    show: (arrangement, keep) => this.#show(arrangement, keep),
    leaving: this.#place.now,
    isNarrow: () => this.clientWidth < narrow,
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
    this.#place.wanted = this.host.place
    addEventListener('pagehide', this.#place.now)
    this.#source = rowSourceOf(this.host, this.#table.columnOf)
    this.#table.start(this.about)
  }

  override render(): TemplateResult {
    const table = this.#table
    return html`<h1 class="unseen">${this.#title()}</h1>
      ${this.#renderBar()} ${this.#renderNotices()} ${this.#renderTable()} ${this.#renderBulk()}
      <lens-status-line
        .arrangement=${table.arrangement}
        .loading=${table.loading}
        @stop=${table.stop}
        @refresh=${table.refresh}
        @unhide=${() => table.change({ hiddenRuns: [] })}
        @unnest=${() => table.change({ nested: false })}
      ></lens-status-line>
      ${this.picking ? this.#renderPicker(this.picking) : nothing}
      ${
        this.asksDates
          ? html`<lens-date-range
              .range=${table.view.startedBetween}
              @choose=${(event: CustomEvent<TableView['startedBetween']>) =>
                table.change({ startedBetween: event.detail, startedWithin: null })}
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
    const { view, arrangement, filters } = this.#table
    return html`<div class="bar" role="search">
      <lens-search-box
        .value=${view.filter}
        .problem=${arrangement?.filterProblem ?? null}
        .ours=${arrangement?.filterIsOurs ?? false}
        .plain=${arrangement?.filterIsText ?? false}
        .history=${filters.used}
        .saved=${filters.saved}
        .complete=${this.#complete}
        @search=${({ detail }: CustomEvent<{ text: string; done: boolean }>) => this.#table.search(detail.text, detail.done)}
        @keep=${({ detail }: CustomEvent<{ text: string; on: boolean }>) => filters.keep(detail.text, detail.on)}
      ></lens-search-box>
      ${renderToolBar(this.#table, {
        dates: (at) => void this.#askDates(at),
        datasets: (at) => void this.#openDatasets(at),
        group: (at) => void this.#pick('group', at),
        sort: (at) => void this.#pick('sort', at),
        columns: (at) => void this.#pick('columns', at),
        views: (at) => this.#openViews(at),
        export: (at) => this.#openExport(at, null),
      })}
    </div>`
  }

  async #openDatasets(at: Element): Promise<void> {
    const start = "dataset.name = '"
    try {
      const found = await this.#complete(start, start.length, new AbortController().signal)
      const names = found.map(({ label }) => label.replace(/^['"]|['"]$/g, ''))
      openMenu(t('Dataset'), () => datasetMenu(names, this.#table.view, this.#table.change), at)
    } catch (error) {
      this.#table.fail(error)
    }
  }

  #openViews(at: Element): void {
    const { channel } = this.host
    const table = this.#table
    const menu = viewsMenu(table.savedViews, {
      load: (name) => void table.loadView(name),
      remove: (name) => channel.command('deleteView', { name }),
      save: () => channel.command('saveView', { view: table.view }),
      share: () => channel.command('shareView', { view: table.view }),
      reset: () => table.set(defaultView),
    })
    openMenu(t('Views'), () => menu, at)
  }

  #openExport(at: Element, runIds: readonly string[] | null): void {
    openMenu(t('Export'), () => exportItems(runIds, this.#table), at)
  }

  // The table, or what there is instead

  #renderNotices(): TemplateResult | typeof nothing {
    const { failed, arrangement, loading, refresh, showLog } = this.#table
    if (failed === undefined || (arrangement?.runs ?? 0) === 0) return nothing
    return html`<lens-stale
      .asOf=${loading?.updatedAt ?? loading?.since ?? Date.now()}
      .reason=${failed}
      @retry=${refresh}
      @showlog=${showLog}
    ></lens-stale>`
  }

  #renderTable(): TemplateResult {
    const table = this.#table
    const { view, arrangement, loading, failed, busy, change } = table
    const instead = renderInstead({
      ...{ about: this.about, view, arrangement, loading, failed },
      does: {
        retry: table.refresh,
        showLog: table.showLog,
        stop: table.stop,
        clearFilters: () => change(unfiltered),
      },
    })
    return html`${busy && instead === undefined ? html`<div class="busy" role="progressbar" aria-label=${t('Arranging the runs')}></div>` : nothing}<lens-grid
        aria-busy=${busy}
        ?hidden=${instead !== undefined}
        .label=${this.#title()}
        .source=${this.#source}
        @sort=${(event: CustomEvent<{ id: string; add: boolean }>) => table.sort(table.columnOf(event.detail.id), event.detail.add)}
        @resize-column=${(event: CustomEvent<{ id: string; width: number }>) =>
          change(changeColumn(table.listed(event.detail.id), event.detail.id, { width: event.detail.width }))}
        @move-column=${(event: CustomEvent<{ id: string; by: number }>) => this.#move(event.detail)}
        @column-menu=${(event: CustomEvent<ColumnMenuDetail>) => this.#openColumnMenu(event.detail)}
        @row-menu=${(event: CustomEvent<RowMenuDetail>) => void this.#openRowMenu(event.detail)}
        @expand=${(event: CustomEvent<TableRow>) => change({ expanded: toggled(view.expanded, event.detail.key) })}
        @open-row=${(event: CustomEvent<TableRow>) => table.act('open', [event.detail.key])}
        @star=${(event: CustomEvent<TableRow>) => table.star([event.detail.key], !event.detail.starred)}
        @selection=${(event: CustomEvent<ReadonlySet<string>>) => this.#select(event.detail)}
        @moved=${this.#place.changed}
        @pointerdown=${this.#place.taken}
        @wheel=${this.#place.taken}
        @keydown=${this.#place.taken}
        @copy-text=${(event: CustomEvent<string>) => this.host.channel.command('copy', { text: event.detail })}
        @gone=${(event: CustomEvent<number>) => table.gone(event.detail)}
        @problem=${(event: CustomEvent<unknown>) => table.fail(event.detail)}
      ></lens-grid>
      ${instead === undefined ? nothing : html`<div class="instead">${instead}</div>`}`
  }

  #renderBulk(): TemplateResult | typeof nothing {
    const table = this.#table
    const { change } = table
    const runIds = [...this.selected]
    const items = (): Menu =>
      actionItems(runIds.length, table.lifecycle, mayOf(table.arrangement), (action) => table.act(action, runIds))
    return renderBulkBar(runIds.length, {
      compare: () => table.act('compare', runIds),
      open: () => table.act('open', runIds),
      more: (at) => openMenu(t('Actions'), items, at),
      export: (at) => this.#openExport(at, runIds),
      star: () => table.star(runIds, true),
      pin: () => change(pinRuns(table.view, runIds)),
      hide: () => {
        this.#clearSelection()
        change(hideRuns(table.view, runIds))
      },
      clear: () => this.#clearSelection(),
    })
  }

  #select(runIds: ReadonlySet<string>): void {
    this.selected = runIds
    this.#place.changed()
  }

  /** The bar goes, and the focus with it: it goes back to the table. */
  #clearSelection(): void {
    this.grid?.selection.clear()
    this.grid?.focus()
  }

  #renderPicker(what: 'columns' | 'group' | 'sort'): TemplateResult {
    const table = this.#table
    return html`<lens-columns-picker
      .one=${what === 'columns' ? undefined : what}
      .load=${this.#loadCatalog}
      .shown=${table.listed()}
      @columns=${(event: CustomEvent<ShownColumn[]>) => table.change({ columns: event.detail })}
      @choose=${({ detail }: CustomEvent<Column>) => (what === 'sort' ? table.sort(detail, true) : table.change(groupAlso(table.view, detail)))}
      @close=${() => (this.picking = undefined)}
    ></lens-columns-picker>`
  }

  // Menus of the table

  #openColumnMenu({ column, anchor }: ColumnMenuDetail): void {
    openMenu(column.label.slice(0, 200), () => columnItems(column.id, this.#table), anchor)
  }

  async #openRowMenu({ row, index, column, anchor }: RowMenuDetail): Promise<void> {
    const table = this.#table
    const title = row.label.slice(0, 200)
    if (row.kind === 'run') {
      const runIds = this.selected.has(row.key) ? [...this.selected] : [row.key]
      openMenu(title, () => runItems(row, column, runIds, table), anchor)
      return
    }
    const { revision } = this.grid?.shown ?? {}
    const runIds = revision === undefined ? undefined : await this.#runsIn(revision, index, index + 1)
    if (!runIds) return
    const select = (): void => {
      const { selection } = this.grid ?? {}
      selection?.toggleAll(runIds, selection.begin())
    }
    openMenu(title, () => groupItems(row, column, runIds, this.selected, table, select), anchor)
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

  #move({ id, by }: { id: string; by: number }): void {
    const order = (this.grid?.shown?.columns ?? []).map((column) => column.id)
    const toId = order[order.indexOf(id) + by]
    if (toId !== undefined) this.#table.change(moveColumn(this.#table.listed(id), id, toId))
  }

  // What the host arranged

  async #show(arrangement: Arrangement, keep: boolean): Promise<void> {
    await this.updateComplete
    const data = gridDataOf(arrangement, this.#table.view, this.#experiments())
    await this.grid?.show(data, keep, this.#place.wanted)
    this.#place.restoreSelection(arrangement.loading.state !== 'loading')
    await this.#forgetWhatLeft(arrangement)
  }

  /** Runs that are no longer in the table are no longer selected: nothing is done to what isn't seen. */
  async #forgetWhatLeft({ revision, rows }: Arrangement): Promise<void> {
    if (this.selected.size === 0) return
    const there = await this.#runsIn(revision, 0, rows)
    if (there && revision === this.#table.arrangement?.revision) this.grid?.selection.keepOnly(new Set(there))
  }

  /** Ids of the runs in rows that show; undefined where these are gone. */
  async #runsIn(revision: number, from: number, to: number): Promise<readonly string[] | undefined> {
    if (from >= to) return []
    try {
      return (await this.host.channel.request('ids', { revision, from, to })) ?? undefined
    } catch (error) {
      this.#table.fail(error)
      return undefined
    }
  }

  readonly #complete = (text: string, offset: number, signal: AbortSignal): Promise<TableCompletion[]> =>
    this.host.channel.request('complete', { text, offset }, signal)

  readonly #loadCatalog: LoadCatalog = (query, signal) => this.host.channel.request('catalog', query, signal)
}
