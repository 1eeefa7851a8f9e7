import { css, html, nothing, svg, type TemplateResult } from 'lit'
import type { Dimension } from '../../shared/across/dimension'
import { t } from '../../shared/l10n'
import type { Theme } from '../ui/theme'
import { type Colours, rampStops } from './colours'

export const legendStyles = css`
  .legend {
    display: inline-flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 2px 8px;
    font-size: 12px;
  }
  .legend svg {
    flex: none;
  }
`

/** What the colours of the plots mean. */
export function renderLegend(
  metric: Dimension | undefined,
  { values }: Colours,
  theme: Theme,
): TemplateResult | typeof nothing {
  if (!metric) return nothing
  if (!values) return html`<span class="legend faint">${t('No run has a finite value of {0}.', metric.key)}</span>`
  const stops = rampStops(theme.kind)
  const [low, median, high] = values.map(metric.format)
  return html`<span class="legend">
    <span class="faint">${t('Colour, by rank:')}</span>
    <span>${low}</span>
    <svg
      width="120"
      height="10"
      role="img"
      aria-label=${t('Colours from the lowest value, blue, to the highest, orange')}
    >
      ${stops.slice(0, -1).map((_, at) =>
        Array.from({ length: 8 }, (__, part) => {
          const width = 120 / ((stops.length - 1) * 8)
          return svg`<rect x=${(at * 8 + part) * width} y="0" width=${width + 0.5} height="10" fill=${`color-mix(in srgb, ${stops[at + 1] ?? ''} ${(part / 8) * 100}%, ${stops[at] ?? ''})`} />`
        }),
      )}
    </svg>
    <span>${high}</span>
    <span class="faint">${t('median {0}', median ?? '')}</span>
  </span>`
}
