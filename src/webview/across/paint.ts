/** Drawing on a canvas or into an SVG file, in CSS px. */
import type { Theme } from '../ui/themeColors'
import type { Scale } from './scale'

/** As much of a canvas as plots are painted with, so that files are painted by the same code. */
export interface Context {
  fillStyle: string | object
  strokeStyle: string | object
  /** Px. */
  lineWidth: number
  lineJoin: 'bevel' | 'miter' | 'round'
  globalAlpha: number
  /** As CSS writes it. */
  font: string
  textAlign: 'center' | 'end' | 'left' | 'right' | 'start'
  textBaseline: 'alphabetic' | 'bottom' | 'hanging' | 'ideographic' | 'middle' | 'top'
  save(): void
  restore(): void
  clip(): void
  setLineDash(lengths: number[]): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  arc(x: number, y: number, radius: number, from: number, to: number): void
  rect(x: number, y: number, width: number, height: number): void
  closePath(): void
  stroke(): void
  fill(): void
  fillRect(x: number, y: number, width: number, height: number): void
  strokeRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number): void
  strokeText(text: string, x: number, y: number): void
  measureText(text: string): { readonly width: number }
}

export function setFont(ctx: Context, theme: Theme, bold = false): void {
  ctx.font = `${bold ? '600 ' : ''}11px ${theme.font}`
}

/** A text that is no wider than `width` px; lines become spaces. */
export function clipped(ctx: Context, text: string, width: number): string {
  const line = text.slice(0, 300).replace(/\s+/g, ' ')
  if (ctx.measureText(line).width <= width) return line
  let [fits, tooLong] = [0, line.length]
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1
    if (ctx.measureText(`${line.slice(0, middle)}…`).width <= width) fits = middle
    else tooLong = middle
  }
  return `${line.slice(0, fits)}…`
}

