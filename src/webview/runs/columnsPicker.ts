import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { RequestError } from '../../shared/channel'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Catalog } from '../../shared/runsTable/protocol'
import { type Column, type ColumnGroup, columnId, type ShownColumn } from '../../shared/runsTable/view'
import { clampSpan } from '../grid/windowing'
import { icon } from '../ui/icons'
import { place } from '../ui/place'
import { Popup, popupStyles } from '../ui/popup'
import { common } from '../ui/styles'
import { columnGroups, columnLabel, groupable, groupLabel, nameId } from './columns'
import { columnsPickerStyles } from './columnsPickerStyles'
import { addColumn, hideColumn, moveTo } from './viewEdits'

/** A pause in typing after which the host is asked, ms. */
const pause = 120
const itemHeight = 24

interface Item {
  readonly column: Column
  readonly shown: boolean
  readonly detail: string
}

/** Asks for the columns that there are. */
export type LoadCatalog = (
  query: { readonly search: string; readonly group: ColumnGroup | null },
  signal: AbortSignal,
) => Promise<{ readonly columns: Catalog; readonly total: number }>

/**
 * Chooses columns: shows, hides, orders them, and searches those that there are. With `one`, it chooses one to group or sort by. Fires
 * `columns` (detail: those that are to show), `choose` (detail: the one) and `close`.
 */
@customElement('lens-columns-picker')
export class ColumnsPicker extends LitElement {
  @property({ attribute: false }) load: LoadCatalog | undefined
  @property({ attribute: false }) shown: readonly ShownColumn[] = []
  /** What one column is chosen for, instead of those that show. */
  @property({ attribute: false }) one: 'group' | 'sort' | undefined

  @state() private search = ''
  /** `shown`: what shows, in its order. */
  @state() private group: ColumnGroup | 'all' | 'shown' = 'shown'
  @state() private catalog: Catalog = []
  @state() private total = 0
  @state() private problem = ''
  @state() private waiting = false
  @state() private active = 0
  @state() private scrolled = 0
  @state() private dropAt: number | undefined
  @query('.list') private readonly list!: HTMLElement
  @query('input') private readonly input!: HTMLInputElement
  readonly #popup = new Popup(this)
  #asking: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Where the item is that is being dragged. */
  #dragged: number | undefined

  static override styles = [common, popupStyles, columnsPickerStyles]

  override connectedCallback(): void {
    super.connectedCallback()
    this.setAttribute('role', 'dialog')
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') return
      event.stopPropagation()
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#asking?.abort()
    clearTimeout(this.#timer)
  }

  /** Opens below an element. */
  async open(anchor: Element): Promise<void> {
    this.group = this.one ? 'all' : 'shown'
    this.setAttribute(
      'aria-label',
      { group: t('Group by'), sort: t('Sort by'), none: t('Columns') }[this.one ?? 'none'],
    )
    await this.updateComplete
    this.#popup.openBelow(anchor)
    this.input.focus()
    if (this.one) this.#ask()
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('active')) this.#reveal()
  }

  override render(): TemplateResult {
    const items = this.#items()
    const first = Math.floor(this.scrolled / itemHeight)
    const { from, to } = clampSpan({ from: first - 4, to: first + 20 }, items.length)
    return html`<input
        class="search"
        type="text"
        placeholder=${t('Search columns')}
        aria-label=${t('Search columns')}
        spellcheck="false"
        .value=${this.search}
        @input=${this.#onSearch}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          this.list.focus()
        }}
      />
      <div class="groups" role="group" aria-label=${t('Which columns')}>
        ${this.#groups().map(
          ([group, label]) =>
            html`<button
              class="plain"
              aria-pressed=${this.group === group}
              @click=${() => {
                this.group = group
                this.active = 0
                if (group !== 'shown') this.#ask()
              }}
            >
              ${label}
            </button>`,
        )}
      </div>
      <div
        class="list"
        role="listbox"
        tabindex="0"
        aria-multiselectable=${this.one === undefined}
        aria-label=${t('Columns')}
        aria-activedescendant=${items.length > 0 ? `item-${this.active}` : nothing}
        @scroll=${() => (this.scrolled = this.list.scrollTop)}
        @keydown=${this.#onKey}
      >
        <div role="presentation" ${place({ height: items.length * itemHeight })}></div>
        ${items.slice(from, to).map((item, nth) => this.#renderItem(item, from + nth, items.length))}
      </div>
      ${this.#renderFoot(items.length)}`
  }

