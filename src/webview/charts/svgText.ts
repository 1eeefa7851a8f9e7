/** Parts of SVG files. */
import { escapeMarkup } from '../../shared/markup'

export const round = (value: number): number => Math.round(value * 100) / 100

/** On one line. */
export const escaped = (text: string): string => escapeMarkup(text.replace(/[\t\n\r]+/g, ' '))

/** Themes mix colours in a way that few readers of SVG know: the colour that is mixed, and how much of it. */
const mix = /^color-mix\(in srgb, (.+) (\d+)%, transparent\)$/
export const paint = (color: string): string => escaped(mix.exec(color)?.[1] ?? color)
export const opacityOf = (color: string): number => Number(mix.exec(color)?.[2] ?? 100) / 100
