/** A map that forgets what was used longest ago once it holds more than `most` entries. */
export class Recent<Key, Value> {
  readonly #most: number
  readonly #entries: Map<Key, Value>

  constructor(most: number, entries: Iterable<readonly [Key, Value]> = []) {
    this.#most = most
    this.#entries = new Map(entries)
    this.#trim()
  }

  /** Oldest first. */
  get entries(): [Key, Value][] {
    return [...this.#entries]
  }

  has(key: Key): boolean {
    return this.#entries.has(key)
  }

  /** The value of a key, which is thereby used. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    this.#trim()
  }

  delete(key: Key): void {
    this.#entries.delete(key)
  }

  #trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break
      this.#entries.delete(key)
    }
  }
}
