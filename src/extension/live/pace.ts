/**
 * Keeps the cost of something that is done again and again in proportion: it is due when so much time has passed that it takes up
 * a small share of it, and never more often than `least`.
 */
export class Pace {
  #last = -Infinity
  #duration = 0

  /**
   * @param least milliseconds between the end of one and the beginning of the next
   * @param share it pauses this many times as long as it took
   */
  constructor(
    private readonly least: number,
    private readonly share = 20,
  ) {}

  isDue(now = performance.now()): boolean {
    return now - this.#last >= Math.max(this.least, this.share * this.#duration)
  }

  /** Does `work` and notes how long it took, whatever becomes of it. */
  async time<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.#last = performance.now()
      this.#duration = this.#last - start
    }
  }
}
