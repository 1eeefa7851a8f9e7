/** What a line chart shows, and where on the canvas. */
import { ticksOf, valueTicks } from '../../shared/ticks'
import type { Theme } from '../ui/theme'
import { coreHeights, extentOf, type Heights, heightsOf } from './reading'
import { type Box, type Place, placer, unplacer } from './trace'
import type { Axis, Drawn, Range } from './types'

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
  /** CSS pixels. */
  readonly width: number
  readonly height: number
}

/** Room around the curves, px: equal in all charts, so that their x axes align. */
export const margin = { left: 60, right: 10, top: 8, bottom: 22 }

/** The part of the canvas that has the curves, px. */
export const boxOf = ({ width, height }: Pick<Scene, 'width' | 'height'>): Box => ({
  left: margin.left,
  right: Math.max(margin.left + 1, width - margin.right),
  top: margin.top,
  bottom: Math.max(margin.top + 1, height - margin.bottom),
})

/** Where values lie on the canvas, px, and which values lie there. */
export interface Places {
  readonly box: Box
  readonly toX: Place
  readonly toY: Place
  readonly xAt: (px: number) => number
  readonly yAt: (px: number) => number
}

export function placesOf(scene: Scene, box = boxOf(scene)): Places {
  const { x, y, logX, logY } = scene
  return {
    box,
    toX: placer(x, box.left, box.right, logX),
    toY: placer(y, box.bottom, box.top, logY),
    xAt: unplacer(x, box.left, box.right, logX),
    yAt: unplacer(y, box.bottom, box.top, logY),
  }
}

/** The marks of both axes. */
export function marksOfAxes({ axis, x, y, hasY, logX, logY, width, height }: Scene): {
  readonly x: number[]
  readonly y: number[]
} {
  const mostX = Math.max(2, Math.floor((width - margin.left) / (axis === 'step' || axis === 'metric' ? 60 : 85)))
  return {
    x: ticksOf(axis, x, mostX, logX),
    y: hasY ? valueTicks(y, Math.max(3, Math.floor(height / 34)), logY) : [],
  }
}

/** The x range that curves are shown over: the one zoomed to, or all of them; undefined where there is neither. */
export function shownRange(
  drawn: readonly Drawn[],
  zoomed: Range | null,
  axis: Axis,
  logX: boolean,
): Range | undefined {
  if (zoomed) return zoomed
  const all = extentOf(drawn)
  if (!all || all[0] < all[1]) return all
  if (logX) return [all[0] / 2, all[1] * 2]
  const air = { step: 1, time: 1000, relative: 1000, metric: Math.abs(all[0]) * 0.05 || 1 }[axis]
  return [all[0] - air, all[1] + air]
}

/** The heights in an x range: of all values, and of those that the y axis is made for. */
export function heightsIn(
  drawn: readonly Drawn[],
  range: Range | undefined,
  logY: boolean,
  noOutliers: boolean,
): { readonly all: Heights | undefined; readonly shown: Heights | undefined } {
  const all = range && heightsOf(drawn, range, logY)
  return { all, shown: (range && noOutliers ? coreHeights(drawn, range, logY) : undefined) ?? all }
}
