import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatCount, formatExact, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Curve, RunDetails, Stats } from '../../shared/protocol'
import { filterBox, firstRows, leftOut, matching } from '../ui/filteredRows'
import { icon } from '../ui/icons'
import { common, tables } from '../ui/styles'
import { sparkline } from './sparkline'

/** What is known of a metric's history. */
export type StatsState = Stats | 'loading' | { readonly error: string }

/**
 * A run's metrics. Fires `need-stats` (detail: key) for rows that come into sight, `open-metric` (detail: key) and
 * `copy-value` (detail: the text).
 */
@customElement('lens-metric-table')
export class MetricTable extends LitElement {
  @property({ attribute: false }) metrics: RunDetails['metrics'] | undefined
  @property({ attribute: false }) stats: ReadonlyMap<string, StatsState> = new Map()
  /** Small curves of those that have been in sight. */
  @property({ attribute: false }) curves: ReadonlyMap<string, Curve> = new Map()
  @property() label = ''
  /** The metric whose chart is open. */
  @property() opened: string | undefined

  @state() private filter = ''
  @state() private most = firstRows

  readonly #seeing = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting && target instanceof HTMLElement) this.#need(target.dataset.key)
    },
    { rootMargin: '100px' },
  )

  static override styles = [
    common,
    tables,
    css`
      :host {
        display: block;
        overflow-x: auto;
        container-type: inline-size;
      }
      table {
        min-width: 340px;
      }
      th.name {
        width: 100%;
        max-width: 0;
        min-width: 120px;
        position: sticky;
        left: 0;
        background: var(--vscode-editor-background);
      }
      thead th:first-child {
        left: 0;
        z-index: 2;
      }
      th.name button.plain {
        display: flex;
        align-items: center;
        gap: 6px;
        width: 100%;
        color: var(--vscode-textLink-foreground);
      }
      th.name button.plain:hover .label {
        text-decoration: underline;
      }
      td.trend {
        width: 100px;
        padding: 3px 8px;
        line-height: 0;
      }
      .sparkline {
        width: 84px;
        height: 16px;
        fill: none;
        stroke: var(--vscode-charts-blue, var(--vscode-foreground));
        stroke-width: 1.2;
        stroke-linejoin: round;
      }
      @container (max-width: 520px) {
        .trend {
          display: none;
        }
      }
      .icon {
        width: 14px;
        height: 14px;
        color: var(--faint);
      }
      tr.opened > * {
        background: var(--vscode-list-inactiveSelectionBackground);
        color: var(--vscode-list-inactiveSelectionForeground, inherit);
      }
      td.last {
        font-weight: 600;
      }
      td.wait {
        color: var(--faint);
      }
      button.value {
        all: unset;
        cursor: copy;
      }
      button.value:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      vscode-text-field {
        width: 100%;
        margin: 2px 0 4px;
      }
      .more {
        padding: 4px 8px;
      }
    `,
  ]

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#seeing.disconnect()
  }

  override updated(changed: PropertyValues): void {
    // Observed again, a row in sight is reported again: after a refresh its history may have grown.
    if (!changed.has('metrics') && !changed.has('filter') && !changed.has('most')) return
    this.#seeing.disconnect()
    for (const row of this.renderRoot.querySelectorAll('tr[data-key]')) this.#seeing.observe(row)
  }

  override render(): TemplateResult {
    const { keys = [] } = this.metrics ?? {}
    const rows = keys.map((key, index) => [key, index] as const)
    const found = matching(rows, this.filter)
    return html`${filterBox(keys.length, t('Filter metrics'), this.filter, (text) => (this.filter = text))}
      <table aria-label=${this.label}>
        <thead>
          <tr>
            <th scope="col">${t('Metric')}</th>
            <th scope="col" class="trend">${t('Trend')}</th>
            <th scope="col" class="number">${t('Last')}</th>
            <th scope="col" class="number">${t('Min')}</th>
            <th scope="col" class="number">${t('Max')}</th>
            <th scope="col" class="number">${t('Step')}</th>
            <th scope="col" class="number">${t('Points')}</th>
          </tr>
        </thead>
        <tbody>
          ${found.slice(0, this.most).map(([key, index]) => this.#renderRow(key, index))}
        </tbody>
      </table>
      ${leftOut(found.length, this.most, this.filter, () => (this.most += 1000))}`
  }

  #renderRow(key: string, index: number): TemplateResult {
    const value = this.metrics?.values[index] ?? NaN
    const stats = this.stats.get(key)
    const curve = this.curves.get(key)
    return html`<tr data-key=${key} class=${key === this.opened ? 'opened' : ''}>
      <th scope="row" class="name mono">
        <button
          class="plain"
          title=${key}
          aria-expanded=${key === this.opened}
          @click=${() => this.#fire('open-metric', key)}
        >
          ${icon('chart')}<span class="label clip">${key}</span>
        </button>
      </th>
      <td class="trend">${curve ? sparkline(curve) : nothing}</td>
      <td class="number mono last">
        <button
          class="value"
          title=${t('{0} – click to copy', formatExact(value))}
          aria-label=${t('Copy last value of {0}: {1}', key, formatMetric(value))}
          @click=${() => this.#fire('copy-value', formatExact(value))}
        >
          ${formatMetric(value)}
        </button>
      </td>
      ${renderStats(stats, this.metrics?.steps[index] ?? 0)}
    </tr>`
  }

  #need(key: string | undefined): void {
    if (key !== undefined) this.#fire('need-stats', key)
  }

  #fire(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

function renderStats(stats: StatsState | undefined, step: number): TemplateResult {
  const cell = (text: string, title = '', classes = ''): TemplateResult =>
    html`<td class="number mono ${classes}" title=${title || nothing}>${text}</td>`
  if (stats === undefined || stats === 'loading')
    return html`${cell('…', '', 'wait')}${cell('…', '', 'wait')}${cell(String(step))}${cell('…', '', 'wait')}`
  if ('error' in stats)
    return html`${cell('–', stats.error, 'wait')}${cell('–', stats.error, 'wait')}${cell(String(step))}${cell('–', stats.error, 'wait')}`
  const [min, max] = [lowestOf(stats), highestOf(stats)]
  return html`${cell(formatMetric(min), formatExact(min))}${cell(formatMetric(max), formatExact(max))}${cell(String(step))}${cell(
    formatCount(stats.count) + (stats.nan > 0 ? '*' : ''),
    stats.nan > 0 ? t('{0} of them are NaN', formatCount(stats.nan)) : '',
  )}`
}

const lowestOf = (stats: Stats): number =>
  stats.minusInfinity > 0 ? -Infinity : (stats.min ?? (stats.plusInfinity > 0 ? Infinity : NaN))

const highestOf = (stats: Stats): number =>
  stats.plusInfinity > 0 ? Infinity : (stats.max ?? (stats.minusInfinity > 0 ? -Infinity : NaN))
