import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { RequestError } from '../../shared/channel'
import { t } from '../../shared/l10n'
import { asPhrase } from '../../shared/filter/plainText'
import type { FilterProblem, TableCompletion } from '../../shared/runsTable/protocol'
import { icon } from '../ui/icons'
import { place } from '../ui/place'
import { common } from '../ui/styles'
import { searchBoxStyles } from './searchBoxStyles'

/** A pause in typing after which runs are searched, ms. */
const pause = 100

/**
 * Takes plain text or MLflow's search expressions. Fires `search` (detail: `{ text, done }`; `done` once it was entered and not
 * only typed) and `keep` (`{ text, on }`: saves a filter, or no longer).
 */
@customElement('lens-search-box')
export class SearchBox extends LitElement {
  @property() value = ''
  @property({ attribute: false }) problem: FilterProblem | null = null
  @property({ type: Boolean }) ours = false
  @property({ type: Boolean }) plain = false
  @property({ attribute: false }) history: readonly string[] = []
  /** Filters that the user keeps. */
  @property({ attribute: false }) saved: readonly string[] = []
  @property({ attribute: false }) complete:
    ((text: string, offset: number, signal: AbortSignal) => Promise<readonly TableCompletion[]>) | undefined

  @state() private text = ''
  @state() private offered: readonly TableCompletion[] = []
  /** Index of the chosen offer; -1 while the user only looks. */
  @state() private chosen = -1
  @state() private scrolled = 0
  @query('input') private readonly input!: HTMLInputElement
  @query('ul') private readonly list!: HTMLElement
  #timer: ReturnType<typeof setTimeout> | undefined
  #asking: AbortController | undefined
  /** What is offered are filters as they are, not what one would go on with. */
  #offersWhole = false

  static override styles = [common, searchBoxStyles]

  override willUpdate(changed: PropertyValues): void {
    // What the user types goes before what the page knows of it.
    if (changed.has('value') && this.#timer === undefined && this.offered.length === 0) this.text = this.value
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
    this.#asking?.abort()
  }

  override focus(): void {
    this.input.focus()
  }

  override render(): TemplateResult {
    const problem = this.text === this.value ? this.problem : null
    const open = this.offered.length > 0
    return html`<div class="box ${problem ? 'wrong' : ''}">
        ${icon('search')}
        <div class="field">
          ${problem ? this.#renderMirror(problem) : nothing}
          <input
            type="text"
            role="combobox"
            aria-label=${t('Search runs')}
            aria-autocomplete="list"
            aria-expanded=${open}
            aria-controls="offers"
            aria-activedescendant=${open && this.chosen >= 0 ? `offer-${this.chosen}` : nothing}
            aria-invalid=${problem !== null}
            aria-describedby=${problem ? 'problem' : nothing}
            autocomplete="off"
            spellcheck="false"
            placeholder=${t('Search: text, or metrics.loss < 0.1 and params.model = "xgboost"')}
            .value=${this.text}
            @input=${this.#onInput}
            @keydown=${this.#onKey}
            @scroll=${() => (this.scrolled = this.input.scrollLeft)}
            @blur=${this.#onBlur}
          />
        </div>
        ${
          this.ours && this.text !== ''
            ? html`<span
                class="mark"
                title=${t('A tracking server would refuse this filter: MLflow Lens evaluates it itself.')}
                >${t('evaluated here')}</span
              >`
            : this.plain && this.text !== ''
              ? html`<span class="mark" title=${t('Looked for in names, ids, parameters and tags.')}
                  >${t('text')}</span
                >`
              : nothing
        }
        ${this.text.trim() === '' || problem ? nothing : this.#renderKeep()}
        ${
          this.text === ''
            ? nothing
            : html`<button
                class="plain clear"
                title=${t('Clear')}
                aria-label=${t('Clear the search')}
                @click=${() => this.#set('', true)}
              >
                ${icon('close')}
              </button>`
        }
      </div>
      ${problem ? this.#renderProblem(problem) : nothing}
      <ul id="offers" role="listbox" aria-label=${t('Completions')} popover="manual">
        ${this.offered.map((offer, index) => this.#renderOffer(offer, index))}
      </ul>`
  }

  override updated(): void {
    const open = this.offered.length > 0
    if (open !== this.list.matches(':popover-open')) this.list.togglePopover(open)
    if (!open) return
    const { left, bottom, width } = this.getBoundingClientRect()
    const { style } = this.list
    style.left = `${left}px`
    style.top = `${Math.min(bottom, (this.renderRoot.querySelector('.box')?.getBoundingClientRect().bottom ?? 0) + 2)}px`
    style.width = `${Math.min(width, 560)}px`
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }

  #renderKeep(): TemplateResult {
    const text = this.text.trim()
    const on = this.saved.includes(text)
    const label = on ? t('Saved: forget this filter') : t('Save this filter')
    return html`<button
      class="plain clear keep"
      aria-pressed=${on}
      title=${label}
      aria-label=${label}
      @click=${() => this.dispatchEvent(new CustomEvent('keep', { detail: { text, on: !on } }))}
    >
      ${icon('star')}
    </button>`
  }

  /** What is wrong, and what may be meant instead. */
  #renderProblem({ message, meant }: FilterProblem): TemplateResult {
    const instead = (text: string, label: string): TemplateResult =>
      html`<button class="link" @click=${() => this.#set(text, true)}>${label}</button>`
    return html`<div class="problem">
      <span id="problem" role="alert">${message}</span>
      ${meant.map((text) => instead(text, text.slice(0, 200)))}
      ${instead(asPhrase(this.text), t('Search for it as text'))}
    </div>`
  }

