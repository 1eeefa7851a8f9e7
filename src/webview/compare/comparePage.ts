import * as v from 'valibot'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { type Axis, axisSchema, maxComparedRuns, type RunRef, type ShownRun } from '../../shared/protocol'
import { renderAxisChoice } from '../charts/axisChoice'
import { LineChartElement } from '../charts/lineChart'
import type { LoadCurve, Range } from '../charts/types'
import { FrameElement } from '../ui/frameElement'
import type { Host } from '../ui/host'
import { type RunSlot, Runs } from '../ui/runs'
import '../ui/section'
import '../ui/states'
import { common } from '../ui/styles'
import { comparePageStyles } from './comparePageStyles'
import './metricPicker'
import { firstChoice, metricsOf } from './metrics'
import './runList'
import './sideBySide'

/** Charts drawn before anybody asks for more. */
const firstCharts = 12

const viewSchema = v.object({
  axis: v.fallback(axisSchema, 'step'),
  /** Undefined until the user chooses. */
  metrics: v.fallback(v.optional(v.array(v.string())), undefined),
  hidden: v.fallback(v.array(v.string()), []),
  logY: v.fallback(v.array(v.string()), []),
  onlyDifferences: v.fallback(v.boolean(), true),
  range: v.fallback(v.nullable(v.tuple([v.number(), v.number()])), null),
  folded: v.fallback(v.array(v.string()), []),
})
type View = v.InferOutput<typeof viewSchema>

@customElement('lens-compare-page')
export class ComparePage extends FrameElement {
  @property({ attribute: false }) host!: Host
  @property({ attribute: false }) runs: readonly ShownRun[] = []
  @property({ type: Number }) leftOut = 0

  @state() private view: View = v.parse(viewSchema, {})
  @state() private allCharts = false

  readonly #runs = new Runs(this)

  static override styles = [common, comparePageStyles]

  override firstUpdated(): void {
    this.view = this.host.view(viewSchema)
    this.#runs.start(this.host, this.runs)
    this.requestUpdate()
  }

  override render(): TemplateResult | typeof nothing {
    const { slots } = this.#runs
    if (slots.length === 0) return nothing
    const loaded = slots.filter((slot) => slot.details)
    return html`<h1 class="unseen">${t('Compare {0} runs', slots.length)}</h1>
      ${loaded.length > 0 ? this.#renderPage(slots, loaded) : this.#renderNothingYet(slots)}`
  }

