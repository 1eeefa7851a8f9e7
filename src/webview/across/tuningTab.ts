import * as v from 'valibot'
import { html, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { ranked } from '../../shared/across/best'
import { brushed } from '../../shared/across/brush'
import type { Dimension } from '../../shared/across/dimension'
import { suitsLog } from '../../shared/across/place'
import { t } from '../../shared/l10n'
import { icon } from '../ui/icons'
import '../ui/section'
import '../ui/states'
import { common, tables } from '../ui/styles'
import type { Loaded } from './across'
import { AcrossTab, nameAt } from './acrossTab'
import type { AxisChange } from './axisMenu'
import { renderBest } from './bestRuns'
import { coloursOf } from './colours'
import './dimensionSelect'
import { type Goal, goalOf, isUnread, renderReading } from './goal'
import './importanceList'
import { legendStyles } from './legend'
import './parallel'
import type { PlotFile } from './savedPlot'
import type { Sweep } from './sweep'
import { tabStyles } from './tabStyles'
import { renderTuningPlots } from './tuningPlots'
import { tuningStyles } from './tuningStyles'
import { renderTuningTools } from './tuningTools'
import { axesAtFirst, logsWith, type Remember, tuningSchema, type TuningView, varying } from './tuningView'

/** What a tuning found: the best run, and what made it so. */
@customElement('lens-tuning-tab')
export class TuningTab extends AcrossTab {
  /** Why a plot was not saved. */
  @state() private problem = ''

  static override styles = [common, tables, legendStyles, tabStyles, tuningStyles]

  get #view(): TuningView {
    return v.parse(tuningSchema, this.comparison.view.tabs.tuning ?? {})
  }

  readonly #remember: Remember = (change) => {
    const { view, remember } = this.comparison
    remember({ tabs: { ...view.tabs, tuning: { ...this.#view, ...change } } })
  }

  protected renderRuns(loaded: Loaded, all: readonly number[]): TemplateResult {
    const view = this.#view
    const goal = goalOf(this.comparison, loaded, all)
    const params = varying(goal.dimensions, loaded.names, all)
    const sweep = this.#sweepOf(loaded, all, view, goal)
    return html`${this.problem === '' ? nothing : html`<p class="problem" role="alert">${icon('error')} ${this.problem}</p>`}
    ${renderTuningTools(loaded, view, sweep, goal, this.#remember)}
    ${renderReading(goal, this.comparison.across.histories)}
    ${isUnread(goal) ? nothing : this.#renderSections(loaded, view, sweep, params)}`
  }

  #renderSections(loaded: Loaded, view: TuningView, sweep: Sweep, params: readonly Dimension[]): TemplateResult {
    const doing = { remember: this.#remember, openRow: this.#onOpenRow, save: this.#onSave }
    return html`${this.section(
      'tuning/best',
      t('Best runs'),
      renderBest(sweep, params, (row) => this.#openRow(row)),
    )}
    ${this.section('tuning/parallel', t('Parallel coordinates'), this.#renderParallel(loaded, view, sweep, params))}
    ${this.section(
      'tuning/importance',
      t('Importance of parameters'),
      html`<lens-importance
        .params=${params}
        .metric=${sweep.metric}
        .rows=${sweep.rows}
        @choose=${(event: CustomEvent<string>) => this.#remember({ x: event.detail, y: view.metric, by: event.detail })}
      ></lens-importance>`,
    )}
    ${this.section('tuning/plots', t('Plots'), html`<div class="plots">${renderTuningPlots(loaded.names, view, sweep, params, doing)}</div>`)}`
  }

  #sweepOf(loaded: Loaded, all: readonly number[], view: TuningView, goal: Goal): Sweep {
    const { dimensions, metric, direction } = goal
    const brushes = view.brushes.flatMap(([id, brush]) => {
      const dimension = dimensions.get(id)
      return dimension ? [[dimension, brush] as const] : []
    })
    const rows = brushed(all, brushes)
    const logs = new Map(view.logs)
    return {
      ...{ dimensions, rows, all, metric, direction, counts: view.counts },
      nameOf: (row) => nameAt(loaded, this.comparison, row),
      runIdOf: (row) => this.comparison.across.runs[row]?.ref.runId ?? '',
      markOf: (row) => this.comparison.across.runs[row]?.mark ?? { color: 0, dash: [] },
      best: metric && direction ? ranked(metric, rows, direction)[0] : undefined,
      colours: coloursOf(metric, rows),
      isLog: (dimension) => logs.get(dimension.id) ?? suitsLog(dimension, all),
    }
  }

  #renderParallel(loaded: Loaded, view: TuningView, sweep: Sweep, params: readonly Dimension[]): TemplateResult {
    const axes = view.axes
      ? view.axes.flatMap((id) => sweep.dimensions.get(id) ?? [])
      : axesAtFirst(params, sweep.all, sweep.metric)
    const ids = axes.map(({ id }) => id)
    return html`<div class="tools controls">
        <lens-dimension-select
          .label=${t('Add an axis')}
          bare
          .prompt=${t('Add an axis…')}
          .names=${loaded.names.filter(({ id }) => !ids.includes(id))}
          @choose=${(event: CustomEvent<string>) => this.#remember({ axes: [...ids, event.detail] })}
        ></lens-dimension-select>
        ${view.axes ? html`<button class="link" @click=${() => this.#remember({ axes: undefined })}>${t('Axes as at first')}</button>` : nothing}
        ${params.length + 1 > axes.length && !view.axes ? html`<span class="faint small">${t('{0} of {1} parameters that differ have an axis.', axes.filter(({ kind }) => kind === 'param').length, params.length)}</span>` : nothing}
      </div>
      <lens-parallel
        .heading=${t('Runs by their parameters')}
        .height=${300}
        .sweep=${sweep}
        .axes=${axes}
        .brushes=${new Map(view.brushes)}
        @axes=${(event: CustomEvent<AxisChange>) => this.#changeAxes(event.detail)}
        @open-row=${this.#onOpenRow}
        @save=${this.#onSave}
      ></lens-parallel>`
  }

  #changeAxes({ axes, brush, log }: AxisChange): void {
    const view = this.#view
    if (axes) this.#remember({ axes: [...axes], brushes: view.brushes.filter(([id]) => axes.includes(id)) })
    if (brush) {
      const others = view.brushes.filter(([id]) => id !== brush[0])
      const [id, wanted] = brush
      const next = wanted && ('words' in wanted ? { words: [...wanted.words] } : wanted)
      this.#remember({ brushes: next ? [...others, [id, next]] : others })
    }
    if (log) this.#remember(logsWith(view, ...log))
  }

  readonly #onSave = (event: CustomEvent<PlotFile>): void => void this.#save(event.detail)

  async #save({ name, kind, bytes }: PlotFile): Promise<void> {
    this.problem = ''
    try {
      await this.comparison.host.channel.request('saveFile', { name, ending: kind, bytes: await bytes() })
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error)
    }
  }

  readonly #onOpenRow = (event: CustomEvent<number>): void => this.#openRow(event.detail)

  #openRow(row: number): void {
    const { host, across } = this.comparison
    const run = across.runs[row]?.ref
    if (run) host.channel.command('openRun', { run })
  }
}
