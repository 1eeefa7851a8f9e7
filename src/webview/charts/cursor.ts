import { html } from 'lit'
import { colorOf } from '../../shared/runColor'
import { blankCanvas } from '../ui/canvas'
import { CursorList, focusedReading } from './cursorList'
import { type CursorReading, readCursor } from './cursorReadings'
import { drawThick } from './curvePainter'
import { paced, rested } from './paced'
import { placesOf, type Scene } from './scene'
import type { Box } from './trace'

/** Where a chart's cursor is drawn: over its curves. */
export const cursorPlace = html`<canvas class="overlay" width="0" height="0" aria-hidden="true"></canvas>
  <div class="cursor" aria-hidden="true">
    <div class="crosshair"></div>
    <div class="dots"></div>
    <div class="box"></div>
    <div></div>
  </div>`

export interface CursorOptions {
  /** What has the `cursorPlace` in it; null while there is none. */
  readonly plot: () => HTMLElement | null
  /** What is drawn; undefined while nothing is. */
  readonly scene: () => Scene | undefined
  /** The metric of the x axis, where that is one. */
  readonly xKey: () => string
}

/** How long the pointer stands still before the line that it is at is drawn thicker and the list put in order, ms: where many cross, both would be others at each step. */
const rest = 80

/** Values under a pointer that moves are told no more often, ms: nobody reads them faster. */
const legible = 50

/**
 * The cursor of a chart: a line across it, a dot on each curve, a list of what they say, and the box that is being drawn. It moves with
 * each move of the pointer, so nothing but itself is drawn then.
 */
export class ChartCursor {
  readonly #options: CursorOptions
  /** Where it is; null: nowhere. */
  x: number | null = null
  /** Where the cursor of another chart is. */
  shared: number | null = null
  /** Where the pointer is, px; undefined when the keyboard moves the cursor. */
  pointerY: number | undefined
  /** The run that the keyboard is on. */
  focusedRun: string | undefined
  /** px */
  box: Box | undefined
  readonly #tell = paced(legible)
  readonly #afterRest = rested(rest)
  readonly #list = new CursorList()
  #highlit: readonly [canvas: HTMLCanvasElement, scene: Scene, run: string] | undefined

  constructor(options: CursorOptions) {
    this.#options = options
  }

  /** The reading that is told of where there is room for one. */
  get focused(): CursorReading | undefined {
    const scene = this.#options.scene()
    if (!scene || this.x === null) return undefined
    return focusedReading(readCursor(scene, this.x), this.pointerY, this.focusedRun)
  }

  draw(): void {
    const plot = this.#options.plot()
    const scene = this.#options.scene()
    const [crosshair, dots, box, list] = plot?.querySelector('.cursor')?.children ?? []
    if (!plot || !isElement(crosshair) || !isElement(dots) || !isElement(box) || !isElement(list)) return
    // While nothing is drawn, a line would cross out what is said instead.
    const x = scene && scene.drawn.length > 0 ? (this.x ?? this.shared) : null
    const readings = scene && x !== null ? readCursor(scene, x) : []
    const focused = this.x === null ? undefined : focusedReading(readings, this.pointerY, this.focusedRun)
    placeCrosshair(crosshair, scene, x)
    placeDots(dots, readings, scene)
    placeBox(box, this.box)
    const { x: own, pointerY } = this
    const tell = (isMoving: boolean): void => {
      const now = { xKey: this.#options.xKey(), readings, focused, pointerY, isMoving }
      this.#list.show(list, scene && own !== null ? { ...scene, ...now, x: own } : undefined)
    }
    const settle = (): void => {
      this.#highlight(plot, scene, focused?.run.id)
      tell(false)
    }
    const isMoving = pointerY !== undefined && focused !== undefined
    this.#tell(isMoving ? () => tell(true) : settle, isMoving)
    this.#afterRest(isMoving ? settle : undefined)
  }

  /** Draws the run thicker that the cursor is on. */
  #highlight(plot: HTMLElement, scene: Scene | undefined, id: string | undefined): void {
    const canvas = plot.querySelector<HTMLCanvasElement>('canvas.overlay')
    const before = this.#highlit
    if (!canvas || (before?.[0] === canvas && before[1] === scene && before[2] === id)) return
    const drawn = scene && scene.drawn.length > 1 ? scene.drawn.find(({ run }) => run.id === id) : undefined
    this.#highlit = scene && drawn ? [canvas, scene, drawn.run.id] : undefined
    if (!scene || !drawn) {
      if (before) canvas.width = canvas.height = 0
      return
    }
    const ctx = blankCanvas(canvas, scene.width, scene.height)
    if (ctx) drawThick(ctx, drawn, scene, placesOf(scene))
  }
}

const isElement = (node: Element | undefined): node is HTMLElement => node instanceof HTMLElement

type Written = 'display' | 'transform' | 'width' | 'height' | 'backgroundColor'
const written = new WeakMap<HTMLElement, Partial<Record<Written, string>>>()

/** Writes what is new alone: the browser reads each style that is written, also one that stays as it is. */
function write(element: HTMLElement, styles: Partial<Record<Written, string>>): void {
  let before = written.get(element)
  if (!before) written.set(element, (before = {}))
  for (const name of Object.keys(styles) as Written[])
    if (before[name] !== styles[name]) element.style[name] = before[name] = styles[name] ?? ''
}

function placeCrosshair(element: HTMLElement, scene: Scene | undefined, x: number | null): void {
  if (!scene || x === null) {
    write(element, { display: '' })
    return
  }
  const { box, toX } = placesOf(scene)
  const at = toX(x)
  write(element, {
    display: at >= box.left - 1 && at <= box.right + 1 ? 'block' : '',
    height: `${box.bottom - box.top}px`,
    transform: `translate(${Math.round(at)}px, ${box.top}px)`,
  })
}

function placeDots(place: HTMLElement, readings: readonly CursorReading[], scene: Scene | undefined): void {
  const box = scene && placesOf(scene).box
  const seen = box ? readings.filter(({ left }) => left >= box.left - 1 && left <= box.right + 1) : []
  const dots = seen.filter(({ top }) => top !== undefined)
  while (place.childElementCount > dots.length) place.lastElementChild?.remove()
  while (place.childElementCount < dots.length) place.append(document.createElement('div'))
  for (const [at, { run, left, top = 0 }] of dots.entries()) {
    const dot = place.children[at]
    if (!isElement(dot)) continue
    const transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`
    write(dot, { transform, backgroundColor: colorOf(run.mark.color, scene?.theme.kind ?? 'dark') })
  }
}

function placeBox(element: HTMLElement, box: Box | undefined): void {
  if (!box) {
    write(element, { display: '' })
    return
  }
  const { left, top, right, bottom } = box
  const [width, height] = [`${right - left}px`, `${bottom - top}px`]
  write(element, { display: 'block', transform: `translate(${left}px, ${top}px)`, width, height })
}
