/** What the Tuning tab is about: the metric that matters, what is better of it, and which of its values counts. */
import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { choice } from '../ui/choice'
import { theme } from '../ui/theme'
import type { Loaded } from './across'
import './dimensionSelect'
import { type Goal, isUnread } from './goal'
import { renderLegend } from './legend'
import type { Sweep } from './sweep'
import type { Remember, TuningView } from './tuningView'

export function renderTuningTools(
  { names }: Loaded,
  view: TuningView,
  { all, rows, metric, colours }: Sweep,
  goal: Goal,
  remember: Remember,
): TemplateResult {
  const key = names.find(({ id }) => id === metric?.id)?.key ?? ''
  return html`<div class="tools">
    <lens-dimension-select
      .label=${t('Metric')}
      .prompt=${t('Choose…')}
      .names=${names.filter(({ kind, key }) => kind === 'metric' || key === t('Duration'))}
      .value=${view.metric}
      @choose=${(event: CustomEvent<string>) => remember({ metric: event.detail, direction: null })}
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
            (direction) => remember({ direction: direction === 'none' ? null : direction }),
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
            (counts) => remember({ counts }),
          )
        : nothing
    }
    ${isUnread(goal) ? nothing : renderLegend(metric, colours, theme())}
    ${
      rows.length < all.length
        ? html`<span class="filter" role="status"
            >${t('{0} of {1} runs are within the filters', formatCount(rows.length), formatCount(all.length))}
            <button class="link" @click=${() => remember({ brushes: [] })}>${t('Clear filters')}</button></span
          >`
        : nothing
    }
  </div>`
}
