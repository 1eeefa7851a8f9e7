/** A chart as an SVG file: lines as paths, words as text, drawn from what the canvas is drawn from. */
import { colorOf, type Mark } from '../../shared/runColor'
import { tickLabel, valueLabel } from '../../shared/ticks'
import { bandAlpha, lineWidth, rawAlpha } from './curvePainter'
import { pointMarks } from './pointMarks'
import { margin, marksOfAxes, type Scene } from './scene'
import { escaped, opacityOf, paint, round } from './svgText'
import { bandFigures, type Box, type Pen, placer, trace } from './trace'

export interface Caption {
  readonly title: string
  /** Of the x axis. */
  readonly axis: string
  /** Under the chart, as what it doesn't show. */
  readonly notes: readonly string[]
}

const row = 18
const legendColumn = 220

/** What draws into the `d` of a path. */
class SvgPen implements Pen {
  #d = ''

  get d(): string {
    return this.#d
  }

  moveTo(x: number, y: number): void {
    this.#d += `M${round(x)} ${round(y)}`
  }

  lineTo(x: number, y: number): void {
    this.#d += `L${round(x)} ${round(y)}`
  }
}

function shortened(text: string, length: number): string {
  const characters = Array.from(text)
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}

/** The chart with title, axes and a legend of all its runs. */
export function svgOf(scene: Scene, { title, axis, notes }: Caption): string {
  const { theme, width, height } = scene
  const columns = Math.max(1, Math.floor((width - margin.left) / legendColumn))
  const rows = Math.ceil(scene.drawn.length / columns)
  const top = 34
  const box: Box = { left: margin.left, right: width - 10, top, bottom: top + height - 32 }
  const legendTop = box.bottom + 44
  const whole = legendTop + rows * row + notes.length * row + 6
  const toX = placer(scene.x, box.left, box.right, scene.logX)
  const toY = placer(scene.y, box.bottom, box.top, scene.logY)
  const parts = [
    `<rect width="${width}" height="${whole}" fill="${paint(theme.background)}"/>`,
    text(title, margin.left, 20, { size: 14, weight: 600 }),
    ...axesOf(scene, box, toX, toY),
    text(axis, (box.left + box.right) / 2, box.bottom + 32, { anchor: 'middle' }),
    `<clipPath id="plot"><rect x="${box.left}" y="${box.top}" width="${round(box.right - box.left)}" height="${round(box.bottom - box.top)}"/></clipPath>`,
    `<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">`,
    ...curvesOf(scene, box),
    '</g>',
    ...scene.drawn.map((drawn) =>
      dotsOf(pointMarks(drawn.curve, toX, toY, box), colorOf(drawn.run.mark.color, theme.kind)),
    ),
    ...scene.drawn.map(({ run }, index) => {
      const x = margin.left + (index % columns) * legendColumn
      const y = legendTop + Math.floor(index / columns) * row
      return `${swatchAt(run.mark, x, y, scene)}${text(shortened(run.name, 30), x + 28, y + 4, {})}`
    }),
    ...notes.map((note, index) => text(note, margin.left, legendTop + (rows + index) * row + 4, {})),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="${escaped(theme.font)}" font-size="11"><title>${escaped(title)}</title>${parts.join('')}</svg>`

  function text(
    content: string,
    x: number,
    y: number,
    { size = 11, weight = 400, anchor = 'start' }: { size?: number; weight?: number; anchor?: string },
  ): string {
    return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${paint(theme.foreground)}">${escaped(content)}</text>`
  }

  function axesOf({ axis: kind, x }: Scene, { left, right, bottom }: Box, toX: Place, toY: Place): string[] {
    const marks = marksOfAxes(scene)
    const line = (x1: number, y1: number, x2: number, y2: number, color: string): string =>
      `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${paint(color)}" stroke-opacity="${opacityOf(color)}"/>`
    return [
      ...marks.x
        .filter((value) => value >= x[0] && value <= x[1])
        .flatMap((value) => [
          line(toX(value), top, toX(value), bottom, theme.grid),
          text(tickLabel(kind, value, marks.x), toX(value), bottom + 15, { anchor: 'middle' }),
        ]),
      ...marks.y.flatMap((value) => [
        line(left, toY(value), right, toY(value), theme.grid),
        text(valueLabel(value, marks.y), left - 6, toY(value) + 4, { anchor: 'end' }),
      ]),
      line(left, top, left, bottom, theme.axis),
      line(left, bottom, right, bottom, theme.axis),
    ]
  }
}

type Place = (value: number) => number

function curvesOf(scene: Scene, box: Box): string[] {
  const toX = placer(scene.x, box.left, box.right, scene.logX)
  const toY = placer(scene.y, box.bottom, box.top, scene.logY)
  const path = (x: Float64Array, y: Float64Array, attributes: string): string => {
    const pen = new SvgPen()
    trace(pen, x, y, toX, toY, box)
    return `<path d="${pen.d}" ${attributes}/>`
  }
  const colorOfRun = (mark: Mark): string => colorOf(mark.color, scene.theme.kind)
  const behind = scene.drawn.flatMap(({ run, curve }) => [
    ...(curve.band ? bandFigures(curve.x, curve.band.low, curve.band.high, toX, toY, box) : []).map(
      (figure) =>
        `<polygon points="${figure.map(round).join(' ')}" fill="${colorOfRun(run.mark)}" fill-opacity="${bandAlpha}"/>`,
    ),
    ...(curve.raw
      ? [path(curve.raw.x, curve.raw.y, `stroke="${colorOfRun(run.mark)}" stroke-opacity="${rawAlpha}"`)]
      : []),
  ])
  const lines = scene.drawn.map(({ run, curve }) =>
    path(
      curve.x,
      curve.y,
      `stroke="${colorOfRun(run.mark)}" stroke-width="${lineWidth(curve, box)}" stroke-dasharray="${run.mark.dash.join(' ')}"`,
    ),
  )
  return [...behind, ...lines]
}

function dotsOf(marks: ReturnType<typeof pointMarks>, color: string): string {
  return marks
    .map(({ kind, x, y }) => {
      const [left, top] = [round(x), round(y)]
      if (kind === 'dot') return `<circle cx="${left}" cy="${top}" r="2.5" fill="${color}"/>`
      if (kind === 'nan')
        return `<path d="M${left - 2.5} ${top - 2.5}l5 5m-5 0l5 -5" stroke="${color}" stroke-width="1.2"/>`
      return `<path d="M${left} ${top}l-4 ${kind === 'plus' ? 7 : -7}h8z" fill="${color}"/>`
    })
    .join('')
}

function swatchAt({ color, dash }: Mark, x: number, y: number, { theme }: Scene): string {
  return `<line x1="${x}" y1="${y}" x2="${x + 22}" y2="${y}" stroke="${colorOf(color, theme.kind)}" stroke-width="2.5" stroke-dasharray="${dash.join(' ')}"/>`
}
