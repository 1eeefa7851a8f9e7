import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { icon, type IconName } from './icons'
import { focused, popupStyles } from './popup'
import { common } from './styles'

export interface MenuItem {
  readonly label: string
  readonly icon?: IconName
  /** Of a choice: whether it is made. */
  readonly checked?: boolean
  /** Why it can't be chosen now; shown beside it. */
  readonly off?: string | undefined
  /** Shown at the end of the line, as the keys that do the same. */
  readonly detail?: string
  readonly run?: () => void
  /** The menu stays open, for the next of several choices. */
  readonly stays?: boolean
  /** Another menu in the place of this one. */
  readonly items?: () => Menu
}
export type Menu = readonly (MenuItem | 'line')[]

/** Where a menu opens, px in the window: a point, or below an element. */
export type MenuPlace = { readonly x: number; readonly y: number } | Element

const margin = 4
let current: MenuElement | undefined

/** Opens a menu; focus returns to where it was when it closes. One is open at a time. */
export function openMenu(label: string, items: () => Menu, place: MenuPlace): void {
  current?.remove()
  current = new MenuElement()
  // In the page's element, not beside it: a screen reader goes from landmark to landmark.
  const page = document.querySelector('[role="main"]')?.shadowRoot ?? document.body
  page.append(current)
  void current.open(label, items, place)
}

@customElement('lens-menu')
export class MenuElement extends LitElement {
  @state() private items: Menu = []
  @state() private label = ''
  #place: MenuPlace = { x: 0, y: 0 }
  /** Makes what is shown, anew after each choice that stays. */
  #make: () => Menu = () => []
  #before: HTMLElement | undefined
  /** Menus that this one took the place of, and what was chosen in each. */
  #back: { readonly label: string; readonly items: () => Menu; readonly at: number }[] = []
  #typed = ''
  #typedAt = 0

  static override styles = [
    common,
    popupStyles,
    css`
      :host {
        padding: 4px 0;
        min-width: 160px;
        max-width: min(420px, 96vw);
        max-height: 80vh;
        overflow-y: auto;
      }
      .item {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 0 12px 0 8px;
        margin: 0 4px;
        min-height: 24px;
        border-radius: 3px;
        cursor: pointer;
        outline: none;
      }
      .item:focus {
        color: var(--vscode-menu-selectionForeground, var(--vscode-list-activeSelectionForeground));
        background: var(--vscode-menu-selectionBackground, var(--vscode-list-activeSelectionBackground));
        outline: 1px solid var(--vscode-menu-selectionBorder, var(--vscode-contrastActiveBorder, transparent));
        outline-offset: -1px;
      }
      .item[aria-disabled='true'] {
        opacity: 0.6;
        cursor: default;
      }
      .mark {
        width: 16px;
        height: 16px;
        flex: none;
      }
      .words {
        flex: 1 1 auto;
        unicode-bidi: isolate;
      }
      .detail {
        flex: none;
        max-width: 50%;
        font-size: 11px;
        opacity: 0.8;
        padding-left: 16px;
      }
      hr {
        border: none;
        border-top: 1px solid var(--vscode-menu-separatorBackground, var(--line));
        margin: 4px 0;
      }
    `,
  ]

  async open(label: string, items: () => Menu, place: MenuPlace): Promise<void> {
    this.#before = focused()
    this.#place = place
    this.popover = 'auto'
    this.setAttribute('role', 'menu')
    this.addEventListener('toggle', (event) => {
      if (event.newState === 'closed') this.remove()
    })
    this.addEventListener('keydown', this.#onKey)
    await this.#show(label, items)
  }

  override render(): TemplateResult {
    return html`${this.items.map((item, index) => (item === 'line' ? html`<hr role="separator" />` : this.#renderItem(item, index)))}`
  }

  #renderItem(item: MenuItem, index: number): TemplateResult {
    const choice = item.checked !== undefined
    return html`<div
      class="item"
      role=${choice ? 'menuitemcheckbox' : 'menuitem'}
      aria-checked=${choice ? String(item.checked) : nothing}
      aria-disabled=${item.off === undefined ? nothing : 'true'}
      aria-haspopup=${item.items ? 'menu' : nothing}
      tabindex="-1"
      data-index=${index}
      @click=${() => this.#choose(item)}
      @pointermove=${this.#onPointerMove}
    >
      <span class="mark" aria-hidden="true"
        >${choice ? (item.checked ? icon('check') : nothing) : item.icon ? icon(item.icon) : nothing}</span
      >
      <span class="words clip">${item.label}</span>
      ${item.off === undefined && item.detail === undefined ? nothing : html`<span class="detail clip">${item.off ?? item.detail}</span>`}
      ${item.items ? icon('chevron') : nothing}
    </div>`
  }

