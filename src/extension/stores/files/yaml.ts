/**
 * MLflow's meta.yaml. Nearly all of them are a few lines `key: value` as PyYAML writes them: those are read here, many times faster
 * than by a YAML library, which is asked for all others. Either way values come out as Python's `yaml.safe_load` has them.
 */
import { isMap, isScalar, isSeq, parseDocument } from 'yaml'

export type Yaml = string | number | bigint | boolean | null | readonly Yaml[] | YamlMap
export type YamlMap = ReadonlyMap<string, Yaml>

/** Undefined of what is no YAML, or no map. */
export function parseYaml(text: string): YamlMap | undefined {
  return simpleYaml(text) ?? anyYaml(text)
}

/** A line `key: value` of a word and anything. */
const line = /^([A-Za-z_][\w.]*):(?: (.*))?$/

/** Undefined where there is anything but what this understands for certain. */
function simpleYaml(text: string): YamlMap | undefined {
  const map = new Map<string, Yaml>()
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('\n', start)
    if (end < 0) end = text.length
    const match = line.exec(text.slice(start, end))
    if (!match) return undefined
    const value = simpleValue(match[2] ?? '')
    if (value === undefined) return undefined
    map.set(match[1] ?? '', value)
    start = end + 1
    // An indented line or one of a list would go on with the value.
    const next = text.charCodeAt(start)
    if (next === 0x20 || next === 0x2d || next === 0x09) return undefined
  }
  return map.size === 0 ? undefined : map
}

/** Letters first, and nothing in it that means something else in YAML. */
const plainText =
  /^[A-Za-z_/](?:[\w/.,()+@=~$%^;?!<>*"'-]|[ :](?=[\w/.,()+@=~$%^;!<>*"'-])|[\u00a1-\ud7ff\ue000-\ufefe\uff00-\uffef])*$/u
const hexId = /^(?=\d*[a-f])[0-9a-f]{32}$/
const decimal = /^(?:0|-?[1-9]\d{0,14})$/
/** One line in single quotes, without a quote in it. */
const quoted = /^'([^'\\\p{Cc}]*)'$/u

function simpleValue(text: string): Yaml | undefined {
  if (decimal.test(text)) return Number(text)
  const inQuotes = quoted.exec(text)
  if (inQuotes) return inQuotes[1] ?? ''
  if (hexId.test(text)) return text
  if (text === 'null') return null
  if (text === '[]') return []
  if (text === '{}') return new Map()
  if (plainText.test(text) && !text.includes(': ') && resolve(text) === text) return text
  return undefined
}

/** Characters that no YAML file may have. */
const unprintable = /[^\P{Cc}\t\n\r\x85]/u

function anyYaml(text: string): YamlMap | undefined {
  if (unprintable.test(text)) return undefined
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent', strict: false })
  if (document.errors.length > 0) return undefined
  const value = valueOf(document.contents)
  return value instanceof Map ? value : undefined
}

/** Aliases are not followed: MLflow writes none, and they are how a small file becomes a huge one. */
function valueOf(node: unknown): Yaml {
  if (isScalar(node)) {
    const text = typeof node.value === 'string' ? node.value : ''
    if (node.type === 'QUOTE_DOUBLE') return text
    // To PyYAML these end a line, so that blanks around them are none of the text; the library knows a newer YAML.
    const lines = text
      .split(/([\u2028\u2029])/)
      .map((line, at, all) => (all.length === 1 ? line : trimmed(line, at > 0, at < all.length - 1)))
      .join('')
    return node.type === 'PLAIN' || node.value === null ? resolve(lines) : lines
  }
  if (isSeq(node)) return node.items.map(valueOf)
  if (!isMap(node)) return null
  return new Map(node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', valueOf(value)]))
}

/** Without blanks at the ends that are asked for. Not by one regular expression: that would take quadratic time. */
function trimmed(line: string, start: boolean, end: boolean): string {
  let from = 0
  let to = line.length
  while (start && from < to && isBlank(line[from])) from++
  while (end && to > from && isBlank(line[to - 1])) to--
  return line.slice(from, to)
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t'

const truths: Readonly<Record<string, boolean>> = {
  yes: true,
  true: true,
  on: true,
  no: false,
  false: false,
  off: false,
}
const words = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const nulls = /^(?:~|null|Null|NULL|)$/
const floats =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const integers = /^([-+]?)(?:0b([0-1_]+)|(0[0-7_]+)|(0|[1-9][0-9_]*)|0x([0-9a-fA-F_]+))$/

/** What PyYAML makes of a text without quotes. Dates stay texts. */
function resolve(text: string): Yaml {
  if (nulls.test(text)) return null
  if (words.test(text)) return truths[text.toLowerCase()] ?? text
  const whole = integers.exec(text)
  if (whole) {
    const digits = (part: string | undefined) => (part ?? '').replaceAll('_', '')
    const [, sign, binary, octal, plain, hexadecimal] = whole
    const prefix = binary !== undefined ? '0b' : octal !== undefined ? '0o' : hexadecimal !== undefined ? '0x' : ''
    const value = BigInt(prefix + (digits(binary ?? octal ?? plain ?? hexadecimal) || '0')) * (sign === '-' ? -1n : 1n)
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }
  if (!floats.test(text)) return text
  const clean = text.replaceAll('_', '').toLowerCase()
  if (clean.endsWith('nan')) return NaN
  if (clean.endsWith('inf')) return clean.startsWith('-') ? -Infinity : Infinity
  return Number(clean)
}

/** A value that should be text; MLflow writes names of digits in quotes, but older ids without. */
export function textAt(map: YamlMap | undefined, key: string): string {
  const value = map?.get(key)
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return ''
  }
}

export function textOrNullAt(map: YamlMap, key: string): string | null {
  return textAt(map, key) || null
}

export function numberAt(map: YamlMap | undefined, key: string): number | null {
  const value = map?.get(key)
  if (typeof value === 'number') return Number.isNaN(value) ? null : value
  if (typeof value === 'bigint') return Number(value)
  return null
}

/** Milliseconds since the epoch: 0 stands for none. */
export function timeAt(map: YamlMap | undefined, key: string): number | null {
  const time = numberAt(map, key)
  return time === 0 ? null : time
}

/** A map of texts, such as the tags of an input. */
export function textsAt(map: YamlMap, key: string): Map<string, string> {
  const value = map.get(key)
  if (!(value instanceof Map)) return new Map()
  const texts = value as YamlMap
  return new Map([...texts.keys()].map((name) => [name, textAt(texts, name)]))
}
