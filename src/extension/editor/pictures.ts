/** Curves as SVG, for decorations and hovers, which can show nothing else. Colours are of the theme's kind: VS Code gives no others to a picture. */
import { formatDuration, formatMetric } from '../../shared/format'

export type Contrast = 'light' | 'dark' | 'highContrastLight' | 'highContrastDark'

interface Ink {
  readonly curve: string
  readonly other: string
  readonly axis: string
  readonly text: string
}

/** The first two as in `shared/runColor.ts`: blue, and a grey for what it is compared with. */
const inks: Readonly<Record<Contrast, Ink>> = {
  dark: { curve: '#3794ff', other: '#8a8a8a', axis: '#5a5a5a', text: '#c8c8c8' },
  light: { curve: '#1d58ce', other: '#8a8a8a', axis: '#bdbdbd', text: '#444444' },
  highContrastDark: { curve: '#6fc3ff', other: '#d0d0d0', axis: '#ffffff', text: '#ffffff' },
  highContrastLight: { curve: '#0f4a85', other: '#5a5a5a', axis: '#292929', text: '#292929' },
}

export interface Curve {
  /** Ascending. */
  readonly x: ArrayLike<number>
  /** NaN and infinities are gaps. */
  readonly y: ArrayLike<number>
  /** What x is where the values have no steps of their own: milliseconds since the run began or, if they have no times either, a number. */
  readonly over?: 'time' | 'order'
}

export const sparklineSize = { width: 56, height: 14 } as const

/** A small curve without axes; undefined where there are fewer than two points to draw, or all of them are at one place. */
export function sparkline(curve: Curve, contrast: Contrast): string | undefined {
  const { width, height } = sparklineSize
  const box = boxOf([curve])
  if (!box || box.left === box.right) return undefined
  const place = placing(box, { left: 1, top: 2, width: width - 4, height: height - 4 })
  const ink = inks[contrast]
  const last = lastPoint(curve)
  const end = last && place(last)
  return svg(
    width,
    height,
    line(curve, place, ink.curve, 1.2) +
      (end ? `<circle cx="${end[0]}" cy="${end[1]}" r="1.8" fill="${ink.curve}"/>` : ''),
  )
}

/** Sizes of a chart with axes, in CSS pixels. */
export const chartSize = { width: 380, height: 116 } as const

/** @param curves the first is drawn last, and in colour; others are dashed */
export function chart(curves: readonly Curve[], contrast: Contrast): string | undefined {
  const box = boxOf(curves)
  if (!box) return undefined
  const { width, height } = chartSize
  const ink = inks[contrast]
  const yTicks = ticks(box.bottom, box.top, 3)
  const isOverTime = curves.some(({ over }) => over === 'time')
  const xTicks = isOverTime
    ? timeTicks(box.left, box.right)
    : ticks(box.left, box.right, 5).filter((tick) => Number.isInteger(tick))
  const labels = yTicks.map((tick) => formatMetric(tick))
  const gutter = 12 + 6.2 * Math.max(...labels.map((label) => label.length), 2)
  const area = { left: gutter, top: 8, width: width - gutter - 10, height: height - 30 }
  const place = placing(box, area)
  const parts: string[] = []
  yTicks.forEach((tick, at) => {
    const [, y] = place([box.left, tick])
    parts.push(
      `<line x1="${area.left}" x2="${area.left + area.width}" y1="${y}" y2="${y}" stroke="${ink.axis}" stroke-opacity=".45" stroke-width=".6"/>`,
      `<text x="${area.left - 5}" y="${y + 3.5}" text-anchor="end">${labels[at] ?? ''}</text>`,
    )
  })
  for (const tick of xTicks) {
    const [x] = place([tick, box.bottom])
    parts.push(
      `<text x="${x}" y="${height - 6}" text-anchor="middle">${isOverTime ? formatDuration(tick) : formatMetric(tick)}</text>`,
    )
  }
  const bottom = area.top + area.height
  parts.push(
    `<path d="M${area.left} ${area.top}V${bottom}H${area.left + area.width}" fill="none" stroke="${ink.axis}"/>`,
  )
  curves.toReversed().forEach((curve, at) => {
    const isFirst = at === curves.length - 1
    parts.push(isFirst ? line(curve, place, ink.curve, 1.6) : line(curve, place, ink.other, 1.2, '4 2.5'))
    const only = lastPoint(curve)
    const point = only && place(only)
    if (point && isFirst) parts.push(`<circle cx="${point[0]}" cy="${point[1]}" r="2.4" fill="${ink.curve}"/>`)
  })
  return svg(width, height, `<g font-family="sans-serif" font-size="10.5" fill="${ink.text}">${parts.join('')}</g>`)
}

