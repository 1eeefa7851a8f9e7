import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatCount, formatDuration, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Arrangement, Loading } from '../../shared/runsTable/protocol'
import { common } from '../ui/styles'

/** How many runs there are, of how many, how old they are, and what is going on. Fires `stop`, `refresh`, `unhide` and `unnest`. */
@customElement('lens-status-line')
export class StatusLine extends LitElement {
  @property({ attribute: false }) arrangement: Arrangement | undefined
  @property({ attribute: false }) loading: Loading | undefined
  @property({ type: Boolean }) busy = false
  @state() private now = Date.now()
  #timer: ReturnType<typeof setInterval> | undefined

  static override styles = [
    common,
    css`
      :host {
        display: block;
        font-size: 12px;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 12px;
        min-height: 22px;
        padding: 0 8px;
        color: var(--faint);
        font-variant-numeric: tabular-nums;
      }
      .found {
        color: var(--vscode-foreground);
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.#timer = setInterval(() => (this.now = Date.now()), 1000)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
  }

  override render(): TemplateResult {
    const { arrangement, loading } = this
    return html`<div class="line">
      ${arrangement && (arrangement.runs > 0 || loading?.state === 'complete') ? html`<span class="found" role="status">${foundText(arrangement)}</span>` : nothing}
      ${
        arrangement && arrangement.hidden > 0
          ? html`<span
              >${t('{0} hidden', formatCount(arrangement.hidden))} ·
              <button class="link" @click=${() => this.#fire('unhide')}>${t('Show')}</button></span
            >`
          : nothing
      }
      ${
        arrangement && arrangement.closed > 0
          ? html`<span
              >${t('{0} under closed parents', formatCount(arrangement.closed))} ·
              <button class="link" @click=${() => this.#fire('unnest')}>${t('List all')}</button></span
            >`
          : nothing
      }
      ${loading ? this.#renderLoading(loading) : nothing}
    </div>`
  }

  #renderLoading({ state, what, loaded, since, updatedAt }: Loading): TemplateResult {
    const refresh = html`<button class="link" @click=${() => this.#fire('refresh')}>${t('Refresh')}</button>`
    const age =
      updatedAt === null
        ? nothing
        : html`<span>${t('updated {0}', formatRelativeTime(updatedAt, Math.max(this.now, updatedAt)))}</span>`
    const elapsed = formatDuration(Math.max(0, Math.floor((this.now - since) / 1000) * 1000))
    if (state === 'loading')
      return html`<span>${t('{0}… {1} so far, {2}', what, formatCount(loaded), elapsed)}</span>
        <button class="link" @click=${() => this.#fire('stop')}>${t('Stop')}</button>`
    if (state === 'stopped')
      return html`<span>${t('stopped after {0} runs', formatCount(loaded))}</span>
        <button class="link" @click=${() => this.#fire('refresh')}>${t('Load the rest')}</button>`
    return html`${age} ${refresh}`
  }

  #fire(name: string): void {
    this.dispatchEvent(new Event(name))
  }
}

function foundText({ matching, runs }: Arrangement): string {
  if (matching === runs) return runs === 1 ? t('1 run') : t('{0} runs', formatCount(runs))
  return t('{0} of {1} runs match', formatCount(matching), formatCount(runs))
}
