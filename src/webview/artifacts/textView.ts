import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { encodingOf } from '../../shared/artifacts/kind'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'
import { bars, common } from '../ui/styles'
import { encodingWord } from './decode'
import type { Head } from './source'

/** Bytes of each further part. */
const step = 256 * 1024
/** Bytes of text that are drawn; beyond it an editor serves better. */
const most = 4 * 1024 * 1024

/** A text, part by part. */
@customElement('lens-text-view')
export class TextView extends LitElement {
  @property() label = ''
  @property({ attribute: false }) head: Head = { bytes: new Uint8Array(), isWhole: true }
  /** Bytes of the file; `null` where that isn't known. */
  @property({ attribute: false }) size: number | null = null
  @property({ attribute: false }) readOn: (start: number, length: number, signal: AbortSignal) => Promise<Uint8Array> =
    () => Promise.reject(new Error('no source of text'))
  /** Shown instead of the bytes that were read, as long as they are whole: indented JSON. */
  @property({ attribute: false }) layout: ((text: string) => string) | undefined

  /** Without encoding and wrapping below it: for what is no text of the file's own. */
  @property({ type: Boolean }) bare = false

  @state() private parts: readonly string[] = []
  @state() private read = 0
  @state() private isAtEnd = true
  @state() private state: 'idle' | 'reading' | { readonly error: string } = 'idle'
  @state() private wrap = false
  #decoder = new TextDecoder()
  #abort = new AbortController()

  static override styles = [
    common,
    bars,
    css`
      :host {
        display: block;
      }
      pre {
        margin: 0;
        padding: 8px 10px;
        max-height: min(70vh, 640px);
        overflow: auto;
        font-family: var(--mono);
        font-size: var(--vscode-editor-font-size, 12px);
        line-height: 1.45;
        tab-size: 4;
        background: var(--vscode-textCodeBlock-background);
        border: 1px solid var(--vscode-contrastBorder, transparent);
      }
      pre.wrap {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      pre:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
    `,
  ]

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('head')) return
    const { bytes, isWhole } = this.head
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#decoder = new TextDecoder(encodingOf(bytes, isWhole))
    this.parts = [this.#decoder.decode(bytes, { stream: !isWhole })]
    this.read = bytes.length
    this.isAtEnd = isWhole
    this.state = 'idle'
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#abort.abort()
  }

  override render(): TemplateResult {
    const text = this.parts.join('')
    const shown = this.layout && this.isAtEnd ? this.layout(text) : text
    return html`<pre class=${this.wrap ? 'wrap' : ''} tabindex="0" role="region" aria-label=${this.label}>${shown}</pre>
      ${this.bare ? nothing : this.#renderBar()}`
  }

  #renderBar(): TemplateResult {
    const { bytes, isWhole } = this.head
    return html`<div class="bar">
      <span class="faint">${encodingWord(encodingOf(bytes, isWhole))}</span>
      ${this.isAtEnd ? nothing : this.#renderMore()}
      <span class="grow"></span>
      <button class="link" aria-pressed=${this.wrap} @click=${() => (this.wrap = !this.wrap)}>
        ${this.wrap ? t('Do not wrap lines') : t('Wrap lines')}
      </button>
    </div>`
  }

  #renderMore(): TemplateResult {
    const shown =
      this.size === null
        ? t('first {0} shown', formatBytes(this.read))
        : t('first {0} of {1} shown', formatBytes(this.read), formatBytes(this.size))
    if (this.state === 'reading') return html`<span class="faint" role="status">${t('Reading more')}…</span>`
    return html`<span class="faint">${shown}</span>
      ${typeof this.state === 'object' ? html`<span role="alert">${this.state.error}</span>` : nothing}
      ${
        this.read < most
          ? html`<button class="link" @click=${() => void this.#more()}>${t('Show more')}</button>`
          : html`<span class="faint">${t('Open the file to see the rest.')}</span>`
      }`
  }

  async #more(): Promise<void> {
    const { signal } = this.#abort
    this.state = 'reading'
    try {
      const bytes = await this.readOn(this.read, step + 1, signal)
      if (signal.aborted) return
      const isAtEnd = bytes.length <= step
      const part = bytes.subarray(0, step)
      this.parts = [...this.parts, this.#decoder.decode(part, { stream: !isAtEnd })]
      this.read += part.length
      this.isAtEnd = isAtEnd
      this.state = 'idle'
    } catch (error) {
      if (!signal.aborted) this.state = { error: error instanceof Error ? error.message : String(error) }
    }
  }
}
