import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { PictureCell } from '../../shared/artifacts/jsonText'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { bars, common, tables } from '../ui/styles'
import type { DataColumn } from './dataColumn'
import type { ArtifactSource } from './source'
import './tablePicture'

const firstRows = 100
const moreRows = 500
const firstColumns = 40
/** Characters of a cell. */
const longest = 200

const numeric = /^[-+]?(?:\d[\d,_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?%?$|^(?:nan|[-+]?inf(?:inity)?)$/i

/** A table of texts and pictures. What is not drawn is told, and can be asked for. A picture fires `open-path` (detail: its path). */
@customElement('lens-data-table')
export class DataTable extends LitElement {
  @property() label = ''
  @property({ attribute: false }) columns: readonly DataColumn[] = []
  @property({ attribute: false }) rows: readonly (readonly (string | PictureCell)[])[] = []
  /** Where pictures in it come from. */
  @property({ attribute: false }) source: ArtifactSource | undefined
  /** Said below it. */
  @property() note = ''

  @state() private most = firstRows
  @state() private allColumns = false

  static override styles = [
    common,
    bars,
    tables,
    css`
      :host {
        display: block;
      }
      .scroll {
        overflow: auto;
        max-height: min(60vh, 520px);
        border: 1px solid var(--line);
      }
      .scroll:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      table {
        width: auto;
        min-width: 100%;
      }
      th,
      td {
        max-width: 340px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      td + td,
      th + th {
        border-left: 1px solid color-mix(in srgb, var(--line) 50%, transparent);
      }
      thead th {
        height: auto;
        font-size: inherit;
        color: var(--vscode-foreground);
        font-weight: 600;
      }
      .type {
        display: block;
        font-weight: normal;
        font-size: 11px;
        line-height: 14px;
        padding-bottom: 2px;
        color: var(--faint);
      }
      th.index {
        position: sticky;
        left: 0;
        color: var(--faint);
        background: var(--vscode-editor-background);
        text-align: right;
      }
      thead th.index {
        z-index: 2;
        font-weight: normal;
      }
      .empty {
        color: var(--faint);
      }
    `,
  ]

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('rows')) this.most = firstRows
  }

  override render(): TemplateResult {
    const columns = this.allColumns ? this.columns : this.columns.slice(0, firstColumns)
    const rows = this.rows.slice(0, this.most)
    const isNumber = columns.map((_, at) => {
      const values = rows.slice(0, 50).flatMap((row) => (row[at] === undefined || row[at] === '' ? [] : [row[at]]))
      return values.length > 0 && values.every((value) => typeof value === 'string' && numeric.test(value))
    })
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.label}>
        <table>
          <thead>
            <tr>
              <th class="index" scope="col"><span class="unseen">${t('Row')}</span></th>
              ${columns.map(
                ({ name, type }, at) =>
                  html`<th scope="col" class=${isNumber[at] ? 'number' : ''} title=${name.slice(0, 500)}>
                    ${clipped(name)}${type ? html`<span class="type">${type}</span>` : nothing}
                  </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row, index) =>
                html`<tr>
                  <th class="index number" scope="row">${index + 1}</th>
                  ${columns.map((_, at) => this.#renderCell(row[at], isNumber[at] ?? false))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="bar faint">
        ${this.note}
        ${
          this.rows.length > this.most
            ? html`· ${t('{0} of {1} rows drawn', formatCount(this.most), formatCount(this.rows.length))}
                <button class="link" @click=${() => (this.most += moreRows)}>${t('Show more')}</button>`
            : nothing
        }
        ${
          columns.length < this.columns.length
            ? html`· ${t('{0} of {1} columns drawn', columns.length, formatCount(this.columns.length))}
                <button class="link" @click=${() => (this.allColumns = true)}>${t('Show all')}</button>`
            : nothing
        }
      </div>`
  }

  #renderCell(value: string | PictureCell | undefined, isNumber: boolean): TemplateResult {
    if (value === undefined || value === '') return html`<td class="empty"></td>`
    if (typeof value !== 'string')
      return html`<td>
        <lens-table-picture .source=${this.source} .path=${value.shown} .full=${value.full}></lens-table-picture>
      </td>`
    return html`<td class=${isNumber ? 'number mono' : ''} title=${value.length > 30 ? value.slice(0, 1000) : nothing}>
      ${clipped(value)}
    </td>`
  }
}

const clipped = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)
