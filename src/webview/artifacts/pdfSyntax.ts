/** The objects that a PDF file is written in (ISO 32000-1, 7.2 and 7.3), read from its bytes, one character each. */

export class PdfName {
  constructor(readonly name: string) {}
}
export class PdfRef {
  constructor(readonly number: number) {}
}
export type PdfDict = ReadonlyMap<string, PdfValue>
/** A string is its bytes, one character each. */
export type PdfValue = number | string | boolean | null | PdfName | PdfRef | readonly PdfValue[] | PdfDict

export interface Parsed {
  readonly value: PdfValue
  /** Behind it. */
  readonly end: number
}

/** Lists within lists that are read. */
const deepest = 60

/** @throws Error for what is no object, or ends too early */
export function parsePdf(text: string, start: number, depth = 0): Parsed {
  const at = skipSpace(text, start)
  if (depth > deepest) throw damaged()
  const character = text[at]
  if (character === '/') return name(text, at)
  if (character === '(') return literal(text, at)
  if (character === '[') return list(text, at, depth)
  if (text.startsWith('<<', at)) return dictionary(text, at, depth)
  if (character === '<') return hex(text, at)
  const reference = /^(\d{1,10})\s+\d{1,5}\s+R(?![a-z])/i.exec(text.slice(at, at + 40))
  if (reference) return { value: new PdfRef(Number(reference[1])), end: at + reference[0].length }
  const word = /^[^\s()<>[\]{}/%]+/.exec(text.slice(at, at + 200))?.[0] ?? ''
  const end = at + word.length
  const constant = { true: true, false: false, null: null }[word]
  if (constant !== undefined) return { value: constant, end }
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(word)) return { value: Number(word), end }
  throw damaged()
}

export const damaged = (): Error => new Error('damaged PDF')

/** White space and comments. */
export function skipSpace(text: string, start: number): number {
  const pattern = /(?:[\0\t\n\f\r ]|%[^\r\n]*)*/y
  pattern.lastIndex = start
  return start + (pattern.exec(text)?.[0].length ?? 0)
}

function name(text: string, start: number): Parsed {
  const word = /^\/[^\s\0()<>[\]{}/%]*/.exec(text.slice(start, start + 200))?.[0] ?? '/'
  const plain = word.slice(1).replace(/#([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  return { value: new PdfName(plain), end: start + word.length }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function literal(text: string, start: number): Parsed {
  let value = ''
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0]
      const next = text.charAt(at + 1)
      if (octal !== undefined) value += String.fromCharCode(parseInt(octal, 8) & 0xff)
      else if (next !== '\n' && next !== '\r') value += escapes[next] ?? next
      at += octal?.length ?? (text.startsWith('\r\n', at + 1) ? 2 : 1)
      continue
    }
    if (character === '(' && depth++ === 0) continue
    if (character === ')' && --depth === 0) return { value, end: at + 1 }
    value += character
  }
  throw damaged()
}

function hex(text: string, start: number): Parsed {
  const end = text.indexOf('>', start)
  if (end < 0) throw damaged()
  const digits = text.slice(start + 1, end).replace(/[^0-9a-f]/gi, '')
  const pairs = digits.match(/.{1,2}/g) ?? []
  return { value: pairs.map((pair) => String.fromCharCode(parseInt(pair.padEnd(2, '0'), 16))).join(''), end: end + 1 }
}

function list(text: string, start: number, depth: number): Parsed {
  const values: PdfValue[] = []
  for (let at = skipSpace(text, start + 1); ; at = skipSpace(text, at)) {
    if (text[at] === ']') return { value: values, end: at + 1 }
    const { value, end } = parsePdf(text, at, depth + 1)
    values.push(value)
    at = end
  }
}

function dictionary(text: string, start: number, depth: number): Parsed {
  const values = new Map<string, PdfValue>()
  for (let at = skipSpace(text, start + 2); ; at = skipSpace(text, at)) {
    if (text.startsWith('>>', at)) return { value: values, end: at + 2 }
    const key = parsePdf(text, at, depth + 1)
    if (!(key.value instanceof PdfName)) throw damaged()
    const { value, end } = parsePdf(text, key.end, depth + 1)
    values.set(key.value.name, value)
    at = end
  }
}

/** A string for people: UTF-16 or UTF-8 where it says so, else Latin. */
export function pdfText(value: PdfValue | undefined): string {
  if (typeof value !== 'string') return ''
  const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0))
  const encoding = value.startsWith('\xfe\xff') ? 'utf-16be' : value.startsWith('\xef\xbb\xbf') ? 'utf-8' : undefined
  return encoding === undefined ? value : new TextDecoder(encoding).decode(bytes)
}

/** `D:20261129115815+01'00'` as `2026-11-29 11:58:15 +01:00`; other texts as they are. */
export function pdfDate(text: string): string {
  const [, year, month = '01', day = '01', time = '', zone = ''] =
    /^D:(\d{4})(\d\d)?(\d\d)?(\d{6})?([-+]\d\d'\d\d|Z)?/.exec(text) ?? []
  if (year === undefined) return text
  const clock = time === '' ? '' : ` ${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`
  return `${year}-${month}-${day}${clock}${zone === '' ? '' : ` ${zone === 'Z' ? 'UTC' : zone.replace("'", ':')}`}`
}
