/** Chance that is the same each time: what is computed with it can be computed again. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to 1, without 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer from 0 up to `below`, without it. */
  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  /** Brings the first `count` places into random order, drawn from all. */
  shuffle(numbers: Int32Array, count = numbers.length): void {
    for (let at = 0; at < Math.min(count, numbers.length - 1); at++) {
      const other = at + this.below(numbers.length - at)
      const kept = numbers[at] ?? 0
      numbers[at] = numbers[other] ?? 0
      numbers[other] = kept
    }
  }
}
