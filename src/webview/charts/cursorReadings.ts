import { type Reading, readAt } from './reading'
import { placesOf, type Scene } from './scene'
import type { ChartRun } from './types'

/** What a run says at the cursor, and where that is on the canvas. */
export interface CursorReading {
  readonly run: ChartRun
  readonly reading: Reading
  readonly left: number
  /** Top of the point, px; undefined of a NaN. */
  readonly top: number | undefined
}

/** Reads all curves at x; points of one pixel are read together. */
export function readCursor(scene: Scene, x: number): CursorReading[] {
  const { box, toX, toY, xAt } = placesOf(scene)
  const at = toX(x)
  const reach = Math.abs(xAt(at + 0.5) - xAt(at - 0.5)) / 2
  return scene.drawn.flatMap(({ run, curve }) => {
    const reading = readAt(curve, x, reach)
    if (!reading) return []
    let top: number | undefined
    if (reading.plusInfinity) top = box.top
    else if (reading.minusInfinity) top = box.bottom
    else if (!reading.nan) {
      const height = toY(reading.high)
      // A logarithmic axis has no place for what is not positive: it lies below.
      top = Number.isNaN(height) ? box.bottom : Math.min(box.bottom, Math.max(box.top, height))
    }
    return [{ run, reading, left: toX(reading.x), top }]
  })
}
