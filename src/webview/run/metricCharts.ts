import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import '../charts/lineChart'
import type { Axis, ChartRun, LoadCurve, Range } from '../charts/types'
import { filterBox, leftOut, matching } from '../ui/filteredRows'
import { icon } from '../ui/icons'
import { common, tools } from '../ui/styles'

/** Charts there are before anybody asks for more. */
const firstCharts = 12
/** Charts that one click may add: each costs something even out of sight, and a run may have thousands. */
const mostAtOnce = 200

/** How the chart of a metric is set. */
export interface ChartSettings {
  readonly range: Range | null
  readonly logY: boolean
}

export interface ChartEvent<T> {
  readonly key: string
  readonly value: T
}

/**
 * Small charts of a run's metrics, and a large one of that which is opened. Fires `range` (detail: ChartEvent<Range | null>), `logy`
 * (detail: ChartEvent<boolean>) and `close`.
 */
@customElement('lens-metric-charts')
export class MetricCharts extends LitElement {
  @property() label = ''
  @property({ attribute: false }) keys: readonly string[] = []
  @property() opened: string | undefined
  @property() axis: Axis = 'step'
  /** Pixels. */
  @property({ type: Number }) height = 170
  @property({ attribute: false }) runOf!: (key: string) => ChartRun
  @property({ attribute: false }) settingsOf!: (key: string) => ChartSettings
  @property({ attribute: false }) load!: LoadCurve
  @state() private filter = ''
  @state() private most = firstCharts

  static override styles = [
    common,
    tools,
    css`
      :host {
        display: block;
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr));
        gap: 12px 20px;
        padding-top: 6px;
      }
      .charts.small {
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr));
      }
      .large {
        grid-column: 1 / -1;
      }
      .charts + vscode-button {
        margin-top: 12px;
      }
      vscode-text-field {
        width: 100%;
        margin: 2px 0 4px;
      }
    `,
  ]

  override render(): TemplateResult {
    const { opened, keys } = this
    const found = matching(
      keys.filter((key) => key !== opened).map((key) => [key] as const),
      this.filter,
    )
    const shown = found.slice(0, this.most).map(([key]) => key)
    const isOpen = opened !== undefined && keys.includes(opened)
    const more = Math.min(found.length, this.most + mostAtOnce)
    return html`${filterBox(
        keys.length > firstCharts ? keys.length : 0,
        t('Filter {0}', this.label),
        this.filter,
        (text) => {
          this.filter = text
          this.most = firstCharts
        },
      )}
      <div class="charts ${this.height < 150 ? 'small' : ''}">
        ${repeat(
          isOpen ? [opened, ...shown] : shown,
          (key) => key,
          (key) => this.#renderChart(key),
        )}
      </div>
      ${found.length === 0 && this.filter !== '' ? leftOut(0, 0, this.filter, () => undefined) : nothing}
      ${
        shown.length < found.length
          ? html`<vscode-button appearance="secondary" @click=${() => (this.most = more)}
              >${
                more === found.length
                  ? t('Show all {0} charts', formatCount(found.length))
                  : t('Show {0} more of {1} charts', more - shown.length, formatCount(found.length))
              }</vscode-button
            >`
          : nothing
      }`
  }

  /** The chart of what is opened. */
  get large(): Element | null {
    return this.renderRoot.querySelector('.large')
  }

  #renderChart(key: string): TemplateResult {
    const large = key === this.opened
    const { range, logY } = this.settingsOf(key)
    return html`<lens-line-chart
      class=${large ? 'large' : ''}
      data-key=${key}
      .metric=${key}
      .runs=${[this.runOf(key)]}
      .axis=${this.axis}
      .range=${range}
      .logY=${logY}
      .height=${large ? 320 : this.height}
      .load=${this.load}
      @range=${(event: CustomEvent<Range | null>) => this.#fire('range', { key, value: event.detail })}
      @logy=${(event: CustomEvent<boolean>) => this.#fire('logy', { key, value: event.detail })}
    >
      ${
        large
          ? html`<button
              slot="tools"
              class="plain tool"
              title=${t('Close')}
              aria-label=${t('Close the large chart')}
              @click=${() => this.#fire('close', undefined)}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
    </lens-line-chart>`
  }

  #fire(name: string, detail: ChartEvent<Range | null> | ChartEvent<boolean> | undefined): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
