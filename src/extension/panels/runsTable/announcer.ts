/** Tells of changes at a sane pace: of the first at once, of those that follow together, and of none too late. */
export class Announcer implements Disposable {
  readonly #tell: () => void
  readonly #least: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #last = -Infinity
  #cost = 0

  /** @param least milliseconds between two announcements */
  constructor(tell: () => void, least = 250) {
    this.#tell = tell
    this.#least = least
  }

  /** How long it took to take the last announcement up: the next one waits several times as long. */
  set cost(milliseconds: number) {
    this.#cost = milliseconds
  }

  changed(): void {
    if (this.#timer !== undefined) return
    const due = this.#last + Math.max(this.#least, 4 * this.#cost)
    const wait = due - performance.now()
    if (wait <= 0) this.now()
    else this.#timer = setTimeout(() => this.now(), wait)
  }

  /** At once, whatever was told before. */
  now(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#last = performance.now()
    this.#tell()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
