import { Chart, LinearScale, LineController, LogarithmicScale, type Plugin } from 'chart.js'
import { colorOf } from '../../shared/runColor'
import type { Theme } from '../ui/theme'
import { tickLabel, ticksOf, valueLabel, valueTicks } from '../../shared/ticks'
import { bandFigures, type Box, type Place, placer, trace } from './trace'
import type { Axis, Drawn, Range } from './types'

Chart.register(LineController, LinearScale, LogarithmicScale)

export type LineChart = Chart<'line', { x: number; y: number }[]>

/** One picture of a chart. */
export interface Scene {
  readonly drawn: readonly Drawn[]
  readonly axis: Axis
  readonly x: Range
  readonly y: Range
  /** Whether there is something finite: without, the y axis bears no numbers. */
  readonly hasY: boolean
  readonly logX: boolean
  readonly logY: boolean
  readonly theme: Theme
  readonly width: number
  readonly height: number
}

/** Room for the labels of the y axis, in px: equal in all charts, so that their x axes align. */
export const yAxisWidth = 60

/** The marks of both axes. */
export function marksOfAxes({ axis, x, y, hasY, logX, logY, width, height }: Scene): {
  readonly x: number[]
  readonly y: number[]
} {
  const mostX = Math.max(2, Math.floor((width - yAxisWidth) / (axis === 'step' || axis === 'metric' ? 60 : 85)))
  return {
    x: ticksOf(axis, x, mostX, logX),
    y: hasY ? valueTicks(y, Math.max(3, Math.floor(height / 34)), logY) : [],
  }
}

/** Makes an empty chart that draws when it is told to and never by itself: chart.js the axes, and we the curves. */
export function createChart(canvas: HTMLCanvasElement): LineChart {
  return new Chart<'line', { x: number; y: number }[]>(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: false,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      events: [],
      layout: { padding: { top: 8, right: 10 } },
    },
    plugins: [curves],
  })
}

const scenes = new WeakMap<object, Scene>()

export function drawScene(chart: LineChart, scene: Scene): void {
  const { theme, axis, x, y } = scene
  scenes.set(chart, scene)
  if (chart.width !== scene.width || chart.height !== scene.height) chart.resize(scene.width, scene.height)
  const font = { family: theme.font, size: 11 }
  const ticks = marksOfAxes(scene)
  chart.options.scales = {
    x: {
      type: scene.logX ? 'logarithmic' : 'linear',
      min: x[0],
      max: x[1],
      border: { color: theme.axis },
      grid: { color: theme.grid, tickLength: 4 },
      afterBuildTicks: (scale) => {
        scale.ticks = ticks.x.map((value) => ({ value }))
      },
      ticks: {
        color: theme.faint,
        font,
        maxRotation: 0,
        autoSkip: false,
        callback: (value) => tickLabel(axis, Number(value), ticks.x),
      },
    },
    y: {
      type: scene.logY ? 'logarithmic' : 'linear',
      min: y[0],
      max: y[1],
      border: { color: theme.axis },
      grid: { color: theme.grid, tickLength: 4 },
      afterBuildTicks: (scale) => {
        scale.ticks = ticks.y.map((value) => ({ value }))
      },
      afterFit: (scale) => {
        scale.width = yAxisWidth
      },
      ticks: {
        color: theme.faint,
        font,
        autoSkip: false,
        callback: (value) => valueLabel(Number(value), ticks.y),
      },
    },
  }
  chart.update('none')
}

/** Where values lie on a chart as it is drawn, px. */
export function placesOf(chart: LineChart, { x, y, logX, logY }: Scene): { readonly toX: Place; readonly toY: Place } {
  const { left, right, top, bottom } = chart.chartArea
  return { toX: placer(x, left, right, logX), toY: placer(y, bottom, top, logY) }
}

