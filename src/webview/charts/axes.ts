/** The axes of line charts, as chart.js's own would be drawn: theirs measure and resolve every label anew, which takes longer than all the curves. */
import { type CoreScaleOptions, Scale } from 'chart.js'
import { tickLabel, valueLabel } from '../../shared/ticks'
import { margin, marksOfAxes, placesOf, type Scene } from './scene'

declare module 'chart.js' {
  interface CartesianScaleTypeRegistry {
    plotAxis: { options: CoreScaleOptions }
  }
}

/** What is drawn on a canvas. */
export const scenes = new WeakMap<HTMLCanvasElement, Scene>()

/** An axis at the left or below, with the marks of its canvas's scene. */
export class PlotAxis extends Scale {
  static id = 'plotAxis'
  static defaults = {}

  override determineDataLimits(): void {
    const scene = scenes.get(this.chart.canvas)
    if (scene) [this.min, this.max] = this.isHorizontal() ? scene.x : scene.y
  }

  override buildTicks(): [] {
    return [] // they are drawn from the scene
  }

  override calculateLabelRotation(): void {
    // They lie flat.
  }

  override fit(): void {
    this.width = this.isHorizontal() ? this.maxWidth : margin.left
    this.height = this.isHorizontal() ? margin.bottom : this.maxHeight
  }

  override draw(): void {
    const scene = scenes.get(this.chart.canvas)
    if (!scene) return
    const { ctx } = this
    ctx.save()
    ctx.font = `11px ${scene.theme.font}`
    ctx.lineWidth = 1
    const marks = marksOfAxes(scene)
    if (this.isHorizontal()) drawX(ctx, scene, marks.x)
    else drawY(ctx, scene, marks.y)
    ctx.restore()
  }
}

function drawX(ctx: CanvasRenderingContext2D, scene: Scene, ticks: readonly number[]): void {
  const { theme, axis, width } = scene
  const { box, toX } = placesOf(scene)
  const seen = ticks.filter((tick) => tick >= scene.x[0] && tick <= scene.x[1])
  lines(
    ctx,
    theme.grid,
    seen.map((tick) => [toX(tick), box.top, toX(tick), box.bottom + 4]),
  )
  lines(ctx, theme.axis, [[box.left, box.bottom, box.right, box.bottom]])
  ctx.fillStyle = theme.faint
  ctx.textAlign = 'center'
  ctx.textBaseline = 'top'
  for (const tick of seen) {
    const label = tickLabel(axis, tick, ticks)
    const half = ctx.measureText(label).width / 2
    ctx.fillText(label, Math.min(toX(tick), width - half), box.bottom + 7)
  }
}

function drawY(ctx: CanvasRenderingContext2D, scene: Scene, ticks: readonly number[]): void {
  const { theme } = scene
  const { box, toY } = placesOf(scene)
  lines(
    ctx,
    theme.grid,
    ticks.map((tick) => [box.left - 4, toY(tick), box.right, toY(tick)]),
  )
  lines(ctx, theme.axis, [[box.left, box.top, box.left, box.bottom]])
  ctx.fillStyle = theme.faint
  ctx.textAlign = 'right'
  ctx.textBaseline = 'middle'
  for (const tick of ticks) ctx.fillText(valueLabel(tick, ticks), box.left - 7, toY(tick))
}

/** Each as sharp as one pixel. */
function lines(
  ctx: CanvasRenderingContext2D,
  color: string,
  ends: readonly (readonly [number, number, number, number])[],
): void {
  ctx.strokeStyle = color
  ctx.beginPath()
  for (const [x0, y0, x1, y1] of ends) {
    ctx.moveTo(Math.floor(x0) + 0.5, Math.floor(y0) + 0.5)
    ctx.lineTo(Math.floor(x1) + 0.5, Math.floor(y1) + 0.5)
  }
  ctx.stroke()
}
