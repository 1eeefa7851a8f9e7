import * as v from 'valibot'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { runCounts, type BesideSubject } from '../../shared/besideProtocol'
import { t } from '../../shared/l10n'
import { axisSchema } from '../../shared/protocol'
import { marksOf } from '../../shared/runColor'
import { selectStyles } from '../across/dimensionSelect'
import { renderAxisChoice } from '../charts/axisChoice'
import '../charts/lineChart'
import type { Range } from '../charts/types'
import { choice } from '../ui/choice'
import { FrameElement } from '../ui/frameElement'
import { icon } from '../ui/icons'
import '../ui/states'
import { statusStyles } from '../ui/statusStyles'
import { bars, common, tables, tools } from '../ui/styles'
import { ThemeController } from '../ui/theme'
import type { BesideHost } from './besideHost'
import { besideStyles } from './besideStyles'
import { renderRuns } from './besideRuns'
import { overRuns, overSteps } from './lines'

/** How the page is set: kept over a reload. */
const viewSchema = v.object({
  axis: v.fallback(axisSchema, 'step'),
  /** Whether curves are drawn, or the latest values over the runs; empty: as the metric was logged. */
  over: v.fallback(v.picklist(['', 'steps', 'runs']), ''),
  logY: v.fallback(v.array(v.string()), []),
})
type View = v.InferOutput<typeof viewSchema>

@customElement('lens-beside-page')
export class BesidePage extends FrameElement {
  @property({ attribute: false }) host!: BesideHost
  @property({ attribute: false }) subject!: BesideSubject

  @state() private view: View = v.parse(viewSchema, {})
  /** What is zoomed to, of the metric and axis for which it was. */
  @state() private zoom: { readonly of: string; readonly range: Range } | undefined

  static override styles = [common, bars, tools, tables, statusStyles, selectStyles, besideStyles]

