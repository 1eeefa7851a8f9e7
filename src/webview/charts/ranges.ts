import type { Range } from './types'

/** A range moved by a share of its length; of a logarithmic axis, of its length there. */
export function shiftRange([from, to]: Range, share: number, log: boolean): Range {
  if (log) {
    const factor = (to / from) ** share
    return [from * factor, to * factor]
  }
  const shift = (to - from) * share
  return [from + shift, to + shift]
}

/** A range as long, with a value in its middle; of a logarithmic axis, as long and in the middle there. */
export function centerRange([from, to]: Range, middle: number, log: boolean): Range {
  if (log) {
    const factor = Math.sqrt(to / from)
    return [middle / factor, middle * factor]
  }
  const half = (to - from) / 2
  return [middle - half, middle + half]
}

/** A range made longer or shorter around a value in it. */
export function scaleRange([from, to]: Range, center: number, factor: number, log: boolean): Range {
  if (log) return [center * (from / center) ** factor, center * (to / center) ** factor]
  return [center - (center - from) * factor, center + (to - center) * factor]
}

export const middleOf = ([from, to]: Range, log: boolean): number =>
  log ? Math.sqrt(from) * Math.sqrt(to) : (from + to) / 2

export const sameRange = (a: Range | null, b: Range | null): boolean =>
  a === b || (a?.[0] === b?.[0] && a?.[1] === b?.[1])
