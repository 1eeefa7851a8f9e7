import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Mark } from '../../shared/runColor'
import type { RunSlot } from '../ui/runs'
import { swatch } from '../ui/swatch'
import type { Group } from './groups'

/** Groups as a legend names them, with how many of their runs are shown. */
export const countedGroups = (
  groups: readonly Group<RunSlot>[],
  shown: ReadonlySet<string>,
): { name: string; mark: Mark; runs: number }[] =>
  groups.map(({ name, mark, slots }) => ({ name, mark, runs: slots.filter(({ id }) => shown.has(id)).length }))

/** Lines that a legend names. */
const listed = 40

/** What the lines of a chart are of. */
export function renderLegend(
  label: string,
  lines: readonly { name: string; mark: Mark; runs?: number }[],
): TemplateResult {
  return html`<ul class="groups" aria-label=${label}>
    ${lines.slice(0, listed).map(
      ({ name, mark, runs }) =>
        html`<li class=${runs === 0 ? 'faint' : ''}>
          ${swatch(mark)} <span class="clip" title=${name}>${name}</span>
          ${runs === undefined ? nothing : html`<span class="faint">${t('{0} runs', formatCount(runs))}</span>`}
        </li>`,
    )}
    ${lines.length > listed ? html`<li class="faint">${t('{0} more', lines.length - listed)}</li>` : nothing}
  </ul>`
}
