import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { formatCount, formatExact, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Curve, RunDetails, Stats } from '../../shared/protocol'
import { colorOf } from '../../shared/runColor'
import { filterBox, firstRows, leftOut, matching } from '../ui/filteredRows'
import { icon } from '../ui/icons'
import { place } from '../ui/place'
import { RowWindow } from '../ui/rowWindow'
import { common, tables } from '../ui/styles'
import { theme, ThemeController } from '../ui/theme'
import { metricTableStyles } from './metricTableStyles'
import { sparkline } from './sparkline'

/** Pixels of a row; those of a table that scrolls by itself must have no other. */
const rowHeight = 22
/** Milliseconds that a row is in sight before its history is read: who scrolls past thousands wants none of theirs. */
const glance = 120

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
  /** Index of the run's colour. */
  @property({ type: Number }) color = 0
  @property() label = ''
  /** The metric whose chart is open. */
  @property() opened: string | undefined

  @state() private filter = ''
  constructor() {
    super()
    new ThemeController(this)
  }

  readonly #window = new RowWindow(this, rowHeight)

  readonly #inSight = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #seeing = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const { key } = (target as HTMLElement).dataset
        if (key === undefined) continue
        if (isIntersecting) this.#inSight.add(key)
        else this.#inSight.delete(key)
      }
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        for (const key of this.#inSight) this.#fire('need-stats', key)
      }, glance)
    },
    { rootMargin: '100px' },
  )

  static override styles = [common, tables, metricTableStyles]

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#seeing.disconnect()
    this.#inSight.clear()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  override updated(changed: PropertyValues): void {
    this.#window.watch(this.renderRoot.querySelector<HTMLElement>('.long') ?? undefined)
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('tr[data-key]')]
    const shown = rows.map((row) => row.dataset.key ?? '').join('\n')
    // Observed again, a row in sight is reported again: after a refresh its history may have grown.
    if (!changed.has('metrics') && shown === this.#shown) return
    this.#shown = shown
    this.#seeing.disconnect()
    this.#inSight.clear()
    for (const row of rows) this.#seeing.observe(row)
  }
  #shown = ''

  override render(): TemplateResult {
    const { keys = [] } = this.metrics ?? {}
    const rows = keys.map((key, index) => [key, index] as const)
    const found = matching(rows, this.filter)
    const isLong = found.length > firstRows
    const { from, to, above, below } = isLong
      ? this.#window.of(found.length)
      : { from: 0, to: found.length, above: 0, below: 0 }
    return html`${filterBox(keys.length, t('Filter metrics'), this.filter, (text) => (this.filter = text))}
      <div
        class="scroll ${isLong ? 'long' : ''}"
        tabindex=${isLong ? 0 : nothing}
        role=${isLong ? 'region' : nothing}
        aria-label=${isLong ? t('All of {0}', this.label) : nothing}
      >
        <table aria-label=${this.label} aria-rowcount=${isLong ? found.length + 1 : nothing}>
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
            ${gap(above)}
            ${repeat(
              found.slice(from, to),
              ([key]) => key,
              ([key, index], at) => this.#renderRow(key, index, isLong ? from + at + 2 : undefined),
            )}
            ${gap(below)}
          </tbody>
        </table>
      </div>
      ${found.length === 0 ? leftOut(0, 0, this.filter, () => undefined) : nothing}`
  }

  #renderRow(key: string, index: number, rowIndex: number | undefined): TemplateResult {
    const value = this.metrics?.values[index] ?? NaN
    const stats = this.stats.get(key)
    const curve = this.curves.get(key)
    return html`<tr data-key=${key} aria-rowindex=${rowIndex ?? nothing} class=${key === this.opened ? 'opened' : ''}>
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
      <td class="trend">${curve ? sparkline(curve, colorOf(this.color, theme().kind)) : nothing}</td>
      <td class="number mono last">
        <button
          class="value"
          title=${t('{0} – click to copy', formatExact(value))}
          aria-label=${t('Copy last value of {0}: {1}', key, formatMetric(value))}
          @click=${() => this.dispatchEvent(new CustomEvent('copy-value', { detail: formatExact(value), bubbles: true, composed: true }))}
        >
          ${formatMetric(value)}
        </button>
      </td>
      ${renderStats(stats, this.metrics?.steps[index] ?? 0)}
    </tr>`
  }

  #fire(name: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

/** In place of rows that are out of sight. */
const gap = (height: number): TemplateResult | typeof nothing =>
  height === 0
    ? nothing
    : html`<tr class="gap" aria-hidden="true">
        <td colspan="7" ${place({ height })}></td>
      </tr>`

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
