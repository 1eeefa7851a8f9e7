import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { property, query, state } from 'lit/decorators.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { blankCanvas } from '../ui/canvas'
import { FrameElement } from '../ui/frameElement'
import { icon } from '../ui/icons'
import { openMenu } from '../ui/menu'
import { Sight } from '../ui/sight'
import { theme, ThemeController } from '../ui/theme'
import { type Ramp, rampOf } from './fileLegend'
import type { Context } from './paint'
import { frameMark, nearestMark, type Picture } from './plotMarks'
import { plotStyles } from './plotStyles'
import { plotSvg } from './plotSvg'
import { renderTip } from './plotTip'
import { renderTwin, type TableTwin } from './plotTwin'
import { measurer, type PlotFile, plotFile, saveMenu } from './savedPlot'
import { directionWord, type Sweep } from './sweep'
import { SvgContext } from './svgContext'

/** Properties that leave the picture as it is. */
const overlaid = new Set(['at', 'announcement', 'drawing', 'moving'])
/** Of a file, px. */
const leastWidth = 400

/**
 * A plot over many runs: a canvas with marks that pointer and keyboard go through, a spoken summary and a table twin. Fires `open-row`
 * (detail: a row) when a mark that is a run is chosen, and `save` (detail: PlotFile).
 */
export abstract class Plot extends FrameElement {
  @property() heading = ''
  @property({ attribute: false }) sweep!: Sweep
  @property({ type: Number }) height = 280
  @state() private asTable = false
  @state() private at: number | undefined
  @state() private announcement = ''
  @query('.plot') private readonly plot!: HTMLElement | null
  @query('canvas.picture') private readonly canvas!: HTMLCanvasElement | null
  @query('canvas.cursor') private readonly overlay!: HTMLCanvasElement | null

  #follow: ReturnType<Plot['pressed']>
  #followed = false
  #picture: Picture = { marks: [], draw: () => undefined }
  protected readonly sight = new Sight(this)

  static override styles = [...plotStyles]

  constructor() {
    super()
    new ThemeController(this)
  }

  /** What is drawn in `width` × `height` px. */
  protected abstract picture(width: number, height: number, measure: Context): Picture
  /** What the plot shows, in a sentence. */
  protected abstract summary(): string
  protected abstract table(): TableTwin
  /** What is plotted, in a few words. */
  protected abstract subject(): string
  /** What is plotted, as a CSV file. */
  protected abstract csv(): string
  /** What its colours mean. */
  protected ramp(): Ramp | undefined {
    return rampOf(this.sweep.metric, this.sweep.colours)
  }
  /** What it does not show by itself, in sentences under the plot. */
  protected notes(): readonly string[] {
    return []
  }
  /** How it is used. */
  protected hint(): string {
    return ''
  }
  /** Why there is nothing to draw; undefined where there is something. */
  protected nothingBecause(): string | undefined {
    return undefined
  }

  /** Px that the picture needs: where that is more than the plot has, it scrolls. */
  protected contentWidth(): number {
    return this.sight.width
  }
  /** Elements over the picture. */
  protected over(): unknown {
    return nothing
  }
  /** The pointer was pressed at a point, px: who wants to follow it, does. */
  protected pressed(_x: number, _y: number): ((x: number, y: number, done: boolean) => void) | undefined {
    return undefined
  }

  override render(): TemplateResult {
    const reason = this.nothingBecause()
    return html`<section aria-label=${this.heading}>
      <header>
        <h3 class="clip" title=${this.heading.slice(0, 500)}>${this.heading}</h3>
        ${
          reason === undefined
            ? html`<button
                  class="plain tool"
                  title=${this.asTable ? t('Show as chart') : t('Show as table')}
                  aria-label=${this.asTable ? t('Show as chart') : t('Show as table')}
                  aria-pressed=${this.asTable}
                  @click=${() => (this.asTable = !this.asTable)}
                >
                  ${icon(this.asTable ? 'chart' : 'table')}
                </button>
                <button
                  class="plain tool"
                  title=${t('More actions for {0}', this.heading)}
                  aria-label=${t('More actions for {0}', this.heading)}
                  aria-haspopup="menu"
                  @click=${(event: Event) => this.#openMenu(event.currentTarget as HTMLElement)}
                >
                  ${icon('more')}
                </button>`
            : nothing
        }
      </header>
      ${
        reason !== undefined
          ? html`<lens-empty>${reason}</lens-empty>`
          : this.asTable
            ? renderTwin(this.heading, this.table())
            : this.#renderPlot()
      }
      <footer class="faint">
        ${[...this.notes(), this.hint()].map((words) => (words === '' ? nothing : html`<span>${words}</span>`))}
      </footer>
      <div class="unseen" aria-live="polite">${this.announcement}</div>
    </section>`
  }

  #openMenu(place: HTMLElement): void {
    const items = saveMenu((kind) => {
      const name = `${this.heading} ${this.subject()}`
      const detail: PlotFile = plotFile(name, kind, (wanted) => (wanted === 'csv' ? this.csv() : this.#svg()))
      this.dispatchEvent(new CustomEvent('save', { detail }))
    })
    openMenu(t('More actions for {0}', this.heading), () => items, place)
  }

  /** In the size that it has on the page, but for very narrow ones. */
  #svg(): string {
    const { heading, height, sweep } = this
    const { rows, all, best, direction, nameOf } = sweep
    const filtered = t('{0} of {1} runs are within the filters', formatCount(rows.length), formatCount(all.length))
    const width = Math.max(leastWidth, this.contentWidth())
    const [widthOf, colors] = [measurer(), theme()]
    const { draw, drawOver } = this.picture(width, height, new SvgContext(widthOf))
    const parts = {
      ...{ title: `${heading}: ${this.subject()}`, summary: this.summary() },
      ...{
        width,
        height,
        ramp: this.ramp(),
        notes: [...this.notes(), ...(rows.length < all.length ? [filtered] : [])],
      },
      best: best === undefined || !direction ? undefined : `${t('{0}, the best run', nameOf(best))} · ${directionWord(direction)}`, // prettier-ignore
      draw: (ctx: Context) => {
        draw(ctx, colors)
        drawOver?.(ctx, colors)
      },
    }
    return plotSvg(parts, colors, widthOf)
  }

  #renderPlot(): TemplateResult {
    const mark = this.at === undefined ? undefined : this.#picture.marks[this.at]
    return html`<div class="scroller">
      <div
        class="plot ${mark?.row === undefined ? '' : 'hit'}"
        tabindex="0"
        role="application"
        aria-roledescription=${t('plot')}
        aria-label=${this.summary()}
        aria-keyshortcuts="ArrowLeft ArrowRight Home End Enter Escape"
        @pointerdown=${this.#onDown}
        @pointermove=${this.#onMove}
        @pointerup=${this.#onUp}
        @click=${this.#onClick}
        @pointercancel=${() => (this.#follow = undefined)}
        @pointerleave=${() => (this.at = undefined)}
        @keydown=${this.#onKey}
        @blur=${() => (this.at = undefined)}
      >
        <canvas class="picture" aria-hidden="true"></canvas>
        <canvas class="cursor overlay" aria-hidden="true"></canvas>
        ${this.over()} ${mark ? renderTip(mark, this.contentWidth(), this.height) : nothing}
      </div>
    </div>`
  }

