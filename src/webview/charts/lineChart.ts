import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { formatMetric } from '../../shared/format'
import { guard } from 'lit/directives/guard.js'
import { t } from '../../shared/l10n'
import { icon } from '../ui/icons'
import { common } from '../ui/styles'
import { ThemeController, theme } from '../ui/theme'
import { createChart, drawScene, type LineChart, type Scene } from './canvas'
import { type Footer, notesOf, renderFooter } from './chartFooter'
import { summaryTable } from './chartTable'
import './chartTable'
import { focusedReading, renderCursorList } from './cursorList'
import { Curves } from './curves'
import { chartStyles } from './lineChartStyles'
import { type CursorReading, drawOverlay, readCursor } from './overlay'
import { PlotKeys } from './plotKeys'
import { PlotPointer } from './plotPointer'
import { sameRange } from './ranges'
import { coreHeights, extentOf, type Heights, heightsOf, yAxisOf } from './reading'
import { svgOf } from './svg'
import { formatX } from '../../shared/ticks'
import type { Box } from './trace'
import type { Axis, ChartRun, Drawn, LoadCurve, Range } from './types'
import { axisWord, chartSummary, readingText } from './words'

/** Properties that move the cursor and leave the curves as they are. */
const cursorOnly = new Set(['cursor', 'hereX', 'pointerY', 'box', 'focusedRun', 'announcement'])

