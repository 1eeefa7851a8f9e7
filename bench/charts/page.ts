/** What `npm run bench -- charts` measures, in a browser: the same curves by our chart, by uPlot and by chart.js as it comes. */
import { Chart, registerables } from 'chart.js'
import uPlot from 'uplot'
import { LineChartElement } from '../../src/webview/charts/lineChart'
import type { ChartRun, Curve, LoadCurve, Range } from '../../src/webview/charts/types'
import { colorOf, marksOf } from '../../src/shared/runColor'

/** bench/charts/host.ts, built: scripts/lib/chartBench.mjs puts it here. */
declare const hostScript: string

const [width, height] = [900, 320]

/** One way of drawing: all resolve once it is on screen. */
interface Contender {
  draw(): Promise<void>
  zoom(range: Range): Promise<void>
  /** Moves the pointer to a share of the plot's width. */
  hover(share: number): Promise<void>
  remove(): void
}

interface Series {
  readonly steps: Float64Array
  readonly values: Float64Array[]
}

function makeSeries(count: number, points: number): Series {
  let seed = 7
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  const steps = Float64Array.from({ length: points }, (_, step) => step)
  const values = Array.from({ length: count }, (_, nth) =>
    steps.map((step) => Math.exp((-step / points) * (3 + nth / 3)) * 2 + 0.1 * nth + 0.1 * random()),
  )
  return { steps, values }
}

const frame = (): Promise<number> => new Promise(requestAnimationFrame)
const task = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve))

/** Browsers note what is to be drawn and draw it later: this has it drawn now. A canvas without size has nothing to draw. */
function drawn(): void {
  const root = document.querySelector('lens-line-chart')?.shadowRoot ?? document
  for (const canvas of root.querySelectorAll('canvas'))
    if (canvas.width > 0) canvas.getContext('2d')?.getImageData(0, 0, 1, 1)
}

const marks = marksOf(Array.from({ length: 10 }, (_, index) => index))
const colors = marks.map(({ color }) => colorOf(color, 'dark'))

/** With what the extension host does for it in a thread of its own, as it does it in a process of its own. */
async function ours({ steps, values }: Series, place: HTMLElement): Promise<Contender> {
  let waiting = 0
  const asked: ((curve: Curve) => void)[] = []
  const host = new Worker(URL.createObjectURL(new Blob([hostScript])))
  host.addEventListener('message', ({ data }: MessageEvent<{ id: number; curve: Curve } | 'ready'>) => {
    if (data === 'ready') return
    waiting--
    asked[data.id]?.(data.curve)
  })
  const ready = new Promise((resolve) => host.addEventListener('message', resolve, { once: true }))
  host.postMessage({ steps, values })
  await ready
  const load: LoadCurve = (run, look) =>
    new Promise((resolve) => {
      waiting++
      host.postMessage({ id: asked.push(resolve) - 1, nth: Number(run.id), look })
    })
  const runs: ChartRun[] = values.map((_, nth) => ({
    id: String(nth),
    ref: { connection: 'bench', runId: String(nth) },
    name: `run ${nth}`,
    mark: marks[nth] ?? { color: 0, dash: [] },
    version: '1',
  }))
  let chart: LineChartElement | undefined
  const settled = async (): Promise<void> => {
    do {
      await task()
      await chart?.updateComplete
    } while (waiting > 0)
  }
  const plot = (): HTMLElement => {
    const element = chart?.renderRoot.querySelector('.plot')
    if (!(element instanceof HTMLElement)) throw new Error('no plot')
    return element
  }
  return {
    async draw() {
      chart = new LineChartElement()
      Object.assign(chart, { metric: 'loss', runs, load, height })
      chart.addEventListener('range', (event) => {
        if (chart && event instanceof CustomEvent) chart.range = event.detail as Range | null
      })
      place.append(chart)
      while (!chart.renderRoot.querySelector('.points')) await settled()
      await settled()
    },
    async zoom(range) {
      if (chart) chart.range = range
      await settled()
    },
    async hover(share) {
      const { left, top, width: wide } = plot().getBoundingClientRect()
      const at = { clientX: left + 60 + share * (wide - 70), clientY: top + height / 2 }
      plot().dispatchEvent(new PointerEvent('pointermove', { ...at, bubbles: true }))
      await frame()
      await chart?.updateComplete
    },
    remove: () => chart?.remove(),
  }
}

