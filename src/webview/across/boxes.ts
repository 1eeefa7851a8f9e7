import { customElement, property } from 'lit/decorators.js'
import { type Bins, binsOf } from '../../shared/across/bins'
import { type Box, boxOf } from '../../shared/across/box'
import type { Dimension } from '../../shared/across/dimension'
import { standingOf } from '../../shared/across/place'
import { runsCsv } from '../../shared/across/plotCsv'
import { t } from '../../shared/l10n'
import { theme } from '../ui/theme'
import {
  type Context,
  drawAxes,
  drawDot,
  drawStar,
  drawTicksBelow,
  labelRow,
  roomAtLeft,
  rowsBelow,
  setFont,
  withRoom,
} from './paint'
import { Plot } from './plot'
import { nearestMark, type Picture, type PlotMark } from './plotMarks'
import type { TableTwin } from './plotTwin'
import { type Scale, scaleOf } from './scale'
import { runMark } from './sweep'

interface Group {
  readonly label: string
  readonly rows: readonly number[]
  readonly box: Box | undefined
}

/** The metric of groups of runs: a box and whiskers for each value of a parameter, and the runs themselves. */
@customElement('lens-boxes')
export class Boxes extends Plot {
  @property({ attribute: false }) by: Dimension | undefined

  #bins(by: Dimension): Bins {
    return binsOf(by, this.sweep.rows, this.sweep.isLog(by))
  }

  /** Of ranges also those without runs, so that they lie along an axis; then runs in no bin, by why they are in none. */
  #groups(metric: Dimension, by: Dimension): Group[] {
    const bins = this.#bins(by)
    const inBins = bins.labels.map((label) => ({ label, rows: [] as number[] }))
    const others = { label: t('others'), rows: [] as number[] }
    const apart = new Map<string, { label: string; rows: number[] }>()
    for (const row of this.sweep.rows) {
      const standing = standingOf(by, row, false)
      if ('word' in standing) {
        const group = apart.get(standing.word) ?? { label: standing.word, rows: [] }
        apart.set(standing.word, group)
        group.rows.push(row)
      } else (inBins[bins.binOf(row)] ?? others).rows.push(row)
    }
    const filled = [...(bins.edges ? [] : inBins), others, ...apart.values()].filter(({ rows }) => rows.length > 0)
    return [...(bins.edges ? inBins : []), ...filled].map(({ label, rows }) => {
      const finite = rows.map((row) => metric.values[row] ?? NaN).filter(Number.isFinite)
      return { label, rows, box: boxOf(finite) }
    })
  }

  #filled(metric: Dimension, by: Dimension): Group[] {
    return this.#groups(metric, by).filter(({ rows }) => rows.length > 0)
  }

  protected override nothingBecause(): string | undefined {
    if (!this.sweep.metric) return t('Choose a metric.')
    return this.by ? undefined : t('Choose a parameter.')
  }

  protected picture(width: number, height: number, measure: Context): Picture {
    const { sweep, by } = this
    const { metric, rows, best, colours } = sweep
    if (!metric || !by) return { marks: [], draw: () => undefined }
    const groups = this.#groups(metric, by)
    const { edges = [] } = this.#bins(by)
    setFont(measure, theme())
    const [top, right] = [12, width - 12]
    const log = sweep.isLog(metric)
    const upFrom = (bottom: number): Scale =>
      scaleOf(metric, rows, { log, span: [bottom - 4, top], room: 30, slot: 18 })
    const left = roomAtLeft(measure, upFrom(height - 26), width)
    const step = (right - left) / Math.max(1, groups.length)
    const centres = groups.map((_, at) => left + step * (at + 0.5))
    const labels = groups.map(({ label }, at) => ({ at: centres[at] ?? 0, label }))
    const lines = edges.length > 0 ? 1 : rowsBelow(measure, labels, width)
    const frame = { left, right, top, bottom: height - 12 - labelRow * lines }
    const y = upFrom(frame.bottom)
    const half = Math.min(28, step * 0.3)
    const heightOf = (value: number): number => (y.log && value <= 0 ? y.span[0] : y.of(value))
    const boxes = groups.flatMap(({ label, rows: members, box }, at): PlotMark[] => {
      if (members.length === 0) return []
      const [bottom, top] = box ? [heightOf(box.quarter), heightOf(box.threeQuarters)] : [frame.bottom, frame.bottom]
      const place = { x: centres[at] ?? 0, y: (top + bottom) / 2 }
      const reach = Math.max(4, (bottom - top) / 2 + 1)
      return [
        { ...place, reach: [half + 1, reach], title: `${by.key}: ${label}`, facts: factsOf(metric, members, box) },
      ]
    })
    // Ranges are told by their edges, which lie between the boxes.
    const ticks = [
      ...labels.slice(Math.max(0, edges.length - 1)),
      ...edges.map((label, at) => ({ at: frame.left + step * at, label })),
    ]
    const points = groups.flatMap(({ rows: members }, at) =>
      members.map((row, place) => {
        const shift = (((place * 0.618) % 1) - 0.5) * half * 1.5
        return runMark(sweep, row, [by, metric], { x: (centres[at] ?? 0) + shift, y: y.at(row), reach: [4, 4] })
      }),
    )
    const marks = [...boxes, ...points]
    return {
      marks,
      // A label that is cut is told in full by its box.
      pick: (x, at) => {
        if (at <= frame.bottom) return nearestMark(marks, x, at)
        const box = boxes.findIndex((mark) => Math.abs(mark.x - x) <= step / 2)
        return box < 0 ? undefined : box
      },
      draw: (ctx, theme) => {
        drawAxes(ctx, frame, undefined, y, theme)
        const shown = edges.length > 0 ? withRoom(ctx, ticks) : ticks
        drawTicksBelow(ctx, shown, frame.bottom + 6, theme, { rows: lines, end: width })
        for (const { x, y: top, row = 0 } of points) {
          ctx.globalAlpha = 0.8
          if (row !== best) drawDot(ctx, x, top, 3, colours.of(row, theme), theme)
        }
        ctx.globalAlpha = 1
        groups.forEach(({ box }, at) => {
          if (!box) return
          const x = centres[at] ?? 0
          const [top = 0, middle = 0, bottom = 0] = [box.threeQuarters, box.median, box.quarter].map(heightOf)
          const line = (...[fromX, fromY, toX, toY]: [number, number, number, number]): void => {
            ctx.beginPath()
            ctx.moveTo(fromX, fromY)
            ctx.lineTo(toX, toY)
            ctx.stroke()
          }
          ctx.strokeStyle = theme.foreground
          ctx.lineWidth = 1.2
          ctx.strokeRect(x - half, top, 2 * half, bottom - top)
          for (const [end, edge] of [
            [heightOf(box.whiskers[1]), top],
            [heightOf(box.whiskers[0]), bottom],
          ] as const) {
            line(x, edge, x, end)
            line(x - half / 2, end, x + half / 2, end)
          }
          ctx.lineWidth = 2.5
          line(x - half, middle, x + half, middle)
        })
        const star = points.find(({ row }) => row === best)
        if (best !== undefined && star) drawStar(ctx, star.x, star.y, theme, 7)
      },
    }
  }

  protected summary(): string {
    const { metric } = this.sweep
    if (!metric || !this.by) return ''
    const groups = this.#filled(metric, this.by).map(({ label, box, rows }) =>
      t('{0}: median {1} of {2} runs', label, box ? metric.format(box.median) : t('none'), rows.length),
    )
    return t('Box plot of {0} by {1}. {2}.', metric.key, this.by.key, groups.join('; '))
  }

  protected table(): TableTwin {
    const { metric } = this.sweep
    const head = [this.by?.key ?? '', t('Runs'), t('Lowest'), t('Lower quartile'), t('Median'), t('Upper quartile'), t('Highest')] // prettier-ignore
    if (!metric || !this.by) return { head, rows: [] }
    const rows = this.#filled(metric, this.by).map(({ label, rows: members, box }) => {
      const numbers = box ? [box.low, box.quarter, box.median, box.threeQuarters, box.high].map(metric.format) : []
      return [label, String(members.length), ...numbers]
    })
    return { head, rows }
  }

  protected subject(): string {
    return t('{0} by {1}', this.sweep.metric?.key ?? '', this.by?.key ?? '')
  }

  /** The runs in their groups: what boxes are is computed of them. */
  protected csv(): string {
    const { sweep, by } = this
    if (!sweep.metric || !by) return ''
    const groups = this.#filled(sweep.metric, by)
    const labels = new Map(groups.flatMap(({ label, rows }) => rows.map((row) => [row, label] as const)))
    return runsCsv(sweep, [...labels.keys()], [by, sweep.metric], labels)
  }

  protected override notes(): readonly string[] {
    const { metric } = this.sweep
    if (!this.by || !metric) return []
    const reachesZero = ({ box }: Group): boolean =>
      this.sweep.isLog(metric) && box !== undefined && box.whiskers[0] <= 0
    const cut = this.#groups(metric, this.by).filter(reachesZero)
    const bins = this.#bins(this.by)
    return [
      t('Box: middle half; line: median; whiskers: within 1.5 boxes of it.'),
      ...(bins.leftOut > 0
        ? [t('The {0} commonest values have a box each; {1} others share one.', bins.labels.length, bins.leftOut)]
        : []),
      ...(cut.length > 0
        ? [t('{0} boxes reach to zero or less, which a logarithmic axis can’t show: they end at its foot.', cut.length)]
        : []),
      ...(bins.edges ? [t('Numbers are put into {0} ranges.', bins.labels.length)] : []),
    ]
  }
}

function factsOf(metric: Dimension, rows: readonly number[], box: Box | undefined): PlotMark['facts'] {
  const without = rows.length - (box?.count ?? 0)
  return [
    [t('Runs'), String(rows.length)],
    ...(box
      ? ([
          [t('Median'), metric.format(box.median)],
          [t('Middle half'), `${metric.format(box.quarter)} – ${metric.format(box.threeQuarters)}`],
          [t('Range'), `${metric.format(box.low)} – ${metric.format(box.high)}`],
        ] as const)
      : []),
    ...(without > 0 ? [[t('Without a finite value'), String(without)] as const] : []),
  ]
}
