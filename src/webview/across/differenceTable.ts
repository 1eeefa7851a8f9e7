import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { changeFrom, changeText, type DifferenceRow } from '../../shared/across/differences'
import type { Dimension, Dimensions } from '../../shared/across/dimension'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Mark } from '../../shared/runColor'
import { FrameElement } from '../ui/frameElement'
import { icon } from '../ui/icons'
import { common } from '../ui/styles'
import { swatch } from '../ui/swatch'
import { ThemeController } from '../ui/theme'
import { columnWidth, differenceTableStyles, headHeight, rowHeight } from './differenceTableStyles'

/** A heading, or a row of values. */
export type Line = { readonly heading: string; readonly count: number } | DifferenceRow

/** Rows and columns drawn beyond what is in sight. */
const beyond = 3

/**
 * Values of runs against those of a baseline: keys down, runs across, only what is in sight is drawn. Fires `baseline` and `open-row`
 * (detail: a row).
 */
@customElement('lens-difference-table')
export class DifferenceTable extends FrameElement {
  @property({ attribute: false }) lines: readonly Line[] = []
  @property({ attribute: false }) dimensions!: Dimensions
  /** Runs without the baseline. */
  @property({ attribute: false }) rows: readonly number[] = []
  @property({ type: Number }) baseline = 0
  @property({ attribute: false }) nameOf: (row: number) => string = String
  @property({ attribute: false }) markOf: (row: number) => Mark = () => ({ color: 0, dash: [] })

