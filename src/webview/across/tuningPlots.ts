/** The plots of the Tuning tab, each with what it is set by. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Dimension, DimensionName } from '../../shared/across/dimension'
import { t } from '../../shared/l10n'
import { choice } from '../ui/choice'
import { isChecked } from '../ui/toolkit'
import './bars'
import './boxes'
import './dimensionSelect'
import './heatMap'
import type { PlotFile } from './savedPlot'
import './scatter'
import type { Sweep } from './sweep'
import { byStrength, isTelling, logsWith, type Remember, type TuningView } from './tuningView'

interface Doing {
  readonly remember: Remember
  readonly openRow: (event: CustomEvent<number>) => void
  readonly save: (event: CustomEvent<PlotFile>) => void
}

/** @param params those that differ between the runs */
export function renderTuningPlots(
  names: readonly DimensionName[],
  view: TuningView,
  sweep: Sweep,
  params: readonly Dimension[],
  { remember, openRow, save }: Doing,
): TemplateResult[] {
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
      .names=${key === 'x' || key === 'y' ? names : names.filter(({ kind }) => kind !== 'metric')}
      .value=${chosen?.id ?? ''}
      @choose=${(event: CustomEvent<string>) => remember({ [key]: event.detail })}
    ></lens-dimension-select>`
  const log = (dimension: Dimension | undefined, label: string): TemplateResult | typeof nothing =>
    dimension?.numeric
      ? html`<vscode-checkbox
          .checked=${sweep.isLog(dimension)}
          @change=${(event: Event) => {
            if (isChecked(event) !== sweep.isLog(dimension)) remember(logsWith(view, dimension.id, isChecked(event)))
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
        @open-row=${openRow}
        @save=${save}
      ></lens-scatter>
      <div class="tools controls">
        ${select(t('Across'), x, 'x')} ${select(t('Up'), y, 'y')} ${log(x, t('log across'))} ${log(y, t('log up'))}
        <vscode-checkbox
          .checked=${view.trend}
          @change=${(event: Event) => {
            if (isChecked(event) !== view.trend) remember({ trend: isChecked(event) })
          }}
          >${t('Trend line')}</vscode-checkbox
        >
      </div>
    </div>`,
    html`<div>
      <lens-bars .heading=${t('Bars')} .sweep=${sweep} @open-row=${openRow} @save=${save}></lens-bars>
    </div>`,
    html`<div>
      <lens-boxes .heading=${t('Box plot')} .sweep=${sweep} .by=${by} @open-row=${openRow} @save=${save}></lens-boxes>
      <div class="tools controls">${select(t('Group by'), by, 'by')}</div>
    </div>`,
    html`<div>
      <lens-heat-map
        .heading=${t('Heat map')}
        .sweep=${sweep}
        .x=${heatX}
        .y=${heatY}
        .summarizing=${view.summary}
        @save=${save}
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
          (summary) => remember({ summary }),
        )}
      </div>
    </div>`,
  ]
}
