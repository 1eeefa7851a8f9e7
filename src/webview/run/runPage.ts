import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { noteTag } from '../../shared/model'
import type { Related, RunDetails, RunEdit, ShownRun } from '../../shared/protocol'
import type { ArtifactSource } from '../artifacts/source'
import { curvesFrom } from '../charts/loadCurve'
import type { LoadCurve } from '../charts/types'
import { fieldStyles } from '../artifacts/fields'
import { Asked } from '../ui/asked'
import { factStyles } from '../ui/facts'
import { FrameElement } from '../ui/frameElement'
import type { Host } from '../ui/host'
import { icon } from '../ui/icons'
import '../ui/section'
import '../ui/states'
import { type RunSlot, Runs } from '../ui/runs'
import { statusStyles } from '../ui/statusStyles'
import { common, tables, tools } from '../ui/styles'
import './artifactBrowser'
import { artifactSource } from './artifactSource'
import { renderHeader } from './facts'
import { Histories } from './histories'
import { renderJumps } from './jumps'
import type { MetricCharts } from './metricCharts'
import { metricParts } from './metricParts'
import { type SplitMetrics, splitMetrics } from './metricColumns'
import type { Draft, NoteElement } from './noteEditor'
import './noteEditor'
import { PageView } from './pageView'
import { runPageStyles } from './runPageStyles'
import { type RenderSection, renderSurroundings } from './surroundings'

/** Children listed at first, and with each further click. */
const firstChildren = 50
const moreChildren = 200
/** Milliseconds that what stands around a run under way is believed. */
const relatedLife = 60_000

@customElement('lens-run-page')
export class RunPage extends FrameElement {
  @property({ attribute: false }) host!: Host
  @property({ attribute: false }) runs: readonly ShownRun[] = []

  @state() private failure: string | undefined
  @state() private mostChildren = firstChildren
  /** Made from this page. */
  @state() private changes = 0

  readonly #view = new PageView(() => this.requestUpdate())
  readonly #histories = new Histories(() => this.requestUpdate())
  readonly #runs = new Runs(this)
  readonly #related = new Asked<Related>(this)
  #source: ArtifactSource | undefined
  #split: (SplitMetrics & { readonly of: RunDetails['metrics'] }) | undefined

  static override styles = [common, tools, tables, statusStyles, factStyles, fieldStyles, runPageStyles]

  override firstUpdated(): void {
    this.#view.start(this.host)
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
    const metrics = this.#metricsOf(run)
    const { own, charts, system } = metricParts({
      metrics,
      slot,
      runs: this.#runs,
      view: this.#view,
      histories: this.#histories,
      channel: this.host.channel,
      load: this.#loadCurve,
      section: this.#section,
      openMetric: (key) => this.#openMetric(key),
    })
    return html`<div class="page" @copy-value=${this.#copyDetail}>
      ${this.#renderNews(slot, run)}
      ${renderHeader(run, slot.mark, this.#command, {
        compare: () => this.#command('compare', { runs: [slot.ref] }),
        edit: (edit) => void this.#edit(edit),
      })}
      ${renderJumps(run, metrics, this.#related.value, (id) => this.#jump(id))}
      <div class="columns">
        <div class="main">${this.#renderNote(run)} ${own} ${charts} ${system} ${this.#renderArtifacts(slot)}</div>
        <aside>
          ${renderSurroundings({
            run,
            related: this.#related,
            section: this.#section,
            command: this.#command,
            edit: (edit) => void this.#edit(edit),
            showArtifact: (path) => this.#showArtifact(path),
            showMoreChildren: () => (this.mostChildren += moreChildren),
          })}
        </aside>
      </div>
    </div>`
  }

