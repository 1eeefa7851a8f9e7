/** A plain YAML scalar as PyYAML reads it and `str()` prints it: what MLflow makes of a default it finds in an MLproject. */

export type PythonType = 'str' | 'int' | 'float' | 'bool' | 'none' | 'date'

export interface PythonValue {
  readonly type: PythonType
  readonly text: string
}

const truths = new Map<string, boolean>()
for (const [words, truth] of [
  ['yes Yes YES true True TRUE on On ON', true],
  ['no No NO false False FALSE off Off OFF', false],
] as const)
  for (const word of words.split(' ')) truths.set(word, truth)

const nothing = new Set(['', '~', 'null', 'Null', 'NULL'])

const mostDigits = 4300 // Python refuses to read longer integers

// YAML 1.1, as PyYAML has it: a float needs its dot and its exponent's sign, so `1e-4` is a string.
const float = /^([-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?)$/
const infinite = /^([-+]?)\.(?:inf|Inf|INF)$/
const notANumber = /^\.(?:nan|NaN|NAN)$/
const decimal = /^[-+]?(?:0|[1-9][\d_]*)$/
const prefixed = /^([-+]?)(0b[01_]+|0x[\da-fA-F_]+|0[0-7_]+)$/
const sexagesimal = /^([-+]?)([1-9][\d_]*(?::[0-5]?\d)+)$/
const date = /^\d{4}-\d\d-\d\d$/

/** @param source the scalar as written, without quotes; quoted scalars are strings and need no reading */
export function readPlainScalar(source: string): PythonValue {
  if (nothing.has(source)) return { type: 'none', text: 'None' }
  const truth = truths.get(source)
  if (truth !== undefined) return { type: 'bool', text: truth ? 'True' : 'False' }
  if (source.length > mostDigits) return { type: 'str', text: source }
  if (decimal.test(source)) return int(BigInt(source.replaceAll(/[_+]/g, '')))
  if (float.test(source)) return { type: 'float', text: floatText(Number(source.replaceAll('_', ''))) }
  const sign = infinite.exec(source)?.[1]
  if (sign !== undefined) return { type: 'float', text: sign === '-' ? '-inf' : 'inf' }
  if (notANumber.test(source)) return { type: 'float', text: 'nan' }
  const [, minus, digits] = prefixed.exec(source) ?? []
  if (digits !== undefined) return int(signed(minus, BigInt(asNodeWrites(digits.replaceAll('_', '')))))
  const [, sexagesimalSign, parts] = sexagesimal.exec(source) ?? []
  if (parts !== undefined) {
    const total = parts
      .replaceAll('_', '')
      .split(':')
      .reduce((sum, part) => sum * 60n + BigInt(part), 0n)
    return int(signed(sexagesimalSign, total))
  }
  return { type: date.test(source) ? 'date' : 'str', text: source }
}

const int = (value: bigint): PythonValue => ({ type: 'int', text: value.toString() })
const signed = (sign: string | undefined, value: bigint): bigint => (sign === '-' ? -value : value)
const asNodeWrites = (digits: string): string => (/^0[bx]/.test(digits) ? digits : `0o${digits.slice(1)}`)

/** `repr(float)` of Python: the same shortest digits as JavaScript's, with exponents from 1e16 on and below 1e-4. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (value !== 0 && (size >= 1e16 || size < 1e-4)) return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2')
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}
