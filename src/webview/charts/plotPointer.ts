import { shiftRange } from './ranges'
import { placesOf, type Scene } from './scene'
import type { Box } from './trace'
import type { Range } from './types'

/** A box smaller than this is a click, and a drag that strays less than that from its direction, or than a fifth, is along one axis; px. */
const narrowest = 5
const straying = 16

export interface PlotPointerOptions {
  readonly plot: () => HTMLElement
  readonly scene: () => Scene | undefined
  /** The x range on screen. */
  readonly shown: () => Range | undefined
  /** The y range that is zoomed to. */
  readonly zoomedY: () => Range | null
  readonly logX: () => boolean
  readonly logY: () => boolean
  /** The pointer is at an x value and `y` px; both undefined once it has left. */
  readonly moved: (x: number | undefined, y: number | undefined) => void
  /** A box is being drawn, px; undefined once it is done. */
  readonly boxed: (box: Box | undefined) => void
  /** To a range of x, of y, or of both. */
  readonly zoomed: (x: Range | undefined, y: Range | undefined) => void
  readonly panned: (x: Range, y: Range | undefined) => void
}

interface Drag {
  readonly startX: number
  readonly startY: number
  /** Ranges when it began, where it pans. */
  readonly pan: { readonly x: Range; readonly y: Range | null } | undefined
}

/** The pointer over a plot: it moves the cursor, draws a box to zoom in along x, y or both, and with Shift it pans. */
export class PlotPointer {
  readonly #options: PlotPointerOptions
  #drag: Drag | undefined
  #box: Box | undefined

  constructor(options: PlotPointerOptions) {
    this.#options = options
  }

  readonly down = (event: PointerEvent): void => {
    const shown = this.#options.shown()
    if (event.button !== 0 || !shown) return
    this.#options.plot().setPointerCapture(event.pointerId)
    const pan = event.shiftKey ? { x: shown, y: this.#options.zoomedY() } : undefined
    this.#drag = { startX: event.clientX, startY: event.clientY, pan }
  }

  readonly move = (event: PointerEvent): void => {
    const scene = this.#options.scene()
    if (!scene) return
    const bounds = this.#options.plot().getBoundingClientRect()
    const { box: area, xAt } = placesOf(scene)
    const left = clamp(event.clientX - bounds.left, area.left, area.right)
    this.#options.moved(xAt(left), event.clientY - bounds.top)
    if (!this.#drag) return
    if (this.#drag.pan) this.#pan(event, this.#drag, this.#drag.pan, area)
    else this.#setBox(boxOf(event, this.#drag, bounds, area))
  }

  #pan(event: PointerEvent, { startX, startY }: Drag, { x, y }: NonNullable<Drag['pan']>, area: Box): void {
    const across = (startX - event.clientX) / (area.right - area.left)
    const up = (event.clientY - startY) / (area.bottom - area.top)
    this.#options.panned(
      shiftRange(x, across, this.#options.logX()),
      y ? shiftRange(y, up, this.#options.logY()) : undefined,
    )
  }

  readonly up = (): void => {
    const box = this.#box
    const scene = this.#options.scene()
    this.#drag = undefined
    this.#setBox(undefined)
    if (!box || !scene) return
    const { box: area, xAt, yAt } = placesOf(scene)
    const wide = box.right - box.left >= narrowest && (box.left > area.left || box.right < area.right)
    const high = box.bottom - box.top >= narrowest && (box.top > area.top || box.bottom < area.bottom)
    if (!wide && !high) return
    this.#options.zoomed(
      wide ? [xAt(box.left), xAt(box.right)] : undefined,
      high ? [yAt(box.bottom), yAt(box.top)] : undefined,
    )
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

  #setBox(box: Box | undefined): void {
    if (box === this.#box) return
    this.#box = box
    this.#options.boxed(box)
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** A drag along one axis takes all of the other. */
function boxOf(event: PointerEvent, { startX, startY }: Drag, bounds: DOMRect, area: Box): Box | undefined {
  const [wide, high] = [Math.abs(event.clientX - startX), Math.abs(event.clientY - startY)]
  if (Math.max(wide, high) < narrowest) return undefined
  const diagonal = Math.min(wide, high) >= Math.max(straying, Math.max(wide, high) / 5)
  const ends = (a: number, b: number, least: number, most: number): readonly [number, number] => {
    const [from, to] = [clamp(a, least, most), clamp(b, least, most)]
    return from < to ? [from, to] : [to, from]
  }
  const { left, right, top, bottom } = area
  const [west, east] =
    diagonal || wide >= high ? ends(startX - bounds.left, event.clientX - bounds.left, left, right) : [left, right]
  const [north, south] =
    diagonal || high > wide ? ends(startY - bounds.top, event.clientY - bounds.top, top, bottom) : [top, bottom]
  return { left: west, right: east, top: north, bottom: south }
}