  constructor() {
    super()
    new ThemeController(this)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('resize', this.#resized)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('resize', this.#resized)
  }

  override firstUpdated(): void {
    this.view = this.host.view(viewSchema)
    this.host.listen((subject) => (this.subject = subject))
  }

  override render(): TemplateResult {
    const { state: shown } = this.subject
    return html`<div class="page">
      <h1 class="unseen">${t('Chart beside the code')}</h1>
      ${shown === 'nothing' ? nothing : this.#renderBar()}
      ${shown === 'shown' ? this.#renderShown() : this.#renderState()}
    </div>`
  }

  #renderBar(): TemplateResult {
    const { file, metric, metrics, pinned } = this.subject
    const pin = pinned ? t('Follow the cursor again') : t('Keep this metric while the cursor moves')
    return html`<div class="bar top">
      <button class="link clip" title=${t('Go to the line')} @click=${() => this.#command('goToLine', null)}>
        ${file}
      </button>
      ${
        metrics.length > 1
          ? html`<select aria-label=${t('Metric')} @change=${this.#choose}>
              ${metrics.map((key) => html`<option value=${key} ?selected=${key === metric}>${key.slice(0, 200)}</option>`)}
            </select>`
          : nothing
      }
      <span class="grow"></span>
      <button
        class="plain tool pin"
        title=${pin}
        aria-label=${t('Pin')}
        aria-pressed=${pinned}
        @click=${() => this.#command('pin', { pinned: !pinned })}
      >
        ${icon('pin')}
      </button>
    </div>`
  }

  /** Where there are no runs to show. */
  #renderState(): TemplateResult {
    const { state: shown, problem, metric, file } = this.subject
    switch (shown) {
      case 'loading':
        return html`<lens-loading page .what=${t('Reading the runs of {0}', file)}></lens-loading>`
      case 'failed':
        return html`<lens-error
          page
          log
          .message=${problem}
          @retry=${() => this.#command('retry', null)}
          @showlog=${() => this.#command('showLog', null)}
        ></lens-error>`
      case 'noConnection':
        return this.#renderEmpty(t('No MLflow store is connected.'), t('Connect…'), () =>
          this.#command('connect', null),
        )
      case 'noExperiment':
        return this.#renderEmpty(
          t('Nothing tells to which experiment {0} logs, or it has not been made yet.', file),
          t('Choose Experiment…'),
          () => this.#command('chooseExperiment', null),
        )
      default:
        return this.#renderEmpty(
          metric === ''
            ? t('Put the cursor on a line that logs a metric: its runs are shown here.')
            : t('No run has logged “{0}” yet.', metric),
        )
    }
  }

  #renderEmpty(text: string, action?: string, act?: () => void): TemplateResult {
    return html`<lens-empty page>
      <span>${text}</span>
      ${action === undefined ? nothing : html`<button class="link" @click=${act}>${action}</button>`}
    </lens-empty>`
  }

  #renderShown(): TemplateResult {
    const { subject } = this
    const { runs, metric, problem, comparison, reference } = subject
    const marks = marksOf(runs.map(({ color }) => color))
    return html`${
        problem === ''
          ? nothing
          : html`<lens-warning>${t('The runs could not be brought up to date: {0}', problem)}</lens-warning>`
      }
      ${runs.length === 0 ? this.#renderEmpty(t('No run has logged “{0}” yet.', metric)) : [this.#renderChart(marks), this.#renderTable(marks)]}
      <p class="words">
        ${comparison}
        <span class="faint">${t('Reference: {0}', reference)}</span>
        <button class="link" @click=${() => this.#command('chooseReference', null)}>${t('Choose Reference…')}</button>
      </p>
      <p class="words faint">
        ${subject.why}
        <button class="link" @click=${() => this.#command('chooseExperiment', null)}>${t('Choose Experiment…')}</button>
      </p>`
  }

  #renderChart(marks: ReturnType<typeof marksOf>): TemplateResult {
    const { subject, view } = this
    const { metric } = subject
    // A metric that no run has logged after its first step is one value a run, as far as can be told.
    const asLogged = subject.steps.some((step) => step > 0) ? 'steps' : 'runs'
    const over = view.over === '' ? asLogged : view.over
    const lines = over === 'runs' ? overRuns(subject, marks) : overSteps(subject, marks, this.host.load)
    const axis = over === 'runs' ? 'metric' : view.axis
    const what = `${over} ${axis} ${metric}`
    return html`<div class="bar">
        ${choice(
          t('Draw'),
          [
            ['steps', t('Curves')],
            ['runs', t('Over runs')],
          ],
          over,
          (chosen) => this.#remember({ over: chosen }),
        )}
        ${over === 'runs' ? nothing : renderAxisChoice(view.axis, (chosen) => this.#remember({ axis: chosen }))}
        <span class="grow"></span>
        ${choice(
          t('Latest runs'),
          runCounts.map((count) => [String(count), t('Last {0}', count)] as const),
          String(subject.count),
          (chosen) => {
            const count = runCounts.find((each) => String(each) === chosen)
            if (count !== undefined) this.#command('count', { count })
          },
        )}
      </div>
      <h2 class="unseen">${t('Chart')}</h2>
      <lens-line-chart
        .metric=${metric}
        .runs=${lines.runs}
        .load=${lines.load}
        .axis=${axis}
        .xKey=${over === 'runs' ? t('Run, oldest first') : ''}
        .range=${this.zoom?.of === what ? this.zoom.range : null}
        .logY=${view.logY.includes(metric)}
        .height=${Math.round(Math.min(440, Math.max(160, innerHeight * 0.42)))}
        @range=${({ detail }: CustomEvent<Range | null>) => (this.zoom = detail ? { of: what, range: detail } : undefined)}
        @logy=${({ detail }: CustomEvent<boolean>) => this.#setLogY(metric, detail)}
      ></lens-line-chart>`
  }

  #renderTable(marks: ReturnType<typeof marksOf>): TemplateResult {
    return renderRuns(this.subject, marks, {
      openRun: (run) => this.#command('openRun', { run }),
      openCode: (run) => this.#command('openCode', { run }),
      compare: () => this.#command('compare', null),
      openRuns: () => this.#command('openRuns', null),
    })
  }

  #setLogY(metric: string, on: boolean): void {
    const others = this.view.logY.filter((other) => other !== metric)
    this.#remember({ logY: on ? [...others, metric] : others })
  }

  #remember(change: Partial<View>): void {
    this.view = { ...this.view, ...change }
    this.host.rememberView(this.view)
  }

  readonly #choose = (event: Event): void =>
    this.#command('choose', { metric: (event.currentTarget as HTMLSelectElement).value })

  readonly #resized = (): void => this.requestUpdate()

  readonly #command: BesideHost['channel']['command'] = (name, body) => this.host.channel.command(name, body)
}
