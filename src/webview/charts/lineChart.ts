import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { guard } from 'lit/directives/guard.js'
import { formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import { formatX } from '../../shared/ticks'
import { icon } from '../ui/icons'
import { Sight } from '../ui/sight'
import { common, pressable } from '../ui/styles'
import { ThemeController, theme } from '../ui/theme'
import { drawScene, dropScene } from './canvas'
import { renderCover } from './chartCover'
import { type Footer, notesOf, renderFooter } from './chartFooter'
import { summaryTable } from './chartTable'
import './chartTable'
import { ChartCursor, cursorPlace } from './cursor'
import { Curves } from './curves'
import { chartStyles } from './lineChartStyles'
import { PlotKeys } from './plotKeys'
import { PlotPointer } from './plotPointer'
import { sameRange } from './ranges'
import { yAxisOf } from './reading'
import { heightsIn, type Scene, shownRange } from './scene'
import { svgOf } from './svg'
import type { Axis, ChartRun, Drawn, LoadCurve, Range } from './types'
import { axisWord, chartSummary, readingText } from './words'

/**
 * One metric of some runs as lines, with box zoom, panning, a cursor for pointer and keyboard, and a table twin.
 * Fires `range` (detail: the x range to show, or null for all), `cursor` (detail: x or null) and `logy` (detail: boolean). Which y
 * range it shows is its own affair; it tells of it by `rangey` (detail: as of `range`).
 */
@customElement('lens-line-chart')
export class LineChartElement extends LitElement {
  @property() metric = ''
  @property({ attribute: false, hasChanged: notSameRuns }) runs: readonly ChartRun[] = []
  @property() axis: Axis = 'step'
  /** The metric of the x axis, where `axis` is one. */
  @property() xKey = ''
  @property({ type: Boolean }) logX = false
  /** Strength of the smoothing, from 0 to less than 1. */
  @property({ type: Number }) smoothing = 0
  /** Whether the y axis leaves outliers out. */
  @property({ type: Boolean }) noOutliers = false
  /** Runs that have the metric and are not drawn, since they are too many. */
  @property({ type: Number }) notDrawn = 0
  @property({ attribute: false }) range: Range | null = null
  @property({ type: Boolean }) logY = false
  @property({ type: Number }) height = 220
  @property({ attribute: false }) load: LoadCurve = () => Promise.reject(new Error('no source of curves'))

  /** The y range that is zoomed to. */
  @property({ attribute: false }) rangeY: Range | null = null
  @state() private announcement = ''
  @state() private asTable = false

  @query('.plot') private readonly plot!: HTMLElement
  @query('canvas.curves') private readonly canvas!: HTMLCanvasElement | null

  /** Only charts in sight ask for curves and draw them; the others keep their place. */
  readonly sight = new Sight(this)
  readonly #cursor = new ChartCursor({ plot: () => this.plot, scene: () => this.#scene, xKey: () => this.xKey })
  readonly #curves = new Curves(this)
  readonly #pointer = new PlotPointer({
    plot: () => this.plot,
    scene: () => this.#scene,
    shown: () => this.shown,
    zoomedY: () => this.rangeY,
    logX: () => this.logX,
    logY: () => this.logY,
    moved: (x, y) => {
      this.#cursor.pointerY = y
      this.#moveCursor(x ?? null)
    },
    boxed: (box) => {
      this.#cursor.box = box
      this.#cursor.draw()
    },
    zoomed: (x, y) => {
      if (y) this.#setRangeY(y)
      if (x) this.#setRange(x)
    },
    panned: (x, y) => {
      if (y) this.rangeY = y
      this.#fire('range', x)
    },
  })
  readonly #keys = new PlotKeys({
    drawn: () => this.#drawn,
    shown: () => this.shown,
    shownY: () => this.#scene?.y ?? [0, 1],
    logX: () => this.logX,
    logY: () => this.logY,
    cursor: () => this.#cursor.x,
    focusedRun: () => this.#cursor.focusedRun,
    focusRun: (id) => (this.#cursor.focusedRun = id),
    pressed: () => (this.#cursor.pointerY = undefined),
    moveTo: (x) => {
      this.#moveCursor(x)
      this.#announceCursor()
    },
    zoom: (range) => (range ? this.#setRange(range) : this.#fire('range', null)),
    zoomY: (range) => this.#setRangeY(range),
    escape: () => {
      if (!this.#isZoomed && this.#cursor.x === null) return false
      if (this.#isZoomed) this.#resetZoom()
      else this.#moveCursor(null)
      return true
    },
  })
  #scene: Scene | undefined
  #drawn: readonly Drawn[] = []
  #drawnRange: Range | null = null
  /** What the picture on the canvas was made of. */
  #pictured: readonly unknown[] = []

  static override styles = [common, pressable, chartStyles]

  constructor() {
    super()
    new ThemeController(this)
  }

  /** x where another chart's cursor is. */
  set cursor(x: number | null) {
    this.#cursor.shared = x
    this.#cursor.draw()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#dropPicture()
  }

  /** Another range is drawn once, with its detail, where that comes before the next frame. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated && !sameRange(this.range, this.#drawnRange) && this.#want())
      await Promise.race([this.#curves.news, new Promise(requestAnimationFrame)])
    this.#drawnRange = this.range
    await super.scheduleUpdate()
  }

  /** Asks for the curves; false while none are needed. */
  #want(): boolean {
    const { width, inSight } = this.sight
    if (!inSight || width === 0) return false
    const { runs, metric: key, axis, xKey, logX, smoothing, range, load } = this
    const core = this.noOutliers ? (this.logY ? 'positive' : 'finite') : null
    this.#curves.want({ runs, key, axis, xKey, logX, smoothing, core, range, width, load })
    return true
  }

  override willUpdate(changed: PropertyValues): void {
    // Heights of another metric, or on another axis, are others.
    if (this.hasUpdated && ['metric', 'logY'].some((name) => changed.has(name))) this.rangeY = null
    if (!this.#want()) return
    this.#drawn = this.#curves.drawn
    const { shown } = this
    const { x } = this.#cursor
    if (x !== null && shown && (x < shown[0] || x > shown[1])) this.#cursor.x = null
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('rangeY')) this.#fire('rangey', this.rangeY)
    const { canvas } = this
    const { width, inSight } = this.sight
    if (!inSight || this.asTable) this.#dropPicture()
    if (this.asTable || !canvas) return
    this.plot.style.height = `${this.height}px`
    if (inSight && width > 0) this.#draw(canvas, width)
    this.#cursor.draw()
  }

  /** A chart out of sight holds no picture. */
  #dropPicture(): void {
    const [canvas] = this.#pictured
    if (canvas instanceof HTMLCanvasElement) dropScene(canvas)
    this.#scene = undefined
    this.#pictured = []
  }

  #draw(canvas: HTMLCanvasElement, width: number): void {
    const { axis, logX, logY, height } = this
    const made = [canvas, width, height, theme(), ...this.#seen]
    if (made.every((part, at) => part === this.#pictured[at])) return
    this.#pictured = made
    const heights = this.#heights.shown
    this.#scene = {
      ...{ drawn: this.#drawn, axis, logX, logY, theme: theme(), width, height },
      x: this.shown ?? (logX ? [0.1, 10] : [0, 1]),
      y: this.rangeY ?? yAxisOf(heights, logY),
      hasY: heights !== undefined,
    }
    drawScene(canvas, this.#scene)
  }

  /** The x range on screen. */
  get shown(): Range | undefined {
    return shownRange(this.#drawn, this.range, this.axis, this.logX)
  }

  get #isZoomed(): boolean {
    return this.range !== null || this.rangeY !== null
  }

  get #heights(): ReturnType<typeof heightsIn> {
    return heightsIn(this.#drawn, this.shown, this.logY, this.noOutliers)
  }

  /** What words about the chart depend on, and the cursor has no part in. */
  get #seen(): unknown[] {
    const { metric, axis, xKey, logX, logY, smoothing, noOutliers, notDrawn, range, rangeY } = this
    return [
      ...[metric, axis, xKey, logX, logY, smoothing, noOutliers, notDrawn, range, rangeY],
      ...[this.sight.inSight, this.runs, this.#curves.changes],
    ]
  }

  override render(): TemplateResult {
    const { shown } = this
    const drawn = this.#drawn
    // No landmark: a page may have thousands, with names that differ in case alone.
    return html`<section role="group" aria-label=${this.metric}>
      <header>
        <h3 class="clip mono" title=${this.metric.slice(0, 500)}>${this.metric}</h3>
        ${this.#isZoomed ? this.#button('zoomOut', t('Reset zoom'), () => this.#resetZoom()) : nothing}
        <button
          class="plain tool text"
          title=${t('Logarithmic y axis')}
          aria-pressed=${this.logY}
          @click=${() => this.#fire('logy', !this.logY)}
        >
          log
        </button>
        ${this.#button(
          this.asTable ? 'chart' : 'table',
          this.asTable ? t('Show as chart') : t('Show as table'),
          () => (this.asTable = !this.asTable),
          this.asTable,
        )}
        <slot name="tools"></slot>
      </header>
      ${
        this.asTable && shown
          ? html`<lens-chart-table
              tabindex="0"
              .metric=${this.metric}
              .axis=${this.axis}
              .xKey=${this.xKey}
              .drawn=${drawn}
              .range=${shown}
            ></lens-chart-table>`
          : this.#renderPlot(drawn, shown)
      }
      <footer class="faint">${renderFooter(this.#footer(drawn))}</footer>
      ${guard(this.#seen, () => summaryTable(this.metric, drawn, shown))}
      <div class="unseen" aria-live="polite">${this.announcement}</div>
    </section>`
  }

  #renderPlot(drawn: readonly Drawn[], shown: Range | undefined): TemplateResult {
    return html`<div
      class="plot"
      tabindex="0"
      role="application"
      aria-roledescription=${t('line chart')}
      aria-label=${guard(this.#seen, () => this.#summary(drawn, shown))}
      aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Home End + - PageUp PageDown Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown Escape"
      @pointerdown=${this.#pointer.down}
      @pointermove=${this.#pointer.move}
      @pointerup=${this.#pointer.up}
      @pointercancel=${this.#pointer.cancel}
      @pointerleave=${this.#pointer.leave}
      @dblclick=${() => this.#resetZoom()}
      @keydown=${this.#keys.down}
      @blur=${() => this.#moveCursor(null)}
    >
      <canvas class="curves" aria-hidden="true"></canvas>
      ${cursorPlace} ${renderCover(drawn, this.#curves, this.runs.length, this.sight.inSight)}
    </div>`
  }

  #footer(drawn: readonly Drawn[]): Footer {
    const { shown: range, logX, axis, xKey, runs, notDrawn } = this
    return {
      ...{ drawn, range, logX, axis, xKey, runs: runs.length, notDrawn, zoomedY: this.rangeY !== null },
      heights: this.#heights,
      progress: this.#curves.progress,
      retry: () => this.#curves.retry(),
    }
  }

  #summary(drawn: readonly Drawn[], range: Range | undefined): string {
    const { metric, axis, xKey, smoothing } = this
    return chartSummary({ metric, axis, xKey, smoothing, drawn, range })
  }

  #button(name: Parameters<typeof icon>[0], label: string, onClick: () => void, pressed?: boolean): TemplateResult {
    return html`<button
      class="plain tool"
      title=${label}
      aria-label=${label}
      aria-pressed=${pressed ?? nothing}
      @click=${onClick}
    >
      ${icon(name)}
    </button>`
  }

  /** The chart as it is, as an SVG file; undefined while there is nothing to see. */
  svg(): string | undefined {
    if (!this.#scene || this.#drawn.length === 0) return undefined
    const { metric: title, axis, xKey, smoothing } = this
    const notes = [...(smoothing > 0 ? [t('Smoothed by {0}', smoothing)] : []), ...notesOf(this.#footer(this.#drawn))]
    return svgOf(
      { ...this.#scene, width: Math.max(640, this.sight.width) },
      { title, axis: axisWord(axis, xKey), notes },
    )
  }

  #setRange(range: Range): void {
    if (!(range[1] > range[0]) || sameRange(range, this.range)) return
    this.#fire('range', range)
    const [from, to] = range.map((x) => formatX(this.axis, this.axis === 'step' ? Math.round(x) : x))
    this.announcement = t('Zoomed to {0} from {1} to {2}', axisWord(this.axis, this.xKey), from ?? '', to ?? '')
  }

  #setRangeY([from, to]: Range): void {
    if (!(to > from) || !Number.isFinite(to - from)) return
    this.rangeY = [from, to]
    this.announcement = t('Zoomed to values from {0} to {1}', formatMetric(from), formatMetric(to))
  }

  #resetZoom(): void {
    this.rangeY = null
    if (this.range) this.#fire('range', null)
    this.announcement = t('All is shown')
  }

  #moveCursor(x: number | null): void {
    const moved = x !== this.#cursor.x
    this.#cursor.x = x
    this.#cursor.draw()
    if (moved) this.#fire('cursor', x)
  }

  #announceCursor(): void {
    const here = this.#cursor.focused
    if (!here) return
    const x = formatX(this.axis, here.reading.x)
    this.announcement = t(
      '{0} at {1} {2}: {3}',
      here.run.name,
      axisWord(this.axis, this.xKey),
      x,
      readingText(here.reading),
    )
  }

  #fire(name: 'range' | 'rangey' | 'cursor' | 'logy', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

/** Pages make the list anew each time they render: only other runs, names or versions are a change. */
function notSameRuns(a: readonly ChartRun[], b: readonly ChartRun[] | undefined): boolean {
  const same = (run: ChartRun, other: ChartRun | undefined): boolean =>
    run.id === other?.id &&
    run.version === other.version &&
    run.name === other.name &&
    run.mark === other.mark &&
    run.group?.spread === other.group?.spread
  return a.length !== b?.length || !a.every((run, index) => same(run, b[index]))
}
