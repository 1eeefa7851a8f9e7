/** Which of many rows and columns are in sight, and where they lie. All lengths are CSS pixels. */

/** From … to, without `to`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Browsers draw elements that are higher than about 16 million pixels wrongly or not at all. */
const tallest = 15_000_000

/** Rows of one height in a canvas that scrolls. */
export interface Track {
  readonly rows: number
  readonly rowHeight: number
  /** Of the canvas: where all rows would be too high, less than they are. */
  readonly height: number
  /** How far rows move for a pixel of scrolling: 1 but in a canvas that is less high than its rows. */
  readonly scale: number
}

export function trackOf(rows: number, rowHeight: number, viewHeight: number): Track {
  const whole = rows * rowHeight
  const height = Math.min(whole, tallest)
  const scale = height === whole ? 1 : (whole - viewHeight) / (height - viewHeight)
  return { rows, rowHeight, height, scale }
}

/** Rows that overlap a view of `viewHeight` when the canvas is scrolled to `scrollTop`, and `over` more at both ends. */
export function rowsInSight(track: Track, scrollTop: number, viewHeight: number, over = 0): Span {
  const top = scrollTop * track.scale
  return clampSpan(
    { from: Math.floor(top / track.rowHeight) - over, to: Math.ceil((top + viewHeight) / track.rowHeight) + over },
    track.rows,
  )
}

/** Where in the canvas a row is drawn while it is scrolled to `scrollTop`. */
export function rowTop(track: Track, row: number, scrollTop: number): number {
  const offset = row * track.rowHeight
  return track.scale === 1 ? offset : scrollTop + offset - scrollTop * track.scale
}

/** The scroll position that is nearest to the present one and shows all of a row. */
export function scrollToRow(track: Track, row: number, scrollTop: number, viewHeight: number): number {
  const offset = row * track.rowHeight
  const top = scrollTop * track.scale
  if (offset < top) return offset / track.scale
  const last = offset + track.rowHeight - viewHeight
  return last > top ? last / track.scale : scrollTop
}

/** Where each of several lengths starts when they lie in a row; one more entry holds the end. */
export function startsOf(lengths: readonly number[]): number[] {
  const starts = [0]
  let end = 0
  for (const length of lengths) starts.push((end += length))
  return starts
}

/** Which of them overlap `start` … `end`. */
export function inSight(starts: readonly number[], start: number, end: number, over = 0): Span {
  const count = starts.length - 1
  if (count <= 0) return { from: 0, to: 0 }
  const first = lastAtOrBefore(starts, start)
  let last = first
  while (last < count && (starts[last] ?? 0) < end) last++
  return clampSpan({ from: first - over, to: last + over }, count)
}

export function clampSpan({ from, to }: Span, count: number): Span {
  const start = Math.max(0, Math.min(from, count))
  return { from: start, to: Math.max(start, Math.min(to, count)) }
}

export const sameSpan = (a: Span, b: Span): boolean => a.from === b.from && a.to === b.to

function lastAtOrBefore(starts: readonly number[], position: number): number {
  let [low, high] = [0, starts.length - 2]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= position) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}
