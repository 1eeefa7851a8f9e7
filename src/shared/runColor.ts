/** One colour per run, everywhere: the host gives a run an index, a theme gives the index its colour. */

export type ThemeKind = 'light' | 'dark' | 'highContrastLight' | 'highContrastDark'

/**
 * Ten hues, of one name in both lists, in the order in which they differ most: the fewer runs, the farther apart. Found by
 * search for the greatest distances in OKLab, to normal sight and to the common colour blindnesses, with a contrast of 3:1 at
 * least against the theme's background: blue, orange, teal, pink, red, lime, cyan, violet, yellow, brown.
 */
const onDark = [
  ...['#0d83f1', '#ffa600', '#00ab8d', '#f050cc', '#ff5169'],
  ...['#a4dd4c', '#3de5fc', '#c59bf8', '#f1f4ab', '#ac7824'],
]
const onLight = [
  ...['#1d58ce', '#fc5700', '#008872', '#cf5da3', '#85353a'],
  ...['#5c9c00', '#3897c9', '#9364e7', '#676400', '#ae6249'],
]

const palettes: Record<ThemeKind, readonly string[]> = {
  dark: onDark,
  highContrastDark: onDark,
  light: onLight,
  highContrastLight: onLight,
}

export const paletteSize = onDark.length

/** The colour of an index, as `#rrggbb`. */
export function colorOf(index: number, theme: ThemeKind): string {
  return palettes[theme][index % paletteSize] ?? '#888888'
}

/** The index of a run that has not been given another: depends on nothing but the id (FNV-1a, well mixed for hex ids). */
export function defaultColor(runId: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < runId.length; i++) hash = Math.imul(hash ^ runId.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 12)) >>> 0) % paletteSize
}

/** How a run is drawn. */
export interface Mark {
  /** Index of its colour. */
  readonly color: number
  /** Canvas dash pattern, px; empty: solid. */
  readonly dash: readonly number[]
}

/** Dash patterns from solid to sparse. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [10, 3, 2, 3], [12, 5], [4, 7], [6, 2, 2, 2, 2, 2]]

/** Marks of runs that are shown together, by their colours: those that must share one differ in their dashes, as long as patterns last. */
export function marksOf(colors: readonly number[]): Mark[] {
  const taken = new Map<number, number>()
  return colors.map((color) => {
    const nth = taken.get(color) ?? 0
    taken.set(color, nth + 1)
    return { color, dash: dashes[nth % dashes.length] ?? [] }
  })
}
