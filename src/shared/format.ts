/** How numbers, spans and times are written for people; used by the tree and by every page. */
import { t } from './l10n'

const infinity = '∞'
const minus = '−'

/** SQL stores can't hold infinities: MLflow writes them as the greatest double. */
const greatest = Number.MAX_VALUE

/** True for +∞ and for what MLflow's databases hold instead of it; likewise `isMinusInfinity`. */
export const isPlusInfinity = (value: number): boolean => value >= greatest
export const isMinusInfinity = (value: number): boolean => value <= -greatest

/** A metric value in at most six significant digits: `0.0123457`, `1.5e-7`, `NaN`, `∞`. For the exact value, see `formatExact`. */
export const formatMetric = (value: number): string => formatDigits(value, 6)

/** The same in at most so many significant digits. */
export function formatDigits(value: number, digits: number): string {
  const special = formatSpecial(value)
  if (special !== undefined) return special
  const magnitude = Math.abs(value)
  const whole = Math.max(1e9, 10 ** digits)
  if (Number.isInteger(value) && magnitude < whole) return signed(value, String(magnitude))
  const text =
    magnitude < 1e-4 || magnitude >= whole ? magnitude.toExponential(digits - 1) : magnitude.toPrecision(digits)
  return signed(value, withoutTrailingZeros(text))
}

/** Every digit of a value, as it would be typed: what is copied. */
export function formatExact(value: number): string {
  if (isPlusInfinity(value)) return 'inf'
  if (isMinusInfinity(value)) return '-inf'
  return Number.isNaN(value) ? 'nan' : String(value)
}

/** A count with digit groups: `3,412`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** A span of milliseconds in its two largest units: `850 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return t('unknown')
  const span = Math.abs(ms)
  const text = spanText(span)
  return ms < 0 ? `${minus}${text}` : text
}

function spanText(span: number): string {
  if (span === 0) return t('{0} s', 0)
  if (span < second) return t('{0} ms', Math.floor(span))
  if (span < 10 * second) return t('{0} s', withoutTrailingZeros((Math.floor(span / 100) / 10).toFixed(1)))
  const seconds = Math.floor(span / second)
  if (span < minute) return t('{0} s', seconds)
  if (span < hour)
    return seconds % 60 ? t('{0} min {1} s', Math.floor(seconds / 60), seconds % 60) : t('{0} min', seconds / 60)
  const minutes = Math.floor(span / minute)
  if (span < day)
    return minutes % 60 ? t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60) : t('{0} h', minutes / 60)
  const hours = Math.floor(span / hour)
  return hours % 24 ? t('{0} d {1} h', Math.floor(hours / 24), hours % 24) : t('{0} d', hours / 24)
}

/** How long ago `time` was, in one unit: `just now`, `5 min ago`, `3 d ago`; `in 2 h` where a clock runs ahead. */
export function formatRelativeTime(time: number, now: number): string {
  const span = now - time
  if (!Number.isFinite(span)) return t('unknown')
  const unit = relativeUnits.find(({ below }) => Math.abs(span) < below)
  if (!unit) return t('just now')
  const count = Math.floor(Math.abs(span) / unit.length)
  return span >= 0 ? unit.ago(count) : unit.ahead(count)
}

const relativeUnits = [
  { below: 5 * second, length: second, ago: () => t('just now'), ahead: () => t('just now') },
  { below: minute, length: second, ago: (n: number) => t('{0} s ago', n), ahead: (n: number) => t('in {0} s', n) },
  { below: hour, length: minute, ago: (n: number) => t('{0} min ago', n), ahead: (n: number) => t('in {0} min', n) },
  { below: day, length: hour, ago: (n: number) => t('{0} h ago', n), ahead: (n: number) => t('in {0} h', n) },
  { below: 60 * day, length: day, ago: (n: number) => t('{0} d ago', n), ahead: (n: number) => t('in {0} d', n) },
  {
    below: 730 * day,
    length: 30.44 * day,
    ago: (n: number) => t('{0} mo ago', n),
    ahead: (n: number) => t('in {0} mo', n),
  },
  {
    below: Infinity,
    length: 365.25 * day,
    ago: (n: number) => t('{0} y ago', n),
    ahead: (n: number) => t('in {0} y', n),
  },
]

/** A moment in the reader's time zone: `2026-11-24 01:38:05`. */
export function formatDateTime(time: number): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return t('unknown')
  const two = (part: number): string => String(part).padStart(2, '0')
  const ymd = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${ymd} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

const byteUnits = ['KB', 'MB', 'GB', 'TB']

/** A size: `812 B`, `1.4 MB` (a KB is 1,024 bytes, as VS Code counts). */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  let size = bytes
  let unit = ''
  for (const name of byteUnits) {
    size /= 1024
    unit = name
    if (size < 1024) break
  }
  return `${size < 10 ? withoutTrailingZeros(size.toFixed(1)) : Math.round(size)} ${unit}`
}

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN'
  if (isPlusInfinity(value)) return infinity
  if (isMinusInfinity(value)) return minus + infinity
  return undefined
}

function signed(value: number, magnitude: string): string {
  return value < 0 ? minus + magnitude : magnitude
}

function withoutTrailingZeros(text: string): string {
  const [mantissa = text, exponent] = text.split('e')
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa
  return exponent === undefined ? short : `${short}e${exponent.replace('+', '').replace('-', minus)}`
}
