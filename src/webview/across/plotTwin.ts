import { html, nothing, type TemplateResult } from 'lit'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'

/** What a plot shows, as a table. */
export interface TableTwin {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Rows that are shown. */
const mostRows = 500

export function renderTwin(heading: string, { head, rows }: TableTwin): TemplateResult {
  return html`<div class="table" tabindex="0" role="group" aria-label=${heading}>
    <table aria-label=${heading}>
      <thead>
        <tr>
          ${head.map((word) => html`<th scope="col" class="clip">${word}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.slice(0, mostRows).map(
          ([first = '', ...others]) =>
            html`<tr>
              <th scope="row" class="clip">${first}</th>
              ${others.map((cell) => html`<td class="mono">${cell.slice(0, 300)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${rows.length > mostRows ? html`<p class="faint">${t('{0} more rows', formatCount(rows.length - mostRows))}</p>` : nothing}
  </div>`
}
