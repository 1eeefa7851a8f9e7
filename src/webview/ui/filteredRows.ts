/** What tables that may be long have in common: a filter above the rows, and below them what is not shown. */
import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { valueOf } from './toolkit'

/** Rows from which a table gets a filter. */
const longTable = 10
/** Rows drawn at first: a run may have thousands. */
export const firstRows = 200

/** The filter of a table with `rows` rows; nothing where they are few. */
export function filterBox(
  rows: number,
  label: string,
  filter: string,
  onFilter: (text: string) => void,
): TemplateResult | typeof nothing {
  if (rows <= longTable) return nothing
  return html`<vscode-text-field
    placeholder=${t('Filter')}
    aria-label=${label}
    .value=${filter}
    @input=${(event: Event) => onFilter(valueOf(event))}
  ></vscode-text-field>`
}

/** Says that only the first `most` of the `found` rows are shown, or that `filter` matches none. */
export function leftOut(found: number, most: number, filter: string, onMore: () => void): TemplateResult {
  return html`${
    found > most
      ? html`<div class="more faint">
          ${t('{0} of {1} shown', formatCount(most), formatCount(found))} ·
          <button class="link" @click=${onMore}>${t('Show more')}</button>
        </div>`
      : nothing
  }
  ${found === 0 ? html`<div class="more faint">${t('Nothing matches “{0}”.', filter)}</div>` : nothing}`
}

/** Rows with the text in key or value, whatever its case. */
export function matching<Row extends readonly [key: string, ...rest: unknown[]]>(
  rows: readonly Row[],
  text: string,
): readonly Row[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return rows
  return rows.filter((row) => row.some((cell) => typeof cell === 'string' && cell.toLowerCase().includes(wanted)))
}
