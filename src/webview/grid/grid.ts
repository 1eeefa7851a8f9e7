import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { basics } from '../ui/styles'
import { ThemeController } from '../ui/theme'
import { cellDetails } from './cellText'
import { ColumnDrag } from './columnDrag'
import { type Geometry, geometryOf, headHeight, rowHeight } from './geometry'
import { gridStyles } from './gridStyles'
import { headRow, renderHead } from './head'
import { Hover } from './hover'
import { actionOf, type GridAction } from './keys'
import { RowCache } from './rowCache'
import { activeId, headRows, type RowContext, RowView } from './rowView'
import { Selection } from './selection'
import { Sparks } from './sparks'
import type { GridColumn, GridData, RowSource, TableRow } from './types'
import {
  clampSpan,
  inSight,
  rowsInSight,
  rowTop,
  sameSpan,
  scrollToRow,
  type Span,
  type Track,
  trackOf,
} from './windowing'

/** Rows and columns drawn beyond what is in sight. */
const overRows = 4
const overColumns = 1
/** Views of rows that are fetched ahead, the way the user scrolls. */
const aheadViews = 2
/** A grid less wide than this, px, shows in a row's name only what no other column shows. */
const narrow = 480
/** Times that are told from now grow old. */
const tick = 30_000
const keyStep = 16

/** Where a menu opens, px in the window. */
export interface Anchor {
  readonly x: number
  readonly y: number
}

export interface ColumnMenuDetail {
  readonly column: GridColumn
  readonly anchor: Anchor
}

export interface RowMenuDetail extends ColumnMenuDetail {
  readonly row: TableRow
}

interface Shown {
  readonly data: GridData
  readonly cache: RowCache
}

/**
 * A table that may have any number of rows and columns: it draws what is in sight, and fetches rows as they come there.
 *
 * Fires `sort` (detail: `{ id, add }`), `resize-column` (`{ id, width }`), `move-column` (`{ id, by }`), `column-menu`, `row-menu`,
 * `expand` (the row), `open-row` (the row), `star` (the row), `selection` (the keys), `copy-text`, `gone` (the revision) when that is
 * no longer there, and `problem` (the error) when rows can't be read.
 */
@customElement('lens-grid')
export class Grid extends LitElement {
  @property() label = ''
  @property({ attribute: false }) source: RowSource | undefined

  @query('.grid') private readonly scroller!: HTMLElement
  @query('.canvas') private readonly canvas!: HTMLElement
  @query('.stuck') private readonly stuck!: HTMLElement
  @query('.body') private readonly body!: HTMLElement

