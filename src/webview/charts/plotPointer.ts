import type { LineChart } from './canvas'
import type { Range } from './types'

/** A box narrower than this is a click, px. */
const narrowest = 5

export interface PlotPointerOptions {
  readonly plot: () => HTMLElement
  readonly chart: () => LineChart | undefined
  /** The x range on screen. */
  readonly shown: () => Range | undefined
  /** The pointer is at an x value and `y` px; both undefined once it has left. */
  readonly moved: (x: number | undefined, y: number | undefined) => void
  /** A box is being drawn between two px; undefined once it is done. */
  readonly boxed: (ends: readonly [number, number] | undefined) => void
  readonly zoomed: (range: Range) => void
  readonly panned: (range: Range) => void
}

/** The pointer over a plot: it moves the cursor, draws a box to zoom in, and with Shift it pans. */
export class PlotPointer {
  readonly #options: PlotPointerOptions
  #drag: { readonly startX: number; readonly pan: Range | undefined } | undefined
  #box: readonly [number, number] | undefined

  constructor(options: PlotPointerOptions) {
    this.#options = options
  }

  readonly down = (event: PointerEvent): void => {
    const shown = this.#options.shown()
    if (event.button !== 0 || !shown) return
    this.#options.plot().setPointerCapture(event.pointerId)
    this.#drag = { startX: event.clientX, pan: event.shiftKey ? shown : undefined }
  }

  readonly move = (event: PointerEvent): void => {
    const chart = this.#options.chart()
    const x = chart?.scales.x
    if (!chart || !x) return
    const bounds = this.#options.plot().getBoundingClientRect()
    const { left, right } = chart.chartArea
    const inside = (clientX: number): number => Math.min(right, Math.max(left, clientX - bounds.left))
    this.#options.moved(x.getValueForPixel(inside(event.clientX)), event.clientY - bounds.top)
    if (!this.#drag) return
    const { startX, pan } = this.#drag
    if (pan) {
      const shift = ((startX - event.clientX) / (right - left)) * (pan[1] - pan[0])
      this.#options.panned([pan[0] + shift, pan[1] + shift])
      return
    }
    const [from, to] = [inside(startX), inside(event.clientX)]
    this.#setBox([Math.min(from, to), Math.max(from, to)])
  }

  readonly up = (): void => {
    const box = this.#box
    const x = this.#options.chart()?.scales.x
    this.#drag = undefined
    this.#setBox(undefined)
    if (box && x && box[1] - box[0] >= narrowest)
      this.#options.zoomed([x.getValueForPixel(box[0]) ?? 0, x.getValueForPixel(box[1]) ?? 0])
  }

  /** The pointer is captured while it drags: it leaves only afterwards. */
  readonly leave = (): void => {
    if (!this.#drag) this.#options.moved(undefined, undefined)
  }

  readonly cancel = (): void => {
    this.#drag = undefined
    this.#setBox(undefined)
    this.#options.moved(undefined, undefined)
  }

  #setBox(box: readonly [number, number] | undefined): void {
    if (box === this.#box) return
    this.#box = box
    this.#options.boxed(box)
  }
}
