import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { t } from '../../shared/l10n'
import { icon } from './icons'
import { common } from './styles'

/** Code to be copied. Fires `copy-value` (detail: the code), which leaves the shadow of whatever it is in. */
@customElement('lens-snippet')
export class SnippetElement extends LitElement {
  @property() label = ''
  @property() code = ''

  static override styles = [
    common,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .label {
        flex: 1;
        color: var(--faint);
      }
      pre {
        margin: 0;
        padding: 6px 8px;
        overflow-x: auto;
        font-family: var(--mono);
        font-size: 0.95em;
        background: var(--vscode-textCodeBlock-background);
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }
      button.copy {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        padding: 1px 4px;
        border-radius: 4px;
      }
      button.copy:hover {
        background: var(--vscode-toolbar-hoverBackground);
      }
    `,
  ]

  override render(): TemplateResult {
    return html`<div class="bar">
        <span class="label">${this.label}</span>
        <button class="plain copy" aria-label=${t('Copy: {0}', this.label)} @click=${this.#copy}>
          ${icon('copy')}${t('Copy')}
        </button>
      </div>
      <pre tabindex="0" role="region" aria-label=${this.label}>${this.code}</pre>`
  }

  readonly #copy = (): void => {
    this.dispatchEvent(new CustomEvent('copy-value', { detail: this.code, bubbles: true, composed: true }))
  }
}
