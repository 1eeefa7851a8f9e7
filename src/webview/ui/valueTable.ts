import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { filterBox, firstRows, leftOut, matching } from './filteredRows'
import { icon, type IconName } from './icons'
import { common, tables } from './styles'

/**
 * Keys and values that can be filtered and copied, and changed where `editable`. Fires `copy-value` (detail: the text), `edit-value` and
 * `remove-value` (detail: the key), which leave the shadow of whatever it is in.
 */
@customElement('lens-value-table')
export class ValueTable extends LitElement {
  @property() caption = ''
  @property({ type: Boolean }) editable = false
  @property({ attribute: false }) rows: readonly (readonly [key: string, value: string])[] = []

  @state() private filter = ''
  @state() private most = firstRows
  /** Keys whose long value is unfolded. */
  @state() private open: ReadonlySet<string> = new Set()

  static override styles = [
    common,
    tables,
    css`
      :host {
        display: block;
      }
      table {
        table-layout: fixed;
      }
      th.key {
        width: 42%;
        color: var(--faint);
      }
      td.value {
        position: relative;
      }
      td button.text {
        display: block;
        width: 100%;
        line-height: 22px;
      }
      td button.open {
        overflow-wrap: anywhere;
        white-space: normal;
        line-height: 1.5;
        padding: 3px 0;
      }
      .open .shown {
        white-space: pre-wrap;
      }
      .tools {
        position: absolute;
        right: 2px;
        top: 1px;
        display: flex;
        opacity: 0;
        background: var(--vscode-editor-background);
      }
      .copy {
        height: 20px;
        padding: 2px;
        border-radius: 4px;
      }
      tr:hover .tools,
      tr:focus-within .tools {
        opacity: 1;
      }
      .copy:hover {
        background: var(--vscode-toolbar-hoverBackground);
      }
      vscode-text-field {
        width: 100%;
        margin: 2px 0 4px;
      }
      .more {
        padding: 4px 8px;
      }
    `,
  ]

  override render(): TemplateResult {
    const found = matching(this.rows, this.filter)
    return html`${filterBox(this.rows.length, t('Filter {0}', this.caption), this.filter, (text) => (this.filter = text))}
      <table aria-label=${this.caption}>
        <tbody>
          ${found.slice(0, this.most).map(([key, value]) => this.#renderRow(key, value))}
        </tbody>
      </table>
      ${leftOut(found.length, this.most, this.filter, () => (this.most += 1000))}`
  }

  #renderRow(key: string, value: string): TemplateResult {
    const open = this.open.has(key)
    return html`<tr>
      <th class="key clip mono" scope="row" title=${key.slice(0, 500)}>${key}</th>
      <td class="value mono">
        <button
          class="plain text ${open ? 'open' : 'clip'}"
          title=${open ? t('Show on one line') : value.slice(0, 500)}
          aria-expanded=${open}
          @click=${() => this.#toggle(key)}
        >
          ${value === '' ? html`<span class="faint">${t('empty')}</span>` : html`<span class="shown">${value}</span>`}
        </button>
        <span class="tools">
          ${this.#renderTool('copy', t('Copy value'), t('Copy value of {0}', key), 'copy-value', value)}
          ${this.editable ? this.#renderTool('edit', t('Change'), t('Change {0}', key), 'edit-value', key) : nothing}
          ${this.editable ? this.#renderTool('trash', t('Remove'), t('Remove {0}', key), 'remove-value', key) : nothing}
        </span>
      </td>
    </tr>`
  }

  #renderTool(shape: IconName, title: string, label: string, event: string, detail: string): TemplateResult {
    return html`<button
      class="plain copy"
      title=${title}
      aria-label=${label}
      @click=${() => this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }))}
    >
      ${icon(shape)}
    </button>`
  }

  #toggle(key: string): void {
    // Whoever marks text to copy it means no click.
    if (document.getSelection()?.type === 'Range') return
    const open = new Set(this.open)
    if (!open.delete(key)) open.add(key)
    this.open = open
  }
}