/** Draws what chart.js would make an object of for each point: bands, what was logged behind what is smoothed, lines, marks. */
const curves: Plugin<'line'> = {
  id: 'curves',
  afterDatasetsDraw(chart) {
    const scene = scenes.get(chart)
    if (!scene) return
    const { ctx, chartArea: box } = chart
    const { toX, toY } = placesOf(chart as LineChart, scene)
    ctx.save()
    ctx.lineJoin = 'round'
    ctx.beginPath()
    ctx.rect(box.left, box.top, box.right - box.left, box.bottom - box.top)
    ctx.save()
    ctx.clip()
    const stroke = (x: Float64Array, y: Float64Array): void => {
      ctx.beginPath()
      trace(ctx, x, y, toX, toY, box)
      ctx.stroke()
    }
    for (const { run, curve } of scene.drawn) {
      ctx.fillStyle = ctx.strokeStyle = colorOf(run.mark.color, scene.theme.kind)
      if (curve.band) {
        ctx.globalAlpha = bandAlpha
        for (const figure of bandFigures(curve.x, curve.band.low, curve.band.high, toX, toY, box)) fill(ctx, figure)
      }
      if (curve.raw) {
        ctx.globalAlpha = rawAlpha
        ctx.lineWidth = 1
        stroke(curve.raw.x, curve.raw.y)
      }
    }
    ctx.globalAlpha = 1
    for (const { run, curve } of scene.drawn) {
      ctx.strokeStyle = colorOf(run.mark.color, scene.theme.kind)
      ctx.lineWidth = lineWidth(curve, box)
      ctx.setLineDash([...run.mark.dash])
      stroke(curve.x, curve.y)
    }
    ctx.restore()
    ctx.lineWidth = 1.2
    for (const one of scene.drawn) {
      ctx.fillStyle = ctx.strokeStyle = colorOf(one.run.mark.color, scene.theme.kind)
      drawMarks(ctx, one, chart as LineChart, scene)
    }
    ctx.restore()
  },
}

/** Lines that go up and down at each pixel are seen as well thin, and drawn ten times as fast. */
export const lineWidth = ({ x }: Drawn['curve'], { left, right }: Box): number =>
  x.length > 1.5 * (right - left) ? 1 : 1.5

export const bandAlpha = 0.2
export const rawAlpha = 0.3

/** What a line can't show: points that stand alone, infinities at the edges, NaN on the axis. */
export interface PointMark {
  readonly kind: 'dot' | 'nan' | 'plus' | 'minus'
  readonly x: number
  readonly y: number
}

/** @param roomy whether each point has a dot */
export function pointMarks({ curve }: Drawn, toX: Place, toY: Place, { left, right, top, bottom }: Box): PointMark[] {
  const roomy = curve.x.length * 14 < right - left
  const found: PointMark[] = []
  for (let i = 0; i < curve.x.length; i++) {
    const value = curve.y[i] ?? NaN
    if (Number.isFinite(value) && !roomy && (Number.isFinite(curve.y[i - 1]) || Number.isFinite(curve.y[i + 1])))
      continue
    const x = toX(curve.x[i] ?? 0)
    if (!(x >= left - 1 && x <= right + 1)) continue
    if (Number.isNaN(value)) found.push({ kind: 'nan', x, y: bottom - 4 })
    else if (value === Infinity) found.push({ kind: 'plus', x, y: top + 1 })
    else if (value === -Infinity) found.push({ kind: 'minus', x, y: bottom - 1 })
    else {
      const y = toY(value)
      if (y >= top - 2 && y <= bottom + 2) found.push({ kind: 'dot', x, y })
    }
  }
  return found
}

function drawMarks(ctx: CanvasRenderingContext2D, drawn: Drawn, chart: LineChart, scene: Scene): void {
  const { toX, toY } = placesOf(chart, scene)
  for (const { kind, x, y } of pointMarks(drawn, toX, toY, chart.chartArea)) {
    if (kind === 'dot') drawDot(ctx, x, y)
    else if (kind === 'nan') drawCross(ctx, x, y)
    else drawTriangle(ctx, x, y, kind === 'plus')
  }
}

function fill(ctx: CanvasRenderingContext2D, figure: readonly number[]): void {
  ctx.beginPath()
  for (let at = 0; at < figure.length; at += 2) ctx.lineTo(figure[at] ?? 0, figure[at + 1] ?? 0)
  ctx.fill()
}

function drawDot(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  ctx.beginPath()
  ctx.arc(x, y, 2.5, 0, 2 * Math.PI)
  ctx.fill()
}

function drawCross(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  ctx.beginPath()
  ctx.moveTo(x - 2.5, y - 2.5)
  ctx.lineTo(x + 2.5, y + 2.5)
  ctx.moveTo(x - 2.5, y + 2.5)
  ctx.lineTo(x + 2.5, y - 2.5)
  ctx.stroke()
}

function drawTriangle(ctx: CanvasRenderingContext2D, x: number, y: number, up: boolean): void {
  const base = up ? y + 7 : y - 7
  ctx.beginPath()
  ctx.moveTo(x, y)
  ctx.lineTo(x - 4, base)
  ctx.lineTo(x + 4, base)
  ctx.closePath()
  ctx.fill()
}
