import type { Dimension } from '../../shared/across/dimension'
import { t } from '../../shared/l10n'
import type { Theme } from '../ui/themeColors'
import { type Colours, rampColor } from './colours'
import { clipped, type Context, drawStar, setFont } from './paint'

/** What colours mean in a file. */
export interface Ramp {
  readonly words: string
  readonly low: string
  readonly high: string
  readonly median?: string
}

/** Of plots that colour runs; undefined where they have no colours. */
export function rampOf(metric: Dimension | undefined, { values }: Colours): Ramp | undefined {
  if (!metric || !values) return undefined
  const [low = '', median = '', high = ''] = values.map(metric.format)
  return { words: t('Colour, by rank of {0}:', metric.key), low, median: t('median {0}', median), high }
}

const parts = 32
const rampWidth = 120

/** Draws what the colours and the star mean into a file, in lines of `row` px, the first around `top`; tells how many lines. */
export function drawLegend(
  ctx: Context,
  { ramp, best }: { readonly ramp: Ramp | undefined; readonly best: string | undefined },
  {
    left,
    top,
    width,
    row,
  }: { readonly left: number; readonly top: number; readonly width: number; readonly row: number },
  theme: Theme,
): number {
  setFont(ctx, theme)
  let x = left
  const write = (text: string, color: string): void => {
    const shown = clipped(ctx, text, left + width - x)
    ctx.fillStyle = color
    ctx.fillText(shown, x, top)
    x += ctx.measureText(shown).width + 8
  }
  if (ramp) {
    ctx.textBaseline = 'middle'
    const others = [ramp.low, ramp.high, ramp.median ?? ''].map((text) => ctx.measureText(text).width + 8)
    const room = width - rampWidth - 8 - others.reduce((sum, each) => sum + each, 0)
    write(clipped(ctx, ramp.words, room), theme.faint)
    write(ramp.low, theme.foreground)
    for (let part = 0; part < parts; part++) {
      ctx.fillStyle = rampColor(part / (parts - 1), theme.kind)
      ctx.fillRect(x + (part * rampWidth) / parts, top - 5, rampWidth / parts + 0.5, 10)
    }
    x += rampWidth + 8
    write(ramp.high, theme.foreground)
    if (ramp.median !== undefined) write(ramp.median, theme.faint)
  }
  if (best === undefined) return ramp ? 1 : 0
  const y = ramp ? top + row : top
  drawStar(ctx, left + 7, y, theme, 7)
  ctx.fillStyle = theme.foreground
  ctx.fillText(clipped(ctx, best, width - 22), left + 22, y)
  return ramp ? 2 : 1
}
