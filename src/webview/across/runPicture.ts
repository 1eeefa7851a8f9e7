import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { kindOf } from '../../shared/artifacts/kind'
import { type LoggedImage, loggedImages } from '../../shared/artifacts/loggedImages'
import { loggedFolder, pictureAt, type PictureName, pictureId } from '../../shared/artifacts/pictures'
import { t } from '../../shared/l10n'
import '../artifacts/imageView'
import { type ArtifactSource, readHead, type Head } from '../artifacts/source'
import { Asked } from '../ui/asked'
import '../ui/states'
import { common } from '../ui/styles'

/** Bytes of a picture. */
const mostBytes = 16 * 1024 * 1024

/** One run's picture of a name at a step, read when it comes into sight. Fires `steps` (detail: the steps that it has). */
@customElement('lens-run-picture')
export class RunPicture extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  @property({ attribute: false }) name: PictureName = { path: '' }
  @property({ type: Number }) step = Infinity
  @property() label = ''
  @property({ type: Number }) height = 220
  /** Changes when there may be other pictures. */
  @property() version = ''
  @state() private inSight = false

  readonly #listing = new Asked<readonly LoggedImage[]>(this)
  readonly #picture = new Asked<Head | undefined>(this)
  readonly #seeing = new IntersectionObserver(
    (entries) => {
      if (entries.at(-1)?.isIntersecting) this.inSight = true
    },
    { rootMargin: '200px' },
  )

  static override styles = [
    common,
    css`
      :host {
        display: block;
        min-width: 0;
        min-height: 140px;
      }
      .step {
        font-size: 12px;
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
    this.inSight = false
  }

  /** The picture at the step; undefined where it is not known yet, or there is none. */
  get #logged(): LoggedImage | undefined {
    const images = this.#listing.value
    return images && pictureAt(images, this.step)
  }

  override willUpdate(): void {
    const { source, name, inSight } = this
    if (!inSight) return
    const of = `${this.version}\n${pictureId(name)}`
    if ('path' in name) {
      this.#ask(of, name.path)
      return
    }
    this.#listing.ask(of, async (signal) => {
      const paths = (await source.list(loggedFolder, signal)).map(({ path }) => path)
      const images = loggedImages(paths).get(name.key) ?? []
      this.dispatchEvent(new CustomEvent('steps', { detail: images.map(({ step }) => step) }))
      return images
    })
    const logged = this.#logged
    if (logged) this.#ask(`${of}\n${logged.path}`, logged.path)
  }

  #ask(question: string, path: string): void {
    const { source } = this
    this.#picture.ask(question, async (signal) => {
      try {
        return await readHead(source, path, mostBytes, signal)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    }, true) // prettier-ignore
  }

  override render(): TemplateResult {
    const { name, step } = this
    if (!this.inSight) return html``
    if ('key' in name) {
      const listing = this.#listing.answer
      if (listing === 'waiting') return html`<lens-loading .what=${t('Looking for pictures')}></lens-loading>`
      if ('error' in listing)
        return html`<lens-error .message=${listing.error} @retry=${() => this.#listing.retry()}></lens-error>`
      const [first] = listing.value
      if (!first) return html`<lens-empty>${t('Has no such picture.')}</lens-empty>`
      if (!this.#logged) return html`<lens-empty>${t('Its first picture is of step {0}.', first.step)}</lens-empty>`
    }
    const answer = this.#picture.answer
    if (answer === 'waiting') return html`<lens-loading .what=${t('Reading the picture')}></lens-loading>`
    if ('error' in answer)
      return html`<lens-error .message=${answer.error} @retry=${() => this.#picture.retry()}></lens-error>`
    if (!answer.value) return html`<lens-empty>${t('Has no such picture.')}</lens-empty>`
    const at = this.#logged?.step
    return html`${this.#renderPicture(answer.value, 'path' in name ? name.path : (this.#logged?.path ?? ''))}
    ${at === undefined ? '' : html`<span class="step faint">${at === step ? t('step {0}', at) : t('step {0}, its last until then', at)}</span>`}`
  }

  #renderPicture({ bytes, isWhole }: Head, path: string): TemplateResult {
    const kind = kindOf(path, bytes.subarray(0, 4096), isWhole)
    if (!isWhole) return html`<lens-warning>${t('This picture is too large to be shown here.')}</lens-warning>`
    if (kind.viewer !== 'image' && kind.viewer !== 'svg')
      return html`<lens-warning>${t('This is no picture, but {0}.', kind.word)}</lens-warning>`
    return html`<lens-image-view
      .bytes=${bytes}
      .type=${kind.type}
      .label=${this.label}
      .height=${this.height}
    ></lens-image-view>`
  }
}

/** A run without the file is no failure. Servers word it each in their way; all say 404 or that it isn't there. */
function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'reason' in error && error.reason === 'notFound'
}
