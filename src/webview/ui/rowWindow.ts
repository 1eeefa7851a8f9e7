import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Rows drawn beyond either edge. */
const beyond = 20

/** Which rows of a long table are in sight of the box that it scrolls in; all have one height. */
export class RowWindow implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #rowHeight: number
  #box: HTMLElement | undefined
  #from = 0
  #to = 4 * beyond
  readonly #resizing = new ResizeObserver(() => this.#look())

  /** @param rowHeight pixels */
  constructor(host: ReactiveControllerHost, rowHeight: number) {
    this.#host = host
    this.#rowHeight = rowHeight
    host.addController(this)
  }

  hostDisconnected(): void {
    this.watch(undefined)
  }

  /** The box, once there is one. */
  watch(box: HTMLElement | undefined): void {
    if (box === this.#box) return
    this.#box?.removeEventListener('scroll', this.#look)
    this.#resizing.disconnect()
    this.#box = box
    if (!box) return
    box.addEventListener('scroll', this.#look, { passive: true })
    this.#resizing.observe(box)
  }

  /** The rows to draw of `count`, and pixels of those left out above and below them. */
  of(count: number): { readonly from: number; readonly to: number; readonly above: number; readonly below: number } {
    const to = Math.min(count, this.#to)
    const from = Math.min(this.#from, to)
    return { from, to, above: from * this.#rowHeight, below: (count - to) * this.#rowHeight }
  }

  readonly #look = (): void => {
    if (!this.#box) return
    const first = Math.floor(this.#box.scrollTop / this.#rowHeight)
    const shown = Math.ceil(this.#box.clientHeight / this.#rowHeight)
    // Moved in steps, so that most scrolling draws nothing.
    const from = Math.max(0, Math.floor(first / beyond) * beyond - beyond)
    const to = Math.ceil((first + shown) / beyond) * beyond + beyond
    if (from === this.#from && to === this.#to) return
    this.#from = from
    this.#to = to
    this.#host.requestUpdate()
  }
}
