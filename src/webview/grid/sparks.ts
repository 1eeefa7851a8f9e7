import type { GridColumn, RowSource } from './types'

/** Sparklines are drawn into a box of this size, px. */
export const sparkSize = { width: 56, height: 16 }

/** Scrolling that goes on asks for nothing, ms. */
const settle = 80
const mostKept = 5000
const mostAsked = 200

/** Curves of the cells in sight that draw one. */
export class Sparks {
  readonly #curves = new Map<string, Float64Array>()
  readonly #asked = new Set<string>()
  readonly #arrived: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #revision = -1

  constructor(arrived: () => void) {
    this.#arrived = arrived
  }

  of(key: string, column: string): Float64Array | undefined {
    return this.#curves.get(`${column}\n${key}`)
  }

  /** Fetches what is missing once scrolling rests. Curves of another revision are shown until their newer ones are there. */
  want(keys: readonly string[], columns: readonly GridColumn[], revision: number, source: RowSource): void {
    if (revision !== this.#revision) this.#asked.clear()
    this.#revision = revision
    const missing = columns.map(({ id }) => ({
      id,
      keys: keys.filter((key) => !this.#asked.has(`${id}\n${key}`)).slice(0, mostAsked),
    }))
    if (missing.every((column) => column.keys.length === 0)) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      for (const column of missing) if (column.keys.length > 0) void this.#load(column.keys, column.id, source)
    }, settle)
  }

  async #load(keys: readonly string[], column: string, source: RowSource): Promise<void> {
    for (const key of keys) this.#asked.add(`${column}\n${key}`)
    try {
      const curves = await source.sparklines(keys, column, sparkSize.width)
      if (this.#curves.size > mostKept) this.#curves.clear()
      keys.forEach((key, index) => {
        const curve = curves[index]
        if (curve) this.#curves.set(`${column}\n${key}`, curve)
      })
      this.#arrived()
    } catch (error) {
      // The numbers stand in the same cells; a curve is asked for again with the next revision.
      console.warn('no sparklines', error)
    }
  }
}
