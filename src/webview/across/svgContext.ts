import { escaped, opacityOf, paint, round } from '../charts/svgText'
import type { Context } from './paint'

const anchors: Readonly<Record<Context['textAlign'], string>> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end',
}

/** How far below its place a text's line is, in heights of its letters: few readers of SVG know other baselines. */
const drops: Readonly<Partial<Record<Context['textBaseline'], number>>> = { top: 0.85, middle: 0.35, bottom: -0.2 }

/** Takes what is painted on a canvas and writes it as SVG: shapes as shapes, words as text. */
export class SvgContext implements Context {
  fillStyle: Context['fillStyle'] = '#000'
  strokeStyle: Context['strokeStyle'] = '#000'
  lineWidth = 1
  lineJoin: Context['lineJoin'] = 'miter'
  globalAlpha = 1
  font = '11px sans-serif'
  textAlign: Context['textAlign'] = 'start'
  textBaseline: Context['textBaseline'] = 'alphabetic'
  readonly #widthOf: (text: string, font: string) => number
  readonly #parts: string[] = []
  readonly #saved: (() => void)[] = []
  #path = ''
  #dash: readonly number[] = []
  #clip = ''
  #clips = 0

  /** @param widthOf the width of a text in a font as CSS writes it, px */
  constructor(widthOf: (text: string, font: string) => number) {
    this.#widthOf = widthOf
  }

  /** What has been painted. */
  get markup(): string {
    return this.#parts.join('')
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, globalAlpha, font, textAlign, textBaseline } = this
    const look = { fillStyle, strokeStyle, lineWidth, lineJoin, globalAlpha, font, textAlign, textBaseline }
    const [dash, clip] = [this.#dash, this.#clip]
    this.#saved.push(() => {
      Object.assign(this, look)
      this.#dash = dash
      this.#clip = clip
    })
  }

  restore(): void {
    this.#saved.pop()?.()
  }

  setLineDash(lengths: number[]): void {
    this.#dash = lengths
  }

  beginPath(): void {
    this.#path = ''
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${round(x)} ${round(y)}`
  }

  lineTo(x: number, y: number): void {
    this.#path += `${this.#path === '' ? 'M' : 'L'}${round(x)} ${round(y)}`
  }

  /** In two halves: an SVG arc can't be a whole circle. */
  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const point = (angle: number): string =>
      `${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`
    const half = (angle: number): string => `A${round(radius)} ${round(radius)} 0 0 1 ${point(angle)}`
    this.#path += `${this.#path === '' ? 'M' : 'L'}${point(from)}${half((from + to) / 2)}${half(to)}`
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`
  }

  closePath(): void {
    this.#path += 'z'
  }

  clip(): void {
    const id = `clip${++this.#clips}`
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath>`)
    this.#clip = ` clip-path="url(#${id})"`
  }

  stroke(): void {
    this.#parts.push(`<path d="${this.#path}" fill="none"${this.#stroked()}${this.#clip}/>`)
  }

  fill(): void {
    this.#parts.push(`<path d="${this.#path}"${this.#filled()}${this.#clip}/>`)
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#parts.push(`<rect ${box(x, y, width, height)}${this.#filled()}${this.#clip}/>`)
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#parts.push(`<rect ${box(x, y, width, height)} fill="none"${this.#stroked()}${this.#clip}/>`)
  }

  fillText(text: string, x: number, y: number): void {
    this.#write(text, x, y, this.#filled())
  }

  strokeText(text: string, x: number, y: number): void {
    this.#write(text, x, y, ` fill="none"${this.#stroked()}`)
  }

  measureText(text: string): { readonly width: number } {
    return { width: this.#widthOf(text, this.font) }
  }

  #write(text: string, x: number, y: number, look: string): void {
    if (text === '') return
    const [, weight = '400', size = '11'] = /^(?:(\d+) )?(\d+)px /.exec(this.font) ?? []
    const down = y + (drops[this.textBaseline] ?? 0) * Number(size)
    this.#parts.push(
      `<text x="${round(x)}" y="${round(down)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchors[this.textAlign]}"${look}${this.#clip}>${escaped(text)}</text>`,
    )
  }

  #filled(): string {
    return colour('fill', this.fillStyle, this.globalAlpha)
  }

  #stroked(): string {
    const dashes = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.join(' ')}"` : ''
    return `${colour('stroke', this.strokeStyle, this.globalAlpha)} stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}"${dashes}`
  }
}

const box = (x: number, y: number, width: number, height: number): string =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`

/** Nothing is painted in gradients and patterns. */
function colour(what: 'fill' | 'stroke', style: Context['fillStyle'], alpha: number): string {
  if (typeof style !== 'string') return ` ${what}="none"`
  const opacity = round(opacityOf(style) * alpha)
  return ` ${what}="${paint(style)}"${opacity < 1 ? ` ${what}-opacity="${opacity}"` : ''}`
}