  override updated(changed: PropertyValues): void {
    const { canvas, overlay, plot, height } = this
    const { width, inSight } = this.sight
    if (!canvas || !overlay || !plot) return
    const content = this.contentWidth()
    plot.style.height = `${height}px`
    plot.style.width = `${content}px`
    if (!inSight || width === 0) {
      canvas.width = overlay.width = 0
      return
    }
    const onlyCursor = changed.size > 0 && [...changed.keys()].every((name) => overlaid.has(String(name)))
    if (!onlyCursor || canvas.width === 0) {
      const ctx = blankCanvas(canvas, content, height)
      if (!ctx) return
      this.#picture = this.picture(content, height, ctx)
      this.#picture.draw(ctx, theme())
    }
    const mark = this.at === undefined ? undefined : this.#picture.marks[this.at]
    const ctx = blankCanvas(overlay, content, height)
    if (!ctx || !mark) return
    ;(this.#picture.highlight ?? frameMark)(ctx, theme(), mark)
  }

  /** Where the pointer is in the plot, px. */
  #pointOf(event: PointerEvent): readonly [x: number, y: number] {
    const { left = 0, top = 0 } = this.plot?.getBoundingClientRect() ?? {}
    return [event.clientX - left, event.clientY - top]
  }

  #markAt([x, y]: readonly [number, number]): number | undefined {
    const { marks, pick } = this.#picture
    return pick ? pick(x, y) : nearestMark(marks, x, y)
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || event.target !== this.plot) return
    this.#follow = this.pressed(...this.#pointOf(event))
    if (this.#follow) this.plot?.setPointerCapture(event.pointerId)
    this.#followed = this.#follow !== undefined
  }

  readonly #onClick = (event: PointerEvent): void => {
    if (event.target === this.plot && !this.#followed) this.#choose(this.#markAt(this.#pointOf(event)))
  }

  readonly #onMove = (event: PointerEvent): void => {
    const point = this.#pointOf(event)
    if (this.#follow) this.#follow(...point, false)
    else this.at = event.target === this.plot ? this.#markAt(point) : undefined
  }

  readonly #onUp = (event: PointerEvent): void => {
    this.#follow?.(...this.#pointOf(event), true)
    this.#follow = undefined
  }

  #choose(at: number | undefined): void {
    const row = at === undefined ? undefined : this.#picture.marks[at]?.row
    if (row !== undefined) this.dispatchEvent(new CustomEvent('open-row', { detail: row }))
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const last = this.#picture.marks.length - 1
    const next = {
      ArrowRight: () => Math.min(last, (this.at ?? -1) + 1),
      ArrowDown: () => Math.min(last, (this.at ?? -1) + 1),
      ArrowLeft: () => Math.max(0, (this.at ?? last + 1) - 1),
      ArrowUp: () => Math.max(0, (this.at ?? last + 1) - 1),
      Home: () => 0,
      End: () => last,
      Escape: () => undefined,
    }[event.key]
    if (event.key === 'Enter') this.#choose(this.at)
    else if (!next) return
    else {
      this.at = last < 0 ? undefined : next()
      const mark = this.at === undefined ? undefined : this.#picture.marks[this.at]
      if (mark) this.announcement = [mark.title, ...mark.facts.map((fact) => fact.join(' '))].join(', ')
    }
    event.preventDefault()
    event.stopPropagation()
  }
}
