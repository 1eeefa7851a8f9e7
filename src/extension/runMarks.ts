/** The runs that are open on pages, and the colour that each is drawn in there: for views that mark them. */
type Listener = () => void

class RunMarks {
  #colors: ReadonlyMap<string, number> = new Map()
  readonly #listeners = new Set<Listener>()

  /** Index of a run's colour; undefined of a run that is not open. */
  of(runId: string): number | undefined {
    return this.#colors.get(runId)
  }

  /** @param colors of all that are open */
  set(colors: ReadonlyMap<string, number>): void {
    const isSame =
      colors.size === this.#colors.size && [...colors].every(([id, color]) => this.#colors.get(id) === color)
    this.#colors = colors
    if (!isSame) for (const listener of this.#listeners) listener()
  }

  /** Tells a listener until what it returns is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

export const runMarks = new RunMarks()
