import { customElement, property } from 'lit/decorators.js'
import { type Bins, binsOf, type Cell, gridOf, mostValues, type Summary } from '../../shared/across/bins'
import type { Dimension } from '../../shared/across/dimension'
import { cellsCsv } from '../../shared/across/plotCsv'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { theme } from '../ui/theme'
import { rampColor } from './colours'
import type { Ramp } from './fileLegend'
import { clipped, type Context, drawStar, drawTicksBelow, labelRow, rowsBelow, setFont, withRoom } from './paint'
import { Plot } from './plot'
import type { Picture, PlotMark } from './plotMarks'
import type { TableTwin } from './plotTwin'

interface Grid {
  readonly x: Bins
  readonly y: Bins
  readonly cells: readonly (readonly (Cell | undefined)[])[]
  /** Lowest and highest value of a cell. */
  readonly range: readonly [number, number]
}

/** The metric over two parameters, cell by cell; a cell that no run fell into is left empty. */
@customElement('lens-heat-map')
export class HeatMap extends Plot {
  @property({ attribute: false }) x: Dimension | undefined
  @property({ attribute: false }) y: Dimension | undefined
  @property() summarizing: Summary = 'mean'

  protected override nothingBecause(): string | undefined {
    if (!this.sweep.metric) return t('Choose a metric.')
    if (!this.x || !this.y) return t('Choose two parameters.')
    return this.x.id === this.y.id ? t('Choose two different parameters.') : undefined
  }

