import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { DimensionKind, DimensionName } from '../../shared/across/dimension'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { common } from '../ui/styles'
import { valueOf } from '../ui/toolkit'

/** Names from which there is a search, and options listed at once. */
const long = 60
const mostListed = 300

/** VS Code's look for a select. */
export const selectStyles = css`
  select {
    height: 24px;
    max-width: 220px;
    padding: 0 4px;
    border: 1px solid var(--vscode-dropdown-border, var(--line));
    border-radius: 2px;
    color: var(--vscode-dropdown-foreground);
    background: var(--vscode-dropdown-background);
    font: inherit;
    font-size: 12px;
  }
`

/** Chooses a dimension. Fires `choose` (detail: its id). */
@customElement('lens-dimension-select')
export class DimensionSelect extends LitElement {
  @property() label = ''
  /** Shown before anything is chosen. */
  @property() prompt = ''
  @property({ attribute: false }) names: readonly DimensionName[] = []
  @property() value = ''
  /** The label is only spoken. */
  @property({ type: Boolean }) bare = false
  @state() private filter = ''
  @query('select') private readonly select!: HTMLSelectElement

  static override styles = [
    common,
    selectStyles,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        font-size: 12px;
        min-width: 0;
        max-width: 100%;
      }
      .word {
        white-space: nowrap;
      }
      select {
        min-width: 60px;
      }
      vscode-text-field {
        width: 110px;
      }
    `,
  ]

  override render(): TemplateResult {
    const wanted = this.filter.trim().toLowerCase()
    const found = this.names.filter(({ key, id }) => id === this.value || key.toLowerCase().includes(wanted))
    const most = [...found].sort((a, b) => Number(b.id === this.value) - Number(a.id === this.value) || b.runs - a.runs)
    const listed = new Set(most.slice(0, mostListed).map(({ id }) => id))
    const groups = Map.groupBy(
      found.filter(({ id }) => listed.has(id)),
      ({ kind }) => kind,
    )
    return html`${
        this.names.length > long
          ? html`<vscode-text-field
              placeholder=${t('Search {0}', formatCount(this.names.length))}
              aria-label=${t('Search: {0}', this.label)}
              .value=${this.filter}
              @input=${(event: Event) => (this.filter = valueOf(event))}
            ></vscode-text-field>`
          : nothing
      }
      <label for="select" class=${this.bare ? 'unseen' : 'word'}>${this.label}</label>
      <select id="select" @change=${this.#choose}>
        <option value="">${this.prompt}</option>
        ${[...groups].map(
          ([kind, names]) =>
            html`<optgroup label=${groupWord(kind)}>
              ${names.map(({ id, key }) => html`<option value=${id}>${key.slice(0, 100)}</option>`)}
            </optgroup>`,
        )}
        ${found.length > mostListed ? html`<option disabled>${t('{0} more: search to narrow the list', formatCount(found.length - mostListed))}</option>` : nothing}
      </select>`
  }

  /** Once somebody has chosen, options that are said to be selected change nothing any more. */
  override updated(): void {
    this.select.value = this.value
  }

  readonly #choose = (event: Event): void => {
    const select = event.currentTarget as HTMLSelectElement
    const chosen = select.value
    select.value = this.value // until whoever listens has it otherwise
    this.dispatchEvent(new CustomEvent('choose', { detail: chosen }))
  }
}

const groupWord = (kind: DimensionKind): string =>
  ({
    metric: t('Metrics'),
    param: t('Parameters'),
    tag: t('Tags'),
    dataset: t('Datasets'),
    package: t('Python packages'),
    fact: t('Run'),
  })[kind]
