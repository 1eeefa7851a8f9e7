import { customElement } from 'lit/decorators.js'
import { ranked } from '../../shared/across/best'
import { runsCsv } from '../../shared/across/plotCsv'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { theme } from '../ui/theme'
import { clipped, type Context, drawAxes, drawStar, roomAtLeft, setFont } from './paint'
import { Plot } from './plot'
import type { Picture } from './plotMarks'
import type { TableTwin } from './plotTwin'
import { scaleOf } from './scale'
import { runMark, textOf } from './sweep'

/** The metric of each run, sorted. */
@customElement('lens-bars')
export class Bars extends Plot {
  /** Best first where it is known what is best, and otherwise highest; what has no finite value comes last. */
  get #ordered(): number[] {
    const { metric, rows, direction } = this.sweep
    if (!metric) return []
    const finite = ranked(metric, rows, direction ?? 'higher')
    const there = new Set(finite)
    return [...finite, ...rows.filter((row) => !there.has(row))]
  }

  protected override nothingBecause(): string | undefined {
    return this.sweep.metric ? undefined : t('Choose a metric.')
  }

  protected picture(width: number, height: number, measure: Context): Picture {
    const { sweep } = this
    const { metric, best, colours, nameOf } = sweep
    if (!metric) return { marks: [], draw: () => undefined }
    const ordered = this.#ordered
    const roomy = (width - 90) / Math.max(1, ordered.length) >= 26
    const [top, bottom] = [14, height - (roomy ? 24 : 10)]
    const log = sweep.isLog(metric)
    const y = scaleOf(metric, ordered, { log, span: [bottom - 2, top], room: 30, slot: 18 })
    setFont(measure, theme())
    const frame = { left: roomAtLeft(measure, y, width), right: width - 12, top, bottom }
    const zero = !log && Math.min(...y.span) <= y.of(0) && y.of(0) <= Math.max(...y.span) ? y.of(0) : y.span[0]
    const step = (frame.right - frame.left) / Math.max(1, ordered.length)
    const bar = Math.max(1, Math.min(40, step * 0.8))
    const marks = ordered.map((row, at) => {
      const x = frame.left + step * (at + 0.5)
      const top = y.at(row)
      const finite = Number.isFinite(metric.values[row] ?? NaN)
      const [middle, reach] = finite ? [(top + zero) / 2, Math.max(4, Math.abs(top - zero) / 2)] : [top, 6]
      return runMark(sweep, row, [metric], { x, y: middle, reach: [bar / 2 + 1, reach] })
    })
    return {
      marks,
      draw: (ctx, theme) => {
        drawAxes(ctx, frame, undefined, y, theme)
        marks.forEach(({ x, row = 0 }) => {
          ctx.fillStyle = colours.of(row, theme)
          const top = y.at(row)
          if (Number.isFinite(metric.values[row] ?? NaN))
            ctx.fillRect(x - bar / 2, Math.min(top, zero), bar, Math.max(1, Math.abs(top - zero)))
          else ctx.fillRect(x - 2, top - 2, 4, 4)
          if (row === best) drawStar(ctx, x, Math.max(frame.top, Math.min(top, zero)) - 4, theme, 7)
          if (!roomy) return
          ctx.fillStyle = theme.faint
          ctx.textAlign = 'center'
          ctx.textBaseline = 'top'
          ctx.fillText(clipped(ctx, nameOf(row), step - 4), x, frame.bottom + 6)
        })
      },
    }
  }

  protected summary(): string {
    const { metric, rows, nameOf } = this.sweep
    const [first] = this.#ordered
    if (!metric || first === undefined) return t('No runs')
    return t('Bar chart of {0} over {1} runs, sorted. First: {2} with {3}.', metric.key, rows.length, nameOf(first), textOf(metric, first)) // prettier-ignore
  }

  protected table(): TableTwin {
    const { metric, nameOf } = this.sweep
    return {
      head: [t('Run'), metric?.key ?? ''],
      rows: this.#ordered.map((row) => [nameOf(row), metric ? textOf(metric, row) : '']),
    }
  }

  protected subject(): string {
    return this.sweep.metric?.key ?? ''
  }

  protected csv(): string {
    return runsCsv(this.sweep, this.#ordered, [this.sweep.metric])
  }

  protected override notes(): readonly string[] {
    const { metric, rows, direction } = this.sweep
    const without = rows.filter((row) => !Number.isFinite(metric?.values[row] ?? NaN)).length
    const finite = rows.map((row) => metric?.values[row] ?? NaN).filter(Number.isFinite)
    const fromZero = finite.some((value) => value <= 0) && finite.some((value) => value >= 0)
    return [
      direction ? t('Best first') : t('Highest first'),
      ...(finite.length > 0 && !fromZero ? [t('Bars do not begin at zero.')] : []),
      ...(without > 0
        ? [t('{0} of {1} runs have no finite value.', formatCount(without), formatCount(rows.length))]
        : []),
    ]
  }
}
