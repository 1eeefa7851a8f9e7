/** A plot as an SVG file: what paints it on the page paints it here, with what the page says around it. */
import { escaped, paint } from '../charts/svgText'
import type { Theme } from '../ui/themeColors'
import { drawLegend, type Ramp } from './fileLegend'
import { clipped, setFont, type Context } from './paint'
import { SvgContext } from './svgContext'

export interface PlotParts {
  readonly title: string
  /** What the plot shows, in a sentence: for who can't see it. */
  readonly summary: string
  /** Px of the picture. */
  readonly width: number
  readonly height: number
  readonly draw: (ctx: Context) => void
  readonly ramp: Ramp | undefined
  /** What the star is at. */
  readonly best: string | undefined
  /** Sentences under the plot. */
  readonly notes: readonly string[]
}

const side = 12
const top = 34
const row = 18

/** @param widthOf the width of a text in a font as CSS writes it, px */
export function plotSvg(
  { title, summary, width, height, draw, ramp, best, notes }: PlotParts,
  theme: Theme,
  widthOf: (text: string, font: string) => number,
): string {
  const within = width - 2 * side
  const plot = new SvgContext(widthOf)
  draw(plot)
  const around = new SvgContext(widthOf)
  around.textBaseline = 'middle'
  around.fillStyle = theme.foreground
  around.font = `600 14px ${theme.font}`
  around.fillText(clipped(around, title, within), side, top / 2)
  setFont(around, theme)
  let below = top + height + row / 2 + 4
  const rows = drawLegend(around, { ramp, best }, { left: side, top: below, width: within, row }, theme)
  below += rows * row
  around.fillStyle = theme.faint
  const lines = notes.flatMap((note) => wrapped(around, note, within))
  for (const [at, line] of lines.entries()) around.fillText(line, side, below + at * row)
  const whole = below + lines.length * row - row / 2 + 8
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="${escaped(theme.font)}" font-size="11"><title>${escaped(title)}</title><desc>${escaped(summary)}</desc><rect width="${width}" height="${whole}" fill="${paint(theme.background)}"/><g transform="translate(0 ${top})">${plot.markup}</g>${around.markup}</svg>`
}

/** A text in lines that are no wider than `width` px; only a word that is wider alone is cut. */
function wrapped(ctx: Context, text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const longer = lines.length > 0 ? `${lines.at(-1) ?? ''} ${word}` : ''
    if (longer !== '' && ctx.measureText(longer).width <= width) lines[lines.length - 1] = longer
    else lines.push(clipped(ctx, word, width))
  }
  return lines
}