  #renderMirror({ from, to }: FilterProblem): TemplateResult {
    const { text } = this
    // What is missing at the end is underlined where it is missed.
    const wrong = text.slice(from, Math.max(to, from + 1)) || ' '
    return html`<div class="mirror" aria-hidden="true" ${place({ left: -this.scrolled })}>
      <span>${text.slice(0, from)}</span><span class="part">${wrong}</span>
    </div>`
  }

  #renderOffer(offer: TableCompletion, index: number): TemplateResult {
    return html`<li
      id="offer-${index}"
      role="option"
      aria-selected=${index === this.chosen}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#accept(offer)}
    >
      <span class="words clip">${offer.label}</span><span class="detail">${offer.detail}</span>
    </li>`
  }

  readonly #onInput = (): void => {
    this.text = this.input.value
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#searchTyped(), pause)
    void this.#ask()
  }

  /** While something is offered the text is likely half an expression: then it is searched once it is entered. */
  #searchTyped(): void {
    this.#timer = undefined
    if (this.offered.length === 0) this.#search(false)
  }

  readonly #onBlur = (): void => {
    this.#close()
    if (this.text !== this.value) this.#search(true)
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const offers = this.offered.length
    const { key } = event
    if (key === 'ArrowDown' && offers === 0) this.#openHistoryOrAsk()
    else if ((key === 'ArrowDown' || key === 'ArrowUp') && offers > 0)
      this.chosen = (this.chosen + (key === 'ArrowDown' ? 1 : offers + (this.chosen < 0 ? 0 : -1))) % offers
    else if (key === ' ' && event.ctrlKey) void this.#ask()
    else if (key === 'Escape' && offers > 0) this.#search(true)
    else if ((key === 'Enter' || key === 'Tab') && this.chosen >= 0) this.#accept(this.offered[this.chosen])
    else if (key === 'Enter') this.#search(true)
    else {
      // Typing is the box's own; other keys may be the workbench's.
      if (key.length === 1 && !event.ctrlKey && !event.metaKey) event.stopPropagation()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  #openHistoryOrAsk(): void {
    if (this.text !== '') return void this.#ask()
    this.#offersWhole = true
    const offer = (text: string, detail: string): TableCompletion => ({ from: 0, to: 0, text, label: text, detail })
    const others = this.history.filter((text) => !this.saved.includes(text))
    this.offered = [
      ...this.saved.map((text) => offer(text, t('saved'))),
      ...others.map((text) => offer(text, t('used before'))),
    ]
    if (this.offered.length === 0) void this.#ask()
  }

  async #ask(): Promise<void> {
    this.#asking?.abort()
    const asking = (this.#asking = new AbortController())
    this.#offersWhole = false
    try {
      const offset = this.input.selectionStart ?? this.text.length
      const offered = (await this.complete?.(this.text, offset, asking.signal)) ?? []
      if (asking.signal.aborted) return
      // What is already there is no offer.
      this.offered = offered.filter(({ from, to, text }) => this.text.slice(from, to) !== text)
      this.chosen = -1
      if (this.offered.length === 0 && this.#timer === undefined && this.text !== this.value) this.#search(false)
    } catch (error) {
      if (!RequestError.is(error, 'cancelled')) console.warn('no completions', error)
      if (!asking.signal.aborted) this.#close()
    }
  }

  /** A whole filter is searched at once; after a part of one, what may follow is offered. */
  #accept(offer: TableCompletion | undefined): void {
    if (!offer) return
    const isWhole = this.#offersWhole
    this.text = this.text.slice(0, offer.from) + offer.text + this.text.slice(offer.to)
    this.#close()
    if (isWhole) this.#search(true)
    const caret = offer.from + offer.text.length
    void this.updateComplete.then(() => {
      this.input.focus()
      this.input.setSelectionRange(caret, caret)
      if (!isWhole) void this.#ask()
    })
  }

  #set(text: string, done: boolean): void {
    this.text = text
    this.#search(done)
    this.input.focus()
  }

  #search(done: boolean): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (done) this.#close()
    this.dispatchEvent(new CustomEvent('search', { detail: { text: this.text, done } }))
  }

  #close(): void {
    this.#asking?.abort()
    this.offered = []
    this.chosen = -1
  }
}
