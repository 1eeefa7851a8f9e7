import { html, nothing, type TemplateResult } from 'lit'
import { ranked } from '../../shared/across/best'
import type { Dimension } from '../../shared/across/dimension'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { icon } from '../ui/icons'
import { swatch } from '../ui/swatch'
import { directionWord, type Sweep, textOf } from './sweep'

const listed = 5

/** The best runs, and what they were given. */
export function renderBest(sweep: Sweep, params: readonly Dimension[], openRow: (row: number) => void): TemplateResult {
  const { metric, direction, counts, rows, best, nameOf, markOf } = sweep
  if (!metric)
    return html`<lens-empty>${t('Choose the metric that matters, and whether higher or lower is better.')}</lens-empty>`
  if (!direction)
    return html`<lens-empty
      >${t('Choose whether higher or lower is better of {0}, to see which run is best.', metric.key)}</lens-empty
    >`
  if (best === undefined) return html`<lens-empty>${t('No run has a finite value of {0}.', metric.key)}</lens-empty>`
  const order = ranked(metric, rows, direction)
  const shown = params.slice(0, 8)
  const tied = order.filter((row) => metric.values[row] === metric.values[best]).length
  return html`<div class="best-scroll">
      <table aria-label=${t('The best runs')}>
        <thead>
          <tr>
            <th scope="col"><span class="unseen">${t('Rank')}</span></th>
            <th scope="col">${t('Run')}</th>
            <th scope="col" class="number" title=${metric.key.slice(0, 500)}>${metric.key.slice(0, 40)}</th>
            ${shown.map(({ key }) => html`<th scope="col" class="clip" title=${key.slice(0, 500)}>${key.slice(0, 40)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${order.slice(0, listed).map(
            (row, at) =>
              html`<tr class=${row === best ? 'first' : ''}>
                <td>${row === best ? html`${icon('star')}<span class="unseen">${t('Best')}</span>` : at + 1}</td>
                <th scope="row">
                  ${swatch(markOf(row))}
                  <button class="link clip name" title=${nameOf(row).slice(0, 500)} @click=${() => openRow(row)}>
                    ${nameOf(row)}
                  </button>
                </th>
                <td class="number mono">${textOf(metric, row)}</td>
                ${shown.map((one) => html`<td class="mono clip value" title=${textOf(one, row).slice(0, 500)}>${textOf(one, row)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="faint small">
      ${directionWord(direction)} ·
      ${metric.kind === 'metric' ? html`${counts === 'best' ? t('Best value') : t('Last value')} ·` : nothing}
      ${t('{0} of {1} runs have a finite value.', formatCount(order.length), formatCount(rows.length))}
      ${tied > 1 ? t('{0} runs share the best one.', tied) : nothing}
    </p>`
}
