import type { TableHost } from './tableHost'

/** Filters used before that are offered. */
const mostUsed = 20

/** Filters that were used before or saved, which the search box offers again. */
export class KnownFilters {
  readonly #host: () => TableHost
  readonly #changed: () => void
  /** A filter that was entered and not only typed, until its runs are there. */
  #entered: string | undefined
  /** The latest first. */
  used: readonly string[] = []
  saved: readonly string[] = []

  constructor(host: () => TableHost, changed: () => void) {
    this.#host = host
    this.#changed = changed
  }

  entered(text: string): void {
    this.#entered = text
  }

  /** Runs of a filter show: only what was entered, and `understood`, is worth to be offered again. */
  shown(text: string, understood: boolean): void {
    if (this.#entered !== text) return
    this.#entered = undefined
    if (text.trim() === '' || !understood) return
    this.#host().channel.command('used', { filter: text })
    this.used = [text, ...this.used.filter((other) => other !== text)].slice(0, mostUsed)
    this.#changed()
  }

  /** Saves a filter, or no longer. */
  keep(text: string, on: boolean): void {
    this.#host().channel.command('keepFilter', { filter: text, on })
    const others = this.saved.filter((other) => other !== text)
    this.saved = on ? [...others, text] : others
    this.#changed()
  }
}
