import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { imageSize, type ImageSize } from '../../shared/artifacts/imageSize'
import { formatBytes, formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { common } from '../ui/styles'

/** Pixels that are decoded: more would fill the memory of the page. */
const mostPixels = 100_000_000

/** A picture of bytes. It is an <img>: what is in an SVG can neither run nor fetch anything there. */
@customElement('lens-image-view')
export class ImageView extends LitElement {
  @property({ attribute: false }) bytes: Uint8Array<ArrayBuffer> = new Uint8Array()
  /** Media type. */
  @property() type = ''
  /** What it is called. */
  @property() label = ''
  @property({ type: Number }) height = 480
  /** Without its size below it. */
  @property({ type: Boolean }) bare = false

  @state() private url = ''
  @state() private shown: ImageSize | 'waiting' | 'broken' = 'waiting'

  static override styles = [
    common,
    css`
      :host {
        display: block;
      }
      .frame {
        display: inline-block;
        max-width: 100%;
        /* What is transparent shows it. */
        background: repeating-conic-gradient(rgba(128, 128, 128, 0.16) 0 25%, transparent 0 50%) 0 0 / 16px 16px;
        border: 1px solid var(--line);
        line-height: 0;
      }
      img {
        max-width: 100%;
        object-fit: contain;
      }
      /* Each of its pixels can be seen. */
      img.tiny {
        min-height: 96px;
        image-rendering: pixelated;
      }
      .facts {
        padding: 4px 0;
      }
    `,
  ]

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('bytes') && !changed.has('type')) return
    this.#drop()
    this.shown = 'waiting'
    this.url = URL.createObjectURL(new Blob([this.bytes], { type: this.type }))
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#drop()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated && this.url === '') {
      this.url = URL.createObjectURL(new Blob([this.bytes], { type: this.type }))
    }
  }

  override render(): TemplateResult {
    const size = imageSize(this.bytes)
    if (size && size.width * size.height > mostPixels)
      return html`<lens-warning
        >${t(
          'This picture has {0} × {1} pixels, which is more than is drawn here. Open or save it.',
          formatCount(size.width),
          formatCount(size.height),
        )}</lens-warning
      >`
    if (this.shown === 'broken')
      return html`<lens-warning>${t('This picture is damaged: it can’t be drawn.')}</lens-warning>`
    const known = typeof this.shown === 'object' ? this.shown : size
    return html`<div class="frame">
        <img
          src=${this.url}
          alt=${this.label}
          class=${known && known.width > 0 && known.width <= 64 && known.height <= 64 ? 'tiny' : ''}
          .style=${`max-height: ${this.height}px`}
          @load=${this.#loaded}
          @error=${() => (this.shown = 'broken')}
        />
      </div>
      ${this.bare ? nothing : this.#renderFacts(known)}`
  }

  #renderFacts(known: ImageSize | undefined): TemplateResult {
    return html`<div class="facts faint">
      ${known && known.width > 0 ? html`${t('{0} × {1} pixels', formatCount(known.width), formatCount(known.height))} · ` : nothing}
      ${formatBytes(this.bytes.length)}
    </div>`
  }

  readonly #loaded = (event: Event): void => {
    const { naturalWidth: width, naturalHeight: height } = event.currentTarget as HTMLImageElement
    this.shown = { width, height }
  }

  #drop(): void {
    if (this.url !== '') URL.revokeObjectURL(this.url)
    this.url = ''
  }
}
