/** Line charts on a canvas: chart.js lays them out, their axes and curves are drawn here. */
import { Chart, type Plugin } from 'chart.js'
import { PlotAxis, scenes } from './axes'
import { drawCurves } from './curvePainter'
import { margin, placesOf, type Scene } from './scene'

Chart.register(PlotAxis)

/** Draws what chart.js would make an object of for each point. */
const curves: Plugin = {
  id: 'curves',
  afterDatasetsDraw({ ctx, canvas }) {
    const scene = scenes.get(canvas)
    if (scene) drawCurves(ctx, scene, placesOf(scene))
  },
}

/** Draws a scene on a canvas, at once and never by itself; `dropScene` frees what that takes. */
export function drawScene(canvas: HTMLCanvasElement, scene: Scene): void {
  const { width, height } = scene
  scenes.set(canvas, scene)
  const chart = Chart.getChart(canvas)
  if (!chart) makeChart(canvas, scene)
  else if (chart.width === width && chart.height === height) chart.update('none')
  else chart.resize(width, height)
}

/** Each of the three ways to draw lays the chart out and paints it once. */
function makeChart(canvas: HTMLCanvasElement, { width, height }: Scene): void {
  Object.assign(canvas, { width, height })
  new Chart(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: false,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: margin.top, right: margin.right } },
      scales: { x: { type: 'plotAxis' }, y: { type: 'plotAxis' } },
    },
    plugins: [curves],
  })
}

export function dropScene(canvas: HTMLCanvasElement): void {
  scenes.delete(canvas)
  Chart.getChart(canvas)?.destroy()
  canvas.width = canvas.height = 0
}
