import { customElement, property } from 'lit/decorators.js'
import type { Dimension } from '../../shared/across/dimension'
import { rankCorrelation } from '../../shared/across/importance'
import { runsCsv } from '../../shared/across/plotCsv'
import { t } from '../../shared/l10n'
import { theme } from '../ui/theme'
import { clipped, drawAxes, drawDot, drawStar, roomAtLeft, setFont, type Context } from './paint'
import { Plot } from './plot'
import type { Picture } from './plotMarks'
import type { TableTwin } from './plotTwin'
import { type Scale, scaleOf } from './scale'
import { runMark, textOf } from './sweep'

/** Runs by two of their values, coloured by the metric. */
@customElement('lens-scatter')
export class Scatter extends Plot {
  @property({ attribute: false }) x: Dimension | undefined
  @property({ attribute: false }) y: Dimension | undefined
  @property({ type: Boolean }) trend = false

  protected override nothingBecause(): string | undefined {
    return this.x && this.y ? undefined : t('Choose what the axes show.')
  }

  protected picture(width: number, height: number, measure: Context): Picture {
    const { sweep, x: xDimension, y: yDimension } = this
    const { rows, best, colours } = sweep
    if (!xDimension || !yDimension) return { marks: [], draw: () => undefined }
    setFont(measure, theme())
    const [top, bottom] = [10, height - 40]
    const y = scaleOf(yDimension, rows, {
      log: sweep.isLog(yDimension),
      span: [bottom - 6, top + 6],
      room: 30,
      slot: 18,
    })
    const frame = { left: roomAtLeft(measure, y, width), right: width - 12, top, bottom }
    const x = scaleOf(xDimension, rows, {
      log: sweep.isLog(xDimension),
      span: [frame.left + 8, frame.right - 8],
      room: 62,
      slot: 52,
    })
    const ordered = [...rows].sort((a, b) => x.at(a) - x.at(b) || y.at(b) - y.at(a))
    const spread = jitter(x, ordered)
    const marks = ordered.map((row) =>
      runMark(sweep, row, [xDimension, yDimension], { x: x.at(row) + spread(row), y: y.at(row), reach: [7, 7] }),
    )
    const trend = this.trend ? trendOf(x, y, rows) : undefined
    return {
      marks,
      draw: (ctx, theme) => {
        drawAxes(ctx, frame, x, y, theme)
        ctx.fillStyle = theme.foreground
        ctx.textAlign = 'center'
        ctx.textBaseline = 'bottom'
        ctx.fillText(clipped(ctx, titleOf(x), frame.right - frame.left), (frame.left + frame.right) / 2, height - 2)
        if (trend) {
          ctx.save()
          ctx.strokeStyle = theme.foreground
          ctx.setLineDash([6, 4])
          ctx.lineWidth = 1.5
          ctx.beginPath()
          ctx.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top)
          ctx.clip()
          ctx.beginPath()
          ctx.moveTo(trend[0][0], trend[0][1])
          ctx.lineTo(trend[1][0], trend[1][1])
          ctx.stroke()
          ctx.restore()
        }
        for (const mark of marks)
          if (mark.row !== undefined && mark.row !== best)
            drawDot(ctx, mark.x, mark.y, 4.5, colours.of(mark.row, theme), theme)
        const star = marks.find(({ row }) => row === best)
        if (best !== undefined && star) drawStar(ctx, star.x, star.y, theme)
      },
    }
  }

  protected summary(): string {
    const { rows, nameOf, best } = this.sweep
    const words = t('Scatter plot of {0} runs: {1} by {2}.', rows.length, this.y?.key ?? '', this.x?.key ?? '')
    return [words, this.#correlationText(), best === undefined ? '' : t('Best run: {0}.', nameOf(best))].join(' ')
  }

  protected table(): TableTwin {
    const { rows, nameOf, metric } = this.sweep
    const shown = [...new Set([this.x, this.y, metric])].flatMap((one) => one ?? [])
    return {
      head: [t('Run'), ...shown.map(({ key }) => key)],
      rows: rows.map((row) => [nameOf(row), ...shown.map((one) => textOf(one, row))]),
    }
  }

  protected subject(): string {
    return t('{0} by {1}', this.y?.key ?? '', this.x?.key ?? '')
  }

  protected csv(): string {
    const { sweep, x, y } = this
    return runsCsv(sweep, sweep.rows, [x, y, sweep.metric])
  }

  protected override notes(): readonly string[] {
    const { x, y, sweep } = this
    if (!x || !y) return []
    return [
      `${t('Up: {0}', y.key)}${sweep.isLog(y) ? ` (${t('logarithmic')})` : ''}`,
      this.#correlationText(),
      this.trend && !(x.numeric && y.numeric) ? t('A trend line needs numbers on both axes.') : '',
    ].filter((words) => words !== '')
  }

  #correlationText(): string {
    const { x, y } = this
    if (!x?.numeric || !y?.numeric) return ''
    const { correlation, runs } = rankCorrelation(x, y, this.sweep.rows)
    if (Number.isNaN(correlation)) return ''
    return t('Rank correlation {0}, {1} runs.', correlation.toFixed(2).replace('-', '−'), runs)
  }
}

export function titleOf({ dimension, log }: Scale): string {
  return log ? `${dimension.key} (${t('logarithmic')})` : dimension.key
}

/** Of words, runs of one word lie beside each other; the same each time. */
function jitter({ dimension, ticks }: Scale, rows: readonly number[]): (row: number) => number {
  if (dimension.numeric) return () => 0
  const [first, second] = ticks
  const room = first && second ? Math.min(16, Math.abs(second.at - first.at) / 4) : 16
  const places = new Map(rows.map((row, at) => [row, at]))
  return (row) => ((((places.get(row) ?? 0) * 0.618) % 1) - 0.5) * room
}

type Point = readonly [x: number, y: number]

/** The least-squares line through runs that have both numbers, straight on the axes as they are. */
function trendOf(x: Scale, y: Scale, rows: readonly number[]): readonly [Point, Point] | undefined {
  if (!x.dimension.numeric || !y.dimension.numeric) return undefined
  const points = rows.flatMap((row): Point[] => {
    const [own, other] = [x.dimension.values[row] ?? NaN, y.dimension.values[row] ?? NaN]
    const there = Number.isFinite(own) && Number.isFinite(other) && (!x.log || own > 0) && (!y.log || other > 0)
    return there ? [[x.of(own), y.of(other)]] : []
  })
  const meanX = points.reduce((sum, [at]) => sum + at / points.length, 0)
  const meanY = points.reduce((sum, [, at]) => sum + at / points.length, 0)
  const squares = points.reduce((sum, [at]) => sum + (at - meanX) ** 2, 0)
  if (points.length < 2 || squares === 0) return undefined
  const slope = points.reduce((sum, [at, height]) => sum + (at - meanX) * (height - meanY), 0) / squares
  return [
    [x.span[0], meanY + slope * (x.span[0] - meanX)],
    [x.span[1], meanY + slope * (x.span[1] - meanX)],
  ]
}
