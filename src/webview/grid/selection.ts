/** A row from which a range reaches to the focus: its key, and where it was when it was last looked for. */
export interface RangeStart {
  readonly key: string | undefined
  readonly row: number
}

/** Which rows are selected, by their keys: they stay so wherever a sort moves them. */
export class Selection {
  #keys: ReadonlySet<string> = new Set()
  #turn = 0
  readonly #changed: () => void
  anchor: RangeStart | undefined

  constructor(changed: () => void) {
    this.#changed = changed
  }

  get keys(): ReadonlySet<string> {
    return this.#keys
  }

  only(key: string, row: number): void {
    this.anchor = { key, row }
    this.#set(new Set([key]))
  }

  toggle(key: string, row: number): void {
    this.anchor = { key, row }
    const keys = new Set(this.#keys)
    if (!keys.delete(key)) keys.add(key)
    this.#set(keys)
  }

  clear(): void {
    this.anchor = undefined
    this.#set(new Set())
  }

  /** A selection whose keys must be asked for first: only the last that was begun counts. */
  begin(): number {
    return ++this.#turn
  }

  isLatest(turn: number): boolean {
    return turn === this.#turn
  }

  replace(keys: readonly string[], turn: number): void {
    if (this.isLatest(turn)) this.#set(new Set(keys))
  }

  /** Adds these, or takes them away where all of them are selected. */
  toggleAll(keys: readonly string[], turn: number): void {
    if (!this.isLatest(turn)) return
    const all = keys.every((key) => this.#keys.has(key))
    const changed = new Set(this.#keys)
    for (const key of keys)
      if (all) changed.delete(key)
      else changed.add(key)
    this.#set(changed)
  }

  /** Drops what is no longer there. */
  keepOnly(keys: ReadonlySet<string>): void {
    const kept = new Set([...this.#keys].filter((key) => keys.has(key)))
    if (kept.size < this.#keys.size) this.#set(kept)
  }

  #set(keys: ReadonlySet<string>): void {
    this.#turn++
    this.#keys = keys
    this.#changed()
  }
}
