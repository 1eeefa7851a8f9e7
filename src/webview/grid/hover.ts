import type { Anchor } from './types'

/** As long as VS Code's own hovers wait, ms. */
const delay = 500

/** Shows all of a value beside a cell: after a while where the pointer rests, at once where it is asked for. */
export class Hover {
  readonly #owner: HTMLElement
  #element: HTMLElement | undefined
  #over = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #shown = 0
  #anchor: Anchor = { x: 0, y: 0 }

  constructor(owner: HTMLElement) {
    this.#owner = owner
  }

  /** The pointer is over `what`; equal is the same place. */
  over(what: string, show: () => Promise<void>): void {
    if (what === this.#over) return
    this.hide()
    this.#over = what
    this.#timer = setTimeout(() => void show(), delay)
  }

  hide(): void {
    clearTimeout(this.#timer)
    this.#over = ''
    this.#shown++
    if (this.#element?.matches(':popover-open')) this.#element.hidePopover()
  }

  /** What it returns names this showing to `update`. */
  show(about: string, lines: readonly string[], anchor: Anchor): number {
    const element = (this.#element ??= this.#make())
    const heading = document.createElement('div')
    heading.className = 'about'
    heading.textContent = about.slice(0, 300)
    element.replaceChildren(heading, lines.join('\n'))
    if (!element.matches(':popover-open')) element.showPopover()
    this.#anchor = anchor
    this.#settle(element)
    return ++this.#shown
  }

  update(shown: number, lines: readonly string[]): void {
    if (shown !== this.#shown || !this.#element) return
    this.#element.lastChild?.replaceWith(lines.join('\n'))
    this.#settle(this.#element)
  }

  /** Where it fits. */
  #settle(element: HTMLElement): void {
    const { x, y } = this.#anchor
    const { width, height } = element.getBoundingClientRect()
    element.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`
    element.style.top = `${y + height > innerHeight ? Math.max(4, y - height - 28) : y}px`
  }

  #make(): HTMLElement {
    const element = document.createElement('div')
    element.className = 'hover'
    element.setAttribute('role', 'status')
    element.popover = 'manual'
    this.#owner.shadowRoot?.append(element)
    return element
  }
}
