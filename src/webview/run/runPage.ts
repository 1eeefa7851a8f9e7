import * as v from 'valibot'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { noteTag } from '../../shared/model'
import {
  type Axis,
  axisSchema,
  type Curve,
  type Related,
  type RunDetails,
  type RunEdit,
  type ShownRun,
} from '../../shared/protocol'
import { renderAxisChoice } from '../charts/axisChoice'
import '../charts/lineChart'
import { curvesFrom } from '../charts/loadCurve'
import type { LoadCurve, Range } from '../charts/types'
import { formatCount } from '../../shared/format'
import { recipesOf } from '../../shared/reproduce'
import { Asked } from '../ui/asked'
import { FrameElement } from '../ui/frameElement'
import type { Host } from '../ui/host'
import { icon } from '../ui/icons'
import '../ui/section'
import '../ui/snippet'
import '../ui/states'
import { type RunSlot, Runs } from '../ui/runs'
import { statusStyles } from '../ui/statusStyles'
import { markdownStyles } from '../ui/markdownStyles'
import { common } from '../ui/styles'
import '../ui/valueTable'
import './artifactBrowser'
import { artifactSource } from './artifactSource'
import { hasSource, renderDatasets, renderHeader, renderModels, renderSource } from './facts'
import { renderFamily, renderVersions } from './family'
import type { StatsState } from './metricTable'
import './metricTable'
import type { Draft, NoteElement } from './noteEditor'
import './noteEditor'
import type { ArtifactSource } from '../artifacts/source'
import { runPageStyles } from './runPageStyles'
import { sparklineWidth } from './sparkline'

/** Charts drawn before anybody asks for more. */
const firstCharts = 12
/** Children listed at first, and with each further click. */
const firstChildren = 50
const moreChildren = 200
/** Milliseconds that what stands around a run under way is believed. */
const relatedLife = 60_000

