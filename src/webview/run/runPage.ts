import * as v from 'valibot'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { noteTag } from '../../shared/model'
import { type Axis, axisSchema, type RunDetails, type ShownRun } from '../../shared/protocol'
import { renderAxisChoice } from '../charts/axisChoice'
import '../charts/lineChart'
import type { LoadCurve, Range } from '../charts/types'
import { FrameElement } from '../ui/frameElement'
import type { Host } from '../ui/host'
import { icon } from '../ui/icons'
import { renderMarkdown } from '../ui/markdown'
import '../ui/section'
import '../ui/states'
import { type RunSlot, Runs } from '../ui/runs'
import { statusStyles } from '../ui/statusStyles'
import { markdownStyles } from '../ui/markdownStyles'
import { common } from '../ui/styles'
import '../ui/valueTable'
import './artifactBrowser'
import { artifactSource } from './artifactSource'
import { hasSource, renderHeader, renderSource, renderThings } from './facts'
import type { StatsState } from './metricTable'
import './metricTable'
import type { ArtifactSource } from '../artifacts/source'
import { runPageStyles } from './runPageStyles'

/** Charts drawn before anybody asks for more. */
const firstCharts = 12

const viewSchema = v.object({
  axis: v.fallback(axisSchema, 'step'),
  opened: v.fallback(v.optional(v.string()), undefined),
  /** Path of the artifact that is shown. */
  artifact: v.fallback(v.optional(v.string()), undefined),
  folded: v.fallback(v.array(v.string()), ['mlflow-tags', 'system-metrics']),
  logY: v.fallback(v.array(v.string()), []),
  /** Zoomed x ranges, by metric. */
  ranges: v.fallback(v.array(v.tuple([v.string(), v.tuple([v.number(), v.number()])])), []),
})
type View = v.InferOutput<typeof viewSchema>

@customElement('lens-run-page')
export class RunPage extends FrameElement {
  @property({ attribute: false }) host!: Host
  @property({ attribute: false }) runs: readonly ShownRun[] = []

  @state() private view: View = v.parse(viewSchema, {})
  @state() private stats: ReadonlyMap<string, StatsState> = new Map()
  @state() private allCharts = false

  readonly #runs = new Runs(this)
  #source: ArtifactSource | undefined
  /** The run's newest details when a metric's stats were asked for: others are asked for again. */
  readonly #statsOf = new Map<string, string>()

  static override styles = [common, statusStyles, markdownStyles, runPageStyles]

  override firstUpdated(): void {
    this.view = this.host.view(viewSchema)
    this.#runs.start(this.host, this.runs)
    this.requestUpdate()
  }

