/** Draws curves: bands, what was logged behind what is smoothed, lines, and marks of what a line can't show. */
import { colorOf } from '../../shared/runColor'
import { pointMarks, type PointMark } from './pointMarks'
import type { Places, Scene } from './scene'
import { bandFigures, type Box, trace } from './trace'
import type { Drawn } from './types'

/** Lines that go up and down at each pixel are seen as well thin, and drawn ten times as fast. */
export const lineWidth = ({ x }: Drawn['curve'], { left, right }: Box): number =>
  x.length > 1.5 * (right - left) ? 1 : 1.5

export const bandAlpha = 0.2
export const rawAlpha = 0.3

type Context = CanvasRenderingContext2D

export function drawCurves(ctx: Context, { drawn, theme }: Scene, { box, toX, toY }: Places): void {
  const stroke = (x: Float64Array, y: Float64Array): void => {
    ctx.beginPath()
    trace(ctx, x, y, toX, toY, box)
    ctx.stroke()
  }
  ctx.save()
  ctx.lineJoin = 'round'
  ctx.save()
  clipTo(ctx, box)
  for (const { run, curve } of drawn) {
    ctx.fillStyle = ctx.strokeStyle = colorOf(run.mark.color, theme.kind)
    if (curve.band) {
      ctx.globalAlpha = bandAlpha
      for (const figure of bandFigures(curve.x, curve.band.low, curve.band.high, toX, toY, box)) fill(ctx, figure)
    }
    if (curve.raw) {
      ctx.globalAlpha = rawAlpha
      ctx.lineWidth = 1
      stroke(curve.raw.x, curve.raw.y)
    }
  }
  ctx.globalAlpha = 1
  for (const { run, curve } of drawn) {
    ctx.strokeStyle = colorOf(run.mark.color, theme.kind)
    ctx.lineWidth = lineWidth(curve, box)
    ctx.setLineDash([...run.mark.dash])
    stroke(curve.x, curve.y)
  }
  ctx.restore()
  ctx.lineWidth = 1.2
  for (const { run, curve } of drawn) {
    ctx.fillStyle = ctx.strokeStyle = colorOf(run.mark.color, theme.kind)
    for (const mark of pointMarks(curve, toX, toY, box)) markers[mark.kind](ctx, mark)
  }
  ctx.restore()
}

/** Draws one curve so that it stands out from the others. */
export function drawThick(ctx: Context, { run, curve }: Drawn, { theme }: Scene, { box, toX, toY }: Places): void {
  ctx.save()
  clipTo(ctx, box)
  ctx.strokeStyle = colorOf(run.mark.color, theme.kind)
  ctx.lineJoin = 'round'
  ctx.setLineDash([...run.mark.dash])
  const thin = lineWidth(curve, box) === 1
  ctx.lineWidth = thin ? 1 : 3
  ctx.beginPath()
  // Thin lines side by side are drawn much faster than a thick one.
  for (const shift of thin ? [-0.75, 0, 0.75] : [0])
    trace(
      ctx,
      curve.x,
      curve.y,
      (x) => toX(x) + shift,
      (y) => toY(y) + shift,
      box,
    )
  ctx.stroke()
  ctx.restore()
}

function clipTo(ctx: Context, { left, right, top, bottom }: Box): void {
  ctx.beginPath()
  ctx.rect(left, top, right - left, bottom - top)
  ctx.clip()
}

function fill(ctx: Context, figure: readonly number[]): void {
  ctx.beginPath()
  for (let at = 0; at < figure.length; at += 2) ctx.lineTo(figure[at] ?? 0, figure[at + 1] ?? 0)
  ctx.fill()
}

const markers: Readonly<Record<PointMark['kind'], (ctx: Context, mark: PointMark) => void>> = {
  dot(ctx, { x, y }) {
    ctx.beginPath()
    ctx.arc(x, y, 2.5, 0, 2 * Math.PI)
    ctx.fill()
  },
  nan(ctx, { x, y }) {
    ctx.beginPath()
    ctx.moveTo(x - 2.5, y - 2.5)
    ctx.lineTo(x + 2.5, y + 2.5)
    ctx.moveTo(x - 2.5, y + 2.5)
    ctx.lineTo(x + 2.5, y - 2.5)
    ctx.stroke()
  },
  plus: (ctx, { x, y }) => triangle(ctx, x, y, y + 7),
  minus: (ctx, { x, y }) => triangle(ctx, x, y, y - 7),
}

function triangle(ctx: Context, x: number, y: number, base: number): void {
  ctx.beginPath()
  ctx.moveTo(x, y)
  ctx.lineTo(x - 4, base)
  ctx.lineTo(x + 4, base)
  ctx.closePath()
  ctx.fill()
}
