import type { ReactiveController, ReactiveElement } from 'lit'

interface Seen {
  readonly width: number
  readonly inSight: boolean
}

const unseen: Seen = { width: 0, inSight: false }

/** Knows how wide its element is and whether it is in sight, or nearly so; renders it again when that changes, with `sight` as the changed property. */
export class Sight implements ReactiveController {
  readonly #host: ReactiveElement
  #seen: Seen | undefined
  readonly #resizing = new ResizeObserver(([entry]) => {
    if (entry) this.#see({ width: Math.floor(entry.contentRect.width) })
  })
  readonly #seeing = new IntersectionObserver(
    (entries) => this.#see({ inSight: entries.at(-1)?.isIntersecting ?? false }),
    { rootMargin: '200px' },
  )

  constructor(host: ReactiveElement) {
    this.#host = host
    host.addController(this)
  }

  /** Pixels; 0 of what is not on the page. */
  get width(): number {
    return this.#now.width
  }

  get inSight(): boolean {
    return this.#now.inSight
  }

  hostConnected(): void {
    this.#resizing.observe(this.#host)
    this.#seeing.observe(this.#host)
  }

  hostDisconnected(): void {
    this.#resizing.disconnect()
    this.#seeing.disconnect()
    this.#seen = undefined
    this.#host.requestUpdate()
  }

  /** The observers tell of it a frame later. */
  get #now(): Seen {
    if (!this.#host.isConnected) return unseen
    if (!this.#seen) {
      const { width, top, bottom } = this.#host.getBoundingClientRect()
      this.#seen = { width: Math.floor(width), inSight: bottom >= 0 && top < innerHeight }
    }
    return this.#seen
  }

  #see(change: Partial<Seen>): void {
    const before = this.#now
    const now = { ...before, ...change }
    if (now.width === before.width && now.inSight === before.inSight) return
    this.#seen = now
    this.#host.requestUpdate('sight', before)
  }
}
