import { html, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { bestLast } from '../../shared/across/best'
import type { Brush } from '../../shared/across/brush'
import type { Dimension } from '../../shared/across/dimension'
import { runsCsv } from '../../shared/across/plotCsv'
import { t } from '../../shared/l10n'
import { openMenu } from '../ui/menu'
import { brushBetween, brushedSpans } from './axisBrushes'
import { type AxisChange, axisMenu } from './axisMenu'
import { type Context, drawStar } from './paint'
import { drawAxis, type DrawnAxis, drawNames } from './parallelAxis'
import { parallelStyles } from './parallelStyles'
import { Plot } from './plot'
import type { Picture, PlotMark } from './plotMarks'
import { plotStyles } from './plotStyles'
import type { TableTwin } from './plotTwin'
import { type Scale, scaleOf } from './scale'
import { runMark, textOf } from './sweep'
import { renderThumbs } from './thumbs'

const top = 34
/** Px between axes, at least: narrower than that the plot scrolls. */
const leastStep = 92
/** A drag shorter than that is a click, px. */
const shortest = 4

/**
 * A line for each run through an axis for each of its values. Axes are moved by dragging their names, and brushed by dragging along
 * them; their menus and the two thumbs of each do the same from the keyboard. Fires `axes` (detail: AxisChange).
 */
@customElement('lens-parallel')
export class Parallel extends Plot {
  @property({ attribute: false }) axes: readonly Dimension[] = []
  @property({ attribute: false }) brushes: ReadonlyMap<string, Brush> = new Map()
  /** The brush that is being drawn, on an axis, px. */
  @state() private drawing: { readonly axis: number; readonly from: number; readonly to: number } | undefined
  @state() private moving: { readonly axis: number; readonly from: number; readonly x: number } | undefined

  #scales: readonly Scale[] = []
  #moved = false

  static override styles = [...plotStyles, parallelStyles]

  get #step(): number {
    return Math.max(leastStep, (this.sight.width - 24) / Math.max(1, this.axes.length))
  }

  protected override contentWidth(): number {
    return Math.max(this.sight.width, Math.ceil(this.#step * this.axes.length + 24))
  }

  #xOf(axis: number): number {
    return 12 + this.#step * (axis + 0.5)
  }

  protected override nothingBecause(): string | undefined {
    return this.axes.length < 2 ? t('Choose two axes or more.') : undefined
  }

  override willUpdate(): void {
    const { sweep, height } = this
    this.#scales = this.axes.map((dimension) =>
      scaleOf(dimension, sweep.all, { log: sweep.isLog(dimension), span: [height - 12, top], room: 22, slot: 16 }),
    )
  }

  protected picture(): Picture {
    const { sweep, axes } = this
    const scales = this.#scales
    const chosen = new Set(sweep.rows)
    const last = scales.length - 1
    const marks = sweep.rows.map((row) =>
      runMark(sweep, row, axes, { x: this.#xOf(last), y: scales[last]?.at(row) ?? 0, reach: [6, 6] }),
    )
    const trace = (ctx: Context, row: number): void => {
      ctx.beginPath()
      scales.forEach((scale, axis) => ctx.lineTo(this.#xOf(axis), scale.at(row)))
      ctx.stroke()
    }
    return {
      marks,
      draw: (ctx, theme) => {
        ctx.lineJoin = 'round'
        ctx.lineWidth = 1
        ctx.strokeStyle = theme.faint
        ctx.globalAlpha = 0.12
        for (const row of sweep.all) if (!chosen.has(row)) trace(ctx, row)
        ctx.globalAlpha = sweep.rows.length > 200 ? 0.45 : 0.75
        ctx.lineWidth = 1.3
        for (const row of bestLast(sweep.rows, sweep.colours.shareOf, sweep.direction)) {
          ctx.strokeStyle = sweep.colours.of(row, theme)
          trace(ctx, row)
        }
        ctx.globalAlpha = 1
        if (sweep.best !== undefined) {
          ctx.lineWidth = 3
          ctx.strokeStyle = theme.foreground
          trace(ctx, sweep.best)
        }
        scales.forEach((scale, axis) => drawAxis(ctx, theme, this.#drawnAxis(scale, axis)))
        if (sweep.best !== undefined) drawStar(ctx, this.#xOf(last), scales[last]?.at(sweep.best) ?? 0, theme)
      },
      drawOver: (ctx, theme) => {
        const named = axes.map(({ key: name }, axis) => ({ name, x: this.#xOf(axis) }))
        drawNames(ctx, theme, named, this.#step)
      },
      highlight: (ctx, theme, { row }) => {
        if (row === undefined) return
        ctx.lineWidth = 5
        ctx.strokeStyle = theme.background
        trace(ctx, row)
        ctx.lineWidth = 3
        ctx.strokeStyle = row === sweep.best ? theme.foreground : sweep.colours.of(row, theme)
        trace(ctx, row)
      },
      pick: (x, y) => this.#pick(marks, x, y),
    }
  }

  #drawnAxis(scale: Scale, axis: number): DrawnAxis {
    const brush = this.brushes.get(scale.dimension.id)
    const brushed = brush ? brushedSpans(scale, brush, this.sweep.all) : []
    return { scale, x: this.#xOf(axis), step: this.#step, brushed }
  }

  /** The line nearest to a point. */
  #pick(marks: readonly PlotMark[], x: number, y: number): number | undefined {
    const axis = Math.floor((x - this.#xOf(0)) / this.#step)
    const [before, after] = [this.#scales[axis], this.#scales[axis + 1]]
    if (!before || !after) return undefined
    const share = (x - this.#xOf(axis)) / this.#step
    let nearest: number | undefined
    let least = 8
    marks.forEach(({ row = 0 }, at) => {
      const away = Math.abs(before.at(row) + (after.at(row) - before.at(row)) * share - y)
      if (away >= least) return
      least = away
      nearest = at
    })
    return nearest
  }

  protected override over(): TemplateResult {
    const { drawing } = this
    return html`<div class="names">${this.axes.map((dimension, axis) => this.#renderName(dimension, axis))}</div>
      ${this.#scales.map((scale, axis) => this.#renderThumbs(scale, axis))}
      ${
        drawing
          ? html`<div
              class="thumb set"
              .style=${`left: ${this.#xOf(drawing.axis)}px; top: ${(drawing.from + drawing.to) / 2}px; height: ${Math.abs(drawing.to - drawing.from)}px; margin-top: ${-Math.abs(drawing.to - drawing.from) / 2}px; background: none`}
            ></div>`
          : nothing
      }`
  }

  #renderName(dimension: Dimension, axis: number): TemplateResult {
    const { moving } = this
    const isMoving = moving?.axis === axis
    const left = this.#xOf(axis) + (isMoving ? moving.x - moving.from : 0)
    return html`<button
      class="plain name clip ${this.brushes.has(dimension.id) ? 'brushed' : ''} ${isMoving ? 'moving' : ''}"
      .style=${`left: ${left - this.#step / 2 + 2}px; width: ${this.#step - 4}px`}
      title=${dimension.key.slice(0, 500)}
      aria-label=${t('Axis {0}', dimension.key)}
      aria-haspopup="menu"
      @pointerdown=${(event: PointerEvent) => this.#beginMove(event, axis)}
      @pointermove=${(event: PointerEvent) => {
        if (this.moving) this.moving = { ...this.moving, x: event.clientX }
      }}
      @pointerup=${() => this.#endMove()}
      @pointercancel=${() => (this.moving = undefined)}
      @click=${(event: Event) => {
        event.stopPropagation()
        if (!this.#moved) this.#openMenu(dimension, axis, event.currentTarget as HTMLElement)
      }}
      @keydown=${(event: KeyboardEvent) => this.#onNameKey(event, axis)}
    >
      ${dimension.key}
    </button>`
  }

  #renderThumbs(scale: Scale, axis: number): unknown {
    const { dimension } = scale
    if (!dimension.numeric) return nothing
    return renderThumbs({
      ...{ scale, x: this.#xOf(axis), brush: this.brushes.get(dimension.id), rows: this.sweep.all },
      chosen: this.sweep.rows.length,
      set: (brush) => this.#fire({ brush: [dimension.id, brush] }),
    })
  }

  #openMenu(dimension: Dimension, axis: number, place: HTMLElement): void {
    let brush = this.brushes.get(dimension.id)
    openMenu(
      t('Axis {0}', dimension.key),
      () =>
        axisMenu({
          ...{
            dimension,
            rows: this.sweep.all,
            log: this.sweep.isLog(dimension),
            brush: () => brush,
          },
          move: (by) =>
            axis + by < 0 || axis + by >= this.axes.length ? undefined : () => this.#move(axis, axis + by),
          change: (change) => {
            if (change.brush) brush = change.brush[1]
            this.#fire(change)
          },
          remove: () => this.#fire({ axes: this.axes.filter(({ id }) => id !== dimension.id).map(({ id }) => id) }),
        }),
      place,
    )
  }

  #onNameKey(event: KeyboardEvent, axis: number): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    event.stopPropagation() // the plot has its own keys
    if (by === undefined || !event.altKey) return
    event.preventDefault()
    this.#move(axis, Math.min(this.axes.length - 1, Math.max(0, axis + by)))
  }

  #beginMove(event: PointerEvent, axis: number): void {
    this.#moved = false
    if (event.button !== 0) return
    ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    this.moving = { axis, from: event.clientX, x: event.clientX }
  }

  #endMove(): void {
    const { moving } = this
    this.moving = undefined
    if (!moving) return
    this.#moved = Math.abs(moving.x - moving.from) > shortest
    const to = moving.axis + Math.round((moving.x - moving.from) / this.#step)
    this.#move(moving.axis, Math.min(this.axes.length - 1, Math.max(0, to)))
  }

  #move(from: number, to: number): void {
    if (from === to) return
    const ids = this.axes.map(({ id }) => id)
    const [id] = ids.splice(from, 1)
    if (id !== undefined) ids.splice(to, 0, id)
    this.#fire({ axes: ids })
  }

  /** A drag along an axis draws its brush; a click beside a brush takes it away. */
  protected override pressed(x: number, y: number): ((x: number, y: number, done: boolean) => void) | undefined {
    const axis = this.axes.findIndex((_, at) => Math.abs(this.#xOf(at) - x) <= 12)
    const scale = this.#scales[axis]
    if (!scale) return undefined
    return (_, to, done) => {
      this.drawing = done ? undefined : { axis, from: y, to }
      if (!done) return
      const brush = Math.abs(to - y) < shortest ? undefined : brushBetween(scale, y, to, this.sweep.all)
      this.#fire({ brush: [scale.dimension.id, brush] })
    }
  }

  #fire(detail: AxisChange): void {
    this.dispatchEvent(new CustomEvent('axes', { detail }))
  }

  protected summary(): string {
    const { rows, all, best, nameOf } = this.sweep
    return [
      t(
        'Parallel coordinates of {0} of {1} runs over {2}.',
        rows.length,
        all.length,
        this.axes.map(({ key }) => key).join(', '),
      ),
      best === undefined ? '' : t('Best run: {0}.', nameOf(best)),
    ].join(' ')
  }

  protected table(): TableTwin {
    const { rows, nameOf } = this.sweep
    return {
      head: [t('Run'), ...this.axes.map(({ key }) => key)],
      rows: rows.map((row) => [nameOf(row), ...this.axes.map((one) => textOf(one, row))]),
    }
  }

  protected subject(): string {
    return this.axes.map(({ key }) => key).join(', ')
  }

  protected csv(): string {
    return runsCsv(this.sweep, this.sweep.rows, [...this.axes, this.sweep.metric])
  }

  protected override hint(): string {
    return t('Drag along an axis to filter, drag its name to move it; its name opens a menu.')
  }
}