  #groups(): (readonly [ColumnGroup | 'all' | 'shown', string])[] {
    const groups = columnGroups.map((group) => [group, groupLabel(group)] as const)
    if (this.one === 'sort') return [['all', t('All')], ...groups]
    if (this.one === 'group')
      return [
        ['all', t('All')],
        ...groups.filter(([group]) => ['attribute', 'param', 'tag', 'dataset'].includes(group)),
      ]
    return [['shown', t('Shown')], ['all', t('All')], ...groups]
  }

  #items(): Item[] {
    const showing = new Set(this.shown.map(({ column }) => columnId(column)))
    if (this.group === 'shown') {
      const wanted = this.search.trim().toLowerCase()
      return this.shown
        .filter(({ column }) => columnId(column) !== nameId && columnLabel(column).toLowerCase().includes(wanted))
        .map(({ column }) => ({ column, shown: true, detail: groupLabel(column.group) }))
    }
    return this.catalog
      .filter(({ column }) => this.one !== 'group' || groupable(column))
      .filter(({ column }) => this.one === 'sort' || columnId(column) !== nameId)
      .map(({ column, runs, changes }) => ({
        column,
        shown: showing.has(columnId(column)),
        detail: changes ? t('{0} runs', formatCount(runs)) : t('{0} runs, all the same', formatCount(runs)),
      }))
  }

  #renderItem({ column, shown, detail }: Item, index: number, count: number): TemplateResult {
    const ordered = this.group === 'shown' && this.search === ''
    const label = columnLabel(column)
    return html`<div
      class="item ${index === this.active ? 'active' : ''} ${this.#dropLine(index)}"
      id="item-${index}"
      role="option"
      aria-selected=${this.one ? index === this.active : shown}
      aria-posinset=${index + 1}
      aria-setsize=${count}
      title=${`${groupLabel(column.group)}: ${label}`.slice(0, 500)}
      draggable=${ordered ? 'true' : 'false'}
      ${place({ top: index * itemHeight })}
      @click=${() => this.#choose(index)}
      @dragstart=${(event: DragEvent) => {
        this.#dragged = index
        event.dataTransfer?.setData('text/plain', label)
      }}
      @dragover=${(event: DragEvent) => {
        if (this.#dragged === undefined) return
        event.preventDefault()
        this.dropAt = index
      }}
      @dragend=${() => {
        this.#dragged = this.dropAt = undefined
      }}
      @drop=${(event: DragEvent) => {
        event.preventDefault()
        const dragged = this.#dragged === undefined ? undefined : this.#items()[this.#dragged]
        if (dragged) this.#fire(moveTo(this.shown, columnId(dragged.column), index))
      }}
    >
      ${this.one ? nothing : html`<span class="tick" aria-hidden="true">${shown ? icon('check') : nothing}</span>`}
      <span class="words clip">${label.slice(0, 300)}</span>
      <span class="detail">${detail}</span>
      ${ordered ? html`<span class="grip" title=${t('Drag, or Alt with an arrow key')}>${icon('grip')}</span>` : nothing}
    </div>`
  }

  /** The side at which a dragged item would land. */
  #dropLine(index: number): string {
    if (this.#dragged === undefined || this.dropAt !== index) return ''
    return this.#dragged < index ? 'drop-after' : this.#dragged > index ? 'drop-before' : ''
  }

  #renderFoot(count: number): TemplateResult {
    const more = this.group === 'shown' ? 0 : this.total - this.catalog.length
    return html`<div class="foot" role="status">
      <span
        >${
          this.problem !== ''
            ? this.problem
            : this.waiting && count === 0
              ? t('Searching…')
              : count === 0
                ? t('No column matches.')
                : more > 0
                  ? t('{0} of {1}: search for others', formatCount(count), formatCount(this.total))
                  : t('{0} columns', formatCount(count))
        }</span
      >
      ${
        this.one || this.group === 'shown' || count === 0
          ? nothing
          : html`<button class="link" @click=${() => this.#showAll()}>
              ${t('Show these {0}', formatCount(count))}
            </button>`
      }
      ${
        this.one || this.group !== 'shown' || count === 0
          ? nothing
          : html`<button
              class="link"
              @click=${() => this.#fire(this.shown.filter(({ column }) => columnId(column) === nameId))}
            >
              ${t('Hide all')}
            </button>`
      }
    </div>`
  }

  readonly #onSearch = (): void => {
    this.search = this.input.value
    this.active = 0
    // A search is for what there is, not for what shows already.
    if (this.group === 'shown' && this.search !== '') this.group = 'all'
    if (this.group === 'shown') return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(), pause)
  }

  #ask(): void {
    void this.#load()
  }

  async #load(): Promise<void> {
    this.#asking?.abort()
    const asking = (this.#asking = new AbortController())
    this.waiting = true
    try {
      const group = this.group === 'all' || this.group === 'shown' ? null : this.group
      const found = await this.load?.({ search: this.search, group }, asking.signal)
      if (asking.signal.aborted || !found) return
      this.catalog = found.columns
      this.total = found.total
      this.problem = ''
    } catch (error) {
      if (!RequestError.is(error, 'cancelled')) this.problem = error instanceof Error ? error.message : String(error)
    } finally {
      if (this.#asking === asking) this.waiting = false
    }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const count = this.#items().length
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -count, End: count }[event.key]
    if (by !== undefined && event.altKey && this.group === 'shown' && this.search === '') this.#moveActive(by)
    else if (by !== undefined) this.active = Math.max(0, Math.min(this.active + by, count - 1))
    else if (event.key === ' ' || event.key === 'Enter') this.#choose(this.active)
    else return
    event.preventDefault()
  }

  #moveActive(by: number): void {
    const items = this.#items()
    const item = items[this.active]
    const to = Math.max(0, Math.min(this.active + by, items.length - 1))
    if (!item || to === this.active) return
    this.#fire(moveTo(this.shown, columnId(item.column), to))
    this.active = to
  }

  #choose(index: number): void {
    const item = this.#items()[index]
    if (!item) return
    this.active = index
    if (this.one) {
      this.hidePopover()
      this.dispatchEvent(new CustomEvent('choose', { detail: item.column }))
    } else if (item.shown) this.#fire(hideColumn(this.shown, columnId(item.column)).columns ?? [])
    else this.#fire(addColumn(this.shown, item.column).columns ?? [])
  }

  #showAll(): void {
    let columns: readonly ShownColumn[] = this.shown
    for (const { column } of this.#items()) columns = addColumn(columns, column).columns ?? columns
    this.#fire(columns)
  }

  #fire(columns: readonly ShownColumn[]): void {
    // Shown at once, not when the table has arranged itself.
    this.shown = columns
    this.dispatchEvent(new CustomEvent('columns', { detail: columns }))
  }

  #reveal(): void {
    const top = this.active * itemHeight
    if (top < this.list.scrollTop) this.list.scrollTop = top
    else if (top + itemHeight > this.list.scrollTop + this.list.clientHeight)
      this.list.scrollTop = top + itemHeight - this.list.clientHeight
  }
}
