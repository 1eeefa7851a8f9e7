import { t } from '../../shared/l10n'
import type { Counted, Direction } from '../../shared/across/best'
import type { Dimension, Dimensions } from '../../shared/across/dimension'
import type { Mark } from '../../shared/runColor'
import type { Colours } from './colours'
import type { PlotMark } from './plotMarks'

/** Many runs, as the plots of the Tuning tab see them. */
export interface Sweep {
  readonly dimensions: Dimensions
  /** The runs that are plotted: those that are shown and within the brushes. */
  readonly rows: readonly number[]
  /** All that are shown. */
  readonly all: readonly number[]
  readonly nameOf: (row: number) => string
  readonly runIdOf: (row: number) => string
  readonly markOf: (row: number) => Mark
  readonly metric: Dimension | undefined
  readonly direction: Direction | undefined
  /** Which value of the metric. */
  readonly counts: Counted
  /** The best of `rows`; undefined where no direction is chosen, or no run has a finite value. */
  readonly best: number | undefined
  readonly colours: Colours
  readonly isLog: (dimension: Dimension) => boolean
}

export const textOf = (dimension: Dimension, row: number): string => dimension.textAt(row) ?? t('not set')

/** What there is to say of a run: its values, and whether it is the best. */
export function runMark(
  { nameOf, best, metric }: Sweep,
  row: number,
  dimensions: readonly (Dimension | undefined)[],
  place: Pick<PlotMark, 'x' | 'y' | 'reach'>,
): PlotMark {
  const unique = new Map([...dimensions, metric].flatMap((one) => (one ? [[one.id, one] as const] : [])))
  const facts = [...unique.values()].map((one) => [one.key, textOf(one, row)] as const)
  return { ...place, row, title: row === best ? t('{0}, the best run', nameOf(row)) : nameOf(row), facts }
}

export const directionWord = (direction: Direction): string =>
  direction === 'higher' ? t('Higher is better') : t('Lower is better')
