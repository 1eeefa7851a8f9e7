/** Where the objects of a PDF file are: its tables and streams of cross-references (ISO 32000-1, 7.5). */
import { damaged, parsePdf, type PdfDict, PdfName, type PdfValue } from './pdfSyntax'
import { inflate } from './decompress'

/** Bytes in which an object of interest ends, and of a table of objects, or a stream of them. */
const objectBytes = 16 * 1024
const mostTableBytes = 8 * 1024 * 1024
/** Versions of a file within it. */
const mostVersions = 50

export type Place = { readonly offset: number } | { readonly stream: number; readonly index: number }
/** Bytes of the file, one character each. */
export type Read = (start: number, length: number) => Promise<string>

export interface Table {
  readonly places: ReadonlyMap<number, Place>
  readonly trailer: PdfDict
}

/** Where each object is, by the tables of the file, the newest first. */
export async function readPlaces(read: Read, size: number, start: number): Promise<Table> {
  const places = new Map<number, Place>()
  let trailer: PdfDict = new Map()
  const next = [start]
  const seen = new Set<number>()
  for (let at = next.shift(); at !== undefined && seen.size < mostVersions; at = next.shift()) {
    if (!(at >= 0 && at < size)) throw damaged()
    if (seen.has(at)) continue
    seen.add(at)
    const found = (await read(at, 8)).startsWith('xref') ? await readTable(read, at) : await readTableStream(read, at)
    for (const [number, place] of found.places) if (!places.has(number)) places.set(number, place)
    trailer = new Map([...found.trailer, ...trailer])
    for (const key of ['XRefStm', 'Prev']) {
      const offset = found.trailer.get(key)
      if (typeof offset === 'number') next.push(offset)
    }
  }
  return { places, trailer }
}

/** Lines of twenty bytes, in blocks. */
async function readTable(read: Read, start: number): Promise<Table> {
  const places = new Map<number, Place>()
  let text = await read(start, objectBytes)
  for (let length = objectBytes; !/trailer\s*<</.test(text); text = await read(start, length)) {
    if (length >= mostTableBytes || text.length < length) throw damaged()
    length *= 8
  }
  const end = text.indexOf('trailer')
  let number = 0
  for (const [, first, , kind] of text.slice(0, end).matchAll(/(\d+) (\d+)(?: ([nf]))?/g)) {
    if (kind === undefined) number = Number(first)
    else {
      if (kind === 'n') places.set(number, { offset: Number(first) })
      number++
    }
  }
  return { places, trailer: dictOf(parsePdf(text, end + 'trailer'.length).value) }
}

async function readTableStream(read: Read, start: number): Promise<Table> {
  const { dict, text } = await readStream(read, start)
  const [typeWidth = 0, secondWidth = 0, thirdWidth = 0] = listOf(dict.get('W')).map(numberOf)
  const field = (at: number, width: number): number => {
    let value = 0
    for (let byte = 0; byte < width; byte++) value = value * 256 + text.charCodeAt(at + byte)
    return value
  }
  const places = new Map<number, Place>()
  const blocks = listOf(dict.get('Index') ?? [0, numberOf(dict.get('Size'))]).map(numberOf)
  const width = typeWidth + secondWidth + thirdWidth
  let at = 0
  for (let block = 0; block < blocks.length; block += 2)
    for (
      let index = 0;
      index < (blocks[block + 1] ?? 0) && width > 0 && at + width <= text.length;
      index++, at += width
    ) {
      const type = typeWidth === 0 ? 1 : field(at, typeWidth)
      const [second, third] = [field(at + typeWidth, secondWidth), field(at + typeWidth + secondWidth, thirdWidth)]
      const number = (blocks[block] ?? 0) + index
      if (type === 1) places.set(number, { offset: second })
      if (type === 2) places.set(number, { stream: second, index: third })
    }
  return { places, trailer: dict }
}

/** `12 0 obj …`. */
export async function readObject(read: Read, offset: number): Promise<{ value: PdfValue; text: string; end: number }> {
  for (let length = objectBytes; ; length *= 8) {
    const text = await read(offset, length)
    const start = /^\s*\d+\s+\d+\s+obj/.exec(text)?.[0].length
    if (start === undefined) throw damaged()
    try {
      return { ...parsePdf(text, start), text }
    } catch (error) {
      if (text.length < length || length > mostTableBytes) throw error // else its end may lie further on
    }
  }
}

export async function readStream(read: Read, offset: number): Promise<{ dict: PdfDict; text: string }> {
  const { value, text: head, end } = await readObject(read, offset)
  const dict = dictOf(value)
  const gap = /^\s*stream\r?\n/.exec(head.slice(end, end + 100))?.[0].length
  const length = dict.get('Length')
  if (gap === undefined || typeof length !== 'number' || length > mostTableBytes) throw damaged()
  const raw = await read(offset + end + gap, length)
  const filter = dict.get('Filter')
  const [only, ...others] = Array.isArray(filter) ? (filter as readonly PdfValue[]) : [filter]
  if (only === undefined) return { dict, text: raw }
  if (!(only instanceof PdfName) || only.name !== 'FlateDecode' || others.length > 0) throw damaged()
  const bytes = inflate(
    Uint8Array.from(raw, (character) => character.charCodeAt(0)),
    'zlib',
    mostTableBytes,
  )
  const parms = dict.get('DecodeParms')
  const settings = dictOf(Array.isArray(parms) ? (parms as readonly PdfValue[])[0] : parms)
  return {
    dict,
    text: latin(
      numberOf(settings.get('Predictor')) >= 10 ? unpredicted(bytes, numberOf(settings.get('Columns')) || 1) : bytes,
    ),
  }
}

/** Undoes the filters of PNG, of bytes. */
function unpredicted(bytes: Uint8Array, width: number): Uint8Array {
  const rows = Math.floor(bytes.length / (width + 1))
  const out = new Uint8Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const filter = bytes[row * (width + 1)] ?? 0
    for (let column = 0; column < width; column++) {
      const at = row * width + column
      const left = column > 0 ? (out[at - 1] ?? 0) : 0
      const up = row > 0 ? (out[at - width] ?? 0) : 0
      const corner = row > 0 && column > 0 ? (out[at - width - 1] ?? 0) : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
      out[at] = (bytes[row * (width + 1) + 1 + column] ?? 0) + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}

export function latin(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

export const dictOf = (value: PdfValue | undefined): PdfDict => (value instanceof Map ? (value as PdfDict) : new Map())
export const listOf = (value: PdfValue | undefined): readonly PdfValue[] =>
  Array.isArray(value) ? (value as readonly PdfValue[]) : []
export const numberOf = (value: PdfValue | undefined): number => (typeof value === 'number' ? value : 0)