  override render(): TemplateResult | typeof nothing {
    const [slot] = this.#runs.slots
    if (!slot) return nothing
    const { details } = slot
    if (details) return this.#renderRun(slot, details)
    const shortId = slot.ref.runId.slice(0, 8)
    return html`<h1 class="unseen">${t('Run {0}', shortId)}</h1>
      ${
        slot.error !== undefined
          ? html`<lens-error
              page
              log
              .message=${slot.error}
              @retry=${() => this.#runs.retry()}
              @showlog=${this.#showLog}
            ></lens-error>`
          : html`<lens-loading
              page
              cancellable
              .what=${t('Reading run {0}', shortId)}
              @cancel=${() => this.#runs.cancel()}
            ></lens-loading>`
      }`
  }

  #renderRun(slot: RunSlot, run: RunDetails): TemplateResult {
    const tags = run.tags.filter(([key]) => !key.startsWith('mlflow.'))
    const systemTags = run.tags.filter(([key]) => key.startsWith('mlflow.'))
    const things = run.datasets.length + run.modelOutputs.length
    const note = run.tags.find(([key]) => key === noteTag)?.[1]
    return html`<div class="page">
      ${
        slot.error !== undefined
          ? html`<lens-stale
              .asOf=${slot.asOf ?? 0}
              .reason=${slot.error}
              @retry=${() => this.#runs.retry()}
              @showlog=${this.#showLog}
            ></lens-stale>`
          : nothing
      }
      ${run.problem === null ? nothing : html`<lens-warning>${run.problem}</lens-warning>`}
      ${renderHeader(run, this.#command, () => this.#command('compare', { runs: [slot.ref] }))}
      <div class="columns">
        <div class="main">
          ${
            note
              ? this.#section(
                  'note',
                  t('Note'),
                  undefined,
                  renderMarkdown(note, (url) => this.#command('openLink', { url })),
                )
              : nothing
          }
          ${this.#renderMetrics(run)} ${this.#renderCharts(slot, run)}
        </div>
        <aside>
          ${this.#section('params', t('Parameters'), run.params.length, this.#renderValues(t('Parameters'), run.params))}
          ${tags.length > 0 ? this.#section('tags', t('Tags'), tags.length, this.#renderValues(t('Tags'), tags)) : nothing}
          ${hasSource(run) ? this.#section('source', t('Source'), undefined, renderSource(run, this.#command)) : nothing}
          ${things > 0 ? this.#section('data', t('Data and models'), things, renderThings(run, this.#command)) : nothing}
          ${
            systemTags.length > 0
              ? this.#section(
                  'mlflow-tags',
                  t('MLflow’s own tags'),
                  systemTags.length,
                  this.#renderValues(t('MLflow’s own tags'), systemTags),
                )
              : nothing
          }
        </aside>
      </div>
      ${this.#renderArtifacts(slot)}
    </div>`
  }

  #renderArtifacts(slot: RunSlot): TemplateResult {
    const { ref: run } = slot
    return this.#section(
      'artifacts',
      t('Artifacts'),
      undefined,
      html`<lens-artifact-browser
        .source=${(this.#source ??= artifactSource(this.host.channel, run))}
        .version=${this.#runs.versionOf(slot)}
        .again=${this.#runs.epoch}
        .selected=${this.view.artifact}
        @select-artifact=${(event: CustomEvent<string>) => this.#remember({ artifact: event.detail })}
        @open-artifact=${(event: CustomEvent<string>) => this.#command('openArtifact', { run, path: event.detail })}
        @save-artifact=${(event: CustomEvent<string>) => this.#command('saveArtifact', { run, path: event.detail })}
        @open-link=${(event: CustomEvent<string>) => this.#command('openLink', { url: event.detail })}
      ></lens-artifact-browser>`,
      html`<button class="link" @click=${() => this.#command('saveArtifact', { run, path: '' })}>
        ${t('Save all…')}
      </button>`,
    )
  }

  #renderMetrics(run: RunDetails): TemplateResult {
    const { keys } = run.metrics
    return this.#section(
      'metrics',
      t('Metrics'),
      keys.length,
      keys.length === 0
        ? html`<lens-empty>${t('This run has logged no metrics.')}</lens-empty>`
        : html`<lens-metric-table
            .metrics=${run.metrics}
            .stats=${this.stats}
            .opened=${this.view.opened}
            @need-stats=${(event: CustomEvent<string>) => void this.#needStats(event.detail)}
            @open-metric=${(event: CustomEvent<string>) => this.#openMetric(event.detail)}
            @copy-value=${this.#copyDetail}
          ></lens-metric-table>`,
    )
  }

  #renderCharts(slot: RunSlot, run: RunDetails): TemplateResult | typeof nothing {
    const { opened } = this.view
    const keys = run.metrics.keys.filter((key, index) => key !== opened && this.#hasHistory(run, key, index))
    const all = opened !== undefined && run.metrics.keys.includes(opened) ? [opened, ...keys] : keys
    if (all.length === 0) return nothing
    const shown = this.allCharts ? all : all.slice(0, firstCharts)
    return this.#section(
      'charts',
      t('Charts'),
      all.length,
      html`<div class="charts">${shown.map((key) => this.#renderChart(slot, key))}</div>
        ${
          shown.length < all.length
            ? html`<vscode-button appearance="secondary" @click=${() => (this.allCharts = true)}
                >${t('Show all {0} charts', all.length)}</vscode-button
              >`
            : nothing
        }`,
      renderAxisChoice(this.view.axis, (axis) => this.#setAxis(axis)),
    )
  }

