import { colorOf } from '../../shared/runColor'
import { type LineChart, lineWidth, placesOf, type Scene } from './canvas'
import { type Reading, readAt } from './reading'
import { type Box, trace } from './trace'
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
export function readCursor(chart: LineChart, scene: Scene, x: number): CursorReading[] {
  const { x: xScale } = chart.scales
  if (!xScale) return []
  const { toX, toY } = placesOf(chart, scene)
  const at = toX(x)
  const reach = Math.abs((xScale.getValueForPixel(at + 0.5) ?? x) - (xScale.getValueForPixel(at - 0.5) ?? x)) / 2
  const { top: highest, bottom: lowest } = chart.chartArea
  return scene.drawn.flatMap(({ run, curve }) => {
    const reading = readAt(curve, x, reach)
    if (!reading) return []
    let top: number | undefined
    if (reading.plusInfinity) top = highest
    else if (reading.minusInfinity) top = lowest
    else if (!reading.nan) {
      const height = toY(reading.high)
      // A logarithmic axis has no place for what is not positive: it lies below.
      top = Number.isNaN(height) ? lowest : Math.min(lowest, Math.max(highest, height))
    }
    return [{ run, reading, left: toX(reading.x), top }]
  })
}

export interface Overlay {
  /** x of the cursor, px. */
  readonly cursor: number | undefined
  readonly readings: readonly CursorReading[]
  /** The run drawn thicker. */
  readonly focused: Drawn | undefined
  /** The box that is being drawn, px. */
  readonly box: Box | undefined
}

/** Draws the cursor and what belongs to it over the chart, which stays as it is. */
export function drawOverlay(canvas: HTMLCanvasElement, chart: LineChart, scene: Scene, overlay: Overlay): void {
  const ratio = window.devicePixelRatio || 1
  const width = Math.round(chart.width * ratio)
  const height = Math.round(chart.height * ratio)
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  const ctx = canvas.getContext('2d')
  if (!ctx) return
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  ctx.clearRect(0, 0, chart.width, chart.height)
  const { left, right, top, bottom } = chart.chartArea
  const { theme } = scene
  if (overlay.box) {
    const { box } = overlay
    ctx.fillStyle = theme.selection
    ctx.strokeStyle = theme.cursor
    ctx.fillRect(box.left, box.top, box.right - box.left, box.bottom - box.top)
    ctx.strokeRect(box.left + 0.5, box.top + 0.5, box.right - box.left, box.bottom - box.top - 1)
  }
  if (overlay.focused) drawThick(ctx, chart, scene, overlay.focused)
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

function drawThick(ctx: CanvasRenderingContext2D, chart: LineChart, scene: Scene, { run, curve }: Drawn): void {
  const { left, right, top, bottom } = chart.chartArea
  const { toX, toY } = placesOf(chart, scene)
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, top, right - left, bottom - top)
  ctx.clip()
  ctx.strokeStyle = colorOf(run.mark.color, scene.theme.kind)
  ctx.lineJoin = 'round'
  ctx.setLineDash([...run.mark.dash])
  const thin = lineWidth(curve, chart.chartArea) === 1
  ctx.lineWidth = thin ? 1 : 3
  ctx.beginPath()
  // Thin lines side by side are drawn much faster than a thick one.
  for (const shift of thin ? [-0.75, 0, 0.75] : [0])
    trace(
      ctx,
      curve.x,
      curve.y,
      (x) => toX(x) + shift,
      (y) => toY(y) + shift,
      chart.chartArea,
    )
  ctx.stroke()
  ctx.restore()
}
