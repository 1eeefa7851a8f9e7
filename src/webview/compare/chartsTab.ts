import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { t } from '../../shared/l10n'
import { maxLines } from '../../shared/protocol'
import { tabStyles } from '../across/tabStyles'
import { LineChartElement } from '../charts/lineChart'
import { curvesFrom } from '../charts/loadCurve'
import type { ChartRun, LoadCurve, Range } from '../charts/types'
import { icon } from '../ui/icons'
import { common, pressable } from '../ui/styles'
import { CardDrag } from './cardDrag'
import { type Card, moved, type PictureKind, sizeOf } from './cardMenu'
import { renderCardTools } from './cardTools'
import { countedGroups, renderLegend } from './chartLegend'
import { chartRunsOf } from './chartRuns'
import { chartsTabStyles } from './chartsTabStyles'
import { renderChartTools } from './chartTools'
import type { Comparison } from './comparison'
import { groupsOf } from './groups'
import { layoutMenu } from './layoutMenu'
import { firstChoice, metricsOf } from './metrics'
import { saveChart } from './saveChart'

/** Charts drawn before anybody asks for more. */
const firstCharts = 12

/** How long a slider has not moved when it rests, in ms. */
const rest = 150

const heights = { small: 150, medium: 240, large: 400 }

/** A card with a chart for each chosen metric of the runs that are shown. */
@customElement('lens-charts-tab')
export class ChartsTab extends LitElement {
  @property({ attribute: false }) comparison!: Comparison
  @state() private allCharts = false
  @state() private search = ''
  /** What the curves are smoothed by: all of them are made anew once the slider rests. */
  @state() private smoothing: number | undefined
  @state() private problem = ''
  @state() private announcement = ''
  /** While a card is dragged: the metric before whose card it would land. */
  @state() private landing: string | undefined

