import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { Asked } from '../ui/asked'
import { factStyles, renderFact } from '../ui/facts'
import '../ui/states'
import { common } from '../ui/styles'
import { type PdfFacts, readPdf } from './pdf'
import type { ArtifactSource } from './source'

/** What a PDF says of itself, since a page of VS Code can't show one. Fires `save-artifact` and `open-artifact` (detail: its path). */
@customElement('lens-pdf-view')
export class PdfView extends LitElement {
  @property({ attribute: false }) source!: ArtifactSource
  @property() path = ''
  @property({ attribute: false }) size: number | null = null
  @property() version = ''

  readonly #facts = new Asked<PdfFacts>(this)

  static override styles = [
    common,
    factStyles,
    css`
      :host {
        display: block;
        border: 1px solid var(--line);
        padding: 10px 14px;
      }
      p {
        max-width: 70ch;
        padding-top: 8px;
      }
    `,
  ]

  override willUpdate(): void {
    const { source, path, size } = this
    if (size === null) return
    this.#facts.ask(`${path}\n${size}\n${this.version}`, (signal) =>
      readPdf(size, (start, length) => source.part(path, start, length, signal)),
    )
  }

  override render(): TemplateResult {
    return html`${this.size === null ? nothing : this.#renderAnswer()}
      <p class="faint">
        ${t('Its pages are not drawn here: VS Code has nothing that shows PDF in a page.')}
        <button class="link" @click=${() => this.#fire('save-artifact')}>${t('Save it')}</button>
        ${t('and open it with what you use for PDF, or')}
        <button class="link" @click=${() => this.#fire('open-artifact')}>${t('open it in an editor')}</button>,
        ${t('if an extension for PDF is installed.')}
      </p>`
  }

  #renderAnswer(): TemplateResult {
    const answer = this.#facts.answer
    if (answer === 'waiting')
      return html`<lens-loading .what=${t('Reading what the file says of itself')}></lens-loading>`
    if ('error' in answer)
      return html`<lens-warning
        >${t('Not even its number of pages could be read: {0}', answer.error)}
        <button class="link" @click=${() => this.#facts.retry()}>${t('Retry')}</button></lens-warning
      >`
    const { version, pages, pageSize, isEncrypted, title, author, program, created } = answer.value
    return html`<dl class="facts">
      ${renderFact(t('Title'), title)} ${renderFact(t('Pages'), pages === undefined ? '' : formatCount(pages))}
      ${renderFact(t('Page size'), pageSize ? t('{0} × {1} mm', ...pageSize.map(millimetres)) : '')}
      ${renderFact(t('Author'), author)} ${renderFact(t('Made with'), program)} ${renderFact(t('Created'), created)}
      ${renderFact(t('PDF version'), version)}
      ${isEncrypted ? renderFact(t('Encrypted'), t('A password is needed to read it.')) : nothing}
    </dl>`
  }

  #fire(name: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail: this.path }))
  }
}

/** A point is 1/72 inch. */
const millimetres = (points: number): string => formatCount(Math.round((points / 72) * 25.4))
