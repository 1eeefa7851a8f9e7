/** Plots as files. */
import { t } from '../../shared/l10n'
import { pngOf } from '../charts/raster'
import type { PictureKind } from '../compare/cardMenu'
import type { Menu } from '../ui/menu'

/** A file that is made when it is asked for. */
export interface PlotFile {
  /** Without ending. */
  readonly name: string
  readonly kind: PictureKind
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>
}

/** As a canvas of this page measures it. */
export function measurer(): (text: string, font: string) => number {
  const ctx = document.createElement('canvas').getContext('2d')
  return (text, font) => {
    if (!ctx) return 0
    ctx.font = font
    return ctx.measureText(text).width
  }
}

/** @param make the text of an SVG or CSV file */
export function plotFile(name: string, kind: PictureKind, make: (kind: 'svg' | 'csv') => string): PlotFile {
  const text = (): string => make(kind === 'csv' ? 'csv' : 'svg')
  return {
    ...{ name, kind },
    bytes: () => (kind === 'png' ? pngOf(text()) : Promise.resolve(new TextEncoder().encode(text()))),
  }
}

export const saveMenu = (save: (kind: PictureKind) => void): Menu => [
  { label: t('Save as PNG…'), icon: 'export', run: () => save('png') },
  { label: t('Save as SVG…'), run: () => save('svg') },
  { label: t('Save values as CSV…'), run: () => save('csv') },
]