  readonly #drag = new CardDrag({
    over: (key) => (this.landing = key),
    dropped: (key, onto) => this.#move(key, this.#chosen.indexOf(onto)),
  })
  #windowHeight = innerHeight
  #slidTo: number | undefined
  #resting: ReturnType<typeof setTimeout> | undefined
  #refocused: HTMLElement | undefined

  static override styles = [common, pressable, tabStyles, chartsTabStyles]

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('resize', this.#resized)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('resize', this.#resized)
  }

  readonly #resized = (): void => {
    this.#windowHeight = innerHeight
    if (this.comparison.view.full !== null) this.requestUpdate()
  }

  override willUpdate(): void {
    const { smoothing } = this.comparison.view
    this.smoothing ??= smoothing
    if (smoothing === this.#slidTo) return
    this.#slidTo = smoothing
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => (this.smoothing = smoothing), rest)
  }

  get #chosen(): readonly string[] {
    const { details, view } = this.comparison
    return view.metrics ?? firstChoice(metricsOf(details))
  }

  override render(): TemplateResult {
    const { comparison, search } = this
    const metrics = metricsOf(comparison.details).map(({ key }) => key)
    const chosen = this.#chosen
    const wanted = search.trim().toLowerCase()
    const found = chosen.filter((key) => key.toLowerCase().includes(wanted))
    return html`${renderChartTools({
        ...{ comparison, metrics, chosen, search },
        searched: (text) => (this.search = text),
        layouts: (open) => this.#attempt(layoutMenu(comparison, chosen, this.#attempt).then(open)),
      })}
      ${this.problem === '' ? nothing : html`<p class="problem" role="alert">${icon('error')} ${this.problem}</p>`}
      ${
        metrics.length === 0
          ? html`<lens-empty>${t('None of these runs has logged a metric.')}</lens-empty>`
          : chosen.length === 0
            ? html`<lens-empty>${t('Choose metrics to see their curves.')}</lens-empty>`
            : found.length === 0
              ? html`<lens-empty>${t('No chart matches “{0}”.', search)}</lens-empty>`
              : this.#renderCards(found, chosen)
      }
      <div class="unseen" aria-live="polite">${this.announcement}</div>`
  }

  #renderCards(found: readonly string[], chosen: readonly string[]): TemplateResult {
    const { shown, view } = this.comparison
    const groups = view.groupBy ? groupsOf(this.comparison.loaded, view.groupBy) : undefined
    const drawn = this.allCharts || view.full !== null ? found : found.slice(0, firstCharts)
    const shownIds = new Set(shown.map(({ id }) => id))
    return html`${groups ? renderLegend(t('Groups'), countedGroups(groups, shownIds)) : nothing}
      <div class="cards" role="list" aria-label=${t('Charts')}>
        ${repeat(
          drawn,
          (key) => key,
          (key) => this.#renderCard(key, chosen, chartRunsOf(this.comparison, key, groups, shownIds)),
        )}
      </div>
      ${
        drawn.length < found.length
          ? html`<vscode-button appearance="secondary" @click=${() => (this.allCharts = true)}
              >${t('Show all {0} charts', found.length)}</vscode-button
            >`
          : nothing
      }`
  }

  #renderCard(key: string, chosen: readonly string[], runs: readonly ChartRun[]): TemplateResult {
    const { comparison } = this
    const { view, remember } = comparison
    const full = key === view.full
    const size = sizeOf(comparison, key)
    const card: Card = {
      ...{ key, comparison, chosen, full },
      fill: (filled) => remember({ full: filled }),
      save: (kind) => this.#save(key, kind, runs),
    }
    return html`<div
      role="listitem"
      class="card ${size} ${full ? 'full' : ''} ${this.landing === key ? 'landing' : ''}"
      data-card=${key}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape' && full) remember({ full: null })
      }}
    >
      <lens-line-chart
        .metric=${key}
        .runs=${runs.slice(0, maxLines)}
        .notDrawn=${Math.max(0, runs.length - maxLines)}
        .axis=${view.axis}
        .xKey=${view.xKey}
        .logX=${view.logX && view.axis !== 'time'}
        .smoothing=${this.smoothing}
        .noOutliers=${view.noOutliers}
        .range=${view.range}
        .rangeY=${view.rangesY.find(([metric]) => metric === key)?.[1] ?? null}
        .logY=${view.logY.includes(key)}
        .height=${full ? Math.max(200, this.#windowHeight - 180) : heights[size]}
        .load=${this.#loadCurve}
        @range=${(event: CustomEvent<Range | null>) =>
          remember({ range: event.detail ? [event.detail[0], event.detail[1]] : null })}
        @rangey=${(event: CustomEvent<Range | null>) => this.#keepRangeY(key, event.detail)}
        @cursor=${(event: CustomEvent<number | null>) => this.#shareCursor(event)}
        @logy=${(event: CustomEvent<boolean>) =>
          remember({ logY: event.detail ? [...view.logY, key] : view.logY.filter((other) => other !== key) })}
      >
        ${renderCardTools(card, {
          drag: (event) => this.#drag.start(event, key),
          moveByKey: (event) => this.#moveByKey(event, key),
        })}
      </lens-line-chart>
      ${full ? renderLegend(t('Legend'), runs.slice(0, maxLines)) : nothing}
    </div>`
  }

  #moveByKey(event: KeyboardEvent, key: string): void {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    const grip = event.currentTarget
    if (by === undefined || !(grip instanceof HTMLElement)) return
    event.preventDefault()
    this.#move(key, this.#chosen.indexOf(key) + by)
    this.#refocused = grip
  }

  override updated(changed: PropertyValues): void {
    if (!changed.has('comparison')) return
    // A card that is moved has lost the focus.
    this.#refocused?.focus()
    this.#refocused = undefined
  }

  #move(key: string, to: number): void {
    const chosen = moved(this.#chosen, key, to)
    this.comparison.remember({ metrics: chosen })
    this.announcement = t('{0} is chart {1} of {2} now', key, chosen.indexOf(key) + 1, chosen.length)
  }

  /** Over a reload, as the x range is. */
  #keepRangeY(key: string, range: Range | null): void {
    const { view, remember } = this.comparison
    const kept = view.rangesY.find(([metric]) => metric === key)?.[1]
    if (range?.[0] === kept?.[0] && range?.[1] === kept?.[1]) return
    const others = view.rangesY.filter(([metric]) => metric !== key)
    remember({ rangesY: range ? [...others, [key, [range[0], range[1]]]] : others })
  }

  /** Straight from chart to chart: nothing else on the page changes with the pointer. */
  #shareCursor(event: CustomEvent<number | null>): void {
    for (const chart of this.renderRoot.querySelectorAll('lens-line-chart'))
      if (chart instanceof LineChartElement && chart !== event.target) chart.cursor = event.detail
  }

  /** Does something that may fail, and says why. */
  readonly #attempt = (doing: Promise<unknown>): void => {
    this.problem = ''
    void doing.catch((error: unknown) => (this.problem = error instanceof Error ? error.message : String(error)))
  }

  #save(key: string, kind: PictureKind, runs: readonly ChartRun[]): void {
    for (const chart of this.renderRoot.querySelectorAll('lens-line-chart'))
      if (chart instanceof LineChartElement && chart.metric === key)
        this.#attempt(saveChart(this.comparison, chart, runs, kind))
  }

  readonly #loadCurve: LoadCurve = (...asked) => curvesFrom(this.comparison.host)(...asked)
}
