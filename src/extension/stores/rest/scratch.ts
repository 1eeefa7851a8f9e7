const fewestBytes = 64 * 1024
/** As much is taken on a server's word alone. */
const mostAnnounced = 16 * 1024 * 1024

/**
 * Collects answers in a buffer that is used again for the next one: pages of megabytes each would otherwise cost as much in fresh
 * memory as a tenth of what it takes to parse them.
 */
export class Scratch {
  #spare: WeakRef<Buffer> | undefined

  /** @param expected bytes, 0 if that isn't known @returns undefined when there are more than `most` bytes */
  async textOf(body: AsyncIterable<unknown>, expected: number, most: number): Promise<string | undefined> {
    let buffer = this.#take(Math.max(fewestBytes, Math.min(expected, mostAnnounced)))
    let size = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const end = size + chunk.length
      if (end > most) return undefined
      if (end > buffer.length) buffer = Buffer.concat([buffer.subarray(0, size)], Math.max(end, buffer.length * 2))
      buffer.set(chunk, size)
      size = end
    }
    const text = buffer.toString('utf8', 0, size)
    this.#spare = new WeakRef(buffer)
    return text
  }

  #take(size: number): Buffer {
    const spare = this.#spare?.deref()
    this.#spare = undefined
    return spare && spare.length >= size ? spare : Buffer.allocUnsafeSlow(size)
  }
}
