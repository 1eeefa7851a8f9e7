import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { common } from '../ui/styles'
import { isChecked, valueOf } from '../ui/toolkit'
import '../ui/section'
import type { Comparison } from './comparison'
import { firstChoice, type MetricChoice, metricsOf } from './metrics'

/** Metrics listed at once: the filter finds the others. */
const mostListed = 200

/** Chooses the metrics that have a chart. Fires `choose` (detail: the keys). */
@customElement('lens-metric-picker')
export class MetricPicker extends LitElement {
  @property({ attribute: false }) metrics: readonly MetricChoice[] = []
  @property({ attribute: false }) chosen: readonly string[] = []
  @property({ type: Number }) runs = 0
  @state() private filter = ''

  static override styles = [
    common,
    css`
      :host {
        display: block;
      }
      vscode-text-field {
        width: 100%;
        margin-bottom: 4px;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        max-height: 280px;
        overflow-y: auto;
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 24px;
        padding: 0 4px;
      }
      li:hover {
        background: var(--hover);
      }
      vscode-checkbox {
        flex: 1 1 auto;
        min-width: 0;
        margin: 0;
        overflow: hidden;
      }
      vscode-checkbox::part(control) {
        flex: none;
      }
      vscode-checkbox::part(label) {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        padding-inline-start: 8px;
      }
      .faint {
        font-size: 11px;
        flex: none;
      }
      .all {
        padding: 0 4px 4px;
        font-size: 12px;
      }
    `,
  ]

  override render(): TemplateResult {
    const wanted = this.filter.trim().toLowerCase()
    const found = this.metrics.filter(({ key }) => key.toLowerCase().includes(wanted))
    return html`<vscode-text-field
        placeholder=${t('Search {0} metrics', formatCount(this.metrics.length))}
        aria-label=${t('Search metrics')}
        .value=${this.filter}
        @input=${(event: Event) => (this.filter = valueOf(event))}
      ></vscode-text-field>
      ${
        this.chosen.length > 0
          ? html`<div class="all">
              <button class="link" @click=${() => this.#choose([])}>
                ${t('Clear {0} chosen', this.chosen.length)}
              </button>
            </div>`
          : nothing
      }
      <ul aria-label=${t('Metrics')}>
        ${found.slice(0, mostListed).map((metric) => this.#renderMetric(metric))}
        ${
          found.length > mostListed
            ? html`<li class="faint">
                ${t('{0} more: search to narrow the list', formatCount(found.length - mostListed))}
              </li>`
            : nothing
        }
        ${found.length === 0 ? html`<li class="faint">${t('Nothing matches “{0}”.', this.filter)}</li>` : nothing}
      </ul>`
  }

  #renderMetric({ key, runs }: MetricChoice): TemplateResult {
    const chosen = this.chosen.includes(key)
    return html`<li title=${key}>
      <vscode-checkbox
        .checked=${chosen}
        @change=${(event: Event) => {
          if (isChecked(event) !== this.chosen.includes(key))
            this.#choose(chosen ? this.chosen.filter((other) => other !== key) : [...this.chosen, key])
        }}
        >${key}</vscode-checkbox
      >
      ${
        runs < this.runs
          ? html`<span class="faint" title=${t('Logged by {0} of {1} runs', runs, this.runs)}
              >${runs}/${this.runs}</span
            >`
          : nothing
      }
    </li>`
  }

  #choose(keys: readonly string[]): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: keys }))
  }
}

/** The choice of metrics for a comparison, in a section that folds. */
export function renderMetricPicker({ details, view, remember }: Comparison): TemplateResult {
  const metrics = metricsOf(details)
  return html`<lens-section
    .heading=${t('Metrics')}
    .count=${metrics.length}
    .folded=${view.folded.includes('metrics')}
    @fold=${(event: CustomEvent<boolean>) => {
      const others = view.folded.filter((other) => other !== 'metrics')
      remember({ folded: event.detail ? [...others, 'metrics'] : others })
    }}
  >
    <lens-metric-picker
      .metrics=${metrics}
      .chosen=${view.metrics ?? firstChoice(metrics)}
      .runs=${details.length}
      @choose=${(event: CustomEvent<string[]>) => remember({ metrics: event.detail })}
    ></lens-metric-picker>
  </lens-section>`
}
