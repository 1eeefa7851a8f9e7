/** Draws the axes of parallel coordinates. */
import type { Theme } from '../ui/theme'
import { clipped, type Context, setFont } from './paint'
import type { Scale } from './scale'

export interface DrawnAxis {
  readonly scale: Scale
  /** Px. */
  readonly x: number
  /** Px to the next axis. */
  readonly step: number
  /** Parts of it that are brushed, px. */
  readonly brushed: readonly (readonly [number, number])[]
}

/** Its line, ticks and brush. */
export function drawAxis(ctx: Context, theme: Theme, { scale, x, step, brushed }: DrawnAxis): void {
  setFont(ctx, theme)
  ctx.strokeStyle = theme.foreground
  ctx.lineWidth = 1
  ctx.globalAlpha = 0.6
  ctx.beginPath()
  ctx.moveTo(Math.round(x) + 0.5, scale.span[0])
  ctx.lineTo(Math.round(x) + 0.5, scale.span[1])
  ctx.stroke()
  ctx.globalAlpha = 1
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  for (const { at, label } of [...scale.ticks, ...scale.apart]) {
    ctx.fillStyle = theme.foreground
    ctx.fillRect(x - 3, at - 0.5, 6, 1)
    const text = clipped(ctx, label, step - 18)
    // Lines run behind the words.
    ctx.lineWidth = 4
    ctx.lineJoin = 'round'
    ctx.strokeStyle = theme.background
    ctx.strokeText(text, x + 6, at)
    ctx.fillText(text, x + 6, at)
  }
  ctx.fillStyle = theme.selection
  ctx.strokeStyle = theme.cursor
  ctx.lineWidth = 1
  for (const [from, to] of brushed) {
    ctx.fillRect(x - 8, Math.min(from, to), 16, Math.abs(to - from))
    ctx.strokeRect(x - 8, Math.min(from, to), 16, Math.abs(to - from))
  }
}

/** The names of axes, where the page has buttons. @param step px between axes */
export function drawNames(
  ctx: Context,
  theme: Theme,
  axes: readonly { readonly name: string; readonly x: number }[],
  step: number,
): void {
  setFont(ctx, theme, true)
  ctx.fillStyle = theme.foreground
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  for (const { name, x } of axes) ctx.fillText(clipped(ctx, name, step - 12), x, 11)
}