  /** What is wrong with what is shown. */
  #renderNews(slot: RunSlot, run: RunDetails): TemplateResult {
    return html`${
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
    ${this.#renderFailure()}`
  }

  /** Why the last change was not made; the page shows what the store says now. */
  #renderFailure(): TemplateResult | typeof nothing {
    if (this.failure === undefined) return nothing
    return html`<lens-warning role="alert"
      >${this.failure}
      <button class="link" @click=${() => (this.failure = undefined)}>${t('Dismiss')}</button></lens-warning
    >`
  }

  #renderNote(run: RunDetails): TemplateResult {
    const note = run.tags.find(([key]) => key === noteTag)?.[1] ?? ''
    return this.#section(
      'note',
      t('Note'),
      undefined,
      html`<lens-note
        .note=${note}
        .draft=${this.#view.now.draft}
        .fixed=${!run.mayEdit}
        .save=${(description: string) => this.#change({ act: 'describe', description })}
        @draft=${(event: CustomEvent<Draft | undefined>) => this.#view.set({ draft: event.detail })}
        @left=${() => this.#focusSection('note')}
        @open-link=${(event: CustomEvent<string>) => this.#command('openLink', { url: event.detail })}
      ></lens-note>`,
      note === '' || this.#view.now.draft || !run.mayEdit
        ? nothing
        : html`<button class="plain tool" title=${t('Edit')} aria-label=${t('Edit the note')} @click=${this.#editNote}>
            ${icon('edit')}
          </button>`,
    )
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
        .selected=${this.#view.now.artifact}
        @select-artifact=${(event: CustomEvent<string>) => this.#view.set({ artifact: event.detail })}
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

  /** The same columns for the same run: tables look at all rows again when they get others. */
  #metricsOf({ metrics }: RunDetails): SplitMetrics {
    if (this.#split?.of !== metrics) this.#split = { of: metrics, ...splitMetrics(metrics) }
    return this.#split
  }

  readonly #section: RenderSection = (id, heading, count, body, actions = nothing) =>
    html`<lens-section
      id=${id}
      .heading=${heading}
      .count=${count}
      .folded=${this.#view.isFolded(id)}
      @fold=${(event: CustomEvent<boolean>) => this.#view.fold(id, event.detail)}
    >
      <div slot="actions">${actions}</div>
      ${body}
    </lens-section>`

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
    this.#view.fold(id, false)
    void this.updateComplete.then(() => {
      const target = this.renderRoot.querySelector<HTMLElement>(`#${id}`)
      target?.scrollIntoView({ block: 'start', behavior: scrolling() })
      this.#focusSection(id)
    })
  }

  #focusSection(id: string): void {
    this.renderRoot.querySelector(`#${id}`)?.shadowRoot?.querySelector('button')?.focus({ preventScroll: true })
  }

  #showArtifact(path: string): void {
    this.#view.set({ artifact: path })
    this.#jump('artifacts')
  }

  readonly #editNote = (): void => {
    this.#view.fold('note', false)
    void this.updateComplete.then(() => this.renderRoot.querySelector<NoteElement>('lens-note')?.edit())
  }

  /** Opens the metric's chart, or closes it; one is open at a time. */
  #openMetric(key: string): void {
    const opened = key === this.#view.now.opened ? undefined : key
    this.#view.set({ opened })
    if (opened === undefined) return
    void this.updateComplete.then(async () => {
      for (const charts of this.renderRoot.querySelectorAll<MetricCharts>('lens-metric-charts')) {
        await charts.updateComplete
        charts.large?.scrollIntoView({ block: 'nearest', behavior: scrolling() })
      }
    })
  }

  readonly #loadCurve: LoadCurve = (...asked) => curvesFrom(this.host)(...asked)

  readonly #copyDetail = (event: CustomEvent<string>): void => this.#command('copy', { text: event.detail })

  readonly #showLog = (): void => this.host.channel.command('showLog', null)

  readonly #command: Host['channel']['command'] = (name, body) => this.host.channel.command(name, body)
}

const scrolling = (): ScrollBehavior => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth')
