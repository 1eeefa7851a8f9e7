/** The columns or tensors of a model or a dataset. */
import { css, html, type TemplateResult } from 'lit'
import { t } from '../../shared/l10n'
import type { SignatureField } from '../../shared/protocol'

/** Beside those of tables. */
export const fieldStyles = css`
  .fields {
    overflow-x: auto;
  }
  .fields:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  .fields table {
    width: auto;
  }
  .fields caption {
    text-align: start;
    font-weight: 600;
    padding: 12px 0 4px;
  }
  .fields .type,
  .fields .name {
    white-space: normal;
    overflow-wrap: anywhere;
    line-height: 1.5;
    padding-top: 3px;
  }
`

/** A table of fields and its caption. */
export function renderFields(caption: string, all: readonly SignatureField[]): TemplateResult {
  const hasDefaults = all.some((field) => field.default !== null)
  return html`<div class="fields" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption>
        ${caption}
        <span class="faint">${all.length}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('Name')}</th>
          <th scope="col">${t('Type')}</th>
          <th scope="col">${hasDefaults ? t('Default') : t('Required')}</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          (field) =>
            html`<tr>
              <td class="name mono">${field.name || html`<span class="faint">${t('unnamed')}</span>`}</td>
              <td class="type mono">${field.type.slice(0, 2000)}</td>
              <td class="faint">
                ${hasDefaults ? html`<span class="mono">${field.default}</span>` : field.required ? t('required') : t('optional')}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
