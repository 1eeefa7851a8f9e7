import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { basics } from '../ui/styles'
import { ThemeController } from '../ui/theme'
import { ColumnDrag } from './columnDrag'
import type { Controls, Place } from './controls'
import { contentWidth, detailsOf, isCut } from './details'
import { headHeight, rowHeight } from './geometry'
import { gridStyles } from './gridStyles'
import { headRow, renderHead } from './head'
import { Hover } from './hover'
import { Incoming } from './incoming'
import { actionOf } from './keys'
import { Layout } from './layout'
import { click, contextMenu, doubleClick } from './pointing'
import { perform } from './pressing'
import { RowCache, type Shown } from './rowCache'
import { RowSelecting } from './rowSelecting'
import { activeId, headRows } from './elements'
import { columnIn, restoredPlace } from './restoring'
import { RowViews } from './rowViews'
import { Selection } from './selection'
import { Sparks } from './sparks'
import type { Anchor, GridColumn, GridData, GridPlace, RowSource, TableRow } from './types'
import { clampSpan, sameSpan, type Span } from './windowing'

/** Rows drawn beyond what is in sight. */
const overRows = 4
/** Views of rows that are fetched ahead, the way the user scrolls. */
const aheadViews = 2
/** A grid less wide than this, px, shows in a row's name only what no other column shows. */
const narrow = 480
/** Times that are told from now grow old. */
const tick = 30_000
/** Least and greatest width of a column that the user resizes, px. */
const [leastWidth, mostWidth] = [40, 1200]

export interface ColumnMenuDetail {
  readonly column: GridColumn
  readonly anchor: Anchor
}

export interface RowMenuDetail extends ColumnMenuDetail {
  readonly row: TableRow
}