function uplot({ steps, values }: Series, place: HTMLElement): Contender {
  let plot: uPlot | undefined
  return {
    async draw() {
      const series = [{}, ...colors.map((stroke, nth) => ({ label: `run ${nth}`, stroke }))]
      plot = new uPlot({ width, height, series, scales: { x: { time: false } } }, [steps, ...values], place)
      await task()
    },
    async zoom([min, max]) {
      plot?.setScale('x', { min, max })
      await task()
    },
    async hover(share) {
      const over = plot?.over
      if (!over) throw new Error('no plot')
      const { left, top, width: wide } = over.getBoundingClientRect()
      over.dispatchEvent(
        new MouseEvent('mousemove', { clientX: left + share * wide, clientY: top + height / 2, bubbles: true }),
      )
      await frame()
    },
    remove: () => plot?.destroy(),
  }
}

function chartJs({ steps, values }: Series, place: HTMLElement): Contender {
  Chart.register(...registerables)
  const box = document.createElement('div')
  const canvas = document.createElement('canvas')
  let chart: Chart | undefined
  return {
    async draw() {
      box.style.cssText = `width: ${width}px; height: ${height}px`
      box.append(canvas)
      place.append(box)
      chart = new Chart(canvas, {
        type: 'line',
        data: {
          datasets: values.map((column, nth) => ({
            data: Array.from(column, (y, at) => ({ x: steps[at] ?? 0, y })),
            borderColor: colors[nth] ?? 'gray',
          })),
        },
        options: {
          ...{ animation: false, parsing: false, normalized: true, maintainAspectRatio: false },
          elements: { point: { radius: 0 } },
          interaction: { mode: 'index', intersect: false },
          scales: { x: { type: 'linear' } },
        },
      })
      await frame()
    },
    async zoom([min, max]) {
      if (chart) chart.options.scales = { x: { type: 'linear', min, max } }
      chart?.update('none')
      await task()
    },
    async hover(share) {
      const { left, top, width: wide } = canvas.getBoundingClientRect()
      const at = { clientX: left + share * wide, clientY: top + height / 2 }
      canvas.dispatchEvent(new MouseEvent('mousemove', { ...at, bubbles: true }))
      await frame()
    },
    remove: () => {
      chart?.destroy()
      box.remove()
    },
  }
}

const makers = { ours, uplot, chartJs }
const series = makeSeries(10, 100_000)
let current: Contender | undefined

/** Least time between zooms, ms: longer than the pause that our chart makes between two questions. */
const calm = 150

/** From one frame to the one after that in which all was drawn: what somebody who looks at it waits. */
async function waited(work: () => Promise<void> | undefined): Promise<number> {
  const started = await frame()
  await work()
  drawn()
  return (await frame()) - started
}

/** Called by scripts/lib/chartBench.mjs; milliseconds. */
const bench = {
  async draw(name: keyof typeof makers): Promise<number> {
    const contender = (current = await makers[name](series, document.body))
    await frame()
    return waited(() => contender.draw())
  },
  async zoom(range: Range): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, calm))
    return waited(() => current?.zoom(range))
  },
  async hover(count: number): Promise<void> {
    for (let nth = 0; nth < count; nth++) {
      await current?.hover(nth / count)
      drawn()
    }
  },
  /** Colours of the canvas, to know that something was drawn. */
  colours(): number {
    const element = document.querySelector('lens-line-chart')?.shadowRoot ?? document
    const canvas = element.querySelector('canvas')
    const { width: wide = 0, height: high = 0 } = canvas ?? {}
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, wide, high).data ?? []
    return new Set(Array.from({ length: wide * high }, (_, at) => pixels.slice(4 * at, 4 * at + 3).join())).size
  },
}
Object.assign(window, { bench })