  @state() private scrolled: readonly [left: number, top: number] = [0, 0]
  @state() private size: readonly [width: number, height: number] = [800, 400]
  /** Line and column of the keyboard: -1 is the head and the keys, column 0 the baseline. */
  @state() private active: readonly [line: number, column: number] = [-1, -1]
  @query('.scroll') private readonly scroller!: HTMLElement | null
  readonly #resizing = new ResizeObserver(([entry]) => {
    if (entry) this.size = [entry.contentRect.width, entry.contentRect.height]
  })

  constructor() {
    super()
    new ThemeController(this)
  }

  static override styles = [common, differenceTableStyles]

  override firstUpdated(): void {
    if (this.scroller) this.#resizing.observe(this.scroller)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.scroller) this.#resizing.observe(this.scroller)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#resizing.disconnect()
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('lines') || changed.has('rows'))
      this.active = [Math.min(this.active[0], this.lines.length - 1), Math.min(this.active[1], this.rows.length)]
  }

  get #keys(): number {
    return window.innerWidth <= 560 ? 130 : 220
  }

  override render(): TemplateResult {
    const { lines, rows, scrolled, size } = this
    const [left, top] = scrolled
    const firstLine = Math.max(0, Math.floor(top / rowHeight) - beyond)
    const lastLine = Math.min(lines.length, Math.ceil((top + size[1]) / rowHeight) + beyond)
    const firstColumn = Math.max(0, Math.floor(left / columnWidth) - beyond)
    const lastColumn = Math.min(rows.length, Math.ceil((left + size[0]) / columnWidth) + beyond)
    const shown = rows.slice(firstColumn, lastColumn)
    const width = this.#keys + columnWidth * (rows.length + 1)
    const [activeLine, activeColumn] = this.active
    return html`<div
      class="scroll"
      role="grid"
      tabindex="0"
      aria-label=${t('Values of {0} runs against the baseline', formatCount(rows.length + 1))}
      aria-rowcount=${lines.length + 1}
      aria-colcount=${rows.length + 2}
      aria-activedescendant=${`c${activeLine}-${activeColumn}`}
      @scroll=${(event: Event) => {
        const { scrollLeft, scrollTop } = event.currentTarget as HTMLElement
        this.scrolled = [scrollLeft, scrollTop]
      }}
      @keydown=${this.#onKey}
    >
      <div
        class="all"
        role="presentation"
        .style=${`width: ${width}px; height: ${headHeight + rowHeight * lines.length}px`}
      >
        <div class="row head" role="row" aria-rowindex="1">
          <div class="cell key ${this.#activeClass(-1, -1)}" id="c-1--1" role="columnheader" aria-colindex="1">
            ${t('Name')}
          </div>
          <div
            class="cell base ${this.#activeClass(-1, 0)}"
            id="c-1-0"
            role="columnheader"
            aria-colindex="2"
            title=${this.nameOf(this.baseline).slice(0, 500)}
          >
            ${swatch(this.markOf(this.baseline))}<span class="text">${this.nameOf(this.baseline)}</span>
            <span class="change">${t('baseline')}</span>
          </div>
          <div role="presentation" .style=${`flex: none; width: ${firstColumn * columnWidth}px`}></div>
          ${shown.map((row, at) => this.#renderHead(row, firstColumn + at))}
        </div>
        ${lines.slice(firstLine, lastLine).map((line, at) => this.#renderLine(line, firstLine + at, shown, firstColumn))}
      </div>
    </div>`
  }

  #renderHead(row: number, column: number): TemplateResult {
    const name = this.nameOf(row)
    return html`<div
      class="cell ${this.#activeClass(-1, column + 1)}"
      id="c-1-${column + 1}"
      role="columnheader"
      aria-colindex=${column + 3}
      title=${name.slice(0, 500)}
    >
      ${swatch(this.markOf(row))}<span class="text">${name}</span>
      <button
        class="plain set change"
        tabindex="-1"
        title=${t('Make this the baseline')}
        aria-label=${t('Make {0} the baseline', name.slice(0, 200))}
        @click=${() => this.#fire('baseline', row)}
      >
        ${icon('pin')}
      </button>
    </div>`
  }

  #renderLine(line: Line, at: number, shown: readonly number[], firstColumn: number): TemplateResult {
    const place = `top: ${headHeight + at * rowHeight}px`
    if ('heading' in line)
      return html`<div class="row heading" role="row" aria-rowindex=${at + 2} .style=${place}>
        <div class="cell key ${this.#activeClass(at, -1)}" id="c${at}--1" role="rowheader" aria-colindex="1">
          ${line.heading} <span class="faint">${formatCount(line.count)}</span>
        </div>
      </div>`
    const dimension = this.dimensions.get(line.id)
    return html`<div class="row" role="row" aria-rowindex=${at + 2} .style=${place}>
      <div
        class="cell key mono ${this.#activeClass(at, -1)}"
        id="c${at}--1"
        role="rowheader"
        aria-colindex="1"
        title=${line.key.slice(0, 500)}
      >
        <span class="text">${line.key.slice(0, 200)}</span>
      </div>
      ${this.#renderCell(dimension, this.baseline, at, 0)}
      <div role="presentation" .style=${`flex: none; width: ${firstColumn * columnWidth}px`}></div>
      ${shown.map((row, column) => this.#renderCell(dimension, row, at, firstColumn + column + 1))}
    </div>`
  }

  #renderCell(dimension: Dimension | undefined, row: number, line: number, column: number): TemplateResult {
    const text = dimension?.textAt(row)
    const isBase = column === 0
    const differs = !isBase && dimension !== undefined && !dimension.same(row, this.baseline)
    const change = differs ? changeFrom(dimension, row, this.baseline) : undefined
    const classes = [
      'cell mono',
      isBase ? 'base' : '',
      differs ? 'differs' : '',
      text === undefined ? 'none' : '',
      this.#activeClass(line, column),
    ]
    return html`<div
      class=${classes.join(' ')}
      id="c${line}-${column}"
      role="gridcell"
      aria-colindex=${column + 2}
      title=${text === undefined ? t('not set') : text.slice(0, 500)}
    >
      <span class="text">${text === undefined ? '–' : text === '' ? t('empty') : text.slice(0, 200)}</span>
      ${differs ? html`<span class="unseen">${t('differs')}</span>` : nothing}
      ${change === undefined ? nothing : html`<span class="change">${changeText(change)}</span>`}
    </div>`
  }

  #activeClass(line: number, column: number): string {
    return this.active[0] === line && this.active[1] === column ? 'active' : ''
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const [line, column] = this.active
    const page = Math.max(1, Math.floor(this.size[1] / rowHeight) - 2)
    const [lastLine, lastColumn] = [this.lines.length - 1, this.rows.length]
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowDown: [line + 1, column],
      ArrowUp: [line - 1, column],
      ArrowRight: [line, column + 1],
      ArrowLeft: [line, column - 1],
      PageDown: [line + page, column],
      PageUp: [line - page, column],
      Home: event.ctrlKey ? [-1, -1] : [line, -1],
      End: event.ctrlKey ? [lastLine, lastColumn] : [line, lastColumn],
    }
    if (event.key === 'Enter' && line === -1 && column > 0) this.#fire('baseline', this.rows[column - 1])
    else if (event.key === 'Enter' && column >= 0)
      this.#fire('open-row', column === 0 ? this.baseline : this.rows[column - 1])
    else {
      const next = moves[event.key]
      if (!next || event.altKey || event.metaKey) return
      this.active = [Math.min(lastLine, Math.max(-1, next[0])), Math.min(lastColumn, Math.max(-1, next[1]))]
      this.#reveal()
    }
    event.preventDefault()
  }

  /** Scrolls to the active cell. */
  #reveal(): void {
    const [line, column] = this.active
    const { scroller } = this
    if (!scroller) return
    const top = line * rowHeight
    if (line >= 0 && top < scroller.scrollTop) scroller.scrollTop = top
    const bottom = top + rowHeight + headHeight
    if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight
    if (column < 1) return
    const fixed = this.#keys + columnWidth
    const left = (column - 1) * columnWidth
    if (left < scroller.scrollLeft) scroller.scrollLeft = left
    const right = left + columnWidth + fixed
    if (right > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = right - scroller.clientWidth
  }

  #fire(name: string, row: number | undefined): void {
    if (row !== undefined) this.dispatchEvent(new CustomEvent(name, { detail: row }))
  }
}
