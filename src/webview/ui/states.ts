/** What a page shows when it does not show data: loading, failed, empty, partial or out of date. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatDuration, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { icon } from './icons'
import { common } from './styles'

const block = css`
  :host {
    display: block;
  }
  .block {
    display: flex;
    align-items: center;
    gap: 8px 12px;
    flex-wrap: wrap;
    padding: 12px 0;
    color: var(--faint);
    min-width: 0;
  }
  :host([page]) .block {
    padding: 24px;
  }
  .text {
    min-width: 0;
    overflow-wrap: anywhere;
  }
`

/** Re-renders once a second while it is on the page, for what counts time. */
class Ticking extends LitElement {
  @state() protected now = Date.now()
  #timer: ReturnType<typeof setInterval> | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    this.now = Date.now()
    this.#timer = setInterval(() => (this.now = Date.now()), 1000)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
  }
}

/** Fires `cancel` if it can be cancelled. */
@customElement('lens-loading')
export class Loading extends Ticking {
  /** What is being waited for, as a phrase: "Reading run 1a2b from mlflow.db". */
  @property() what = ''
  @property({ type: Boolean }) cancellable = false
  readonly #since = Date.now()

  static override styles = [
    common,
    block,
    css`
      .ring {
        width: 14px;
        height: 14px;
        flex: none;
        border-radius: 50%;
        border: 2px solid var(--vscode-progressBar-background, currentColor);
        border-right-color: transparent;
        animation: turn 1s linear infinite;
      }
      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .ring {
          animation-duration: 6s;
        }
      }
    `,
  ]

  override render(): TemplateResult {
    const waited = this.now - this.#since
    return html`<div class="block" role="status">
      <span class="ring" aria-hidden="true"></span>
      <span class="text">${this.what}…</span>
      ${waited >= 2000 ? html`<span class="number" aria-hidden="true">${formatDuration(Math.floor(waited / 1000) * 1000)}</span>` : nothing}
      ${
        this.cancellable
          ? html`<vscode-button appearance="secondary" @click=${() => this.dispatchEvent(new Event('cancel'))}
              >${t('Cancel')}</vscode-button
            >`
          : nothing
      }
    </div>`
  }
}

/** Fires `retry` and `showlog`. */
@customElement('lens-error')
export class ErrorState extends LitElement {
  @property() message = ''
  @property({ type: Boolean }) log = false

  static override styles = [
    common,
    block,
    css`
      .icon {
        color: var(--vscode-errorForeground);
      }
      .text {
        color: var(--vscode-foreground);
        max-width: 90ch;
      }
      .line {
        display: flex;
        gap: 8px;
        min-width: 0;
      }
      .actions {
        display: flex;
        gap: 8px;
      }
    `,
  ]

  override render(): TemplateResult {
    return html`<div class="block" role="alert">
      <span class="line">${icon('error')}<span class="text">${this.message}</span></span>
      <span class="actions">
        <vscode-button @click=${() => this.dispatchEvent(new Event('retry'))}>${t('Retry')}</vscode-button>
        ${
          this.log
            ? html`<vscode-button appearance="secondary" @click=${() => this.dispatchEvent(new Event('showlog'))}
                >${t('Show Log')}</vscode-button
              >`
            : nothing
        }
      </span>
    </div>`
  }
}

@customElement('lens-empty')
export class Empty extends LitElement {
  static override styles = [common, block]

  override render(): TemplateResult {
    return html`<div class="block"><slot></slot></div>`
  }
}

const bar = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    padding: 4px 8px;
    border: 1px solid var(--vscode-inputValidation-warningBorder, var(--line));
    background: var(--vscode-inputValidation-warningBackground);
    color: var(--vscode-inputValidation-warningForeground, inherit);
  }
  .text {
    min-width: 0;
    overflow-wrap: anywhere;
    flex: 1 1 240px;
  }
`

/** Something that is wrong with the data itself, and stays so until somebody mends it. */
@customElement('lens-warning')
export class Warning extends LitElement {
  static override styles = [common, bar]

  override render(): TemplateResult {
    return html`<div class="bar" role="note">
      ${icon('warning')}<span class="text"><slot></slot></span>
    </div>`
  }
}

/** Data that could not be refreshed and is shown as it was. Fires `retry` and `showlog`. */
@customElement('lens-stale')
export class Stale extends Ticking {
  @property({ type: Number }) asOf = 0
  @property() reason = ''

  static override styles = [common, bar]

  override render(): TemplateResult {
    return html`<div class="bar" role="status">
      ${icon('warning')}
      <span class="text"
        >${t('Updated {0} · refresh failed: {1}', formatRelativeTime(this.asOf, this.now), this.reason)}</span
      >
      <button class="link" @click=${() => this.dispatchEvent(new Event('retry'))}>${t('Retry')}</button>
      <button class="link" @click=${() => this.dispatchEvent(new Event('showlog'))}>${t('Show Log')}</button>
    </div>`
  }
}
