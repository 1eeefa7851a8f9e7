import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { LoggedImage } from '../../shared/artifacts/loggedImages'
import { kindOf } from '../../shared/artifacts/kind'
import { formatDateTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { Asked } from '../ui/asked'
import '../ui/states'
import { common } from '../ui/styles'
import './imageView'
import { readHead, type ArtifactSource, type Head } from './source'

/** Bytes of a picture. */
const mostBytes = 16 * 1024 * 1024

/** The pictures that a run has logged under one key, one at a time, by step. */
@customElement('lens-image-strip')
export class ImageStrip extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  /** Of the key. */
  @property() label = ''
  /** By step. */
  @property({ attribute: false }) images: readonly LoggedImage[] = []

  @state() private at = -1
  readonly #picture = new Asked<Head>(this)

  static override styles = [
    common,
    css`
      :host {
        display: block;
        padding-bottom: 12px;
      }
      h4 {
        margin: 0 0 4px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .slider {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 0 10px;
        padding-bottom: 6px;
        white-space: nowrap;
      }
      input {
        flex: 1 1 100%;
        max-width: 360px;
        min-width: 60px;
        margin: 2px 0;
        accent-color: var(--vscode-progressBar-background, var(--vscode-focusBorder));
      }
      .fixed {
        min-height: 120px;
      }
    `,
  ]

  /** The last, until another is chosen. */
  get #shown(): LoggedImage | undefined {
    return this.images[this.at] ?? this.images.at(-1)
  }

  override willUpdate(): void {
    const { source } = this
    const image = this.#shown
    if (image) this.#picture.ask(image.path, (signal) => readHead(source, image.path, mostBytes, signal), true)
  }

  override render(): TemplateResult | typeof nothing {
    const image = this.#shown
    if (!image) return nothing
    const at = this.images.indexOf(image)
    return html`<h4>${this.label}</h4>
      <div class="slider">
        ${
          this.images.length < 2
            ? nothing
            : html`<input
                type="range"
                min="0"
                max=${this.images.length - 1}
                .value=${String(at)}
                aria-label=${t('Step of {0}', this.label)}
                aria-valuetext=${t('step {0}', image.step)}
                @input=${(event: Event) => (this.at = Number((event.target as HTMLInputElement).value))}
              />`
        }
        <span class="number">${t('step {0}', image.step)}</span>
        <span class="faint">${formatDateTime(image.timestamp)}</span>
        ${this.images.length < 2 ? nothing : html`<span class="faint">${t('{0} of {1}', at + 1, this.images.length)}</span>`}
      </div>
      <div class="fixed">${this.#renderPicture(image)}</div>`
  }

  #renderPicture(image: LoggedImage): TemplateResult {
    const answer = this.#picture.answer
    if (answer === 'waiting') return html`<lens-loading .what=${t('Reading the picture')}></lens-loading>`
    if ('error' in answer)
      return html`<lens-error .message=${answer.error} @retry=${() => this.#picture.retry()}></lens-error>`
    const { bytes, isWhole } = answer.value
    const kind = kindOf(image.path, bytes.subarray(0, 4096), isWhole)
    if (!isWhole) return html`<lens-warning>${t('This picture is too large to be shown here.')}</lens-warning>`
    if (kind.viewer !== 'image')
      return html`<lens-warning>${t('This is no picture, but {0}.', kind.word)}</lens-warning>`
    return html`<lens-image-view
      .bytes=${bytes}
      .type=${kind.type}
      .label=${t('{0}, step {1}', this.label, image.step)}
      .height=${320}
    ></lens-image-view>`
  }
}
