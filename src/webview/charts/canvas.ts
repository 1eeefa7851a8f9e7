import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
} from 'chart.js'
import { formatMetric } from '../../shared/format'
import { colorOf } from '../../shared/runColor'
import type { Theme } from '../ui/theme'
import { type Heights, yAxisOf } from './reading'
import { tickLabel, ticksOf, valueTicks } from '../../shared/ticks'
import type { Axis, Drawn, Range } from './types'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale)

export type LineChart = Chart<'line', { x: number; y: number }[]>

/** One picture of a chart. */
export interface Scene {
  readonly drawn: readonly Drawn[]
  readonly axis: Axis
  readonly x: Range
  /** What the y axis reaches over; undefined where there is nothing finite: then it bears no numbers. */
  readonly heights: Heights | undefined
  readonly logY: boolean
  readonly theme: Theme
  readonly width: number
  readonly height: number
}

/** Room for the labels of the y axis, in px: equal in all charts, so that their x axes align. */
const yAxisWidth = 60

/** Makes an empty chart that draws when it is told to and never by itself. */
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
      elements: { line: { borderWidth: 1.5, borderJoinStyle: 'round' }, point: { radius: 0, hitRadius: 0 } },
    },
    plugins: [marks],
  })
}

const scenes = new WeakMap<object, Scene>()

export function drawScene(chart: LineChart, scene: Scene): void {
  const { theme, axis, x } = scene
  const y = yAxisOf(scene.heights, scene.logY)
  scenes.set(chart, scene)
  if (chart.width !== scene.width || chart.height !== scene.height) chart.resize(scene.width, scene.height)
  const font = { family: theme.font, size: 11 }
  const mostX = Math.max(2, Math.floor((scene.width - yAxisWidth) / (axis === 'step' ? 60 : 85)))
  const xTicks = ticksOf(axis, x, mostX)
  const yTicks = scene.heights ? valueTicks(y, Math.max(3, Math.floor(scene.height / 34)), scene.logY) : []
  chart.data.datasets = scene.drawn.map((drawn) => datasetOf(drawn, theme))
  chart.options.scales = {
    x: {
      type: 'linear',
      min: x[0],
      max: x[1],
      border: { color: theme.axis },
      grid: { color: theme.grid, tickLength: 4 },
      afterBuildTicks: (scale) => {
        scale.ticks = xTicks.map((value) => ({ value }))
      },
      ticks: {
        color: theme.faint,
        font,
        maxRotation: 0,
        autoSkip: false,
        callback: (value) => tickLabel(axis, Number(value), xTicks),
      },
    },
    y: {
      type: scene.logY ? 'logarithmic' : 'linear',
      min: y[0],
      max: y[1],
      border: { color: theme.axis },
      grid: { color: theme.grid, tickLength: 4 },
      afterBuildTicks: (scale) => {
        scale.ticks = yTicks.map((value) => ({ value }))
      },
      afterFit: (scale) => {
        scale.width = yAxisWidth
      },
      ticks: {
        color: theme.faint,
        font,
        autoSkip: false,
        callback: (value) => formatMetric(Number(value)),
      },
    },
  }
  chart.update('none')
}

function datasetOf({ run, curve }: Drawn, theme: Theme): ChartDataset<'line', { x: number; y: number }[]> {
  const data: { x: number; y: number }[] = []
  for (let i = 0; i < curve.x.length; i++) {
    const y = curve.y[i] ?? NaN
    // An infinity is a gap in the line and a mark at the edge.
    data.push({ x: curve.x[i] ?? 0, y: Number.isFinite(y) ? y : NaN })
  }
  return { data, borderColor: colorOf(run.mark.color, theme.kind), borderDash: [...run.mark.dash], spanGaps: false }
}

/** Draws what a line can't show: points that stand alone, infinities at the edges, NaN on the axis. */
const marks: Plugin<'line'> = {
  id: 'marks',
  afterDatasetsDraw(chart) {
    const scene = scenes.get(chart)
    const { x: xScale, y: yScale } = chart.scales
    if (!scene || !xScale || !yScale) return
    const { ctx, chartArea } = chart
    ctx.save()
    for (const { run, curve } of scene.drawn) {
      ctx.fillStyle = ctx.strokeStyle = colorOf(run.mark.color, scene.theme.kind)
      ctx.lineWidth = 1.2
      const roomy = curve.x.length * 14 < chartArea.width
      for (let i = 0; i < curve.x.length; i++) {
        const value = curve.y[i] ?? NaN
        const at = xScale.getPixelForValue(curve.x[i] ?? 0)
        if (at < chartArea.left - 1 || at > chartArea.right + 1) continue
        if (Number.isNaN(value)) drawCross(ctx, at, chartArea.bottom - 4)
        else if (!Number.isFinite(value))
          drawTriangle(ctx, at, value > 0 ? chartArea.top + 1 : chartArea.bottom - 1, value > 0)
        else if (roomy || (!Number.isFinite(curve.y[i - 1] ?? NaN) && !Number.isFinite(curve.y[i + 1] ?? NaN))) {
          const height = yScale.getPixelForValue(value)
          if (height >= chartArea.top - 2 && height <= chartArea.bottom + 2) drawDot(ctx, at, height)
        }
      }
    }
    ctx.restore()
  },
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