  #renderNothingYet(slots: readonly RunSlot[]): TemplateResult {
    const failed = slots.find((slot) => slot.error !== undefined)
    if (failed && slots.every((slot) => !slot.loading))
      return html`<lens-error
        page
        log
        .message=${failed.error ?? ''}
        @retry=${() => this.#runs.retry()}
        @showlog=${this.#showLog}
      ></lens-error>`
    return html`<lens-loading
      page
      cancellable
      .what=${t('Reading {0} runs', slots.length)}
      @cancel=${() => this.#runs.cancel()}
    ></lens-loading>`
  }

  #renderPage(slots: readonly RunSlot[], loaded: readonly RunSlot[]): TemplateResult {
    const details = loaded.flatMap((slot) => slot.details ?? [])
    const metrics = metricsOf(details)
    const chosen = this.view.metrics ?? firstChoice(metrics)
    const hidden = new Set(this.view.hidden)
    const shown = loaded.filter((slot) => !hidden.has(slot.id))
    return html`<div class="page">
      ${this.#renderNotices(slots, loaded)}
      <div class="body">
        <nav aria-label=${t('What is compared')}>
          ${this.#section(
            'runs',
            t('Runs'),
            slots.length,
            html`<lens-run-list
              .slots=${slots}
              .hiddenRuns=${hidden}
              @toggle=${(event: CustomEvent<string>) => this.#toggleRun(event.detail)}
              @toggle-all=${(event: CustomEvent<boolean>) =>
                this.#remember({ hidden: event.detail ? [] : slots.map((slot) => slot.id) })}
              @open-run=${(event: CustomEvent<RunRef>) => this.host.channel.command('openRun', { run: event.detail })}
            ></lens-run-list>`,
          )}
          ${this.#section(
            'metrics',
            t('Metrics'),
            metrics.length,
            html`<lens-metric-picker
              .metrics=${metrics}
              .chosen=${chosen}
              .runs=${loaded.length}
              @choose=${(event: CustomEvent<string[]>) => this.#remember({ metrics: event.detail })}
            ></lens-metric-picker>`,
          )}
        </nav>
        <div class="main">
          ${this.#section(
            'charts',
            t('Charts'),
            undefined,
            this.#renderCharts(shown, chosen, metrics.length),
            html`${
              this.view.range
                ? html`<button class="link" @click=${() => this.#remember({ range: null })}>${t('Reset zoom')}</button>`
                : nothing
            }
            ${renderAxisChoice(this.view.axis, (axis) => this.#setAxis(axis))}`,
          )}
          ${this.#section(
            'values',
            t('Values side by side'),
            undefined,
            html`<lens-side-by-side
              .slots=${shown}
              .onlyDifferences=${this.view.onlyDifferences}
              @only-differences=${(event: CustomEvent<boolean>) => this.#remember({ onlyDifferences: event.detail })}
            ></lens-side-by-side>`,
          )}
        </div>
      </div>
    </div>`
  }

  #renderNotices(slots: readonly RunSlot[], loaded: readonly RunSlot[]): TemplateResult {
    const failed = slots.filter((slot) => slot.error !== undefined && !slot.details)
    const stale = loaded.find((slot) => slot.error !== undefined)
    const waiting = slots.some((slot) => slot.loading && !slot.details)
    return html`
      ${
        this.leftOut > 0
          ? html`<p class="notice">
              ${t('A comparison takes {0} runs: the first {0} are shown, {1} are left out.', maxComparedRuns, formatCount(this.leftOut))}
            </p>`
          : nothing
      }
      ${
        waiting
          ? html`<lens-loading
              cancellable
              .what=${t('{0} of {1} runs loaded', loaded.length, slots.length)}
              @cancel=${() => this.#runs.cancel()}
            ></lens-loading>`
          : nothing
      }
      ${
        failed[0] && !waiting
          ? html`<lens-error
              log
              .message=${t('{0} of {1} runs loaded; {2} failed: {3}', loaded.length, slots.length, failed.length, failed[0].error ?? '')}
              @retry=${() => this.#runs.retry()}
              @showlog=${this.#showLog}
            ></lens-error>`
          : nothing
      }
      ${
        stale
          ? html`<lens-stale
              .asOf=${stale.asOf ?? 0}
              .reason=${stale.error ?? ''}
              @retry=${() => this.#runs.retry()}
              @showlog=${this.#showLog}
            ></lens-stale>`
          : nothing
      }
    `
  }

  #renderCharts(shown: readonly RunSlot[], chosen: readonly string[], known: number): TemplateResult {
    if (known === 0) return html`<lens-empty>${t('None of these runs has logged a metric.')}</lens-empty>`
    if (chosen.length === 0) return html`<lens-empty>${t('Choose metrics to see their curves.')}</lens-empty>`
    const drawn = this.allCharts ? chosen : chosen.slice(0, firstCharts)
    return html`<div class="charts">
        ${repeat(
          drawn,
          (key) => key,
          (key) => this.#renderChart(shown, key),
        )}
      </div>
      ${
        drawn.length < chosen.length
          ? html`<vscode-button appearance="secondary" @click=${() => (this.allCharts = true)}
              >${t('Show all {0} charts', chosen.length)}</vscode-button
            >`
          : nothing
      }`
  }

  #renderChart(shown: readonly RunSlot[], key: string): TemplateResult {
    const runs = shown
      .filter((slot) => slot.details?.metrics.keys.includes(key))
      .map((slot) => this.#runs.chartRun(slot, key))
    return html`<lens-line-chart
      .metric=${key}
      .runs=${runs}
      .axis=${this.view.axis}
      .range=${this.view.range}
      .logY=${this.view.logY.includes(key)}
      .height=${240}
      .load=${this.#loadCurve}
      @range=${(event: CustomEvent<Range | null>) =>
        this.#remember({ range: event.detail ? [event.detail[0], event.detail[1]] : null })}
      @cursor=${(event: CustomEvent<number | null>) => this.#shareCursor(event)}
      @logy=${(event: CustomEvent<boolean>) =>
        this.#remember({
          logY: event.detail ? [...this.view.logY, key] : this.view.logY.filter((other) => other !== key),
        })}
    ></lens-line-chart>`
  }

  #section(
    id: string,
    heading: string,
    count: number | undefined,
    body: unknown,
    actions: unknown = nothing,
  ): TemplateResult {
    return html`<lens-section
      .heading=${heading}
      .count=${count}
      .folded=${this.view.folded.includes(id)}
      @fold=${(event: CustomEvent<boolean>) => {
        const others = this.view.folded.filter((other) => other !== id)
        this.#remember({ folded: event.detail ? [...others, id] : others })
      }}
    >
      <div slot="actions" class="actions">${actions}</div>
      ${body}
    </lens-section>`
  }

  /** Straight from chart to chart: nothing else on the page changes with the pointer. */
  #shareCursor(event: CustomEvent<number | null>): void {
    for (const chart of this.renderRoot.querySelectorAll('lens-line-chart'))
      if (chart instanceof LineChartElement && chart !== event.target) chart.cursor = event.detail
  }

  #toggleRun(id: string): void {
    const others = this.view.hidden.filter((other) => other !== id)
    this.#remember({ hidden: others.length === this.view.hidden.length ? [...others, id] : others })
  }

  #setAxis(axis: Axis): void {
    this.#remember({ axis, range: null })
  }

  #remember(change: Partial<View>): void {
    this.view = { ...this.view, ...change }
    this.host.rememberView(this.view)
  }

  readonly #loadCurve: LoadCurve = (query, signal) => this.host.channel.request('curve', query, signal)

  readonly #showLog = (): void => this.host.channel.command('showLog', null)
}