  readonly selection = new Selection(() => this.#selectionChanged())
  #shown: Shown | undefined
  #geometry: Geometry | undefined
  #track: Track = trackOf(0, rowHeight, 0)
  #size = { width: 0, height: 0 }
  #columns: Span = { from: 0, to: 0 }
  #stuckViews: RowView[] = []
  #views: RowView[] = []
  #active = { row: 0, column: 0 }
  #lastTop = 0
  #direction: 1 | -1 = 1
  #turn = 0
  #paintAsked = false
  /** Some row has been in a tree: the others keep its place free. */
  #tree = false
  /** Rows that are not shown before those in sight are there. */
  #incoming: { readonly cache: RowCache; check(): void; giveUp(): void } | undefined
  readonly #hover = new Hover(this)
  readonly #sparks = new Sparks(() => this.#askPaint())
  readonly #drag = new ColumnDrag({
    geometry: () => this.#geometry,
    resize: (index, width) => this.#setWidth(index, width),
    resized: (index) => this.#tellWidth(index),
    fit: (index) => this.#fit(index),
    moved: (from, to) => this.#fireColumn('move-column', from, { by: to - from }),
    clicked: (index, event) => this.#sort(index, event.shiftKey),
    changed: () => this.requestUpdate(),
  })
  readonly #watch = new ResizeObserver(() => this.#measure())
  #timer: ReturnType<typeof setInterval> | undefined

  static override styles = [basics, gridStyles]

  constructor() {
    super()
    new ThemeController(this)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#timer = setInterval(() => this.#askPaint(), tick)
    if (this.hasUpdated) this.#watch.observe(this.scroller)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
    this.#watch.disconnect()
    this.#hover.hide()
    this.#shown?.cache.stop()
  }

  override firstUpdated(): void {
    this.#watch.observe(this.scroller)
    this.#measure()
  }

  override updated(_changed: PropertyValues): void {
    this.#askPaint()
  }

  get shown(): GridData | undefined {
    return this.#shown?.data
  }

  /** The row that has the focus. */
  get activeRow(): TableRow | undefined {
    return this.#shown?.cache.row(this.#active.row)
  }

  override focus(): void {
    this.scroller.focus()
  }

  /**
   * Shows other rows or columns. What was shown stays until the new rows in sight are there. `keep` stays with the rows that the
   * user sees and the one in focus, wherever they are now; else the table starts at its top. Resolves once it is shown.
   */
  async show(data: GridData, keep: boolean): Promise<void> {
    const turn = ++this.#turn
    const { source } = this
    if (!source) return
    this.#incoming?.giveUp()
    const cache = new RowCache(data.revision, data.rows, source, {
      arrived: () => (cache === this.#incoming?.cache ? this.#incoming.check() : this.#askPaint()),
      gone: () => {
        if (cache === this.#incoming?.cache) this.#incoming.giveUp()
        this.#fire('gone', data.revision)
      },
      failed: (error) => {
        if (cache === this.#incoming?.cache) this.#incoming.giveUp()
        this.#fire('problem', error)
      },
    })
    await this.updateComplete
    const before = this.#shown
    const place = keep && before ? await this.#placeIn(data, before, source) : undefined
    if (turn !== this.#turn) return
    const geometry = geometryOf(data, this.#size.width, this.#size.height)
    const track = trackOf(data.rows - geometry.stuck, rowHeight, geometry.viewHeight)
    const scrollTop = place ? Math.max(0, (place.top - geometry.stuck * rowHeight) / track.scale) : 0
    if (before) {
      const rows = rowsInSight(track, scrollTop, geometry.viewHeight)
      const span = { from: rows.from + geometry.stuck, to: rows.to + geometry.stuck }
      const columns = this.#columnIds(geometry, this.#columnsInSight(geometry))
      cache.want([{ from: 0, to: geometry.stuck }, span], span, columns)
      if (!cache.has(span, columns)) await this.#until(cache, () => cache.has(span, columns))
      if (turn !== this.#turn) {
        cache.stop()
        return
      }
    }
    before?.cache.stop()
    this.#shown = { data, cache }
    if (place && this.#active.row !== headRow) this.#active = { ...this.#active, row: place.active }
    if (!place) this.#tree = false
    if (!place) this.#active = { ...this.#active, row: Math.min(this.#active.row, 0) }
    this.#layout()
    this.scroller.scrollTop = scrollTop
    this.#lastTop = this.scroller.scrollTop
    this.requestUpdate()
    this.#paint()
  }

  override render(): TemplateResult {
    const geometry = this.#geometry
    const data = this.#shown?.data
    return html`<div
        class="grid"
        role="grid"
        tabindex="0"
        aria-label=${this.label}
        aria-multiselectable="true"
        aria-describedby="keys"
        aria-rowcount=${(data?.rows ?? 0) + headRows}
        aria-colcount=${data?.columns.length ?? 0}
        @scroll=${this.#onScroll}
        @keydown=${this.#onKey}
        @pointerdown=${this.#onPointerDown}
        @pointermove=${this.#onPointerMove}
        @pointerleave=${() => this.#hover.hide()}
        @click=${this.#onClick}
        @dblclick=${this.#onDoubleClick}
        @contextmenu=${this.#onContextMenu}
        @focus=${() => this.#paint()}
        @blur=${() => this.#hover.hide()}
      >
        <div class="canvas" role="presentation">
          <div class="head" role="rowgroup">
            ${
              geometry && data
                ? renderHead({
                    geometry,
                    order: data.order,
                    span: this.#columns,
                    activeColumn: this.#active.row === headRow ? this.#active.column : undefined,
                    drag: this.#drag.move,
                  })
                : ''
            }
          </div>
          <div class="stuck" role="rowgroup"></div>
          <div class="body" role="rowgroup"></div>
        </div>
      </div>
      <div id="keys" class="unseen">
        ${t('Arrow keys move, Enter opens, Space selects, Shift with an arrow selects more, Shift+F10 opens a menu. Ctrl+Up goes to the column’s header: Enter sorts there. Alt+Left and Alt+Right move a column, with Shift they resize it. Alt+Enter shows a whole value.')}
      </div>`
  }

  // What is where

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.scroller
    if (width === this.#size.width && height === this.#size.height) return
    this.#size = { width, height }
    this.#layout()
    this.requestUpdate()
    this.#paint()
  }

  #layout(): void {
    if (!this.#shown) return
    const { data } = this.#shown
    const geometry = (this.#geometry = geometryOf(data, this.#size.width, this.#size.height))
    this.#track = trackOf(data.rows - geometry.stuck, rowHeight, geometry.viewHeight)
    this.canvas.style.width = `${geometry.width}px`
    this.stuck.style.top = `${headHeight}px`
    this.stuck.style.height = `${geometry.stuck * rowHeight}px`
    this.stuck.classList.toggle('some', geometry.stuck > 0)
    this.body.style.height = `${this.#track.height}px`
    this.#active = {
      row: Math.min(this.#active.row, data.rows - 1),
      column: Math.min(this.#active.column, data.columns.length - 1),
    }
  }

  /** Scrolling columns that overlap the view, as indexes of all columns. */
  #columnsInSight(geometry: Geometry): Span {
    const { scrollLeft } = this.scroller
    const { starts, pinned, pinnedWidth, columns } = geometry
    const { from, to } = inSight(starts, scrollLeft + pinnedWidth, scrollLeft + this.#size.width, overColumns)
    return clampSpan({ from: Math.max(from, pinned), to }, columns.length)
  }

  #columnIds({ columns, pinned }: Geometry, span: Span): string[] {
    return [...columns.slice(1, pinned), ...columns.slice(span.from, span.to)].map(({ id }) => id)
  }

  /** Row where the scrolling part of the view begins in rows of `data`, px from the first row, and where the focus is. */
  async #placeIn(data: GridData, before: Shown, source: RowSource): Promise<{ top: number; active: number }> {
    const stuck = this.#geometry?.stuck ?? 0
    const { scrollTop } = this.scroller
    const top = Math.floor((scrollTop * this.#track.scale) / rowHeight) + stuck
    const within = scrollTop * this.#track.scale - (top - stuck) * rowHeight
    const find = async (index: number): Promise<number> => {
      const key = before.cache.row(index)?.key
      if (key === undefined) return index
      try {
        const found = await source.find(data.revision, key)
        return found < 0 ? index : found
      } catch {
        return index // what is at this place now will do: the rows themselves tell of what failed
      }
    }
    // At the very top new rows are to be seen, not scrolled away.
    const [found, active] = await Promise.all([scrollTop > 0 ? find(top) : top, find(this.#active.row)])
    return { top: scrollTop > 0 ? found * rowHeight + within : 0, active }
  }

  // Drawing

  #askPaint(): void {
    if (this.#paintAsked) return
    this.#paintAsked = true
    requestAnimationFrame(() => {
      this.#paintAsked = false
      this.#paint()
    })
  }

  #paint(): void {
    const geometry = this.#geometry
    if (!this.#shown || !geometry || !this.isConnected) return
    const { cache, data } = this.#shown
    const { scrollTop } = this.scroller
    const columns = this.#columnsInSight(geometry)
    if (!sameSpan(columns, this.#columns)) {
      this.#columns = columns
      this.requestUpdate()
    }
    const rows = rowsInSight(this.#track, scrollTop, geometry.viewHeight, overRows)
    const context: RowContext = {
      columns: geometry.columns,
      pinned: geometry.pinned,
      starts: geometry.starts,
      cache,
      selected: this.selection.keys,
      active: this.#active,
      now: Date.now(),
      spark: (key, column) => this.#sparks.of(key, column),
    }
    this.#stuckViews = fill(this.#stuckViews, { from: 0, to: geometry.stuck }, this.stuck, (view, index) =>
      view.show(index, index * rowHeight, columns, context),
    )
    const span = { from: rows.from + geometry.stuck, to: rows.to + geometry.stuck }
    this.#views = fill(this.#views, span, this.body, (view, index) =>
      view.show(index, rowTop(this.#track, index - geometry.stuck, scrollTop), columns, context),
    )
    this.#fetch(span, geometry)
    this.#tree ||= [...this.#views, ...this.#stuckViews].some((view) => view.inTree)
    this.scroller.classList.toggle('tree', this.#tree)
    this.scroller.classList.toggle('narrow', this.#size.width < narrow)
    this.scroller.classList.toggle('selecting', this.selection.keys.size > 0)
    this.scroller.setAttribute('aria-activedescendant', this.#activeElementId(data))
  }

  /** Nothing, where the active cell is out of sight. */
  #activeElementId(data: GridData): string {
    const { row, column } = this.#active
    if (data.columns.length === 0) return ''
    const drawn = row === headRow || [...this.#views, ...this.#stuckViews].some((view) => view.index === row)
    return drawn ? activeId(row, column) : ''
  }

  #fetch(span: Span, geometry: Geometry): void {
    if (!this.#shown || !this.source) return
    const { cache, data } = this.#shown
    const ids = this.#columnIds(geometry, this.#columns)
    const far = Math.ceil(geometry.viewHeight / rowHeight) * aheadViews
    const ahead = clampSpan(
      this.#direction > 0 ? { from: span.to, to: span.to + far } : { from: span.from - far, to: span.from },
      data.rows,
    )
    cache.want([{ from: 0, to: geometry.stuck }, span], ahead, ids)
    const drawn = geometry.columns.filter(({ draw, id }) => draw === 'sparkline' && ids.includes(id))
    if (drawn.length > 0) {
      const keys = [...this.#stuckViews, ...this.#views].flatMap(({ key, index }) =>
        key !== undefined && cache.row(index)?.kind === 'run' ? [key] : [],
      )
      this.#sparks.want(keys, drawn, data.revision, this.source)
    }
  }

  /** Resolves once `there` holds, or when it is given up. */
  async #until(cache: RowCache, there: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#incoming = { cache, check: () => there() && resolve(undefined), giveUp: () => resolve(undefined) }
    await promise
    if (this.#incoming.cache === cache) this.#incoming = undefined
  }

  readonly #onScroll = (): void => {
    const { scrollTop } = this.scroller
    if (scrollTop !== this.#lastTop) this.#direction = scrollTop > this.#lastTop ? 1 : -1
    this.#lastTop = scrollTop
    this.#hover.hide()
    this.#paint()
  }

  // Focus

  #moveTo(row: number, column: number): void {
    const data = this.#shown?.data
    if (!data) return
    this.#active = {
      row: Math.max(headRow, Math.min(row, data.rows - 1)),
      column: Math.max(0, Math.min(column, data.columns.length - 1)),
    }
    this.#reveal()
    this.requestUpdate()
    this.#paint()
  }

  #reveal(): void {
    const geometry = this.#geometry
    if (!geometry) return
    const { row, column } = this.#active
    if (row >= geometry.stuck)
      this.scroller.scrollTop = scrollToRow(
        this.#track,
        row - geometry.stuck,
        this.scroller.scrollTop,
        geometry.viewHeight,
      )
    if (column < geometry.pinned) return
    const start = geometry.starts[column] ?? 0
    const end = geometry.starts[column + 1] ?? 0
    const { scrollLeft } = this.scroller
    if (start < scrollLeft + geometry.pinnedWidth) this.scroller.scrollLeft = start - geometry.pinnedWidth
    else if (end > scrollLeft + this.#size.width)
      this.scroller.scrollLeft = Math.min(start - geometry.pinnedWidth, end - this.#size.width)
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const action = actionOf(event)
    if (!action || !this.#shown || !this.#do(action, event)) return
    event.preventDefault()
    // Else the workbench would take the key for its own.
    event.stopPropagation()
  }

  #do(action: GridAction, event: KeyboardEvent): boolean {
    const { row, column } = this.#active
    const page = Math.max(1, Math.floor((this.#geometry?.viewHeight ?? 0) / rowHeight) - 1)
    this.#hover.hide()
    switch (action.do) {
      case 'move':
        this.#go(row + action.rows, column + action.columns, action.select)
        return true
      case 'page':
        this.#go(Math.max(0, row + action.by * page), column, action.select)
        return true
      case 'end':
        return this.#goToEnd(action)
      case 'header':
        this.#moveTo(headRow, column)
        return true
      case 'right':
      case 'left':
        this.#sideways(action.do === 'right' ? 1 : -1)
        return true
      case 'toggle':
        if (row === headRow) this.#sort(column, event.shiftKey)
        else if (this.activeRow) this.#toggle(row, this.activeRow)
        return true
      case 'selectAll':
        void this.#selectSpan({ from: 0, to: this.#shown?.data.rows ?? 0 })
        return true
      case 'clear':
        if (this.selection.keys.size === 0) return false
        this.selection.clear()
        return true
      case 'activate':
        if (row === headRow) this.#sort(column, event.shiftKey)
        else if (this.activeRow) this.#open(this.activeRow)
        return true
      case 'menu':
        this.#openMenu(row, column, this.#activeAnchor())
        return true
      case 'whole':
        void this.#showWhole(row, column, this.#activeAnchor())
        return true
      case 'copy':
        if (document.getSelection()?.type === 'Range') return false
        void this.#copy(row, column)
        return true
      case 'moveColumn':
        this.#fireColumn('move-column', column, { by: action.by })
        return true
      case 'resizeColumn':
        this.#setWidth(column, (this.#geometry?.columns[column]?.width ?? 0) + action.by * keyStep)
        this.#tellWidth(column)
        return true
    }
  }

  #go(row: number, column: number, select: boolean): void {
    const from = this.#active.row
    this.#moveTo(row, column)
    if (select && from !== headRow && this.#active.row !== headRow) void this.#extend(from)
  }

  #goToEnd({ of, last, select }: GridAction & { do: 'end' }): boolean {
    const { data } = this.#shown ?? {}
    if (!data) return false
    const row = of === 'row' ? this.#active.row : last ? data.rows - 1 : 0
    const column = of === 'column' ? this.#active.column : last ? data.columns.length - 1 : 0
    this.#go(row, column, select)
    return true
  }

  /** In the first column, to the side means into the tree or out of it; else, and where there is no tree, to the next cell. */
  #sideways(by: 1 | -1): void {
    const { row, column } = this.#active
    const item = row === headRow || column !== 0 ? undefined : this.activeRow
    if (item && item.children > 0 && item.expanded !== by > 0) this.#fire('expand', item)
    else if (item && by < 0 && item.depth > 0) this.#moveTo(this.#parentOf(row, item.depth), 0)
    else this.#moveTo(row, column + by)
  }

  #parentOf(row: number, depth: number): number {
    for (let index = row - 1; index >= 0; index--) {
      const above = this.#shown?.cache.row(index)
      if (!above) return row
      if (above.depth < depth) return index
    }
    return row
  }

  #activeAnchor(): Anchor {
    const { row, column } = this.#active
    const element = this.renderRoot.querySelector(`#${activeId(row, column)}`) ?? this.scroller
    const { left, bottom } = element.getBoundingClientRect()
    return { x: left, y: bottom }
  }

  // Rows and cells by mouse

  #targetOf(event: Event): { view: RowView; index: number; column: number; part: string | undefined } | undefined {
    const path = event.composedPath()
    const view = [...this.#views, ...this.#stuckViews].find(({ element }) => path.includes(element))
    if (!view) return undefined
    const cell = path.find((item) => item instanceof HTMLElement && item.getAttribute('role') === 'gridcell')
    const column = cell instanceof HTMLElement ? Number(cell.getAttribute('aria-colindex')) - 1 : this.#active.column
    const part = path.find((item) => item instanceof HTMLElement && item.dataset.part !== undefined)
    return { view, index: view.index, column, part: part instanceof HTMLElement ? part.dataset.part : undefined }
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    this.#hover.hide()
    if (event.button === 0) this.#drag.start(event)
  }

  readonly #onPointerMove = (event: PointerEvent): void => {
    if (event.pointerType === 'touch' || event.buttons !== 0) return
    const target = this.#targetOf(event)
    if (!target) {
      this.#hover.hide()
      return
    }
    this.#hover.over(`${target.index} ${target.column}`, () =>
      this.#showWhole(target.index, target.column, { x: event.clientX, y: event.clientY + 14 }, true),
    )
  }

  readonly #onClick = (event: MouseEvent): void => {
    const target = this.#targetOf(event)
    const row = target && this.#shown?.cache.row(target.index)
    if (!row) return
    const from = this.#active.row
    this.#moveTo(target.index, target.column)
    if (target.part === 'star') this.#fire('star', row)
    else if (target.part === 'twisty' && row.children > 0) this.#fire('expand', row)
    else if (event.shiftKey) void this.#extend(from)
    else if (target.part === 'tick' || event.ctrlKey || event.metaKey) this.#toggle(target.index, row)
    else if (row.kind === 'group') this.#fire('expand', row)
    else if (target.part === 'name') this.#fire('open-row', row)
    else this.selection.only(row.key, target.index)
  }

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const target = this.#targetOf(event)
    const row = target && this.#shown?.cache.row(target.index)
    if (row?.kind === 'run' && target?.part === undefined) this.#fire('open-row', row)
  }

  readonly #onContextMenu = (event: MouseEvent): void => {
    event.preventDefault()
    const head = this.#drag.columnOf(event)
    const target = this.#targetOf(event)
    if (head === undefined && !target) return
    this.#moveTo(target?.index ?? headRow, head ?? target?.column ?? 0)
    // The keyboard's own event has no place.
    const anchor =
      event.clientX === 0 && event.clientY === 0 ? this.#activeAnchor() : { x: event.clientX, y: event.clientY }
    this.#openMenu(this.#active.row, this.#active.column, anchor)
  }

  #openMenu(index: number, at: number, anchor: Anchor): void {
    const column = this.#geometry?.columns[at]
    const row = this.#shown?.cache.row(index)
    if (!column) return
    if (index === headRow) this.#fire('column-menu', { column, anchor } satisfies ColumnMenuDetail)
    else if (row) this.#fire('row-menu', { column, row, anchor } satisfies RowMenuDetail)
  }

  #open(row: TableRow): void {
    this.#fire(row.kind === 'group' ? 'expand' : 'open-row', row)
  }

  // Selection

  /** A group's row stands for its members, shown or not. */
  #toggle(index: number, row: TableRow): void {
    if (row.kind === 'run') this.selection.toggle(row.key, index)
    else void this.#select({ from: index, to: index + 1 }, (keys, turn) => this.selection.toggleAll(keys, turn))
  }

  async #extend(from: number): Promise<void> {
    const anchor = this.selection.anchor ?? from
    const [first, last] = [Math.min(anchor, this.#active.row), Math.max(anchor, this.#active.row)]
    this.selection.anchor = anchor
    await this.#selectSpan({ from: Math.max(0, first), to: last + 1 })
  }

  async #selectSpan(span: Span): Promise<void> {
    await this.#select(span, (keys, turn) => this.selection.replace(keys, turn))
  }

  /** What is not here, or stands for others, is asked for. */
  async #select(span: Span, select: (keys: readonly string[], turn: number) => void): Promise<void> {
    const { data, cache } = this.#shown ?? {}
    if (!data || !cache || !this.source) return
    const turn = this.selection.begin()
    const length = span.to - span.from
    const rows = Array.from({ length: Math.min(length, 2000) }, (_, nth) => cache.row(span.from + nth))
    if (length <= rows.length && rows.every((row) => row?.kind === 'run')) {
      select(
        rows.flatMap((row) => row?.key ?? []),
        turn,
      )
      return
    }
    try {
      select(await this.source.ids(data.revision, span.from, span.to), turn)
    } catch (error) {
      this.#fire('problem', error)
    }
  }

  #selectionChanged(): void {
    this.#askPaint()
    this.#fire('selection', this.selection.keys)
  }

  // Columns

  #sort(index: number, add: boolean): void {
    this.#moveTo(headRow, index)
    this.#fireColumn('sort', index, { add })
  }

  /** At once and without asking anybody: a column that is dragged follows the pointer. */
  #setWidth(index: number, width: number): void {
    if (!this.#shown) return
    const { data, cache } = this.#shown
    const columns = data.columns.map((column, nth) =>
      nth === index ? { ...column, width: Math.round(Math.max(40, Math.min(width, 1200))) } : column,
    )
    this.#shown = { data: { ...data, columns }, cache }
    this.#layout()
    this.requestUpdate()
    this.#paint()
  }

  #tellWidth(index: number): void {
    this.#fireColumn('resize-column', index, { width: this.#shown?.data.columns[index]?.width })
  }

  /** As wide as what is in sight. */
  #fit(index: number): void {
    const cells = this.renderRoot.querySelectorAll(`[aria-colindex="${index + 1}"]:not([aria-colspan])`)
    const widths = [...cells].map((cell) => contentWidth(cell))
    this.#setWidth(index, Math.max(...widths) + 18)
    this.#tellWidth(index)
  }

  // Whole values

  async #showWhole(index: number, at: number, anchor: Anchor, onlyMore = false): Promise<void> {
    const column = this.#geometry?.columns[at]
    const { cache } = this.#shown ?? {}
    const row = cache?.row(index)
    if (!column || !cache || !row) return
    const lines = at === 0 ? leadDetails(row) : cellDetails(column, cache.cell(index, column.id))
    if (lines.length === 0) return
    // A pointer that passes over is told what it can't read already.
    const cell = this.#cellElement(index, at)
    if (onlyMore && lines.length === 1 && cell && !isCut(cell) && lines[0] === cell.textContent) return
    const shown = this.#hover.show(column.label, lines, anchor)
    if (at === 0 || row.kind !== 'run' || column.kind !== 'text' || !(lines[0] && lines[0].length >= 300)) return
    try {
      const whole = await this.source?.whole(row.key, column.id)
      if (whole !== null && whole !== undefined) this.#hover.update(shown, [whole])
    } catch (error) {
      this.#fire('problem', error)
    }
  }

  #cellElement(index: number, at: number): Element | null {
    const view = [...this.#views, ...this.#stuckViews].find((candidate) => candidate.index === index)
    return view?.element.querySelector(`[aria-colindex="${at + 1}"]`) ?? null
  }

  async #copy(index: number, at: number): Promise<void> {
    const column = this.#geometry?.columns[at]
    const { cache } = this.#shown ?? {}
    if (!column || !cache) return
    if (index === headRow) {
      this.#fire('copy-text', column.label)
      return
    }
    const row = cache.row(index)
    if (!row) return
    const [first = ''] = at === 0 ? [row.label] : cellDetails(column, cache.cell(index, column.id))
    try {
      const whole = first.length >= 300 && at > 0 ? await this.source?.whole(row.key, column.id) : undefined
      this.#fire('copy-text', whole ?? first)
    } catch (error) {
      this.#fire('problem', error)
    }
  }

  #fireColumn(name: string, index: number, detail: object): void {
    const column = this.#shown?.data.columns[index]
    if (column) this.#fire(name, { id: column.id, ...detail })
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

