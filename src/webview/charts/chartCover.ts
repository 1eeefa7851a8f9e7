import { html, nothing, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { Curves } from './curves'
import type { Drawn } from './types'

/** What lies over the plot while there is nothing in it. */
export function renderCover(
  drawn: readonly Drawn[],
  curves: Curves,
  runs: number,
  inSight: boolean,
): TemplateResult | typeof nothing {
  const { loading, errors } = curves.progress
  if (drawn.some(({ curve }) => curve.total > 0)) return nothing
  if (loading > 0 || !inSight)
    return html`<div class="cover">
      <lens-loading .what=${t('Reading the curves')} cancellable @cancel=${() => curves.cancel()}></lens-loading>
    </div>`
  if (errors.length > 0) return nothing
  return html`<div class="cover">${runs === 0 ? t('No run that is shown has logged it.') : t('No points.')}</div>`
}