  /** @param at the item that has the focus; the first that can be chosen where left out */
  async #show(label: string, items: () => Menu, at = -1): Promise<void> {
    this.label = label
    this.#make = items
    this.items = items()
    this.setAttribute('aria-label', this.label)
    await this.updateComplete
    if (!this.isConnected) return
    if (!this.matches(':popover-open')) this.showPopover()
    const place =
      this.#place instanceof Element
        ? below(this.#place.getBoundingClientRect())
        : { ...this.#place, above: this.#place.y }
    const { width, height } = this.getBoundingClientRect()
    this.style.left = `${Math.max(margin, Math.min(place.x, innerWidth - width - margin))}px`
    const top = place.y + height > innerHeight - margin ? place.above - height : place.y
    this.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`
    const elements = this.#elements()
    const first = elements.find((element) => element.ariaDisabled !== 'true') ?? elements[0]
    ;(elements.find((element) => element.dataset.index === String(at)) ?? first)?.focus()
  }

  #elements(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.item')]
  }

  #choose(item: MenuItem): void {
    if (item.off !== undefined) return
    if (item.items) {
      this.#back.push({ label: this.label, items: this.#make, at: this.items.indexOf(item) })
      return void this.#show(item.label, item.items)
    }
    if (!item.stays) this.#close()
    item.run?.()
    if (item.stays) this.items = this.#make()
  }

  #close(): void {
    this.hidePopover()
    this.#before?.focus()
  }

  /** A menu that opens under a pointer at rest is somebody's who uses keys. */
  readonly #onPointerMove = (event: PointerEvent): void => {
    if (event.movementX !== 0 || event.movementY !== 0) (event.currentTarget as HTMLElement).focus()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const elements = this.#elements()
    const at = elements.findIndex((element) => element.matches(':focus'))
    const to = (index: number): void => elements[(index + elements.length) % elements.length]?.focus()
    event.stopPropagation()
    switch (event.key) {
      case 'ArrowDown':
        to(at + 1)
        break
      case 'ArrowUp':
        to(at < 0 ? -1 : at - 1)
        break
      case 'Home':
        to(0)
        break
      case 'End':
        to(-1)
        break
      case 'Escape':
      case 'Tab':
        this.#close()
        break
      case 'ArrowLeft': {
        const before = this.#back.pop()
        if (before) void this.#show(before.label, before.items, before.at)
        break
      }
      case 'Enter':
      case ' ':
      case 'ArrowRight': {
        const item = this.items[Number(elements[at]?.dataset.index)]
        if (item && item !== 'line' && (event.key !== 'ArrowRight' || item.items)) this.#choose(item)
        break
      }
      default:
        if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return
        this.#typeAhead(event.key, elements, Math.max(0, at))
    }
    event.preventDefault()
  }

  #typeAhead(key: string, elements: readonly HTMLElement[], at: number): void {
    const now = Date.now()
    this.#typed = (now - this.#typedAt < 800 ? this.#typed : '') + key.toLowerCase()
    this.#typedAt = now
    const from = this.#typed.length > 1 ? at : at + 1
    const inOrder = [...elements.slice(from), ...elements.slice(0, from)]
    inOrder.find((element) => element.textContent.trim().toLowerCase().startsWith(this.#typed))?.focus()
  }
}

const below = ({ left, bottom, top }: DOMRect): { x: number; y: number; above: number } => ({
  x: left,
  y: bottom + 2,
  above: top - 2,
})
