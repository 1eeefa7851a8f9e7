import { html, nothing, type TemplateResult } from 'lit'
import { quantile } from '../../shared/across/box'
import type { Dimension } from '../../shared/across/dimension'
import { shortCommit } from '../../shared/commits'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'

/** Commits that are listed. */
const listed = 12

interface Commits {
  /** The best first, where that is known. */
  readonly rows: readonly number[]
  readonly baseline: number
  readonly commits: Dimension
  readonly metric: Dimension | undefined
  readonly nameOf: (row: number) => string
  /** Compares the baseline with a run. */
  readonly against: (row: number) => void
}

/** How many runs ran which commit, and how well they did; nothing where all ran the same. */
export function renderCommits({
  rows,
  baseline,
  commits,
  metric,
  nameOf,
  against,
}: Commits): TemplateResult | typeof nothing {
  const groups = [...Map.groupBy([baseline, ...rows], (row) => commits.textAt(row))]
  if (groups.length < 2) return nothing
  return html`<table aria-label=${t('Commits of these runs')}>
      <thead>
        <tr>
          <th scope="col">${t('Commit')}</th>
          <th scope="col" class="number">${t('Runs')}</th>
          ${metric ? html`<th scope="col" class="number">${t('Median of {0}', metric.key.slice(0, 40))}</th>` : nothing}
          <th scope="col"><span class="unseen">${t('Compare')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${groups.slice(0, listed).map(([commit, members]) => {
          const [first = 0] = members
          const isBase = members.includes(baseline)
          return html`<tr>
            <th scope="row" class="mono" title=${commit ?? ''}>
              ${commit === undefined ? t('no commit') : shortCommit(commit)}
            </th>
            <td class="number">${formatCount(members.length)}</td>
            ${metric ? html`<td class="number mono">${medianOf(metric, members)}</td>` : nothing}
            <td>
              ${
                isBase
                  ? html`<span class="faint">${t('that of the baseline')}</span>`
                  : html`<button class="link" @click=${() => against(first)}>
                      ${t('Compare with {0}', nameOf(first).slice(0, 60))}
                    </button>`
              }
            </td>
          </tr>`
        })}
      </tbody>
    </table>
    ${groups.length > listed ? html`<p class="faint">${t('{0} more', formatCount(groups.length - listed))}</p>` : nothing}`
}

function medianOf({ values, format }: Dimension, rows: readonly number[]): string {
  const finite = rows
    .map((row) => values[row] ?? NaN)
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  return finite.length === 0 ? '–' : format(quantile(finite, 0.5))
}
