import { t } from '../../shared/l10n'
import type { Menu } from '../ui/menu'
import type { Comparison } from './comparison'
import { type Size, sizes } from './layout'

export type PictureKind = 'png' | 'svg' | 'csv'

export interface Card {
  readonly key: string
  readonly comparison: Comparison
  /** Metrics that have a chart, in their order. */
  readonly chosen: readonly string[]
  readonly full: boolean
  readonly fill: (key: string | null) => void
  readonly save: (kind: PictureKind) => void
}

const sizeWords: Record<Size, () => string> = {
  small: () => t('Small'),
  medium: () => t('Medium'),
  large: () => t('Large'),
}

export const sizeOf = ({ view }: Comparison, key: string): Size =>
  view.sizes.find(([other]) => other === key)?.[1] ?? 'medium'

/** What can be done with one chart. */
export function cardMenu({ key, comparison, chosen, full, fill, save }: Card): Menu {
  const { view, remember } = comparison
  const at = chosen.indexOf(key)
  const move = (by: number): void => remember({ metrics: moved(chosen, key, at + by) })
  return [
    full
      ? { label: t('Leave full screen'), detail: t('Escape'), run: () => fill(null) }
      : { label: t('Full screen'), icon: 'chart' as const, run: () => fill(key) },
    'line' as const,
    ...sizes.map((size) => ({
      label: sizeWords[size](),
      checked: size === sizeOf(comparison, key),
      run: () => {
        const others = view.sizes.filter(([other]) => other !== key)
        remember({ sizes: size === 'medium' ? others : [...others, [key, size]] })
      },
    })),
    'line' as const,
    { label: t('Move to the front'), off: at === 0 ? t('is there') : undefined, run: () => move(-at) },
    { label: t('Move earlier'), off: at === 0 ? t('at the end') : undefined, run: () => move(-1) },
    { label: t('Move later'), off: at === chosen.length - 1 ? t('at the end') : undefined, run: () => move(1) },
    'line' as const,
    { label: t('Save as PNG…'), icon: 'export' as const, run: () => save('png') },
    { label: t('Save as SVG…'), run: () => save('svg') },
    { label: t('Save points as CSV…'), run: () => save('csv') },
    'line' as const,
    {
      label: t('Close chart'),
      icon: 'close' as const,
      run: () => remember({ metrics: chosen.filter((other) => other !== key) }),
    },
  ]
}

/** A list with an item in another place. */
export function moved(list: readonly string[], item: string, to: number): string[] {
  const others = list.filter((other) => other !== item)
  return others.toSpliced(Math.max(0, Math.min(others.length, to)), 0, item)
}
