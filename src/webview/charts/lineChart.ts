import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { FrameElement } from '../ui/frameElement'
import { icon } from '../ui/icons'
import { common } from '../ui/styles'
import { ThemeController, theme } from '../ui/theme'
import { createChart, drawScene, type LineChart } from './canvas'
import { summaryTable } from './chartTable'
import './chartTable'
import { focusedReading, renderCursorList } from './cursorList'
import { Curves } from './curves'
import { chartStyles } from './lineChartStyles'
import { type CursorReading, drawOverlay, readCursor } from './overlay'
import { PlotKeys } from './plotKeys'
import { PlotPointer } from './plotPointer'
import { extentOf, heightsOf } from './reading'
import { formatX } from '../../shared/ticks'
import type { Axis, ChartRun, Drawn, LoadCurve, Range } from './types'
import { axisWord, chartSummary, pointsText, readingText } from './words'

/** Properties that move the cursor and leave the curves as they are. */
const cursorOnly = new Set(['cursor', 'hereX', 'pointerY', 'box', 'focusedRun', 'announcement'])

/**
 * One metric of some runs as lines, with box zoom, panning, a cursor for pointer and keyboard, and a table twin.
 * Fires `range` (detail: the x range to show, or null for all), `cursor` (detail: x or null) and `logy` (detail: boolean).
 */
