import * as v from 'valibot'
import { css, html, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { ranked } from '../../shared/across/best'
import { brushed } from '../../shared/across/brush'
import type { Dimension } from '../../shared/across/dimension'
import { suitsLog } from '../../shared/across/place'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { choice } from '../ui/choice'
import { icon } from '../ui/icons'
import '../ui/section'
import '../ui/states'
import { common, tables } from '../ui/styles'
import { theme } from '../ui/theme'
import { isChecked } from '../ui/toolkit'
import type { Loaded } from './across'
import { AcrossTab, nameAt } from './acrossTab'
import './bars'
import { renderBest } from './bestRuns'
import './boxes'
import { coloursOf } from './colours'
import './dimensionSelect'
import { type Goal, goalOf, isUnread, renderReading } from './goal'
import './heatMap'
import './importanceList'
import { legendStyles, renderLegend } from './legend'
import type { AxisChange } from './axisMenu'
import './parallel'
import './scatter'
import type { PlotFile } from './savedPlot'
import type { Sweep } from './sweep'
import { tabStyles } from './tabStyles'
import { axesAtFirst, byStrength, isTelling, tuningSchema, type TuningView, varying } from './tuningView'

/** What a tuning found: the best run, and what made it so. */
@customElement('lens-tuning-tab')
export class TuningTab extends AcrossTab {
  /** Why a plot was not saved. */
  @state() private problem = ''

  static override styles = [
    common,
    tables,
    legendStyles,
    tabStyles,
    css`
      .tools {
        padding-bottom: 8px;
      }
      .problem {
        padding-bottom: 6px;
        color: var(--vscode-errorForeground);
        overflow-wrap: anywhere;
      }
      .controls {
        padding: 2px 0 4px;
      }
      .plots {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr));
        gap: 12px 24px;
      }
      .filter {
        display: inline-flex;
        gap: 8px;
        font-size: 12px;
      }
      .best-scroll {
        overflow-x: auto;
      }
      .best-scroll table {
        width: auto;
      }
      .name {
        unicode-bidi: isolate;
      }
      .name,
      .value {
        max-width: 200px;
        display: inline-block;
        vertical-align: top;
      }
      td.value {
        display: table-cell;
      }
      tr.first > * {
        font-weight: 600;
      }
      .small {
        font-size: 12px;
        padding-top: 4px;
      }
    `,
  ]

  get #view(): TuningView {
    return v.parse(tuningSchema, this.comparison.view.tabs.tuning ?? {})
  }

  #remember(change: Partial<TuningView>): void {
    const { view, remember } = this.comparison
    remember({ tabs: { ...view.tabs, tuning: { ...this.#view, ...change } } })
  }

  protected renderRuns(loaded: Loaded, all: readonly number[]): TemplateResult {
    const view = this.#view
    const goal = goalOf(this.comparison, loaded, all)
    const params = varying(goal.dimensions, loaded.names, all)
    const sweep = this.#sweepOf(loaded, all, view, goal)
    return html`${this.problem === '' ? nothing : html`<p class="problem" role="alert">${icon('error')} ${this.problem}</p>`}
    ${this.#renderTools(loaded, view, sweep, goal)} ${renderReading(goal, this.comparison.across.histories)}
    ${isUnread(goal) ? nothing : this.#renderSections(loaded, view, sweep, params)}`
  }

  #renderSections(loaded: Loaded, view: TuningView, sweep: Sweep, params: readonly Dimension[]): TemplateResult {
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
    ${this.section('tuning/plots', t('Plots'), html`<div class="plots">${this.#renderPlots(loaded, view, sweep, params)}</div>`)}`
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

  #renderTools({ names }: Loaded, view: TuningView, { all, rows, metric, colours }: Sweep, goal: Goal): TemplateResult {
    const key = names.find(({ id }) => id === metric?.id)?.key ?? ''
    return html`<div class="tools">
      <lens-dimension-select
        .label=${t('Metric')}
        .prompt=${t('Choose…')}
        .names=${names.filter(({ kind, key }) => kind === 'metric' || key === t('Duration'))}
        .value=${view.metric}
        @choose=${(event: CustomEvent<string>) => this.#remember({ metric: event.detail, direction: null })}
      ></lens-dimension-select>
      ${
        metric
          ? choice(
              t('What is better of {0}', key),
              [
                ['none', t('Not chosen')],
                ['higher', t('Higher is better')],
                ['lower', t('Lower is better')],
              ],
              view.direction ?? 'none',
              (direction) => this.#remember({ direction: direction === 'none' ? null : direction }),
            )
          : nothing
      }
      ${
        metric?.kind === 'metric' && view.direction
          ? choice(
              t('Which value of {0} counts', key),
              [
                ['latest', t('Last value'), t('The value of the last step counts')],
                [
                  'best',
                  t('Best value'),
                  view.direction === 'higher'
                    ? t('The highest value of all steps counts')
                    : t('The lowest value of all steps counts'),
                ],
              ],
              view.counts,
              (counts) => this.#remember({ counts }),
            )
          : nothing
      }
      ${isUnread(goal) ? nothing : renderLegend(metric, colours, theme())}
      ${
        rows.length < all.length
          ? html`<span class="filter" role="status"
              >${t('{0} of {1} runs are within the filters', formatCount(rows.length), formatCount(all.length))}
              <button class="link" @click=${() => this.#remember({ brushes: [] })}>${t('Clear filters')}</button></span
            >`
          : nothing
      }
    </div>`
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
    if (log) this.#setLog(...log)
  }

  #setLog(id: string, log: boolean): void {
    this.#remember({ logs: [...this.#view.logs.filter(([other]) => other !== id), [id, log]] })
  }

  #renderPlots(loaded: Loaded, view: TuningView, sweep: Sweep, params: readonly Dimension[]): TemplateResult[] {
    const { dimensions } = sweep
    const telling = byStrength(
      params.filter((one) => isTelling(one, sweep.all)),
      sweep.metric,
      sweep.all,
    )
    const numbers = telling.filter(({ numeric }) => numeric)
    const words = telling.filter(({ numeric }) => !numeric)
    const x = dimensions.get(view.x) ?? numbers[0]
    const y = dimensions.get(view.y) ?? sweep.metric
    const by = dimensions.get(view.by) ?? words[0] ?? telling[0]
    const heatX = dimensions.get(view.heatX) ?? telling[0]
    const heatY = dimensions.get(view.heatY) ?? telling.find(({ id }) => id !== heatX?.id)
    const select = (
      label: string,
      chosen: Dimension | undefined,
      key: 'x' | 'y' | 'by' | 'heatX' | 'heatY',
    ): TemplateResult =>
      html`<lens-dimension-select
        .label=${label}
        .prompt=${t('Choose…')}
        .names=${key === 'x' || key === 'y' ? loaded.names : loaded.names.filter(({ kind }) => kind !== 'metric')}
        .value=${chosen?.id ?? ''}
        @choose=${(event: CustomEvent<string>) => this.#remember({ [key]: event.detail })}
      ></lens-dimension-select>`
    const log = (dimension: Dimension | undefined, label: string): TemplateResult | typeof nothing =>
      dimension?.numeric
        ? html`<vscode-checkbox
            .checked=${sweep.isLog(dimension)}
            @change=${(event: Event) => {
              if (isChecked(event) !== sweep.isLog(dimension)) this.#setLog(dimension.id, isChecked(event))
            }}
            >${label}</vscode-checkbox
          >`
        : nothing
    return [
      html`<div>
        <lens-scatter
          .heading=${t('Scatter')}
          .sweep=${sweep}
          .x=${x}
          .y=${y}
          .trend=${view.trend}
          @open-row=${this.#onOpenRow}
          @save=${this.#onSave}
        ></lens-scatter>
        <div class="tools controls">
          ${select(t('Across'), x, 'x')} ${select(t('Up'), y, 'y')} ${log(x, t('log across'))} ${log(y, t('log up'))}
          <vscode-checkbox
            .checked=${view.trend}
            @change=${(event: Event) => {
              if (isChecked(event) !== view.trend) this.#remember({ trend: isChecked(event) })
            }}
            >${t('Trend line')}</vscode-checkbox
          >
        </div>
      </div>`,
      html`<div>
        <lens-bars .heading=${t('Bars')} .sweep=${sweep} @open-row=${this.#onOpenRow} @save=${this.#onSave}></lens-bars>
      </div>`,
      html`<div>
        <lens-boxes
          .heading=${t('Box plot')}
          .sweep=${sweep}
          .by=${by}
          @open-row=${this.#onOpenRow}
          @save=${this.#onSave}
        ></lens-boxes>
        <div class="tools controls">${select(t('Group by'), by, 'by')}</div>
      </div>`,
      html`<div>
        <lens-heat-map
          .heading=${t('Heat map')}
          .sweep=${sweep}
          .x=${heatX}
          .y=${heatY}
          .summarizing=${view.summary}
          @save=${this.#onSave}
        ></lens-heat-map>
        <div class="tools controls">
          ${select(t('Across'), heatX, 'heatX')} ${select(t('Up'), heatY, 'heatY')}
          ${choice(
            t('What a cell tells'),
            [
              ['mean', t('Mean')],
              ['lowest', t('Lowest')],
              ['highest', t('Highest')],
            ],
            view.summary,
            (summary) => this.#remember({ summary }),
          )}
        </div>
      </div>`,
    ]
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
