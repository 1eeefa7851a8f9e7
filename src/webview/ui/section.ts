import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatCount } from '../../shared/format'
import { icon } from './icons'
import { common } from './styles'

/** A part of a page under a heading that folds it. Fires `fold` (detail: whether it is open now). */
@customElement('lens-section')
export class Section extends LitElement {
  @property() heading = ''
  @property({ type: Number }) count: number | undefined
  @property({ type: Boolean, reflect: true }) folded = false

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
        flex-wrap: wrap;
        gap: 2px 8px;
        min-height: 26px;
        border-top: 1px solid var(--vscode-sideBarSectionHeader-border, var(--line));
      }
      h2 {
        flex: 1 0 auto;
        max-width: 100%;
      }
      h2 button.plain {
        display: flex;
        align-items: center;
        gap: 4px;
        width: 100%;
        height: 26px;
        font-size: 11px;
        font-weight: 700;
        text-transform: uppercase;
        color: var(--vscode-sideBarSectionHeader-foreground, var(--vscode-foreground));
      }
      .chevron {
        width: 12px;
        height: 12px;
      }
      [aria-expanded='true'] .chevron {
        transform: rotate(90deg);
      }
      .count {
        font-weight: 400;
        color: var(--faint);
      }
      .body {
        padding: 2px 0 16px;
      }
    `,
  ]

  override render(): TemplateResult {
    return html`<section aria-label=${this.heading}>
      <div class="bar">
        <h2>
          <button class="plain" aria-expanded=${!this.folded} @click=${this.#toggle}>
            ${icon('chevron', 'chevron')}<span class="clip">${this.heading}</span>
            ${this.count === undefined ? nothing : html`<span class="count">${formatCount(this.count)}</span>`}
          </button>
        </h2>
        <slot name="actions" ?hidden=${this.folded}></slot>
      </div>
      ${this.folded ? nothing : html`<div class="body"><slot></slot></div>`}
    </section>`
  }

  readonly #toggle = (): void => {
    this.folded = !this.folded
    this.dispatchEvent(new CustomEvent('fold', { detail: this.folded }))
  }
}