  #renderChart(slot: RunSlot, key: string): TemplateResult {
    const large = key === this.view.opened
    return html`<lens-line-chart
      class=${large ? 'large' : ''}
      data-key=${key}
      .metric=${key}
      .runs=${[this.#runs.chartRun(slot, key)]}
      .axis=${this.view.axis}
      .range=${this.view.ranges.find(([zoomed]) => zoomed === key)?.[1] ?? null}
      .logY=${this.view.logY.includes(key)}
      .height=${large ? 320 : 170}
      .load=${this.#loadCurve}
      @range=${(event: CustomEvent<Range | null>) => this.#setRange(key, event.detail)}
      @logy=${(event: CustomEvent<boolean>) =>
        this.#remember({
          logY: event.detail ? [...this.view.logY, key] : this.view.logY.filter((other) => other !== key),
        })}
    >
      ${
        large
          ? html`<button
              slot="tools"
              class="plain tool"
              title=${t('Close')}
              aria-label=${t('Close the large chart')}
              @click=${() => this.#remember({ opened: undefined })}
            >
              ${icon('close')}
            </button>`
          : nothing
      }
    </lens-line-chart>`
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
      @fold=${(event: CustomEvent<boolean>) => this.#fold(id, event.detail)}
    >
      <div slot="actions">${actions}</div>
      ${body}
    </lens-section>`
  }

  #renderValues(caption: string, rows: readonly (readonly [string, string])[]): TemplateResult {
    if (rows.length === 0) return html`<lens-empty>${t('None.')}</lens-empty>`
    return html`<lens-value-table .caption=${caption} .rows=${rows} @copy-value=${this.#copyDetail}></lens-value-table>`
  }

  /** A metric with a later step than its first has more than one point, as far as can be told before its history is read. */
  #hasHistory(run: RunDetails, key: string, index: number): boolean {
    const stats = this.stats.get(key)
    if (stats && typeof stats === 'object' && 'count' in stats) return stats.count > 1
    return (run.metrics.steps[index] ?? 0) > 0
  }

  async #needStats(key: string): Promise<void> {
    const [slot] = this.#runs.slots
    if (!slot) return
    const { version } = this.#runs.chartRun(slot, key)
    if (this.#statsOf.get(key) === version) return
    this.#statsOf.set(key, version)
    if (!this.stats.has(key)) this.#setStats(key, 'loading')
    try {
      this.#setStats(key, await this.host.channel.request('stats', { run: slot.ref, key }))
    } catch (error) {
      this.#statsOf.delete(key)
      this.#setStats(key, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  #setStats(key: string, stats: StatsState): void {
    this.stats = new Map(this.stats).set(key, stats)
  }

  #openMetric(key: string): void {
    this.#remember({ opened: key === this.view.opened ? undefined : key })
    if (this.view.opened === undefined) return
    void this.updateComplete.then(() => {
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth'
      this.renderRoot.querySelector('.large')?.scrollIntoView({ block: 'nearest', behavior })
    })
  }

  #setRange(key: string, range: Range | null): void {
    const others = this.view.ranges.filter(([zoomed]) => zoomed !== key)
    this.#remember({ ranges: range ? [...others, [key, [range[0], range[1]]]] : others })
  }

  #setAxis(axis: Axis): void {
    this.#remember({ axis, ranges: [] })
  }

  #fold(id: string, folded: boolean): void {
    const others = this.view.folded.filter((other) => other !== id)
    this.#remember({ folded: folded ? [...others, id] : others })
  }

  #remember(change: Partial<View>): void {
    this.view = { ...this.view, ...change }
    this.host.rememberView(this.view)
  }

  readonly #loadCurve: LoadCurve = (query, signal) => this.host.channel.request('curve', query, signal)

  readonly #copyDetail = (event: CustomEvent<string>): void => this.#command('copy', { text: event.detail })

  readonly #showLog = (): void => this.host.channel.command('showLog', null)

  readonly #command: Host['channel']['command'] = (name, body) => this.host.channel.command(name, body)
}
