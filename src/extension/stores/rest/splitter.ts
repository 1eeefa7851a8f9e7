/** Takes a JSON answer apart while it comes, so that however long it is, only a piece of it is in memory as objects. */

/** How many bytes of a list are parsed at once: few enough to be cheap, many enough that each call matters little. */
const batchSize = 256 * 1024

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
/** How far back from a bracket its key and colon lie at most, besides the key itself: quotes and white space. */
const gap = 64

/** What a byte does outside of strings; most do nothing. */
const opens = 1
const closes = 2
const separates = 3
const quotes = 4
const effects = new Uint8Array(256)
effects[openBracket] = effects[openBrace] = opens
effects[closeBracket] = effects[closeBrace] = closes
effects[comma] = separates
effects[quote] = quotes

export interface SplitterOptions {
  /** Name of the field, at the top, whose value is a long list. */
  readonly list: string
  /** Called with the list's elements, some at a time and in order. What it throws ends the reading. */
  readonly onElements: (elements: readonly unknown[]) => void
  /** Bytes that a single element, or all but the list, may have. */
  readonly largestPiece: number
  readonly onTooLarge: () => never
  /** Told of each piece before it is parsed: what a SyntaxError is about. */
  readonly onText?: (text: string) => void
}

/**
 * Splits `{"runs": [ …many… ], "next_page_token": "…"}`: the elements of that list are given in batches, and the rest, with an empty
 * list in its place, in the end. Every piece is parsed by JSON.parse, so that what is wrong is told by it.
 */
export class Splitter {
  readonly #options: SplitterOptions
  readonly #opening: RegExp
  /** What has been read of the current piece in earlier chunks. */
  #parts: Buffer[] = []
  #size = 0
  #rest = ''
  #depth = 0
  #inString = false
  #escaped = false
  #inList = false

  constructor(options: SplitterOptions) {
    this.#options = options
    this.#opening = new RegExp(String.raw`(?<!\\)"${options.list}"\s*:\s*$`)
  }

  /** @throws SyntaxError, and what `onElements` and `onTooLarge` throw */
  write(chunk: Buffer): void {
    let start = 0
    let at = 0
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#afterString(chunk, at)
        continue
      }
      const effect = effects[chunk[at] ?? 0]
      if (effect === quotes) this.#inString = true
      else if (effect === opens) {
        if (this.#depth === 1 && chunk[at] === openBracket && !this.#inList) {
          // The key before this bracket says whose list it is.
          this.#keep(chunk.subarray(start, at))
          start = at
          if (this.#opening.test(this.#tail())) {
            this.#rest += this.#take()
            this.#inList = true
            start = at + 1
          }
        }
        this.#depth++
      } else if (effect === closes) {
        this.#depth--
        if (this.#inList && this.#depth === 1) {
          this.#keep(chunk.subarray(start, at))
          this.#parseBatch()
          this.#inList = false
          this.#rest += '[]'
          start = at + 1
        }
      } else if (effect === separates && this.#inList && this.#depth === 2 && this.#size + at - start >= batchSize) {
        this.#keep(chunk.subarray(start, at))
        this.#parseBatch()
        start = at + 1
      }
      at++
    }
    this.#keep(chunk.subarray(start))
  }

  /** What there was besides the list; the list itself is empty in it. @throws SyntaxError */
  end(): unknown {
    return this.#parse(this.#rest + this.#take())
  }

  /** Where the string that begins before `at` is over; the end of the chunk where it goes on. */
  #afterString(chunk: Buffer, at: number): number {
    for (; at < chunk.length; at++) {
      const byte = chunk[at]
      if (this.#escaped) this.#escaped = false
      else if (byte === backslash) this.#escaped = true
      else if (byte === quote) {
        this.#inString = false
        return at + 1
      }
    }
    return at
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return
    this.#parts.push(part)
    this.#size += part.length
    if (this.#size > this.#options.largestPiece) this.#options.onTooLarge()
  }

  /** The end of what was kept: long enough for the key of a list. */
  #tail(): string {
    const wanted = this.#options.list.length + gap
    let tail = ''
    for (let at = this.#parts.length - 1; at >= 0 && tail.length < wanted; at--)
      tail = (this.#parts[at]?.toString('latin1', Math.max(0, (this.#parts[at]?.length ?? 0) - wanted)) ?? '') + tail
    return tail
  }

  #take(): string {
    const [only] = this.#parts
    const text = only && this.#parts.length === 1 ? only.toString('utf8') : Buffer.concat(this.#parts).toString('utf8')
    this.#parts = []
    this.#size = 0
    return text
  }

  #parseBatch(): void {
    this.#options.onElements(this.#parse(`[${this.#take()}]`) as unknown[])
  }

  #parse(text: string): unknown {
    this.#options.onText?.(text)
    return JSON.parse(text)
  }
}
