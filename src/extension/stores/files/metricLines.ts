/**
 * Lines of a metric file: `timestamp value`, `timestamp value step`, or these followed by the name and digest of a dataset; of
 * a logged model `timestamp value step run` and maybe a dataset.
 *
 * MLflow's own file store takes the step of a line with a dataset for 0; its migration to a database reads the step that is there,
 * as this does.
 */
import type { Metric } from '../../../shared/model'

const newline = 0x0a
const space = 0x20
const carriageReturn = 0x0d

/** Told of each point. */
export type PointReader = (step: number, value: number, timestamp: number) => void

export interface Parsed {
  /** How many bytes were consumed: up to the end of the last line that ends. */
  readonly end: number
  /** Lines that are none of a metric. */
  readonly malformed: number
}

/** Where the fields of a line are: the one line that is looked at. */
const fields = { timestamp: 0, step: 0, valueFrom: 0, valueTo: 0 }

/** Reads all lines that end. Numbers are exact as doubles; no string is made for those that people log. */
export function readLines(bytes: Buffer, point: PointReader): Parsed {
  let malformed = 0
  let start = 0
  for (;;) {
    const end = bytes.indexOf(newline, start)
    if (end < 0) return { end: start, malformed }
    if (!readLine(bytes, start, end, point)) malformed++
    start = end + 1
  }
}

/** False where it isn't a metric's line. An empty one is fine, and nothing. */
export function readLine(bytes: Buffer, from: number, to: number, point: PointReader): boolean {
  const found = findFields(bytes, from, to)
  if (found !== true) return found === 'empty'
  const value = decimalNumber(bytes, fields.valueFrom, fields.valueTo)
  if (value === undefined) return false
  point(fields.step, value, fields.timestamp)
  return true
}

/** Fills in `fields`; false where there are none. The value is only looked at for characters that no number has. */
function findFields(bytes: Buffer, from: number, to: number): boolean | 'empty' {
  let end = to
  while (end > from && (bytes[end - 1] === carriageReturn || bytes[end - 1] === space)) end--
  if (end === from) return 'empty'
  const timestamp = wholeNumber(bytes, from, end)
  const first = numberEnd
  if (timestamp === undefined || first >= end) return false
  const second = valueEnd(bytes, first + 1, end)
  if (second < 0 || second > end || second === first + 1) return false
  const step = second === end ? 0 : wholeNumber(bytes, second + 1, end)
  if (step === undefined) return false
  fields.timestamp = timestamp
  fields.step = step
  fields.valueFrom = first + 1
  fields.valueTo = second
  return true
}

const ofNumbers = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[-+.0-9einfatyEINFATY]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** Place of the next space, or `end`; beyond it where nothing is left. -1 where a character is none of a number, such as 1e-5 or Infinity. */
function valueEnd(bytes: Buffer, from: number, end: number): number {
  if (from > end) return end + 1
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (ofNumbers[byte] === 0) return byte === space ? at : -1
  }
  return end
}

/** Where the number ended that was read last. */
let numberEnd = 0

/** A whole number up to the next space or `end`, which is then `numberEnd`; undefined where there is none. */
function wholeNumber(bytes: Buffer, from: number, end: number): number | undefined {
  const negative = bytes[from] === 0x2d
  const start = negative ? from + 1 : from
  let at = start
  let value = 0
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit === space - 0x30) break
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  numberEnd = at
  if (at === start || at - start > 19) return undefined
  if (value > Number.MAX_SAFE_INTEGER) return Number(bytes.toString('latin1', from, at))
  return negative ? -value : value
}

const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Up to 15 digits and a small exponent give the exact double by one division; others are left to the language. */
function decimalNumber(bytes: Buffer, from: number, to: number): number | undefined {
  const negative = bytes[from] === 0x2d
  const start = negative ? from + 1 : from
  let mantissa = 0
  let dot = -1
  for (let at = start; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 0x30
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit
    else if (digit === -2 && dot < 0) dot = at
    else return pythonFloat(bytes.toString('latin1', from, to))
  }
  const digits = to - start - (dot < 0 ? 0 : 1)
  if (digits === 0) return undefined
  if (digits > 15) return Number(bytes.toString('latin1', from, to))
  const value = mantissa / (powers[dot < 0 ? 0 : to - dot - 1] ?? 1)
  return negative ? -value : value
}

/** What Python's `float` reads. */
function pythonFloat(text: string): number | undefined {
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) return Number(text)
  if (/^[-+]?nan$/i.test(text)) return NaN
  if (/^[-+]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return undefined
}

/**
 * The latest of the points it is given: by step, then timestamp, then value, where NaN counts as 0, as MLflow's databases have it.
 */
export class Latest {
  #metric: Metric | undefined

  get metric(): Metric | undefined {
    return this.#metric
  }

  readonly add: PointReader = (step, value, timestamp) => {
    const best = this.#metric
    if (best) {
      if (step < best.step) return
      if (step === best.step) {
        if (timestamp < best.timestamp) return
        if (timestamp === best.timestamp && !(ranked(value) > ranked(best.value))) return
      }
    }
    this.#metric = { step, value, timestamp }
  }

  /** As `readLines`, but looks at the values of those lines only that may be the latest, which is most of the work. */
  readLines(bytes: Buffer): Parsed {
    let malformed = 0
    let start = 0
    const best = { step: -Infinity, timestamp: -Infinity, from: 0, to: 0 }
    for (;;) {
      const end = bytes.indexOf(newline, start)
      if (end < 0) break
      const found = findFields(bytes, start, end)
      if (found === false) malformed++
      else if (found === true) {
        const { step, timestamp } = fields
        if (step === best.step && timestamp === best.timestamp) return readLines(bytes, this.add)
        if (step > best.step || (step === best.step && timestamp > best.timestamp)) {
          best.step = step
          best.timestamp = timestamp
          best.from = start
          best.to = end
        }
      }
      start = end + 1
    }
    const isRead = best.to === 0 || readLine(bytes, best.from, best.to, this.add)
    return isRead ? { end: start, malformed } : readLines(bytes, this.add)
  }
}

const ranked = (value: number): number => (Number.isNaN(value) ? 0 : value)
