/** A line chart as SVG text, for what has no canvas: reports, hovers, files. Draws what the charts of the pages draw. */
import type { Points } from './downsample'
import { escapeMarkup, shortLine } from './markup'
import type { Axis } from './protocol'
import { type Range, tickLabel, ticksOf, valueLabel, valueTicks } from './ticks'

export interface SvgCurve extends Points {
  readonly name: string
  /** Any CSS colour, as `#0d83f1` or `var(--run-1)`. */
  readonly color: string
  /** Lengths of dashes and gaps, px; empty: solid. */
  readonly dash?: readonly number[]
}

/** CSS colours. */
export interface SvgColors {
  readonly text: string
  readonly axis: string
  readonly grid: string
  /** Left out: transparent. */
  readonly background?: string
}

export interface SvgChart {
  /** For who can't see the picture. */
  readonly title: string
  /** Ascending in x, `downsample`d to about the chart's width; NaN is a gap, infinities are themselves. */
  readonly curves: readonly SvgCurve[]
  readonly axis: Axis
  /** Pixels; the names, where they are shown, come below that. */
  readonly width: number
  readonly height: number
  readonly colors: SvgColors
  readonly font?: string
  /** Values that are not above zero are gaps. */
  readonly logY?: boolean
  /** Names of the curves below the chart. */
  readonly legend?: boolean
}

const margin = { top: 10, right: 14, bottom: 22, left: 62 }
const lineHeight = 16
/** Curves that the legend names. */
const mostNamed = 12
/** Of a name in the legend: characters. */
const longestName = 60
/** Of greater distances arithmetic makes infinity. */
const greatest = 8e307

/** Where values lie in the picture. */
interface Plot {
  readonly x: Range
  readonly y: Range | undefined
  right: number
  bottom: number
  across(x: number): number
  down(y: number): number
}

export function chartSvg(chart: SvgChart): string {
  const { width, colors, curves, font = 'system-ui, sans-serif' } = chart
  const plot = plotOf(chart)
  const named = chart.legend ? curves.slice(0, mostNamed) : []
  const more = chart.legend ? curves.length - named.length : 0
  const height = chart.height + (named.length + (more > 0 ? 1 : 0)) * lineHeight + (named.length > 0 ? 6 : 0)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(chart.title)}" font-family="${escapeMarkup(font)}" font-size="11">`,
    `<title>${escapeMarkup(chart.title)}</title>`,
    ...(colors.background ? [`<rect width="100%" height="100%" ${paint('fill', colors.background)}/>`] : []),
    axes(chart, plot),
    ...curves.map((curve) => curveMarkup(curve, plot, chart.logY ?? false)),
    ...named.map((curve, index) => legendLine(curve, chart.height + 12 + index * lineHeight, colors)),
    ...(more > 0
      ? [text(margin.left + 30, chart.height + 12 + named.length * lineHeight, `+ ${more}`, colors.text)]
      : []),
    '</svg>',
  ].join('')
}

function plotOf({ curves, width, height, logY = false }: SvgChart): Plot {
  const x: [number, number] = [Infinity, -Infinity]
  const y: [number, number] = [Infinity, -Infinity]
  for (const curve of curves) {
    const first = curve.x[0]
    const last = curve.x.at(-1)
    if (first === undefined || last === undefined) continue
    x[0] = Math.min(x[0], first)
    x[1] = Math.max(x[1], last)
    for (const value of curve.y) {
      if (!isShown(value, logY)) continue
      y[0] = Math.min(y[0], value)
      y[1] = Math.max(y[1], value)
    }
  }
  const [from, to]: Range = x[0] < x[1] ? x : x[0] === x[1] ? [x[0] - 1, x[1] + 1] : [0, 1]
  const heights = y[0] <= y[1] ? withAir(y, logY) : undefined
  const right = width - margin.right
  const bottom = height - margin.bottom
  const place = (value: number): number => (logY ? Math.log10(value) : value)
  const [low, high] = (heights ?? [1, 10]).map(place) as [number, number]
  return {
    x: [from, to],
    y: heights,
    right,
    bottom,
    across: (value) => margin.left + ((value - from) / (to - from)) * (right - margin.left),
    down: (value) => bottom - ((clamped(place(value), low, high) - low) / (high - low)) * (bottom - margin.top),
  }
}

const clamped = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

const isShown = (value: number, logY: boolean): boolean => Number.isFinite(value) && (!logY || value > 0)

