import type { Dimension } from '../../shared/across/dimension'
import { quantile } from '../../shared/across/box'
import { midranks } from '../../shared/across/ranks'
import type { ThemeKind } from '../../shared/runColor'
import type { Theme } from '../ui/themeColors'

/** From the lowest to the highest: blue to orange, which the common colour blindnesses keep apart, each 3:1 against the background. */
const onDark = ['#3f8cff', '#86a3d8', '#b9b3a6', '#e8b95c', '#ffa51f']
const onLight = ['#0a52c4', '#4a6fb0', '#767676', '#a06a2c', '#b85a00']
const ramps: Record<ThemeKind, readonly string[]> = {
  dark: onDark,
  highContrastDark: onDark,
  light: onLight,
  highContrastLight: onLight,
}

/** The colour of a share 0 … 1, mixed from its neighbours. */
export function rampColor(share: number, kind: ThemeKind): string {
  const ramp = ramps[kind]
  const at = Math.min(1, Math.max(0, share)) * (ramp.length - 1)
  const below = Math.min(ramp.length - 2, Math.floor(at))
  const mix = (start: number): number => {
    const [a, b] = [ramp[below], ramp[below + 1]].map((color) => parseInt(color?.slice(start, start + 2) ?? '0', 16))
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * (at - below))
  }
  return `rgb(${mix(1)}, ${mix(3)}, ${mix(5)})`
}

export const rampStops = (kind: ThemeKind): readonly string[] => ramps[kind]

/** Runs coloured by the rank of their metric, so that one that is far off does not take all colours from the others. */
export interface Colours {
  /** Undefined of a run without a finite value. */
  readonly shareOf: (row: number) => number | undefined
  readonly of: (row: number, theme: Theme) => string
  /** Lowest, median and highest; undefined where no run has a finite value. */
  readonly values: readonly [number, number, number] | undefined
}

export function coloursOf(metric: Dimension | undefined, rows: readonly number[]): Colours {
  const ranked = rows.filter((row) => Number.isFinite(metric?.values[row] ?? NaN))
  const values = Float64Array.from(ranked, (row) => metric?.values[row] ?? NaN)
  const ranks = midranks(values)
  const shares = new Map(
    ranked.map((row, at) => [row, ranked.length < 2 ? 0.5 : ((ranks[at] ?? 1) - 1) / (ranked.length - 1)]),
  )
  const sorted = values.slice().sort()
  return {
    shareOf: (row) => shares.get(row),
    of: (row, { kind, faint, foreground }) => {
      const share = shares.get(row)
      if (share !== undefined) return rampColor(share, kind)
      return metric ? faint : foreground
    },
    values: ranked.length === 0 ? undefined : [sorted[0] ?? NaN, quantile(sorted, 0.5), sorted.at(-1) ?? NaN],
  }
}
