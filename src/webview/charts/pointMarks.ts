import type { Box, Place } from './trace'
import type { Curve } from './types'

/** What a line can't show: points that stand alone, infinities at the edges, NaN on the axis. */
export interface PointMark {
  readonly kind: 'dot' | 'nan' | 'plus' | 'minus'
  readonly x: number
  readonly y: number
}

/** Where there is room, each point has a dot. */
export function pointMarks(
  curve: Pick<Curve, 'x' | 'y'>,
  toX: Place,
  toY: Place,
  { left, right, top, bottom }: Box,
): PointMark[] {
  const roomy = curve.x.length * 14 < right - left
  const found: PointMark[] = []
  for (let i = 0; i < curve.x.length; i++) {
    const value = curve.y[i] ?? NaN
    if (Number.isFinite(value) && !roomy && (Number.isFinite(curve.y[i - 1]) || Number.isFinite(curve.y[i + 1])))
      continue
    const x = toX(curve.x[i] ?? 0)
    if (!(x >= left - 1 && x <= right + 1)) continue
    if (Number.isNaN(value)) found.push({ kind: 'nan', x, y: bottom - 4 })
    else if (value === Infinity) found.push({ kind: 'plus', x, y: top + 1 })
    else if (value === -Infinity) found.push({ kind: 'minus', x, y: bottom - 1 })
    else {
      const y = toY(value)
      if (y >= top - 2 && y <= bottom + 2) found.push({ kind: 'dot', x, y })
    }
  }
  return found
}
