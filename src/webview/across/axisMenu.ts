import { type Brush, wordOf } from '../../shared/across/brush'
import type { Dimension } from '../../shared/across/dimension'
import { t } from '../../shared/l10n'
import type { Menu, MenuItem } from '../ui/menu'

/** What the user does with the axes. */
export interface AxisChange {
  readonly axes?: readonly string[]
  readonly brush?: readonly [id: string, brush: Brush | undefined]
  readonly log?: readonly [id: string, log: boolean]
}

/** Words of an axis that its menu lists beside all else: more have a menu of their own. */
const mostWords = 12

interface AxisMenuOptions {
  readonly dimension: Dimension
  readonly rows: readonly number[]
  readonly log: boolean
  /** As it is now: the menu stays open while words are chosen. */
  readonly brush: () => Brush | undefined
  /** Undefined where there is no place to go. */
  readonly move: (by: -1 | 1) => (() => void) | undefined
  readonly change: (change: AxisChange) => void
  readonly remove: () => void
}

/** What can be done with an axis: also the keyboard's way to choose among its words. */
export function axisMenu({ dimension, rows, log, brush, move, change, remove }: AxisMenuOptions): Menu {
  const { id } = dimension
  const words = [...new Set(rows.map((row) => wordOf(dimension, row)).filter((word) => word !== ''))].sort()
  const chosenWords = (): readonly string[] => {
    const now = brush()
    return now && 'words' in now ? now.words : []
  }
  const moves = (
    [
      [-1, t('Move left')],
      [1, t('Move right')],
    ] as const
  ).flatMap(([by, label]) => {
    const run = move(by)
    return run ? [{ label, run }] : []
  })
  const choiceOf = (word: string, label: string): MenuItem => {
    const chosen = chosenWords()
    return {
      label,
      checked: chosen.includes(word),
      stays: true,
      run: () => {
        const next = chosen.includes(word) ? chosen.filter((other) => other !== word) : [...chosen, word]
        change({ brush: [id, next.length > 0 ? { words: next } : undefined] })
      },
    }
  }
  const choices: Menu =
    words.length > mostWords
      ? [{ label: t('Only…'), items: () => words.map((word) => choiceOf(word, word.slice(0, 60))) }]
      : words.map((word) => choiceOf(word, t('Only {0}', word.slice(0, 60))))
  return [
    ...moves,
    ...(dimension.numeric ? [{ label: t('Logarithmic'), checked: log, run: () => change({ log: [id, !log] }) }] : []),
    { label: t('Remove this axis'), run: remove },
    ...(words.length > 0 ? ['line' as const] : []),
    ...choices,
    ...(brush()
      ? ['line' as const, { label: t('Clear this filter'), run: () => change({ brush: [id, undefined] }) }]
      : []),
  ]
}
