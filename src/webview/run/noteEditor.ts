import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { choice } from '../ui/choice'
import { renderMarkdown } from '../ui/markdown'
import { markdownStyles } from '../ui/markdownStyles'
import { focused } from '../ui/popup'
import '../ui/states'
import { bars, common } from '../ui/styles'

/** A note that is being written: what it was when that began, and what it is to be. */
export interface Draft {
  readonly base: string
  readonly text: string
}

/** Characters that MLflow keeps of a tag's value. */
const mostKept = 8000

/**
 * A run's note, and its editor. Fires `draft` (detail: a Draft; undefined once it is saved or given up), `left` when the focus was in
 * the editor that is gone, and `open-link` (detail: the URL).
 */
@customElement('lens-note')
export class NoteElement extends LitElement {
  /** The user may not change it. */
  @property({ attribute: false }) fixed = false
  @property() note = ''
  @property({ attribute: false }) draft: Draft | undefined
  /** Resolves to whether it was saved. */
  @property({ attribute: false }) save: (text: string) => Promise<boolean> = () => Promise.resolve(false)

  @state() private look: 'write' | 'preview' = 'write'
  @state() private saving = false
  @state() private error: string | undefined
  /** The user has just opened the editor, or left it. */
  #turned = false

  static override styles = [
    common,
    bars,
    markdownStyles,
    css`
      :host {
        display: block;
      }
      textarea {
        display: block;
        width: 100%;
        min-height: 160px;
        resize: vertical;
        padding: 6px 8px;
        font-family: var(--mono);
        font-size: var(--vscode-editor-font-size, 12px);
        line-height: 1.45;
        color: var(--vscode-input-foreground);
        background: var(--vscode-input-background);
        border: 1px solid var(--vscode-input-border, var(--line));
      }
      textarea:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      lens-warning {
        display: block;
        margin: 4px 0;
      }
    `,
  ]

  override render(): TemplateResult {
    const { draft } = this
    if (!draft)
      return this.note === ''
        ? html`<lens-empty
            >${t('No note yet.')}
            ${
              this.fixed ? nothing : html`<button class="link" @click=${this.edit}>${t('Write one')}</button>`
            }</lens-empty
          >`
        : renderMarkdown(this.note, this.#openLink)
    const isLong = draft.text.length > mostKept
    return html`<div class="bar">
        ${choice(
          t('Note as'),
          [
            ['write', t('Markdown')],
            ['preview', t('Preview')],
          ],
          this.look,
          (look) => (this.look = look),
        )}
        <span class="grow"></span>
        ${
          draft.text.length > mostKept * 0.9
            ? html`<span class=${isLong ? '' : 'faint'}
                >${t('{0} of {1} characters', formatCount(draft.text.length), formatCount(mostKept))}</span
              >`
            : nothing
        }
      </div>
      ${
        this.look === 'write'
          ? html`<textarea
              aria-label=${t('Note, in Markdown')}
              .value=${draft.text}
              ?readonly=${this.saving}
              @input=${this.#onInput}
              @keydown=${this.#onKey}
            ></textarea>`
          : renderMarkdown(draft.text, this.#openLink)
      }
      ${
        draft.base === this.note
          ? nothing
          : html`<lens-warning
              >${t('The note has been changed by somebody else since you began. Saving replaces what it is now:')}
              <em>${this.note.slice(0, 300) || t('empty')}</em></lens-warning
            >`
      }
      ${
        this.error === undefined
          ? nothing
          : html`<lens-warning role="alert"
              >${t('It was not saved: {0} The note is still what it was; what you wrote is here.', sentence(this.error))}</lens-warning
            >`
      }
      <div class="bar">
        <vscode-button ?disabled=${this.saving || isLong} @click=${() => void this.#save()}
          >${this.saving ? t('Saving…') : t('Save')}</vscode-button
        >
        <vscode-button appearance="secondary" ?disabled=${this.saving} @click=${this.#giveUp}
          >${t('Cancel')}</vscode-button
        >
        <span class="faint">${t('Ctrl+Enter saves')}</span>
      </div>`
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('draft') || !this.#turned) return
    this.#turned = false
    if (this.draft) this.renderRoot.querySelector('textarea')?.focus()
    else if (focused() === document.body) this.dispatchEvent(new Event('left'))
  }

  /** Begins to write. */
  readonly edit = (): void => {
    this.look = 'write'
    this.error = undefined
    this.#turned = true
    this.#fire({ base: this.note, text: this.note })
  }

  readonly #onInput = (event: Event): void => {
    if (this.draft && event.target instanceof HTMLTextAreaElement)
      this.#fire({ base: this.draft.base, text: event.target.value })
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#save()
    // Escape gives up only what there is nothing of.
    if (event.key === 'Escape' && this.draft?.text === this.draft?.base) this.#giveUp()
  }

  readonly #giveUp = (): void => {
    this.error = undefined
    this.#leave()
  }

  async #save(): Promise<void> {
    if (!this.draft || this.saving || this.draft.text.length > mostKept) return
    this.saving = true
    this.error = undefined
    try {
      if (await this.save(this.draft.text)) this.#leave()
    } catch (error) {
      this.error = error instanceof Error ? error.message : String(error)
    } finally {
      this.saving = false
    }
  }

  #leave(): void {
    this.#turned = true
    this.#fire(undefined)
  }

  #fire(draft: Draft | undefined): void {
    this.dispatchEvent(new CustomEvent('draft', { detail: draft }))
  }

  readonly #openLink = (url: string): void => {
    this.dispatchEvent(new CustomEvent('open-link', { detail: url }))
  }
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
