import { lowerBound, upperBound } from '../../shared/downsample'
import { centerRange, middleOf, scaleRange, shiftRange } from './ranges'
import { extentOf, nearestIndex } from './reading'
import type { Drawn, Range } from './types'

export interface PlotKeysOptions {
  readonly drawn: () => readonly Drawn[]
  /** The x range on screen. */
  readonly shown: () => Range | undefined
  /** The y range on screen. */
  readonly shownY: () => Range
  readonly logX: () => boolean
  readonly logY: () => boolean
  /** x of the cursor. */
  readonly cursor: () => number | null
  /** Id of the run that the keys move along; the first where there is no such run. */
  readonly focusedRun: () => string | undefined
  readonly focusRun: (id: string) => void
  /** Called before anything else happens. */
  readonly pressed: () => void
  /** The cursor goes to x, and says what is there. */
  readonly moveTo: (x: number | null) => void
  /** Shows an x range; null: all. */
  readonly zoom: (range: Range | null) => void
  readonly zoomY: (range: Range) => void
  /** False where there is nothing to escape from. */
  readonly escape: () => boolean
}

/** What is looked at of a keyboard event. */
interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  preventDefault(): void
  stopPropagation(): void
}

/** The keyboard on a plot: from point to point, from run to run, and in and out. */
export class PlotKeys {
  readonly #options: PlotKeysOptions

  constructor(options: PlotKeysOptions) {
    this.#options = options
  }

  readonly down = (event: Press): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = this.#actions[(event.shiftKey && event.key.startsWith('Arrow') ? 'Shift+' : '') + event.key]
    if (!action) return
    this.#options.pressed()
    if (action() === false) return
    event.preventDefault()
    event.stopPropagation()
  }

  readonly #actions: Readonly<Record<string, () => unknown>> = {
    ArrowLeft: () => this.#step(-1),
    ArrowRight: () => this.#step(1),
    ArrowUp: () => this.#nextRun(-1),
    ArrowDown: () => this.#nextRun(1),
    Home: () => this.#goTo(this.#options.shown()?.[0]),
    End: () => this.#goTo(this.#options.shown()?.[1]),
    '+': () => this.#zoomBy(0.5),
    '=': () => this.#zoomBy(0.5),
    '-': () => this.#zoomBy(2),
    'Shift+ArrowLeft': () => this.#pan(-0.2),
    'Shift+ArrowRight': () => this.#pan(0.2),
    'Shift+ArrowUp': () => this.#panY(0.2),
    'Shift+ArrowDown': () => this.#panY(-0.2),
    PageUp: () => this.#zoomYBy(0.5),
    PageDown: () => this.#zoomYBy(2),
    Escape: () => this.#options.escape(),
  }

  get #focused(): Drawn | undefined {
    const drawn = this.#options.drawn()
    return drawn.find(({ run }) => run.id === this.#options.focusedRun()) ?? drawn[0]
  }

  /** To the next or previous point of the focused run; the range follows. */
  #step(direction: -1 | 1): void {
    const curve = this.#focused?.curve
    const shown = this.#options.shown()
    if (!curve || !shown) return
    const cursor = this.#options.cursor()
    // Points that share one x are one stop.
    const at =
      cursor === null
        ? nearestIndex(curve.x, direction === 1 ? shown[0] : shown[1])
        : direction === 1
          ? upperBound(curve.x, cursor)
          : lowerBound(curve.x, cursor) - 1
    const x = curve.x[at]
    if (x === undefined) return
    if (x < shown[0] || x > shown[1]) this.#options.zoom(centerRange(shown, x, this.#options.logX()))
    this.#options.moveTo(x)
  }

  #goTo(x: number | undefined): void {
    const curve = this.#focused?.curve
    if (curve && x !== undefined) this.#options.moveTo(curve.x[nearestIndex(curve.x, x)] ?? null)
  }

  #nextRun(direction: -1 | 1): void {
    const drawn = this.#options.drawn()
    const index = drawn.findIndex(({ run }) => run.id === this.#focused?.run.id)
    const next = drawn[(index + direction + drawn.length) % drawn.length]
    if (!next) return
    this.#options.focusRun(next.run.id)
    this.#goTo(this.#options.cursor() ?? this.#options.shown()?.[0])
  }

  #zoomBy(factor: number): void {
    const shown = this.#options.shown()
    if (!shown) return
    const log = this.#options.logX()
    const next = scaleRange(shown, this.#options.cursor() ?? middleOf(shown, log), factor, log)
    const all = extentOf(this.#options.drawn())
    this.#options.zoom(all && next[0] <= all[0] && next[1] >= all[1] ? null : next)
  }

  #pan(share: number): void {
    const shown = this.#options.shown()
    if (shown) this.#options.zoom(shiftRange(shown, share, this.#options.logX()))
  }

  /** Around what the focused run says at the cursor, if that is in sight. */
  #zoomYBy(factor: number): void {
    const shown = this.#options.shownY()
    const log = this.#options.logY()
    const curve = this.#focused?.curve
    const cursor = this.#options.cursor()
    const value = curve && cursor !== null ? (curve.y[nearestIndex(curve.x, cursor)] ?? NaN) : NaN
    const center = value >= shown[0] && value <= shown[1] ? value : middleOf(shown, log)
    this.#options.zoomY(scaleRange(shown, center, factor, log))
  }

  #panY(share: number): void {
    this.#options.zoomY(shiftRange(this.#options.shownY(), share, this.#options.logY()))
  }
}
