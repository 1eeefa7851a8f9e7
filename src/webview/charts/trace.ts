/** From values to pixels, and from points to lines: for the canvas and for SVG alike. */
import type { Range } from './types'

/** What lines are drawn with. */
export interface Pen {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
}

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export type Place = (value: number) => number

/** Where a value lies, in px, when an axis covers `range` from pixel `start` to pixel `end`. Not finite where a logarithmic axis has no place for it. */
export function placer([from, to]: Range, start: number, end: number, log: boolean): Place {
  if (log) {
    const origin = Math.log(from)
    const scale = (end - start) / (Math.log(to) - origin)
    return (value) => start + (Math.log(value) - origin) * scale
  }
  // Halves, since the whole of a range may be more than the greatest double.
  const scale = (end - start) / (to / 2 - from / 2)
  return (value) => start + (value / 2 - from / 2) * scale
}

/** Which value lies at a px: the inverse of `placer`. */
export function unplacer([from, to]: Range, start: number, end: number, log: boolean): Place {
  const share = (px: number): number => (px - start) / (end - start)
  if (log) return (px) => Math.exp(Math.log(from) + (Math.log(to) - Math.log(from)) * share(px))
  return (px) => from * (1 - share(px)) + to * share(px)
}

/** How far beyond its box a line is drawn, px: a dashed line that goes on for millions would take as long. */
const beyond = 20

/** Draws the line through some points as far as it is near the box; what is not finite is a gap. */
export function trace(pen: Pen, x: Float64Array, y: Float64Array, toX: Place, toY: Place, box: Box): void {
  const [left, right] = [box.left - beyond, box.right + beyond]
  const [top, bottom] = [box.top - beyond, box.bottom + beyond]
  let [beforeX, beforeY] = [NaN, NaN]
  let drawing = false
  for (let i = 0; i < x.length; i++) {
    const atX = toX(x[i] ?? NaN)
    const atY = toY(y[i] ?? NaN)
    if (!Number.isFinite(atY) || !Number.isFinite(atX)) {
      drawing = false
      beforeY = NaN
      continue
    }
    const inside = atX >= left && atX <= right && atY >= top && atY <= bottom
    if (drawing && inside) pen.lineTo(atX, atY)
    else if (Number.isNaN(beforeY)) {
      if (inside) pen.moveTo(atX, atY)
      drawing = inside
    } else {
      const aside = (atX < left && beforeX < left) || (atX > right && beforeX > right)
      const cut = aside ? undefined : cutLine(beforeX, beforeY, atX, atY, left, right, top, bottom)
      if (cut) {
        if (!drawing) pen.moveTo(cut[0], cut[1])
        pen.lineTo(cut[2], cut[3])
      }
      drawing = inside
    }
    beforeX = atX
    beforeY = atY
  }
}

/** The part of a line within a box (Liang and Barsky's way). */
function cutLine(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): readonly [number, number, number, number] | undefined {
  const [dx, dy] = [x1 - x0, y1 - y0]
  let [enter, leave] = [0, 1]
  for (const [toward, distance] of [
    [-dx, x0 - left],
    [dx, right - x0],
    [-dy, y0 - top],
    [dy, bottom - y0],
  ] as const) {
    if (toward === 0) {
      if (distance < 0) return undefined
    } else if (toward < 0) enter = Math.max(enter, distance / toward)
    else leave = Math.min(leave, distance / toward)
  }
  return enter > leave ? undefined : [x0 + enter * dx, y0 + enter * dy, x0 + leave * dx, y0 + leave * dy]
}

/** The outline of a band, one closed figure for each stretch without a gap: px, in turn x and y. */
export function bandFigures(
  x: Float64Array,
  low: Float64Array,
  high: Float64Array,
  toX: Place,
  toY: Place,
  box: Box,
): number[][] {
  const height = (value: number): number => {
    const at = toY(value)
    // A logarithmic axis has no place for an edge at zero or below: it goes down to the bottom.
    return Number.isNaN(at) ? box.bottom + beyond : Math.min(box.bottom + beyond, Math.max(box.top - beyond, at))
  }
  const figures: number[][] = []
  let forth: number[] = []
  let back: number[] = []
  const close = (): void => {
    if (forth.length > 2) figures.push([...forth, ...back])
    forth = []
    back = []
  }
  for (let i = 0; i < x.length; i++) {
    const [lower, higher] = [low[i] ?? NaN, high[i] ?? NaN]
    if (Number.isNaN(lower) || Number.isNaN(higher)) {
      close()
      continue
    }
    const at = Math.min(box.right + beyond, Math.max(box.left - beyond, toX(x[i] ?? NaN)))
    forth.push(at, height(higher))
    back.unshift(at, height(lower))
  }
  close()
  return figures
}