/**
 * One metric of some runs as lines, with box zoom, panning, a cursor for pointer and keyboard, and a table twin.
 * Fires `range` (detail: the x range to show, or null for all), `cursor` (detail: x or null) and `logy` (detail: boolean).
 * Which y range it shows is its own affair.
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
  /** x where another chart's cursor is. */
  @property({ attribute: false }) cursor: number | null = null
  @property({ type: Boolean }) logY = false
  @property({ type: Number }) height = 220
  @property({ attribute: false }) load: LoadCurve = () => Promise.reject(new Error('no source of curves'))

  /** x of this chart's own cursor. */
  @state() private hereX: number | null = null
  /** Where the pointer is, px; undefined when the keyboard moves the cursor. */
  @state() private pointerY: number | undefined
  @state() private box: Box | undefined
  /** The y range that is zoomed to. */
  @state() private rangeY: Range | null = null
  @state() private focusedRun: string | undefined
  @state() private announcement = ''
  @state() private asTable = false
  @state() private width = 0
  /** Only charts in sight ask for curves and draw them; the others keep their place. */
  @state() private inSight = false

  @query('.plot') private readonly plot!: HTMLElement
  @query('canvas.curves') private readonly canvas!: HTMLCanvasElement
  @query('canvas.overlay') private readonly overlay!: HTMLCanvasElement

  readonly #curves = new Curves(this)
  readonly #pointer = new PlotPointer({
    plot: () => this.plot,
    chart: () => this.#chart,
    shown: () => this.shown,
    zoomedY: () => this.rangeY,
    logX: () => this.logX,
    logY: () => this.logY,
    moved: (x, y) => {
      this.pointerY = y
      this.#moveCursor(x ?? null)
    },
    boxed: (box) => (this.box = box),
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
    cursor: () => this.hereX,
    focusedRun: () => this.focusedRun,
    focusRun: (id) => (this.focusedRun = id),
    pressed: () => (this.pointerY = undefined),
    moveTo: (x) => {
      this.#moveCursor(x)
      this.#announceCursor()
    },
    zoom: (range) => (range ? this.#setRange(range) : this.#fire('range', null)),
    zoomY: (range) => this.#setRangeY(range),
    escape: () => {
      if (!this.#isZoomed && this.hereX === null) return false
      if (this.#isZoomed) this.#resetZoom()
      else this.#moveCursor(null)
      return true
    },
  })
  #chart: LineChart | undefined
  #scene: Scene | undefined
  #drawn: readonly Drawn[] = []
  #readings: readonly CursorReading[] = []
  readonly #resizing = new ResizeObserver(([entry]) => (this.width = Math.floor(entry?.contentRect.width ?? 0)))
  readonly #seeing = new IntersectionObserver(
    (entries) => {
      this.inSight = entries.at(-1)?.isIntersecting ?? false
    },
    { rootMargin: '200px' },
  )

  static override styles = [common, chartStyles]

  constructor() {
    super()
    new ThemeController(this)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#resizing.observe(this)
    this.#seeing.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#resizing.disconnect()
    this.#seeing.disconnect()
    this.inSight = false
    this.#dropChart()
  }

  /** The observers tell of it a frame later. */
  override firstUpdated(): void {
    const { width, top, bottom } = this.getBoundingClientRect()
    this.width = Math.floor(width)
    this.inSight = bottom > 0 && top < innerHeight
  }

  override willUpdate(changed: PropertyValues): void {
    // Heights of another metric, or on another axis, are others.
    if (['metric', 'logY'].some((name) => changed.has(name))) this.rangeY = null
    if (!this.inSight || this.width === 0) return
    const { runs, metric: key, axis, xKey, logX, smoothing, range, width, load } = this
    const core = this.noOutliers ? (this.logY ? 'positive' : 'finite') : null
    this.#curves.want({ runs, key, axis, xKey, logX, smoothing, core, range, width, load })
    this.#drawn = this.#curves.drawn
    const { shown, hereX } = this
    if (hereX !== null && shown && (hereX < shown[0] || hereX > shown[1])) this.hereX = null
  }

  override updated(changed: PropertyValues): void {
    // A canvas that was taken away (table, reconnect) takes its chart with it.
    if (!this.inSight || this.#chart?.canvas !== this.canvas) this.#dropChart()
    if (this.asTable) return
    this.plot.style.height = `${this.height}px`
    if (!this.inSight || this.width === 0) return
    const made = !this.#chart
    this.#chart ??= createChart(this.canvas)
    // Updates without a property are those of a controller: curves arrived, or the theme changed.
    if (made || changed.size === 0 || [...changed.keys()].some((name) => !cursorOnly.has(String(name))))
      this.#drawCurves()
    this.#drawCursor()
  }

  /** A chart out of sight holds no picture. */
  #dropChart(): void {
    if (!this.#chart) return
    this.#chart.destroy()
    this.#chart = undefined
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) canvas.width = canvas.height = 0
  }

  /** The x range on screen. */
  get shown(): Range | undefined {
    const all = extentOf(this.#drawn)
    if (this.range) return this.range
    if (!all) return undefined
    if (all[0] < all[1]) return all
    if (this.logX) return [all[0] / 2, all[1] * 2]
    const air = { step: 1, time: 1000, relative: 1000, metric: Math.abs(all[0]) * 0.05 || 1 }[this.axis]
    return [all[0] - air, all[1] + air]
  }

  get #isZoomed(): boolean {
    return this.range !== null || this.rangeY !== null
  }

  /** The heights in range: of all values, and of those that the y axis is made for. */
  #heights(): { readonly all: Heights | undefined; readonly shown: Heights | undefined } {
    const { shown: range, logY } = this
    const all = range && heightsOf(this.#drawn, range, logY)
    return { all, shown: (range && this.noOutliers ? coreHeights(this.#drawn, range, logY) : undefined) ?? all }
  }

  /** What words about the chart depend on, and the cursor has no part in. */
  get #seen(): unknown[] {
    const { metric, axis, xKey, logX, logY, smoothing, noOutliers, notDrawn, range, rangeY, inSight } = this
    return [
      ...[metric, axis, xKey, logX, logY, smoothing, noOutliers, notDrawn, range, rangeY, inSight],
      ...[this.runs, this.#curves.changes],
    ]
  }

  override render(): TemplateResult {
    const { shown } = this
    const drawn = this.#drawn
    return html`<section aria-label=${this.metric}>
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
      <canvas class="overlay" aria-hidden="true"></canvas>
      ${this.#renderList()} ${this.#renderCover(drawn)}
    </div>`
  }

  /** What lies over the plot while there is nothing in it. */
  #renderCover(drawn: readonly Drawn[]): TemplateResult | typeof nothing {
    const { loading, errors } = this.#curves.progress
    if (drawn.some(({ curve }) => curve.total > 0)) return nothing
    if (loading > 0 || !this.inSight)
      return html`<div class="cover">
        <lens-loading
          .what=${t('Reading the curves')}
          cancellable
          @cancel=${() => this.#curves.cancel()}
        ></lens-loading>
      </div>`
    if (errors.length > 0) return nothing
    return html`<div class="cover">
      ${this.runs.length === 0 ? t('No run that is shown has logged it.') : t('No points.')}
    </div>`
  }

  #footer(drawn: readonly Drawn[]): Footer {
    const { shown: range, logX, axis, xKey, runs, notDrawn } = this
    return {
      ...{ drawn, range, logX, axis, xKey, runs: runs.length, notDrawn, zoomedY: this.rangeY !== null },
      heights: this.#heights(),
      progress: this.#curves.progress,
      retry: () => this.#curves.retry(),
    }
  }

  #summary(drawn: readonly Drawn[], range: Range | undefined): string {
    const { metric, axis, xKey, smoothing } = this
    return chartSummary({ metric, axis, xKey, smoothing, drawn, range })
  }

  #renderList(): TemplateResult | typeof nothing {
    const { hereX: x, axis, xKey, pointerY, width } = this
    if (x === null) return nothing
    const readings = this.#readHere()
    return renderCursorList({ axis, xKey, x, readings, focused: this.#focusedAt(readings), pointerY, width })
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

  #drawCurves(): void {
    if (!this.#chart) return
    const heights = this.#heights().shown
    const { axis, logX, logY, width, height } = this
    this.#scene = {
      ...{ drawn: this.#drawn, axis, logX, logY, theme: theme(), width, height },
      x: this.shown ?? (logX ? [0.1, 10] : [0, 1]),
      y: this.rangeY ?? yAxisOf(heights, logY),
      hasY: heights !== undefined,
    }
    drawScene(this.#chart, this.#scene)
  }

  #drawCursor(): void {
    const chart = this.#chart
    const scene = this.#scene
    const x = this.hereX ?? this.cursor
    if (!chart || !scene) return
    this.#readings = x === null ? [] : readCursor(chart, scene, x)
    const focused = this.hereX === null ? undefined : this.#focusedAt(this.#readings)?.run.id
    drawOverlay(this.overlay, chart, scene, {
      cursor: x === null ? undefined : chart.scales.x?.getPixelForValue(x),
      readings: this.#readings,
      focused: this.#drawn.length > 1 ? this.#drawn.find(({ run }) => run.id === focused) : undefined,
      box: this.box,
    })
  }

  #readHere(): CursorReading[] {
    if (!this.#chart || !this.#scene || this.hereX === null) return []
    // Curves that have just come are drawn only after this.
    return readCursor(this.#chart, { ...this.#scene, drawn: this.#drawn }, this.hereX)
  }

  #focusedAt(readings: readonly CursorReading[]): CursorReading | undefined {
    return focusedReading(readings, this.pointerY, this.focusedRun)
  }

  /** The chart as it is, as an SVG file; undefined while there is nothing to see. */
  svg(): string | undefined {
    if (!this.#scene || this.#drawn.length === 0) return undefined
    const { metric: title, axis, xKey, smoothing } = this
    const notes = [...(smoothing > 0 ? [t('Smoothed by {0}', smoothing)] : []), ...notesOf(this.#footer(this.#drawn))]
    return svgOf({ ...this.#scene, width: Math.max(640, this.width) }, { title, axis: axisWord(axis, xKey), notes })
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
    if (x === this.hereX) return
    this.hereX = x
    this.#fire('cursor', x)
  }

  #announceCursor(): void {
    const here = this.#focusedAt(this.#readHere())
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

  #fire(name: 'range' | 'cursor' | 'logy', detail: unknown): void {
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