/** For `Uri.parse` and Markdown images. */
export const dataUri = (picture: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`

/** A small triangle on its side, for the gutter: the metric got worse. */
export function worseMark(contrast: Contrast): string {
  const color = { dark: '#ff8c8c', light: '#c72e2e', highContrastDark: '#ff9d9d', highContrastLight: '#a1260d' }[
    contrast
  ]
  return svg(16, 16, `<path d="M4 5h8l-4 7z" fill="${color}"/>`)
}

interface Box {
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
  readonly points: number
}

function boxOf(curves: readonly Curve[]): Box | undefined {
  let [left, right, bottom, top, points] = [Infinity, -Infinity, Infinity, -Infinity, 0]
  for (const { x, y } of curves)
    for (let at = 0; at < x.length; at++) {
      const [across, up] = [x[at] ?? NaN, y[at] ?? NaN]
      if (!isDrawn(up) || !Number.isFinite(across)) continue
      left = Math.min(left, across)
      right = Math.max(right, across)
      bottom = Math.min(bottom, up)
      top = Math.max(top, up)
      points++
    }
  return points === 0 ? undefined : { left, right, bottom, top, points }
}

/** MLflow's databases keep an infinity as the greatest double. */
const isDrawn = (value: number): boolean => Math.abs(value) < Number.MAX_VALUE

interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

type Place = (point: readonly [number, number]) => [number, number]

function placing(box: Box, area: Area): Place {
  // Halves: the span of two great numbers may be infinite.
  const share = (value: number, low: number, high: number): number =>
    high === low ? 0.5 : (value / 2 - low / 2) / (high / 2 - low / 2)
  return ([x, y]) => [
    round(area.left + area.width * share(x, box.left, box.right)),
    round(area.top + area.height * (1 - share(y, box.bottom, box.top))),
  ]
}

function line({ x, y }: Curve, place: Place, color: string, width: number, dashes?: string): string {
  let path = ''
  let isOpen = false
  for (let at = 0; at < x.length; at++) {
    const value = y[at] ?? NaN
    if (!isDrawn(value)) {
      isOpen = false
      continue
    }
    const [across, down] = place([x[at] ?? 0, value])
    path += `${isOpen ? 'L' : 'M'}${across} ${down}`
    isOpen = true
  }
  return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round" ${dashes === undefined ? 'stroke-linecap="round"' : `stroke-dasharray="${dashes}"`}/>`
}

function lastPoint({ x, y }: Curve): [number, number] | undefined {
  for (let at = x.length - 1; at >= 0; at--) {
    const value = y[at] ?? NaN
    if (isDrawn(value)) return [x[at] ?? 0, value]
  }
  return undefined
}

/** Round numbers in a range, about so many; at least one. */
export function ticks(from: number, to: number, count: number): number[] {
  const span = to - from
  if (!(span > 0) || !Number.isFinite(span)) return [from]
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const found: number[] = []
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + span * 1e-9 && found.length <= 2 * count; n++)
    found.push(Number((n * step).toPrecision(12)))
  return found.length > 0 ? found : [from]
}

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]

/** The same in milliseconds, round in the unit that fits. */
function timeTicks(from: number, to: number): number[] {
  const unit = [day, hour, minute, second].find((size) => to - from >= size) ?? 1
  return ticks(from / unit, to / unit, 4).map((tick) => Math.round(tick * unit))
}

const round = (value: number): number => Math.round(value * 10) / 10

const svg = (width: number, height: number, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`
