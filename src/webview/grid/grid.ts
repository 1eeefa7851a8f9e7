import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { basics } from '../ui/styles'
import { ThemeController } from '../ui/theme'
import { ColumnDrag } from './columnDrag'
import type { Controls, Place } from './controls'
import { fittingWidth } from './details'
import { activeId, headRows } from './elements'
import { gridStyles } from './gridStyles'
import { headRow, renderHead } from './head'
import { actionOf } from './keys'
import { Painter } from './painter'
import { click, contextMenu, doubleClick } from './pointing'
import { perform } from './pressing'
import { RowSelecting } from './rowSelecting'
import { Selection } from './selection'
import { Showing } from './showing'
import type { Anchor, ColumnMenuDetail, GridData, GridPlace, RowMenuDetail, RowSource } from './types'
import { GridView } from './view'
import { WholeValues } from './wholeValues'

/** Times that are told from now grow old. */
const tick = 30_000

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

  @query('.grid', true) private readonly scroller!: HTMLElement
  @query('.canvas', true) private readonly canvas!: HTMLElement
  @query('.stuck', true) private readonly stuck!: HTMLElement
  @query('.body', true) private readonly body!: HTMLElement

  readonly selection = new Selection(() => this.#selectionChanged())
  readonly #view = new GridView(() => ({
    scroller: this.scroller,
    canvas: this.canvas,
    stuck: this.stuck,
    body: this.body,
  }))
  readonly #painter = new Painter({
    view: this.#view,
    source: () => this.source,
    selected: () => this.selection.keys,
    arrived: () => this.#askPaint(),
  })
  readonly #showing = new Showing({
    view: this.#view,
    painter: this.#painter,
    ready: () => this.updateComplete,
    arrived: () => this.#askPaint(),
    gone: (revision) => this.#fire('gone', revision),
    failed: (error) => this.#fire('problem', error),
  })
  readonly #whole = new WholeValues({
    owner: this,
    shown: () => this.#view.shown,
    source: () => this.source,
    cellAt: ({ row, column }) => this.#painter.rows.cellAt(row, column),
    copied: (text) => this.#fire('copy-text', text),
    failed: (error) => this.#fire('problem', error),
  })
  readonly #drag = new ColumnDrag({
    geometry: () => this.#view.layout?.geometry,
    resize: (index, width) => this.#setWidth(index, width),
    resized: (index) => this.#tellWidth(index),
    fit: (index) => this.#fit(index),
    moved: (from, to) => this.#controls.moveColumn(from, to - from),
    clicked: (index, event) => this.#controls.sort(index, event.shiftKey),
    changed: () => this.requestUpdate(),
  })
  readonly #controls: Controls = {
    view: this.#view,
    selection: this.selection,
    selecting: new RowSelecting({
      selection: this.selection,
      shown: () => this.#view.shown,
      source: () => this.source,
      failed: (error) => this.#fire('problem', error),
    }),
    activeAnchor: () => this.#activeAnchor(),
    moveTo: (place, first) => this.#moveTo(place, first),
    open: (row) => this.#fire('open-row', row),
    expand: (row) => this.#fire('expand', row),
    star: (row) => this.#fire('star', row),
    openMenu: (place, anchor) => this.#openMenu(place, anchor),
    showWhole: (place, anchor) => void this.#whole.show(place, anchor),
    hideWhole: () => this.#whole.hide(),
    copy: (place) => void this.#whole.copy(place),
    sort: (column, add) => {
      this.#moveTo({ row: headRow, column })
      this.#fireColumn('sort', column, { add })
    },
    moveColumn: (column, by) => this.#fireColumn('move-column', column, { by }),
    resizeColumn: (column, by) => {
      this.#setWidth(column, (this.#view.layout?.geometry.columns[column]?.width ?? 0) + by)
      this.#tellWidth(column)
    },
  }
  readonly #watch = new ResizeObserver(() => this.#measure())
  #timer: ReturnType<typeof setInterval> | undefined
  #paintAsked = false

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
    this.#whole.hide()
    this.#view.shown?.cache.stop()
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
    return this.#view.place
  }

  get shown(): GridData | undefined {
    return this.#view.shown?.data
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
    if (!this.source || !(await this.#showing.show(data, this.source, keep, from))) return
    this.requestUpdate()
    this.#paint()
  }

  override render(): TemplateResult {
    const { layout, active } = this.#view
    const data = this.shown
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
        @pointerleave=${() => this.#whole.hide()}
        @click=${(event: MouseEvent) => click(event, this.#painter.rows.targetOf(event), this.#controls)}
        @dblclick=${(event: MouseEvent) => doubleClick(this.#painter.rows.targetOf(event), this.#controls)}
        @contextmenu=${(event: MouseEvent) =>
          contextMenu(event, this.#painter.rows.targetOf(event), this.#drag.columnOf(event), this.#controls)}
        @focus=${() => this.#paint()}
        @blur=${() => this.#whole.hide()}
      >
        <div class="canvas" role="presentation">
          <div class="head" role="rowgroup">
            ${
              layout && data
                ? renderHead({
                    geometry: layout.geometry,
                    order: data.order,
                    span: this.#painter.columns,
                    activeColumn: active.row === headRow ? active.column : undefined,
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

  // Drawing

  #measure(): void {
    if (!this.#view.measure()) return
    this.requestUpdate()
    this.#paint()
  }

  #askPaint(): void {
    if (this.#paintAsked) return
    this.#paintAsked = true
    requestAnimationFrame(() => {
      this.#paintAsked = false
      this.#paint()
    })
  }

  #paint(): void {
    if (!this.isConnected) return
    const { columns } = this.#painter
    this.#painter.paint()
    if (columns !== this.#painter.columns) this.requestUpdate()
  }

  readonly #onScroll = (): void => {
    this.#painter.scrolled(this.scroller.scrollTop, true)
    this.#whole.hide()
    this.#paint()
    this.#fire('moved', undefined)
  }

  // Keys and pointer

  readonly #onKey = (event: KeyboardEvent): void => {
    const action = actionOf(event)
    if (!action || !this.#view.shown || !perform(action, event.shiftKey, this.#controls)) return
    event.preventDefault()
    // Else the workbench would take the key for its own.
    event.stopPropagation()
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    this.#whole.hide()
    if (event.button === 0) this.#drag.start(event)
  }

  readonly #onPointerMove = (event: PointerEvent): void => {
    if (event.pointerType === 'touch' || event.buttons !== 0) return
    const { row, column = this.#view.active.column } = this.#painter.rows.targetOf(event) ?? {}
    if (row === undefined) this.#whole.hide()
    else this.#whole.over({ row, column }, { x: event.clientX, y: event.clientY + 14 })
  }

  #moveTo(place: Place, first = false): void {
    if (!this.#view.shown) return
    this.#view.moveTo(place, first)
    this.requestUpdate()
    this.#paint()
    this.#fire('moved', undefined)
  }

  #activeAnchor(): Anchor {
    const { row, column } = this.#view.active
    const element = this.renderRoot.querySelector(`#${activeId(row, column)}`) ?? this.scroller
    const { left, bottom } = element.getBoundingClientRect()
    return { x: left, y: bottom }
  }

  #openMenu({ row: index, column: at }: Place, anchor: Anchor): void {
    const column = this.#view.layout?.geometry.columns[at]
    const row = this.#view.shown?.cache.row(index)
    if (!column) return
    if (index === headRow) this.#fire('column-menu', { column, anchor } satisfies ColumnMenuDetail)
    else if (row) this.#fire('row-menu', { column, row, index, anchor } satisfies RowMenuDetail)
  }

  #selectionChanged(): void {
    this.#askPaint()
    this.#fire('selection', this.selection.keys)
  }

  // Columns

  #setWidth(index: number, width: number): void {
    if (!this.#view.shown) return
    this.#view.setWidth(index, width)
    this.requestUpdate()
    this.#paint()
  }

  #tellWidth(index: number): void {
    this.#fireColumn('resize-column', index, { width: this.shown?.columns[index]?.width })
  }

  #fit(index: number): void {
    this.#setWidth(index, fittingWidth(this.renderRoot, index))
    this.#tellWidth(index)
  }

  #fireColumn(name: string, index: number, detail: object): void {
    const column = this.shown?.columns[index]
    if (column) this.#fire(name, { id: column.id, ...detail })
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
