import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { t } from '../../shared/l10n'
import { renderAxisChoice } from '../charts/axisChoice'
import { LineChartElement } from '../charts/lineChart'
import type { LoadCurve, Range } from '../charts/types'
import { common } from '../ui/styles'
import { chartsTabStyles } from './chartsTabStyles'
import type { Comparison } from './comparison'
import { firstChoice, metricsOf } from './metrics'

/** Charts drawn before anybody asks for more. */
const firstCharts = 12

/** A chart for each chosen metric of the runs that are shown. */
@customElement('lens-charts-tab')
export class ChartsTab extends LitElement {
  @property({ attribute: false }) comparison!: Comparison
  @state() private allCharts = false

  static override styles = [common, chartsTabStyles]

  override render(): TemplateResult {
    const { details, view, remember } = this.comparison
    const metrics = metricsOf(details)
    const chosen = view.metrics ?? firstChoice(metrics)
    return html`<div class="tools">
        ${renderAxisChoice(view.axis, (axis) => remember({ axis, range: null }))}
        ${view.range ? html`<button class="link" @click=${() => remember({ range: null })}>${t('Reset zoom')}</button>` : ''}
      </div>
      ${
        metrics.length === 0
          ? html`<lens-empty>${t('None of these runs has logged a metric.')}</lens-empty>`
          : this.#renderCharts(chosen)
      }`
  }

  #renderCharts(chosen: readonly string[]): TemplateResult {
    if (chosen.length === 0) return html`<lens-empty>${t('Choose metrics to see their curves.')}</lens-empty>`
    const drawn = this.allCharts ? chosen : chosen.slice(0, firstCharts)
    return html`<div class="charts">
        ${repeat(
          drawn,
          (key) => key,
          (key) => this.#renderChart(key),
        )}
      </div>
      ${
        drawn.length < chosen.length
          ? html`<vscode-button appearance="secondary" @click=${() => (this.allCharts = true)}
              >${t('Show all {0} charts', chosen.length)}</vscode-button
            >`
          : ''
      }`
  }

  #renderChart(key: string): TemplateResult {
    const { shown, runs, view, remember } = this.comparison
    const drawn = shown
      .filter((slot) => slot.details?.metrics.keys.includes(key))
      .map((slot) => runs.chartRun(slot, key))
    return html`<lens-line-chart
      .metric=${key}
      .runs=${drawn}
      .axis=${view.axis}
      .range=${view.range}
      .logY=${view.logY.includes(key)}
      .height=${240}
      .load=${this.#loadCurve}
      @range=${(event: CustomEvent<Range | null>) =>
        remember({ range: event.detail ? [event.detail[0], event.detail[1]] : null })}
      @cursor=${(event: CustomEvent<number | null>) => this.#shareCursor(event)}
      @logy=${(event: CustomEvent<boolean>) =>
        remember({ logY: event.detail ? [...view.logY, key] : view.logY.filter((other) => other !== key) })}
    ></lens-line-chart>`
  }

  /** Straight from chart to chart: nothing else on the page changes with the pointer. */
  #shareCursor(event: CustomEvent<number | null>): void {
    for (const chart of this.renderRoot.querySelectorAll('lens-line-chart'))
      if (chart instanceof LineChartElement && chart !== event.target) chart.cursor = event.detail
  }

  readonly #loadCurve: LoadCurve = (query, signal) => this.comparison.host.channel.request('curve', query, signal)
}
