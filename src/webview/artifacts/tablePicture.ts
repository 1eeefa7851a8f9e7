import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { kindOf } from '../../shared/artifacts/kind'
import { t } from '../../shared/l10n'
import { Asked } from '../ui/asked'
import { common } from '../ui/styles'
import './imageView'
import { readHead, type ArtifactSource, type Head } from './source'

/** Bytes of a picture in a table. */
const mostBytes = 4 * 1024 * 1024

/** A picture in a cell, read once it is in sight. Fires `open-path` (detail: the artifact's path), which leaves the table. */
@customElement('lens-table-picture')
export class TablePicture extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  /** Of what is drawn. */
  @property() path = ''
  /** Of what is opened. */
  @property() full = ''

  @state() private wanted = false
  readonly #picture = new Asked<Head>(this)
  readonly #seeing = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) this.wanted = true
  })

  static override styles = [
    common,
    css`
      :host {
        display: block;
        min-width: 64px;
        min-height: 64px;
        padding: 2px 0;
      }
      button.plain {
        display: block;
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    this.#seeing.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#seeing.disconnect()
  }

  override willUpdate(): void {
    const { source, path } = this
    if (this.wanted) this.#picture.ask(path, (signal) => readHead(source, path, mostBytes, signal))
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.wanted) return nothing
    const { answer } = this.#picture
    if (answer === 'waiting') return html`<span class="faint">…</span>`
    if ('error' in answer)
      return html`<span class="faint" title=${answer.error.slice(0, 500)}>${t('not to be read')}</span>`
    const { bytes, isWhole } = answer.value
    const kind = kindOf(this.path, bytes.subarray(0, 4096), isWhole)
    if (!isWhole || kind.viewer !== 'image')
      return html`<span class="faint">${isWhole ? kind.word : t('too large')}</span>`
    return html`<button
      class="plain"
      title=${this.full.slice(0, 500)}
      aria-label=${t('Show {0}', this.full.slice(0, 500))}
      @click=${() => this.dispatchEvent(new CustomEvent('open-path', { detail: this.full, bubbles: true, composed: true }))}
    >
      <lens-image-view bare .bytes=${bytes} .type=${kind.type} .height=${96}></lens-image-view>
    </button>`
  }
}
