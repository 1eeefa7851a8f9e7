import { css, type LitElement, type ReactiveController } from 'lit'

/** The looks of all that opens over a page: menus, and boxes with more to choose from. */
export const popupStyles = css`
  :host {
    position: fixed;
    inset: auto;
    margin: 0;
    border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, var(--line)));
    border-radius: 5px;
    color: var(--vscode-menu-foreground, var(--vscode-dropdown-foreground));
    background: var(--vscode-menu-background, var(--vscode-dropdown-background));
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
`

/** Between a popup and the edges of the window, px. */
const margin = 8

/** Opens an element below another one. Fires `close` on it, and gives the focus back, once it is closed. */
export class Popup implements ReactiveController {
  readonly #element: LitElement
  #opener: Element | undefined
  #hadFocus = false

  constructor(element: LitElement) {
    this.#element = element
    element.addController(this)
    element.addEventListener('beforetoggle', ({ newState }) => {
      if (newState === 'closed') this.#hadFocus = element.matches(':focus-within')
    })
    element.addEventListener('toggle', ({ newState }) => {
      if (newState === 'closed') this.#closed()
    })
  }

  hostConnected(): void {
    this.#element.popover = 'auto'
  }

  openBelow(opener: Element): void {
    this.#opener = opener
    this.#element.showPopover()
    const { left, bottom } = opener.getBoundingClientRect()
    const { width, height } = this.#element.getBoundingClientRect()
    const { style } = this.#element
    style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`
    style.top = `${Math.max(margin, Math.min(bottom + 2, innerHeight - height - margin))}px`
  }

  /** The browser's own way ends at the element whose shadow the opener stands in. */
  #closed(): void {
    const isLost = focused() === document.body || this.#element.matches(':focus-within')
    if (this.#hadFocus && isLost && this.#opener instanceof HTMLElement) this.#opener.focus()
    this.#element.dispatchEvent(new Event('close'))
  }
}

/** The element that has the focus, whatever shadow it stands in. */
export function focused(): HTMLElement | undefined {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element instanceof HTMLElement ? element : undefined
}