/** Gives every row of a span a view: its own, one that is free, or a new one. */
function fill(
  views: readonly RowView[],
  span: Span,
  parent: HTMLElement,
  show: (view: RowView, index: number) => void,
): RowView[] {
  const byRow = new Map<number, RowView>()
  const free: RowView[] = []
  for (const view of views)
    if (view.index >= span.from && view.index < span.to) byRow.set(view.index, view)
    else free.push(view)
  const filled: RowView[] = []
  for (let index = span.from; index < span.to; index++) {
    let view = byRow.get(index) ?? free.pop()
    if (!view) parent.append((view = new RowView()).element)
    show(view, index)
    filled.push(view)
  }
  for (const { element } of free) element.remove()
  return filled
}

function leadDetails(row: TableRow): string[] {
  const lines = [row.label]
  if (row.kind === 'run') lines.push(row.key)
  if (row.problem !== null) lines.push(row.problem)
  return lines
}

const isCut = (cell: Element): boolean =>
  [cell, ...cell.querySelectorAll('.name')].some((words) => words.scrollWidth > words.clientWidth)

/** Width of what a cell or a column's name would show if it had room, px. */
function contentWidth(cell: Element): number {
  const words = cell.querySelector('.title, .name')
  const range = document.createRange()
  range.selectNodeContents(words ?? cell)
  const beside = [...cell.querySelectorAll('.tick, .twisty, .dot, .mark, .count, .star, .sorted')]
  return beside.reduce(
    (sum, part) => sum + part.getBoundingClientRect().width + 4,
    Math.max(range.getBoundingClientRect().width, words?.scrollWidth ?? 0),
  )
}