/**
 * A table that may have any number of rows and columns: it draws what is in sight, and fetches rows as they come there.
 *
 * Fires `sort` (detail: `{ id, add }`), `resize-column` (`{ id, width }`), `move-column` (`{ id, by }`), `column-menu`, `row-menu`,
 * `expand` (the row), `open-row` (the row), `star` (the row), `selection` (the keys), `moved` when the user is elsewhere, `copy-text`,
 * `gone` (the revision) when that is no longer there, and `problem` (the error) when rows can't be read.
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
  #layout: Layout | undefined
  #size = { width: 0, height: 0 }
  /** Scrolling columns that are drawn. */
  #columns: Span = { from: 0, to: 0 }
  #active: Place = { row: 0, column: 0 }
  #lastTop = 0
  #direction: 1 | -1 = 1
  #turn = 0
  #paintAsked = false
  /** Some row has been in a tree: the others keep its place free. */
  #tree = false
  readonly #views = new RowViews()
  readonly #incoming = new Incoming()
  readonly #hover = new Hover(this)
  readonly #sparks = new Sparks(() => this.#askPaint())
  readonly #drag = new ColumnDrag({
    geometry: () => this.#layout?.geometry,
    resize: (index, width) => this.#setWidth(index, width),
    resized: (index) => this.#tellWidth(index),
    fit: (index) => this.#fit(index),
    moved: (from, to) => this.#controls.moveColumn(from, to - from),
    clicked: (index, event) => this.#controls.sort(index, event.shiftKey),
    changed: () => this.requestUpdate(),
  })
  readonly #controls = this.#makeControls()
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

  override updated(): void {
    this.#askPaint()
  }

  /** Undefined while nothing is shown. */
  get place(): GridPlace | undefined {
    if (!this.#shown || !this.#layout) return undefined
    const { cache, data } = this.#shown
    const { scrollTop, scrollLeft: left } = this.scroller
    const { row, within } = this.#layout.firstAt(scrollTop)
    const { row: active, column } = this.#active
    return {
      first: scrollTop > 0 ? (cache.row(row)?.key ?? null) : null,
      within,
      left,
      row: active === headRow ? null : (cache.row(active)?.key ?? null),
      column: data.columns[column]?.id ?? '',
    }
  }

  get shown(): GridData | undefined {
    return this.#shown?.data
  }

  override focus(): void {
    this.scroller.focus()
  }

  /**
   * Shows other rows or columns. What was shown stays until the new rows in sight are there. `keep` stays with the rows that the
   * user sees and the one in focus, wherever they are now; else the table starts at its top, or at `from` where that is there.
   * Resolves once it is shown.
   */
  async show(data: GridData, keep: boolean, from?: GridPlace): Promise<void> {
    const turn = ++this.#turn
    const { source } = this
    if (!source) return
    this.#incoming.giveUp()
    const cache = this.#cacheOf(data, source)
    await this.updateComplete
    const before = this.#shown
    const kept = from
      ? await restoredPlace(data, from, source)
      : keep && before
        ? await this.#placeIn(data, before, source)
        : undefined
    if (turn !== this.#turn) return
    const layout = new Layout(data, this.#size)
    const scrollTop = kept ? layout.scrollTopFor(kept.first, kept.within) : 0
    if (before) {
      const rows = layout.rowsAt(scrollTop)
      const columns = layout.columnIds(layout.columnsAt(this.scroller.scrollLeft))
      cache.want([{ from: 0, to: layout.geometry.stuck }, rows], rows, columns)
      if (!cache.has(rows, columns)) await this.#incoming.wait(cache, () => cache.has(rows, columns))
      if (turn !== this.#turn) {
        cache.stop()
        return
      }
    }
    before?.cache.stop()
    this.#shown = { data, cache }
    const column = columnIn(data, from?.column ?? before?.data.columns[this.#active.column]?.id) ?? this.#active.column
    const { row } = this.#active
    if (!kept) {
      this.#tree = false
      this.#active = { row: Math.min(row, 0), column }
    } else this.#active = { row: row === headRow ? row : kept.active, column }
    this.#layOut()
    this.scroller.scrollTop = scrollTop
    if (from && kept) this.scroller.scrollLeft = from.left
    this.#lastTop = this.scroller.scrollTop
    this.requestUpdate()
    this.#paint()
  }

  #cacheOf({ revision, rows }: GridData, source: RowSource): RowCache {
    const cache: RowCache = new RowCache(revision, rows, source, {
      arrived: () => {
        if (!this.#incoming.arrived(cache)) this.#askPaint()
      },
      gone: () => {
        this.#incoming.giveUp(cache)
        this.#fire('gone', revision)
      },
      failed: (error) => {
        this.#incoming.giveUp(cache)
        this.#fire('problem', error)
      },
    })
    return cache
  }

  /** Where in rows of `data` the scrolling part of the view begins, and where the focus is. */
  async #placeIn(
    data: GridData,
    before: Shown,
    source: RowSource,
  ): Promise<{ first: number; within: number; active: number }> {
    const { scrollTop } = this.scroller
    const { row, within } = this.#layout?.firstAt(scrollTop) ?? { row: 0, within: 0 }
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
    const [first, active] = await Promise.all([scrollTop > 0 ? find(row) : 0, find(this.#active.row)])
    return { first, within, active }
  }

  override render(): TemplateResult {
    const geometry = this.#layout?.geometry
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
        @click=${(event: MouseEvent) => click(event, this.#views.targetOf(event), this.#controls)}
        @dblclick=${(event: MouseEvent) => doubleClick(this.#views.targetOf(event), this.#controls)}
        @contextmenu=${(event: MouseEvent) =>
          contextMenu(event, this.#views.targetOf(event), this.#drag.columnOf(event), this.#controls)}
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
    this.#layOut()
    this.requestUpdate()
    this.#paint()
  }

  #layOut(): void {
    if (!this.#shown) return
    const { data } = this.#shown
    const layout = (this.#layout = new Layout(data, this.#size))
    const { width, stuck } = layout.geometry
    this.canvas.style.width = `${width}px`
    this.stuck.style.top = `${headHeight}px`
    this.stuck.style.height = `${stuck * rowHeight}px`
    this.stuck.classList.toggle('some', stuck > 0)
    this.body.style.height = `${layout.height}px`
    this.#active = {
      row: Math.min(this.#active.row, data.rows - 1),
      column: Math.min(this.#active.column, data.columns.length - 1),
    }
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
    const layout = this.#layout
    if (!this.#shown || !layout || !this.isConnected) return
    const { cache, data } = this.#shown
    const { geometry } = layout
    const { scrollTop, scrollLeft, classList } = this.scroller
    const columns = layout.columnsAt(scrollLeft)
    if (!sameSpan(columns, this.#columns)) {
      this.#columns = columns
      this.requestUpdate()
    }
    const rows = layout.rowsAt(scrollTop, overRows)
    this.#views.show(
      { rows: { from: 0, to: geometry.stuck }, parent: this.stuck },
      { rows, parent: this.body },
      columns,
      {
        columns: geometry.columns,
        pinned: geometry.pinned,
        starts: geometry.starts,
        cache,
        selected: this.selection.keys,
        active: this.#active,
        now: Date.now(),
        spark: (key, column) => this.#sparks.of(key, column),
      },
      (row) => layout.topOf(row, scrollTop),
    )
    this.#fetch(rows, this.#shown, layout)
    this.#tree ||= this.#views.all.some((view) => view.inTree)
    classList.toggle('tree', this.#tree)
    classList.toggle('narrow', this.#size.width < narrow)
    classList.toggle('selecting', this.selection.keys.size > 0)
    this.scroller.setAttribute('aria-activedescendant', this.#activeElementId(data))
  }

  /** Nothing, where the active cell is out of sight. */
  #activeElementId(data: GridData): string {
    const { row, column } = this.#active
    if (data.columns.length === 0) return ''
    return row === headRow || this.#views.at(row) ? activeId(row, column) : ''
  }

  #fetch(span: Span, { cache, data }: Shown, layout: Layout): void {
    if (!this.source) return
    const { geometry } = layout
    const ids = layout.columnIds(this.#columns)
    const far = Math.ceil(geometry.viewHeight / rowHeight) * aheadViews
    const ahead = clampSpan(
      this.#direction > 0 ? { from: span.to, to: span.to + far } : { from: span.from - far, to: span.from },
      data.rows,
    )
    cache.want([{ from: 0, to: geometry.stuck }, span], ahead, ids)
    const drawn = geometry.columns.filter(({ draw, id }) => draw === 'sparkline' && ids.includes(id))
    if (drawn.length === 0) return
    const keys = this.#views.all.flatMap(({ key, index }) =>
      key !== undefined && cache.row(index)?.kind === 'run' ? [key] : [],
    )
    this.#sparks.want(keys, drawn, data.revision, this.source)
  }

  readonly #onScroll = (): void => {
    const { scrollTop } = this.scroller
    if (scrollTop !== this.#lastTop) this.#direction = scrollTop > this.#lastTop ? 1 : -1
    this.#lastTop = scrollTop
    this.#hover.hide()
    this.#paint()
    this.#fire('moved', undefined)
  }

  // Keys and pointer

  readonly #onKey = (event: KeyboardEvent): void => {
    const action = actionOf(event)
    if (!action || !this.#shown || !perform(action, event.shiftKey, this.#controls)) return
    event.preventDefault()
    // Else the workbench would take the key for its own.
    event.stopPropagation()
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    this.#hover.hide()
    if (event.button === 0) this.#drag.start(event)
  }

  readonly #onPointerMove = (event: PointerEvent): void => {
    if (event.pointerType === 'touch' || event.buttons !== 0) return
    const { row, column = this.#active.column } = this.#views.targetOf(event) ?? {}
    if (row === undefined) {
      this.#hover.hide()
      return
    }
    const anchor = { x: event.clientX, y: event.clientY + 14 }
    this.#hover.over(`${row} ${column}`, () => this.#showWhole({ row, column }, anchor, true))
  }

  #makeControls(): Controls {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getters below have a `this` of their own
    const grid = this
    return {
      get active() {
        return grid.#active
      },
      get shown() {
        return grid.#shown
      },
      get pageRows() {
        return Math.max(1, Math.floor((grid.#layout?.geometry.viewHeight ?? 0) / rowHeight) - 1)
      },
      selection: this.selection,
      selecting: new RowSelecting({
        selection: this.selection,
        shown: () => this.#shown,
        source: () => this.source,
        failed: (error) => this.#fire('problem', error),
      }),
      activeAnchor: () => this.#activeAnchor(),
      moveTo: (place, first) => this.#moveTo(place, first),
      open: (row) => this.#fire('open-row', row),
      expand: (row) => this.#fire('expand', row),
      star: (row) => this.#fire('star', row),
      openMenu: (place, anchor) => this.#openMenu(place, anchor),
      showWhole: (place, anchor, onlyMore) => void this.#showWhole(place, anchor, onlyMore),
      hideWhole: () => this.#hover.hide(),
      copy: (place) => void this.#copy(place),
      sort: (column, add) => {
        this.#moveTo({ row: headRow, column })
        this.#fireColumn('sort', column, { add })
      },
      moveColumn: (column, by) => this.#fireColumn('move-column', column, { by }),
      resizeColumn: (column, by) => {
        this.#setWidth(column, (this.#layout?.geometry.columns[column]?.width ?? 0) + by)
        this.#tellWidth(column)
      },
    }
  }

  #moveTo({ row, column }: Place, first = false): void {
    const { data } = this.#shown ?? {}
    if (!data || !this.#layout) return
    this.#active = {
      row: Math.max(headRow, Math.min(row, data.rows - 1)),
      column: Math.max(0, Math.min(column, data.columns.length - 1)),
    }
    const { scrollLeft: left, scrollTop: top } = this.scroller
    const to = this.#layout.revealing(this.#active.row, this.#active.column, { left, top })
    if (to.top !== top) this.scroller.scrollTop = to.top
    if (first || to.left !== left) this.scroller.scrollLeft = first ? 0 : to.left
    this.requestUpdate()
    this.#paint()
    this.#fire('moved', undefined)
  }

  #activeAnchor(): Anchor {
    const { row, column } = this.#active
    const element = this.renderRoot.querySelector(`#${activeId(row, column)}`) ?? this.scroller
    const { left, bottom } = element.getBoundingClientRect()
    return { x: left, y: bottom }
  }

  #openMenu({ row: index, column: at }: Place, anchor: Anchor): void {
    const column = this.#layout?.geometry.columns[at]
    const row = this.#shown?.cache.row(index)
    if (!column) return
    if (index === headRow) this.#fire('column-menu', { column, anchor } satisfies ColumnMenuDetail)
    else if (row) this.#fire('row-menu', { column, row, anchor } satisfies RowMenuDetail)
  }

  #selectionChanged(): void {
    this.#askPaint()
    this.#fire('selection', this.selection.keys)
  }

  // Columns

  /** At once and without asking anybody: a column that is dragged follows the pointer. */
  #setWidth(index: number, width: number): void {
    if (!this.#shown) return
    const { data, cache } = this.#shown
    const columns = data.columns.map((column, nth) =>
      nth === index ? { ...column, width: Math.round(Math.max(leastWidth, Math.min(width, mostWidth))) } : column,
    )
    this.#shown = { data: { ...data, columns }, cache }
    this.#layOut()
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

  async #showWhole({ row, column }: Place, anchor: Anchor, onlyMore = false): Promise<void> {
    const details = this.#shown && detailsOf(this.#shown, this.source, row, column)
    if (!details || details.lines.length === 0) return
    const { lines, whole, more } = details
    // A pointer that passes over is told what it can't read already.
    const cell = this.#views.cellAt(row, column)
    if (onlyMore && lines.length === 1 && cell && !isCut(cell) && lines[0] === cell.textContent) return
    const shown = this.#hover.show(details.column.label, lines, anchor)
    try {
      const text = await whole?.()
      if (text !== null && text !== undefined) this.#hover.update(shown, [text])
      if (more) this.#hover.update(shown, [...lines, ...(await more())])
    } catch (error) {
      this.#fire('problem', error)
    }
  }

  async #copy({ row, column }: Place): Promise<void> {
    if (!this.#shown) return
    if (row === headRow) {
      this.#fire('copy-text', this.#shown.data.columns[column]?.label ?? '')
      return
    }
    const details = detailsOf(this.#shown, this.source, row, column)
    if (!details) return
    try {
      this.#fire('copy-text', (await details.whole?.()) ?? details.lines[0] ?? '')
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