/** A little more than the values reach over. */
function withAir([least, most]: Range, logY: boolean): Range {
  if (logY) {
    const air = Math.max(1.05, (most / least) ** 0.05)
    return [Math.max(Number.MIN_VALUE, least / air), Math.min(Number.MAX_VALUE, most * air)]
  }
  const [low, high] = [Math.max(-greatest, least), Math.min(greatest, most)]
  const air = high > low ? (high - low) * 0.05 : Math.abs(high) * 0.05 || 1
  return [low - air, high + air]
}

function axes({ axis, colors, logY = false }: SvgChart, plot: Plot): string {
  const xTicks = ticksOf(axis, plot.x, Math.max(2, Math.floor((plot.right - margin.left) / 80)))
  const yTicks = plot.y ? valueTicks(plot.y, Math.max(3, Math.floor((plot.bottom - margin.top) / 34)), logY) : []
  const grid = [
    ...xTicks.map((tick) => `M${px(plot.across(tick))} ${margin.top}V${plot.bottom}`),
    ...yTicks.map((tick) => `M${margin.left} ${px(plot.down(tick))}H${plot.right}`),
  ].join('')
  return [
    `<path d="${grid}" fill="none" ${paint('stroke', colors.grid)}/>`,
    `<path d="M${margin.left} ${margin.top}V${plot.bottom}H${plot.right}" fill="none" ${paint('stroke', colors.axis)}/>`,
    ...xTicks.map((tick) =>
      text(plot.across(tick), plot.bottom + 14, tickLabel(axis, tick, xTicks), colors.text, 'middle'),
    ),
    ...yTicks.map((tick) => text(margin.left - 6, plot.down(tick) + 4, valueLabel(tick, yTicks), colors.text, 'end')),
  ].join('')
}

/** The line, and what a line can't show: points that stand alone, infinities at the edges, NaN on the axis. */
function curveMarkup({ x, y, color, dash = [] }: SvgCurve, plot: Plot, logY: boolean): string {
  const line: string[] = []
  const dots: string[] = []
  const marks: string[] = []
  const strokes: string[] = []
  const shows = (index: number): boolean => isShown(y[index] ?? NaN, logY)
  for (let index = 0; index < x.length; index++) {
    const value = y[index] ?? NaN
    const at = px(plot.across(x[index] ?? 0))
    if (shows(index)) {
      const down = px(plot.down(value))
      if (shows(index - 1)) line.push(`L${at} ${down}`)
      else if (shows(index + 1)) line.push(`M${at} ${down}`)
      else dots.push(`<circle cx="${at}" cy="${down}" r="2.5"/>`)
    } else if (Number.isNaN(value)) strokes.push(`M${at} ${plot.bottom - 4}m-2.5-2.5l5 5m0-5l-5 5`)
    else if (value === Infinity) marks.push(`M${at} ${margin.top}l-4 7h8z`)
    else if (value === -Infinity) marks.push(`M${at} ${plot.bottom}l-4-7h8z`)
  }
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
  return [
    `<g ${paint('fill', color)}>`,
    ...(line.length > 0
      ? [
          `<path d="${line.join('')}" fill="none" ${paint('stroke', color)} stroke-width="1.5" stroke-linejoin="round"${dashes}/>`,
        ]
      : []),
    ...dots,
    ...(marks.length > 0 ? [`<path d="${marks.join('')}"/>`] : []),
    ...(strokes.length > 0
      ? [`<path d="${strokes.join('')}" fill="none" ${paint('stroke', color)} stroke-width="1.2"/>`]
      : []),
    '</g>',
  ].join('')
}

function legendLine({ name, color, dash = [] }: SvgCurve, y: number, colors: SvgColors): string {
  const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''
  const stroke = `<path d="M${margin.left} ${y - 4}h22" ${paint('stroke', color)} stroke-width="2"${dashes}/>`
  return stroke + text(margin.left + 30, y, shortLine(name, longestName), colors.text)
}

function text(x: number, y: number, content: string, color: string, anchor = 'start'): string {
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" ${paint('fill', color)}>${escapeMarkup(content)}</text>`
}

/** Only a style takes `var(…)`, and only an attribute is taken where styles are forbidden. */
const paint = (what: 'fill' | 'stroke', color: string): string =>
  color.startsWith('var(') ? `style="${what}:${escapeMarkup(color)}"` : `${what}="${escapeMarkup(color)}"`

const px = (value: number): string => String(Math.round(value * 10) / 10)