export interface Frame {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Px that the labels at the left of a plot take: more than most have only where they are long. */
export function roomAtLeft(ctx: Context, { ticks, apart }: Scale, width: number): number {
  const longest = Math.max(...[...ticks, ...apart].map(({ label }) => ctx.measureText(label.slice(0, 300)).width), 0)
  return Math.max(74, Math.min(longest + 12, width * 0.3))
}

/** Axes with their ticks at the left and below. */
export function drawAxes(ctx: Context, frame: Frame, x: Scale | undefined, y: Scale, theme: Theme): void {
  const { left, right, top, bottom } = frame
  setFont(ctx, theme)
  ctx.lineWidth = 1
  const line = (color: string, ...[fromX, fromY, toX, toY]: [number, number, number, number]): void => {
    ctx.strokeStyle = color
    ctx.beginPath()
    ctx.moveTo(Math.round(fromX) + 0.5, Math.round(fromY) + 0.5)
    ctx.lineTo(Math.round(toX) + 0.5, Math.round(toY) + 0.5)
    ctx.stroke()
  }
  ctx.fillStyle = theme.faint
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'right'
  for (const { at } of y.ticks) line(theme.grid, left, at, right, at)
  for (const { at, label } of [...y.ticks, ...y.apart]) ctx.fillText(clipped(ctx, label, left - 10), left - 6, at)
  if (x) {
    ctx.textBaseline = 'top'
    ctx.textAlign = 'center'
    for (const { at } of x.ticks) line(theme.grid, at, top, at, bottom)
    drawTicksBelow(ctx, [...x.ticks, ...x.apart], bottom + 6, theme)
    for (const edge of x.apart.length > 0 ? x.span : [])
      if (edge > left && edge < right) dashed(ctx, theme, edge, top, edge, bottom)
  }
  for (const edge of y.apart.length > 0 ? y.span : [])
    if (edge > top && edge < bottom) dashed(ctx, theme, left, edge, right, edge)
  line(theme.axis, left, top, left, bottom)
  line(theme.axis, left, bottom, right, bottom)
}

/** Those labels that have room beside those before them. */
export function withRoom<T extends { readonly at: number; readonly label: string }>(
  ctx: Context,
  ticks: readonly T[],
): T[] {
  const kept: { tick: T; width: number }[] = []
  for (const tick of ticks) {
    const { width } = ctx.measureText(tick.label)
    const isFree = kept.every((other) => Math.abs(other.tick.at - tick.at) >= Math.max(other.width, width) + 7)
    if (isFree) kept.push({ tick, width })
  }
  return kept.map(({ tick }) => tick)
}

interface Label {
  readonly at: number
  readonly label: string
}

/** Px from one row of labels under an axis to the next, and that one label may take. */
export const labelRow = 14
/** Rows that a plot gives them. */
const mostRows = 3
const widest = 114

const inOrder = (ticks: readonly Label[]): Label[] => [...ticks].sort((a, b) => a.at - b.at)

/** Px for a label under an axis: the way to those beside it in its row; half of that, and what there is, where the plot ends. */
function roomBelow(sorted: readonly Label[], place: number, rows: number, end: number): number {
  const at = sorted[place]?.at ?? 0
  const ways = [sorted[place - rows], sorted[place + rows]].flatMap((other) => (other ? [Math.abs(other.at - at)] : []))
  return Math.min(widest, ...ways.map((way) => Math.min(way - 6, (way - 6) / 2 + end - at)))
}

/** Rows in which labels under an axis have room, neighbours in different ones. @param end px, where the plot ends */
export function rowsBelow(ctx: Context, ticks: readonly Label[], end: number): number {
  const sorted = inOrder(ticks)
  const widths = sorted.map(({ label }) => Math.min(widest, ctx.measureText(label.slice(0, 300)).width))
  let rows = 1
  while (rows < mostRows && widths.some((width, place) => width > roomBelow(sorted, place, rows, end))) rows++
  return rows
}

/** Labels under an axis in so many rows, each as wide as it has room. @param end px, where the plot ends */
export function drawTicksBelow(
  ctx: Context,
  ticks: readonly Label[],
  top: number,
  theme: Theme,
  { rows = 1, end = Infinity } = {},
): void {
  ctx.textBaseline = 'top'
  ctx.textAlign = 'center'
  inOrder(ticks).forEach(({ at, label }, place, sorted) => {
    const y = top + (place % rows) * labelRow
    ctx.fillStyle = theme.grid
    if (y > top) ctx.fillRect(at - 0.5, top - 5, 1, y - top + 3)
    ctx.fillStyle = theme.faint
    const text = clipped(ctx, label, roomBelow(sorted, place, rows, end))
    ctx.fillText(text, Math.min(at, end - ctx.measureText(text).width / 2), y)
  })
}

/** Parts numbers from what is none. */
function dashed(ctx: Context, theme: Theme, fromX: number, fromY: number, toX: number, toY: number): void {
  ctx.save()
  ctx.strokeStyle = theme.axis
  ctx.setLineDash([3, 3])
  ctx.beginPath()
  ctx.moveTo(fromX, fromY)
  ctx.lineTo(toX, toY)
  ctx.stroke()
  ctx.restore()
}

export function drawDot(ctx: Context, x: number, y: number, radius: number, color: string, theme: Theme): void {
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fillStyle = color
  ctx.fill()
  ctx.lineWidth = 1
  ctx.strokeStyle = theme.background
  ctx.stroke()
}

/** The mark of the best run: a star, which no colour is needed to see. */
export function drawStar(ctx: Context, x: number, y: number, theme: Theme, radius = 8): void {
  ctx.beginPath()
  for (let point = 0; point < 10; point++) {
    const angle = (Math.PI * point) / 5 - Math.PI / 2
    const length = point % 2 === 0 ? radius : radius * 0.45
    ctx.lineTo(x + length * Math.cos(angle), y + length * Math.sin(angle))
  }
  ctx.closePath()
  ctx.fillStyle = theme.foreground
  ctx.strokeStyle = theme.background
  ctx.lineWidth = 1.5
  ctx.stroke()
  ctx.fill()
}