const viewSchema = v.object({
  axis: v.fallback(axisSchema, 'step'),
  opened: v.fallback(v.optional(v.string()), undefined),
  /** Path of the artifact that is shown. */
  artifact: v.fallback(v.optional(v.string()), undefined),
  /** The note that is being written. */
  draft: v.fallback(v.optional(v.object({ base: v.string(), text: v.string() })), undefined),
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
  @state() private allSystemCharts = false
  @state() private curves: ReadonlyMap<string, Curve> = new Map()
  @state() private failure: string | undefined
  @state() private mostChildren = firstChildren
  /** Made from this page. */
  @state() private changes = 0

  readonly #runs = new Runs(this)
  readonly #related = new Asked<Related>(this)
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
    this.#askRelated(slot, run)
    return html`<div class="page" @copy-value=${this.#copyDetail}>
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
      ${
        run.deleted
          ? html`<lens-warning
              >${t('This run is deleted: it is in no list of active runs until it is restored.')}</lens-warning
            >`
          : nothing
      }
      ${this.#renderFailure()}
      ${renderHeader(run, this.#command, {
        compare: () => this.#command('compare', { runs: [slot.ref] }),
        edit: (edit) => void this.#edit(edit),
      })}
      ${this.#renderJumps(run)}
      <div class="columns">
        <div class="main">
          ${this.#renderNote(run)} ${this.#renderMetrics(run)} ${this.#renderCharts(slot, run)}
          ${this.#renderSystem(slot, run)} ${this.#renderArtifacts(slot)}
        </div>
        <aside>${this.#renderFacts(run)}</aside>
      </div>
    </div>`
  }

  /** Why the last change was not made; the page shows what the store says now. */
  #renderFailure(): TemplateResult | typeof nothing {
    if (this.failure === undefined) return nothing
    return html`<lens-warning role="alert"
      >${this.failure}
      <button class="link" @click=${() => (this.failure = undefined)}>${t('Dismiss')}</button></lens-warning
    >`
  }

  /** Where the page's parts are, since it is long. */
  #renderJumps(run: RunDetails): TemplateResult {
    const related = this.#related.value
    const kin = (related?.childCount ?? 0) + (related?.parent ? 1 : 0)
    const versions = related?.versions.length ?? 0
    const jumps: readonly (readonly [id: string, word: string, count: number | undefined])[] = [
      ['metrics', t('Metrics'), run.metrics.keys.length],
      ['params', t('Parameters'), run.params.length],
      ...(kin > 0 ? [['family', t('Parent and children'), kin] as const] : []),
      ...(versions > 0 ? [['versions', t('Registered versions'), versions] as const] : []),
      ...(systemKeys(run).length > 0 ? [['system-metrics', t('System metrics'), systemKeys(run).length] as const] : []),
      ['reproduce', t('Reproduce'), undefined],
      ['artifacts', t('Artifacts'), undefined],
    ]
    return html`<nav aria-label=${t('Parts of this page')}>
      ${jumps.map(
        ([id, word, count]) =>
          html`<button class="link" @click=${() => this.#jump(id)}>
            ${word}${count === undefined ? nothing : html` <span class="faint">${formatCount(count)}</span>`}
          </button>`,
      )}
    </nav>`
  }

  #renderNote(run: RunDetails): TemplateResult {
    const note = run.tags.find(([key]) => key === noteTag)?.[1] ?? ''
    return this.#section(
      'note',
      t('Note'),
      undefined,
      html`<lens-note
        .note=${note}
        .draft=${this.view.draft}
        .fixed=${!run.mayEdit}
        .save=${(description: string) => this.#change({ act: 'describe', description })}
        @draft=${(event: CustomEvent<Draft | undefined>) => this.#remember({ draft: event.detail })}
        @open-link=${(event: CustomEvent<string>) => this.#command('openLink', { url: event.detail })}
      ></lens-note>`,
      note === '' || this.view.draft || !run.mayEdit
        ? nothing
        : html`<button class="plain tool" title=${t('Edit')} aria-label=${t('Edit the note')} @click=${this.#editNote}>
            ${icon('edit')}
          </button>`,
    )
  }

  #renderFacts(run: RunDetails): TemplateResult {
    const tags = run.tags.filter(([key]) => !key.startsWith('mlflow.'))
    const systemTags = run.tags.filter(([key]) => key.startsWith('mlflow.'))
    const recipes = recipesOf({ ...run, trackingUri: run.connection.uri })
    return html`${this.#section('params', t('Parameters'), run.params.length, this.#renderValues(t('Parameters'), run.params))}
    ${this.#section(
      'tags',
      t('Tags'),
      tags.length,
      this.#renderValues(t('Tags'), tags, run.mayEdit),
      !run.mayEdit
        ? nothing
        : html`<button
            class="plain tool"
            title=${t('Add tag…')}
            aria-label=${t('Add a tag')}
            @click=${() => void this.#edit({ act: 'setTag' })}
          >
            ${icon('add')}
          </button>`,
    )}
    ${this.#renderRelated(run)}
    ${
      run.datasets.length > 0 ? this.#section('data', t('Datasets'), run.datasets.length, renderDatasets(run)) : nothing
    }
    ${
      run.modelOutputs.length > 0
        ? this.#section(
            'models',
            t('Logged models'),
            run.modelOutputs.length,
            renderModels(run, this.#related.value?.models ?? [], this.#command, (path) => this.#showArtifact(path)),
          )
        : nothing
    }
    ${hasSource(run) ? this.#section('source', t('Source'), undefined, renderSource(run, this.#command)) : nothing}
    ${this.#section(
      'reproduce',
      t('Reproduce'),
      undefined,
      html`<div class="snippets">
        ${recipes.map(({ label, code }) => html`<lens-snippet .label=${label} .code=${code}></lens-snippet>`)}
      </div>`,
    )}
    ${
      systemTags.length > 0
        ? this.#section(
            'mlflow-tags',
            t('MLflow’s own tags'),
            systemTags.length,
            this.#renderValues(t('MLflow’s own tags'), systemTags),
          )
        : nothing
    }`
  }

  #renderRelated(run: RunDetails): TemplateResult | typeof nothing {
    const answer = this.#related.answer
    if (answer === 'waiting') return nothing
    const connection = run.connection.id
    if ('error' in answer)
      return this.#section(
        'family',
        t('Parent and children'),
        undefined,
        html`<lens-error .message=${answer.error} @retry=${() => this.#related.retry()}></lens-error>`,
      )
    const related = answer.value
    const kin = related.childCount + (related.parent ? 1 : 0)
    return html`${
      kin === 0
        ? nothing
        : this.#section(
            'family',
            t('Parent and children'),
            kin,
            renderFamily(
              related,
              (runId) => this.#command('openRun', { run: { connection, runId } }),
              () => (this.mostChildren += moreChildren),
            ),
          )
    }
    ${
      related.versions.length === 0
        ? nothing
        : this.#section(
            'versions',
            t('Registered versions'),
            related.versions.length,
            renderVersions(related.versions, (text) => this.#command('copy', { text })),
          )
    }
    ${related.problems.map(
      (problem) =>
        html`<lens-warning
          >${t('Not all around this run could be read: {0}', problem)}
          <button class="link" @click=${() => this.#related.retry()}>${t('Retry')}</button></lens-warning
        >`,
    )}`
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
        @register=${(event: CustomEvent<string>) => void this.#edit({ act: 'registerModel', path: event.detail })}
        @save-artifact=${(event: CustomEvent<string>) => this.#command('saveArtifact', { run, path: event.detail })}
        @open-link=${(event: CustomEvent<string>) => this.#command('openLink', { url: event.detail })}
      ></lens-artifact-browser>`,
      html`<button class="link" @click=${() => this.#command('saveArtifact', { run, path: '' })}>
        ${t('Save all…')}
      </button>`,
    )
  }

  #renderMetrics(run: RunDetails): TemplateResult {
    const { own: metrics } = this.#split(run)
    const count = metrics.keys.length
    const empty = html`<lens-empty>${t('This run has logged no metrics.')}</lens-empty>`
    return this.#section('metrics', t('Metrics'), count, count === 0 ? empty : this.#renderTable(t('Metrics'), metrics))
  }

  /** The same columns for the same run: tables look at all rows again when they get others. */
  #split(run: RunDetails): { readonly own: RunDetails['metrics']; readonly system: RunDetails['metrics'] } {
    if (this.#splitOf?.run !== run)
      this.#splitOf = { run, own: metricsWhere(run, (key) => !isSystem(key)), system: metricsWhere(run, isSystem) }
    return this.#splitOf
  }
  #splitOf: { run: RunDetails; own: RunDetails['metrics']; system: RunDetails['metrics'] } | undefined

  #renderTable(label: string, metrics: RunDetails['metrics']): TemplateResult {
    return html`<lens-metric-table
      .label=${label}
      .metrics=${metrics}
      .stats=${this.stats}
      .curves=${this.curves}
      .opened=${this.view.opened}
      @need-stats=${(event: CustomEvent<string>) => void this.#needStats(event.detail)}
      @open-metric=${(event: CustomEvent<string>) => this.#openMetric(event.detail)}
      @copy-value=${this.#copyDetail}
    ></lens-metric-table>`
  }

  #renderCharts(slot: RunSlot, run: RunDetails): TemplateResult | typeof nothing {
    const { opened } = this.view
    const keys = run.metrics.keys.filter(
      (key, index) => key !== opened && !isSystem(key) && this.#hasHistory(run, key, index),
    )
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

  /** What MLflow measured of the machine, apart from what the run is about. */
  #renderSystem(slot: RunSlot, run: RunDetails): TemplateResult | typeof nothing {
    const { system: metrics } = this.#split(run)
    const { keys } = metrics
    if (keys.length === 0) return nothing
    const charts = keys
      .filter((key) => key !== this.view.opened)
      .slice(0, this.allSystemCharts ? keys.length : firstCharts)
    return this.#section(
      'system-metrics',
      t('System metrics'),
      keys.length,
      this.view.folded.includes('system-metrics')
        ? nothing
        : html`${this.#renderTable(t('System metrics'), metrics)}
            <div class="charts small">${charts.map((key) => this.#renderChart(slot, key, 120))}</div>
            ${
              keys.length > firstCharts && !this.allSystemCharts
                ? html`<vscode-button appearance="secondary" @click=${() => (this.allSystemCharts = true)}
                    >${t('Show all {0} charts', keys.length)}</vscode-button
                  >`
                : nothing
            }`,
    )
  }

  #renderChart(slot: RunSlot, key: string, height = 170): TemplateResult {
    const large = key === this.view.opened
    return html`<lens-line-chart
      class=${large ? 'large' : ''}
      data-key=${key}
      .metric=${key}
      .runs=${[this.#runs.chartRun(slot, key)]}
      .axis=${this.view.axis}
      .range=${this.view.ranges.find(([zoomed]) => zoomed === key)?.[1] ?? null}
      .logY=${this.view.logY.includes(key)}
      .height=${large ? 320 : height}
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
      id=${id}
      .heading=${heading}
      .count=${count}
      .folded=${this.view.folded.includes(id)}
      @fold=${(event: CustomEvent<boolean>) => this.#fold(id, event.detail)}
    >
      <div slot="actions">${actions}</div>
      ${body}
    </lens-section>`
  }

  #renderValues(caption: string, rows: readonly (readonly [string, string])[], editable = false): TemplateResult {
    if (rows.length === 0) return html`<lens-empty>${t('None.')}</lens-empty>`
    return html`<lens-value-table
      .caption=${caption}
      .rows=${rows}
      ?editable=${editable}
      @copy-value=${this.#copyDetail}
      @edit-value=${(event: CustomEvent<string>) => void this.#edit({ act: 'setTag', key: event.detail })}
      @remove-value=${(event: CustomEvent<string>) => void this.#edit({ act: 'removeTag', key: event.detail })}
    ></lens-value-table>`
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
      const stats = await this.host.channel.request('stats', { run: slot.ref, key })
      this.#setStats(key, stats)
      if (stats.count > 1) void this.#readTrend(slot, key)
    } catch (error) {
      this.#statsOf.delete(key)
      this.#setStats(key, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  async #readTrend({ ref: run }: RunSlot, key: string): Promise<void> {
    try {
      const query = { run, key, axis: 'step', range: null, width: sparklineWidth } as const
      const curve = await this.host.channel.request('curve', query)
      this.curves = new Map(this.curves).set(key, curve)
    } catch {
      // The numbers beside it are there, and the chart says what is wrong.
    }
  }

  /** Makes a change that somebody has clicked for; a failure is shown at the top of the page. */
  async #edit(edit: RunEdit): Promise<void> {
    this.failure = undefined
    try {
      await this.#change(edit)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.failure = t('Nothing was changed: {0}', message)
      this.renderRoot.querySelector('.page')?.scrollIntoView({ block: 'start' })
    }
  }

  /** Resolves to whether it was made. Whatever became of it, the run is read again: the page shows what is true now. */
  async #change(edit: RunEdit): Promise<boolean> {
    const [slot] = this.#runs.slots
    if (!slot) return false
    try {
      const { done } = await this.host.channel.request('edit', { run: slot.ref, edit })
      return done
    } finally {
      this.changes++
      this.#runs.refresh('all')
    }
  }

  /** Asks what stands around the run: once, after each change, and now and then while it goes on. */
  #askRelated(slot: RunSlot, run: RunDetails): void {
    const isOver = run.status !== 'RUNNING' && run.status !== 'SCHEDULED'
    const when = isOver ? run.status : String(Math.floor((slot.asOf ?? 0) / relatedLife))
    this.#related.ask(
      `${this.#runs.epoch} ${when} ${this.changes} ${this.mostChildren}`,
      (signal) => this.host.channel.request('related', { run: slot.ref, children: this.mostChildren }, signal),
      true,
    )
  }

  #jump(id: string): void {
    if (this.view.folded.includes(id)) this.#fold(id, false)
    void this.updateComplete.then(() => {
      const target = this.renderRoot.querySelector<HTMLElement>(`#${id}`)
      target?.scrollIntoView({ block: 'start', behavior: scrolling() })
      target?.shadowRoot?.querySelector('button')?.focus({ preventScroll: true })
    })
  }

  #showArtifact(path: string): void {
    this.#remember({ artifact: path })
    this.#jump('artifacts')
  }

  readonly #editNote = (): void => {
    if (this.view.folded.includes('note')) this.#fold('note', false)
    void this.updateComplete.then(() => this.renderRoot.querySelector<NoteElement>('lens-note')?.edit())
  }

  #setStats(key: string, stats: StatsState): void {
    this.stats = new Map(this.stats).set(key, stats)
  }

  #openMetric(key: string): void {
    this.#remember({ opened: key === this.view.opened ? undefined : key })
    if (this.view.opened === undefined) return
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector('.large')?.scrollIntoView({ block: 'nearest', behavior: scrolling() })
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

  readonly #loadCurve: LoadCurve = (...asked) => curvesFrom(this.host)(...asked)

  readonly #copyDetail = (event: CustomEvent<string>): void => this.#command('copy', { text: event.detail })

  readonly #showLog = (): void => this.host.channel.command('showLog', null)

  readonly #command: Host['channel']['command'] = (name, body) => this.host.channel.command(name, body)
}

const isSystem = (key: string): boolean => key.startsWith('system/')
const systemKeys = (run: RunDetails): readonly string[] => run.metrics.keys.filter(isSystem)

/** Those of a run's metrics whose key is wanted. */
function metricsWhere({ metrics }: RunDetails, isWanted: (key: string) => boolean): RunDetails['metrics'] {
  const at = metrics.keys.flatMap((key, index) => (isWanted(key) ? [index] : []))
  const of = (column: Float64Array): Float64Array => Float64Array.from(at, (index) => column[index] ?? NaN)
  return {
    keys: at.map((index) => metrics.keys[index] ?? ''),
    values: of(metrics.values),
    steps: of(metrics.steps),
    timestamps: of(metrics.timestamps),
  }
}

const scrolling = (): ScrollBehavior => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth')
