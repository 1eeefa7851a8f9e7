/** What a plot draws, and what of it pointer and keyboard can be on. */
import type { Theme } from '../ui/theme'
import type { Context } from './paint'

/** Something in a plot that pointer and keyboard can be on. */
export interface PlotMark {
  readonly x: number
  readonly y: number
  /** Px around its centre that belong to it. */
  readonly reach: readonly [x: number, y: number]
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** The run that it is; undefined of what is many runs. */
  readonly row?: number
}

export interface Picture {
  /** In the order in which the arrow keys go through them. */
  readonly marks: readonly PlotMark[]
  readonly draw: (ctx: Context, theme: Theme) => void
  /** Draws in a file what elements over the canvas show on the page. */
  readonly drawOver?: (ctx: Context, theme: Theme) => void
  /** Draws the mark that the cursor is on; a ring or a frame around it where left out. */
  readonly highlight?: (ctx: Context, theme: Theme, mark: PlotMark) => void
  /** The mark at a point, px; the nearest that reaches there where left out. */
  readonly pick?: (x: number, y: number) => number | undefined
}

/** The nearest of the marks that reach to a point, px. */
export function nearestMark(marks: readonly PlotMark[], atX: number, atY: number): number | undefined {
  let nearest: number | undefined
  let least = Infinity
  marks.forEach(({ x, y, reach }, at) => {
    const [dx, dy] = [Math.abs(atX - x), Math.abs(atY - y)]
    if (dx > reach[0] + 2 || dy > reach[1] + 2 || dx + dy >= least) return
    nearest = at
    least = dx + dy
  })
  return nearest
}

/** Draws a ring or a frame around a mark. */
export function frameMark(ctx: Context, theme: Theme, { x, y, reach }: PlotMark): void {
  ctx.strokeStyle = theme.foreground
  ctx.lineWidth = 2
  ctx.beginPath()
  if (reach[0] === reach[1]) ctx.arc(x, y, reach[0], 0, 2 * Math.PI)
  else ctx.rect(x - reach[0], y - reach[1], 2 * reach[0], 2 * reach[1])
  ctx.stroke()
}
