import { colorOf } from '../../shared/runColor'
import type { Theme } from '../ui/theme'
import type { LineChart } from './canvas'
import { type Reading, readAt } from './reading'
import type { ChartRun, Drawn } from './types'

/** What a run says at the cursor, and where that is on the canvas. */
export interface CursorReading {
  readonly run: ChartRun
  readonly reading: Reading
  readonly left: number
  /** Top of the point, px; undefined of a NaN. */
  readonly top: number | undefined
}

/** Reads all curves at x; points of one pixel are read together. */
export function readCursor(chart: LineChart, drawn: readonly Drawn[], x: number): CursorReading[] {
  const { x: xScale, y: yScale } = chart.scales
  if (!xScale || !yScale) return []
  const reach = Math.abs(xScale.max - xScale.min) / Math.max(1, xScale.width) / 2
  const { top: highest, bottom: lowest } = chart.chartArea
  return drawn.flatMap(({ run, curve }) => {
    const reading = readAt(curve, x, reach)
    if (!reading) return []
    let top: number | undefined
    if (reading.plusInfinity) top = highest
    else if (reading.minusInfinity) top = lowest
    else if (!reading.nan) top = Math.min(lowest, Math.max(highest, yScale.getPixelForValue(reading.high)))
    return [{ run, reading, left: xScale.getPixelForValue(reading.x), top }]
  })
}

export interface Overlay {
  readonly theme: Theme
  /** x of the cursor, px. */
  readonly cursor: number | undefined
  readonly readings: readonly CursorReading[]
  /** The run drawn thicker. */
  readonly focused: Drawn | undefined
  /** Ends of the box that is being drawn, px. */
  readonly box: readonly [number, number] | undefined
}

/** Draws the cursor and what belongs to it over the chart, which stays as it is. */
export function drawOverlay(canvas: HTMLCanvasElement, chart: LineChart, overlay: Overlay): void {
  const ratio = window.devicePixelRatio || 1
  const width = Math.round(chart.width * ratio)
  const height = Math.round(chart.height * ratio)
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  const ctx = canvas.getContext('2d')
  if (!ctx) return
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.clearRect(0, 0, chart.width, chart.height)
  const { left, right, top, bottom } = chart.chartArea
  const { theme } = overlay
  if (overlay.box) {
    const [from, to] = overlay.box
    ctx.fillStyle = theme.selection
    ctx.strokeStyle = theme.cursor
    ctx.fillRect(from, top, to - from, bottom - top)
    ctx.strokeRect(from + 0.5, top + 0.5, to - from, bottom - top - 1)
  }
  if (overlay.focused) drawThick(ctx, chart, overlay.focused, theme)
  if (overlay.cursor === undefined || overlay.cursor < left - 1 || overlay.cursor > right + 1) return
  ctx.strokeStyle = theme.foreground
  ctx.globalAlpha = 0.5
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(Math.round(overlay.cursor) + 0.5, top)
  ctx.lineTo(Math.round(overlay.cursor) + 0.5, bottom)
  ctx.stroke()
  ctx.globalAlpha = 1
  for (const { run, left: x, top: y } of overlay.readings) {
    if (y === undefined) continue
    ctx.beginPath()
    ctx.arc(x, y, 3.5, 0, 2 * Math.PI)
    ctx.fillStyle = colorOf(run.mark.color, theme.kind)
    ctx.strokeStyle = theme.background
    ctx.lineWidth = 1.5
    ctx.fill()
    ctx.stroke()
  }
}

function drawThick(ctx: CanvasRenderingContext2D, chart: LineChart, { run, curve }: Drawn, theme: Theme): void {
  const { x: xScale, y: yScale } = chart.scales
  if (!xScale || !yScale) return
  const { left, right, top, bottom } = chart.chartArea
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, right - left, bottom - top)
  ctx.clip()
  ctx.strokeStyle = colorOf(run.mark.color, theme.kind)
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  ctx.setLineDash([...run.mark.dash])
  ctx.beginPath()
  let drawing = false
  for (let i = 0; i < curve.x.length; i++) {
    const value = curve.y[i] ?? NaN
    if (!Number.isFinite(value)) {
      drawing = false
      continue
    }
    const x = xScale.getPixelForValue(curve.x[i] ?? 0)
    const y = yScale.getPixelForValue(value)
    if (drawing) ctx.lineTo(x, y)
    else ctx.moveTo(x, y)
    drawing = true
  }
  ctx.stroke()
  ctx.restore()
}