  get #grid(): Grid | undefined {
    const { sweep, x: xDimension, y: yDimension } = this
    if (!sweep.metric || !xDimension || !yDimension) return undefined
    const x = binsOf(xDimension, sweep.rows, sweep.isLog(xDimension))
    const y = binsOf(yDimension, sweep.rows, sweep.isLog(yDimension))
    const cells = gridOf(sweep.rows, x, y, sweep.metric, this.summarizing)
    const values = cells.flatMap((column) => column.flatMap((cell) => cell?.value ?? [])).filter(Number.isFinite)
    return { x, y, cells, range: [Math.min(...values), Math.max(...values)] }
  }

  protected picture(width: number, height: number, measure: Context): Picture {
    const grid = this.#grid
    const { metric, best } = this.sweep
    if (!grid || !metric || !this.x || !this.y) return { marks: [], draw: () => undefined }
    const { x, y, cells, range } = grid
    setFont(measure, theme())
    const widest = Math.max(0, ...(y.edges ?? y.labels).map((label) => measure.measureText(label.slice(0, 300)).width))
    const [left, right] = [Math.min(width * 0.3, widest + 12), width - 20]
    const cellWidth = (right - left) / Math.max(1, x.labels.length)
    // Ranges are told by their edges, which lie between the cells.
    const columns = (x.edges ?? x.labels).map((label, at) => ({
      label,
      at: left + cellWidth * (x.edges ? at : at + 0.5),
    }))
    const lines = x.edges ? 1 : rowsBelow(measure, columns, width)
    const frame = { left, right, top: 8, bottom: height - 26 - labelRow * lines }
    const cellHeight = (frame.bottom - frame.top) / Math.max(1, y.labels.length)
    const centre = (column: number, row: number): readonly [number, number] => [
      frame.left + cellWidth * (column + 0.5),
      frame.bottom - cellHeight * (row + 0.5),
    ]
    const [xKey, yKey] = [this.x.key, this.y.key]
    const marks = cells.flatMap((column, at) =>
      column.flatMap((cell, row): PlotMark[] => {
        if (!cell) return []
        const [left, top] = centre(at, row)
        return [
          {
            ...{ x: left, y: top, reach: [cellWidth / 2 - 1, cellHeight / 2 - 1] },
            title: `${xKey} ${x.labels[at] ?? ''}, ${yKey} ${y.labels[row] ?? ''}`,
            facts: [
              [summaryWord(this.summarizing, metric.key), valueText(metric, cell)],
              [t('Runs'), String(cell.rows.length)],
              ...(best !== undefined && cell.rows.includes(best)
                ? [[t('Best run'), this.sweep.nameOf(best)] as const]
                : []),
            ],
          },
        ]
      }),
    )
    return {
      marks,
      draw: (ctx, theme) => {
        setFont(ctx, theme)
        const share = (value: number): number =>
          range[1] > range[0] ? (value - range[0]) / (range[1] - range[0]) : 0.5
        cells.forEach((column, at) =>
          column.forEach((cell, row) => {
            const [left, top] = centre(at, row)
            const box = [left - cellWidth / 2 + 1, top - cellHeight / 2 + 1, cellWidth - 2, cellHeight - 2] as const
            ctx.strokeStyle = theme.grid
            ctx.lineWidth = 1
            ctx.strokeRect(...box)
            if (!cell) return
            const finite = Number.isFinite(cell.value)
            if (finite) {
              ctx.fillStyle = rampColor(share(cell.value), theme.kind)
              ctx.fillRect(...box)
            }
            ctx.fillStyle = finite ? theme.background : theme.faint
            ctx.textAlign = 'center'
            ctx.textBaseline = 'middle'
            if (cellHeight >= 18) ctx.fillText(textWithin(ctx, metric, cell, cellWidth - 6), left, top)
            if (best !== undefined && cell.rows.includes(best))
              drawStar(ctx, left + cellWidth / 2 - 10, top - cellHeight / 2 + 10, theme, 7)
          }),
        )
        ctx.fillStyle = theme.faint
        ctx.textAlign = 'right'
        ctx.textBaseline = 'middle'
        const up = (y.edges ?? y.labels).map((label, row) => ({ at: centre(0, y.edges ? row - 0.5 : row)[1], label }))
        const every = Math.ceil(12 / cellHeight)
        up.forEach(({ at, label }, row) => {
          if (row % every === 0) ctx.fillText(clipped(ctx, label, frame.left - 10), frame.left - 6, at)
        })
        const shown = x.edges ? withRoom(ctx, columns) : columns
        drawTicksBelow(ctx, shown, frame.bottom + 6, theme, { rows: lines, end: width })
        ctx.fillStyle = theme.foreground
        ctx.textBaseline = 'bottom'
        ctx.fillText(clipped(ctx, xKey, frame.right - frame.left), (frame.left + frame.right) / 2, height - 2)
      },
    }
  }

  protected summary(): string {
    const grid = this.#grid
    const { metric } = this.sweep
    if (!grid || !metric || !this.x || !this.y) return ''
    const filled = grid.cells.flat().filter((cell) => cell).length
    const [low, high] = grid.range
    return t(
      'Heat map of {0} by {1} and {2}: {3} of {4} cells have runs, values from {5} to {6}.',
      ...[metric.key, this.x.key, this.y.key, filled, grid.cells.flat().length],
      ...(low <= high ? [metric.format(low), metric.format(high)] : [t('none'), t('none')]),
    )
  }

  protected table(): TableTwin {
    const grid = this.#grid
    const { metric } = this.sweep
    if (!grid || !metric || !this.x || !this.y) return { head: [], rows: [] }
    return {
      head: [`${this.y.key} \\ ${this.x.key}`, ...grid.x.labels],
      rows: grid.y.labels.map((label, row) => [
        label,
        ...grid.x.labels.map((_, at) => {
          const cell = grid.cells[at]?.[row]
          return cell ? `${valueText(metric, cell)} (${cell.rows.length})` : '–'
        }),
      ]),
    }
  }

  protected subject(): string {
    const metric = summaryWord(this.summarizing, this.sweep.metric?.key ?? '')
    return t('{0} by {1} and {2}', metric, this.x?.key ?? '', this.y?.key ?? '')
  }

  protected csv(): string {
    const grid = this.#grid
    const { x, y, summarizing: summary, sweep } = this
    if (!grid || !sweep.metric || !x || !y) return ''
    const { labels: across } = grid.x
    const { labels: up } = grid.y
    const { cells } = grid
    return cellsCsv({ x: { dimension: x, labels: across }, y: { dimension: y, labels: up }, cells, metric: sweep.metric, summary }) // prettier-ignore
  }

  /** Of cells, not of runs. */
  protected override ramp(): Ramp | undefined {
    const { metric } = this.sweep
    const [low, high] = this.#grid?.range ?? [Infinity, -Infinity]
    if (!metric || low > high) return undefined
    return { words: t('Colour: {0}', summaryWord(this.summarizing, metric.key)), low: metric.format(low), high: metric.format(high) } // prettier-ignore
  }

  protected override notes(): readonly string[] {
    const grid = this.#grid
    const { metric, rows } = this.sweep
    if (!grid || !metric || !this.y) return []
    const outside = rows.filter((row) => grid.x.binOf(row) < 0 || grid.y.binOf(row) < 0)
    const without = outside.filter((row) => [this.x, this.y].some((one) => !Number.isFinite(one?.values[row] ?? NaN)))
    const rare = outside.length - without.length
    return [
      t('Up: {0}', this.y.key),
      t('Empty cells have no runs; nothing is interpolated.'),
      ...(without.length > 0
        ? [t('{0} runs have no place here: one of the two is not set, or no finite number.', formatCount(without.length))] // prettier-ignore
        : []),
      ...(rare > 0
        ? [t('{0} runs have no place here: of words, only the {1} commonest have one.', formatCount(rare), mostValues)]
        : []),
    ]
  }
}

/** A cell whose runs have no finite value says what they have. */
function valueText(metric: Dimension, { value, rows }: Cell): string {
  return Number.isFinite(value) ? metric.format(value) : (metric.textAt(rows[0] ?? 0) ?? t('not set'))
}

/** With as many digits as `room` px have place for; nothing where that is not even two. */
function textWithin(ctx: Context, metric: Dimension, cell: Cell, room: number): string {
  const rounded = [4, 3, 2].map((digits) => metric.format(Number(cell.value.toPrecision(digits))))
  const texts = [valueText(metric, cell), ...(Number.isFinite(cell.value) ? rounded : [])]
  return texts.find((text) => ctx.measureText(text).width <= room) ?? ''
}

const summaryWord = (summary: Summary, key: string): string =>
  ({ mean: t('Mean {0}', key), lowest: t('Lowest {0}', key), highest: t('Highest {0}', key) })[summary]