@customElement('lens-line-chart')
export class LineChartElement extends FrameElement {
  @property() metric = ''
  @property({ attribute: false, hasChanged: notSameRuns }) runs: readonly ChartRun[] = []
  @property() axis: Axis = 'step'
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
  @state() private box: readonly [number, number] | undefined
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
    moved: (x, y) => {
      this.pointerY = y
      this.#moveCursor(x ?? null)
    },
    boxed: (ends) => (this.box = ends),
    zoomed: (range) => this.#setRange(range),
    panned: (range) => this.#fire('range', range),
  })
  readonly #keys = new PlotKeys({
    drawn: () => this.#drawn,
    shown: () => this.shown,
    cursor: () => this.hereX,
    focusedRun: () => this.focusedRun,
    focusRun: (id) => (this.focusedRun = id),
    pressed: () => (this.pointerY = undefined),
    moveTo: (x) => {
      this.#moveCursor(x)
      this.#announceCursor()
    },
    zoom: (range) => (range ? this.#setRange(range) : this.#fire('range', null)),
    escape: () => (this.range ? this.#fire('range', null) : this.#moveCursor(null)),
  })
  #chart: LineChart | undefined
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

  override willUpdate(): void {
    if (!this.inSight || this.width === 0) return
    const { runs, metric: key, axis, range, width, load } = this
    this.#curves.want({ runs, key, axis, range, width, load })
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
    const air = this.axis === 'step' ? 1 : 1000
    return [all[0] - air, all[1] + air]
  }

  override render(): TemplateResult {
    const { shown } = this
    const drawn = this.#drawn
    return html`<section aria-label=${this.metric}>
      <header>
        <h3 class="clip mono" title=${this.metric.slice(0, 500)}>${this.metric}</h3>
        ${this.range ? this.#button('zoomOut', t('Reset zoom'), () => this.#fire('range', null)) : nothing}
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
              .drawn=${drawn}
              .range=${shown}
            ></lens-chart-table>`
          : this.#renderPlot(drawn, shown)
      }
      <footer class="faint">${this.#renderFooter(drawn, shown)}</footer>
      ${summaryTable(this.metric, drawn, shown)}
      <div class="unseen" aria-live="polite">${this.announcement}</div>
    </section>`
  }

  #renderPlot(drawn: readonly Drawn[], shown: Range | undefined): TemplateResult {
    return html`<div
      class="plot"
      tabindex="0"
      role="application"
      aria-roledescription=${t('line chart')}
      aria-label=${chartSummary(this.metric, this.axis, drawn, shown)}
      aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Home End + - Escape"
      @pointerdown=${this.#pointer.down}
      @pointermove=${this.#pointer.move}
      @pointerup=${this.#pointer.up}
      @pointercancel=${this.#pointer.cancel}
      @pointerleave=${this.#pointer.leave}
      @dblclick=${() => this.#fire('range', null)}
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
    return html`<div class="cover">${this.runs.length === 0 ? t('All runs are hidden.') : t('No points.')}</div>`
  }

  #renderFooter(drawn: readonly Drawn[], shown: Range | undefined): TemplateResult {
    const { loading, loaded, errors } = this.#curves.progress
    const stale = drawn.find(({ curve }) => curve.refreshError !== null)?.curve
    const notPositive = this.logY && shown ? (heightsOf(drawn, shown, true)?.notPositive ?? 0) : 0
    return html`${drawn.length > 0 && shown ? html`<span class="points">${pointsText(drawn, shown)}</span>` : nothing}
    ${loading > 0 && drawn.length > 0 ? html`<span>${t('{0} of {1} runs loaded', loaded, this.runs.length)}</span>` : nothing}
    ${notPositive > 0 ? html`<span>${t('{0} values of zero or less are not on a logarithmic axis', notPositive)}</span>` : nothing}
    ${
      errors[0] !== undefined
        ? html`<span class="failed" role="alert"
            >${icon('error')} ${t('{0} of {1} runs failed: {2}', errors.length, this.runs.length, errors[0])}
            <button class="link" @click=${() => this.#curves.retry()}>${t('Retry')}</button></span
          >`
        : nothing
    }
    ${stale ? html`<span class="failed">${icon('warning')} ${t('Refresh failed: {0}', stale.refreshError ?? '')}</span>` : nothing}`
  }

  #renderList(): TemplateResult | typeof nothing {
    const { hereX: x, axis, pointerY, width } = this
    if (x === null) return nothing
    const readings = this.#readHere()
    return renderCursorList({ axis, x, readings, focused: this.#focusedAt(readings), pointerY, width })
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
    const x = this.shown ?? [0, 1]
    const heights = heightsOf(this.#drawn, x, this.logY)
    const { axis, logY, width, height } = this
    drawScene(this.#chart, { drawn: this.#drawn, axis, x, heights, logY, theme: theme(), width, height })
  }

  #drawCursor(): void {
    const chart = this.#chart
    const x = this.hereX ?? this.cursor
    if (!chart) return
    this.#readings = x === null ? [] : readCursor(chart, this.#drawn, x)
    const focused = this.hereX === null ? undefined : this.#focusedAt(this.#readings)?.run.id
    drawOverlay(this.overlay, chart, {
      theme: theme(),
      cursor: x === null ? undefined : chart.scales.x?.getPixelForValue(x),
      readings: this.#readings,
      focused: this.#drawn.length > 1 ? this.#drawn.find(({ run }) => run.id === focused) : undefined,
      box: this.box,
    })
  }

  #readHere(): CursorReading[] {
    return this.#chart && this.hereX !== null ? readCursor(this.#chart, this.#drawn, this.hereX) : []
  }

  #focusedAt(readings: readonly CursorReading[]): CursorReading | undefined {
    return focusedReading(readings, this.pointerY, this.focusedRun)
  }

  #setRange(range: Range): void {
    if (!(range[1] > range[0])) return
    this.#fire('range', range)
    const [from, to] = range.map((x) => formatX(this.axis, this.axis === 'step' ? Math.round(x) : x))
    this.announcement = t('Zoomed to {0} from {1} to {2}', axisWord(this.axis), from ?? '', to ?? '')
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
    this.announcement = t('{0} at {1} {2}: {3}', here.run.name, axisWord(this.axis), x, readingText(here.reading))
  }

  #fire(name: 'range' | 'cursor' | 'logy', detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

/** Pages make the list anew each time they render: only other runs, names or versions are a change. */
function notSameRuns(a: readonly ChartRun[], b: readonly ChartRun[] | undefined): boolean {
  const same = (run: ChartRun, other: ChartRun | undefined): boolean =>
    run.id === other?.id && run.version === other.version && run.name === other.name && run.mark === other.mark
  return a.length !== b?.length || !a.every((run, index) => same(run, b[index]))
}
