/** What narrows down the runs: when they started, their state, their dataset. */
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { TableView } from '../../shared/runsTable/view'
import { statusWord } from '../ui/icons'
import type { Menu } from '../ui/menu'
import { rangeText } from './dateRange'
import type { ChangeView } from './viewEdits'

const hour = 3_600_000
const spans: readonly (readonly [number | null, () => string])[] = [
  [null, () => t('Any time')],
  [hour, () => t('Last hour')],
  [24 * hour, () => t('Last 24 hours')],
  [7 * 24 * hour, () => t('Last 7 days')],
  [30 * 24 * hour, () => t('Last 30 days')],
  [365 * 24 * hour, () => t('Last 365 days')],
]
const spanLabel = (span: number): string =>
  spans.find(([ms]) => ms === span)?.[1]() ?? t('Last {0} hours', formatCount(Math.round(span / hour)))

export function startedMenu(view: TableView, change: ChangeView, choose: () => void): Menu {
  return [
    ...spans.map(([startedWithin, label]) => ({
      label: label(),
      checked: view.startedWithin === startedWithin && view.startedBetween === null,
      run: () => change({ startedWithin, startedBetween: null }),
    })),
    'line',
    { label: t('Between dates…'), checked: view.startedBetween !== null, run: choose },
  ]
}

/** When the runs started that show, in words, where that is limited. */
export function startedText({ startedWithin, startedBetween }: TableView): string | undefined {
  if (startedBetween) return rangeText(startedBetween)
  return startedWithin === null ? undefined : spanLabel(startedWithin)
}

const lifecycles = [
  ['active', () => t('Active runs')],
  ['deleted', () => t('Deleted runs')],
  ['all', () => t('Active and deleted runs')],
] as const

export function statusMenu(view: TableView, change: ChangeView): Menu {
  return [
    ...(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const).map((status) => ({
      label: statusWord(status),
      stays: true,
      checked: view.statuses.includes(status),
      run: () =>
        change({
          statuses: view.statuses.includes(status)
            ? view.statuses.filter((other) => other !== status)
            : [...view.statuses, status],
        }),
    })),
    'line',
    {
      label: t('Only starred runs'),
      icon: 'star',
      stays: true,
      checked: view.onlyStarred,
      run: () => change({ onlyStarred: !view.onlyStarred }),
    },
    'line',
    ...lifecycles.map(([lifecycle, label]) => ({
      label: label(),
      checked: view.lifecycle === lifecycle,
      run: () => change({ lifecycle }),
    })),
  ]
}

/** What of that is chosen, in words. */
export function statusText({ statuses, lifecycle, onlyStarred }: TableView): string | undefined {
  const words = statuses.map(statusWord)
  if (lifecycle === 'deleted') words.push(t('deleted'))
  if (lifecycle === 'all') words.push(t('deleted too'))
  if (onlyStarred) words.push(t('starred'))
  return words.length > 0 ? words.join(', ') : undefined
}

export function datasetMenu(names: readonly string[], view: TableView, change: ChangeView): Menu {
  const all = view.dataset === null || names.includes(view.dataset) ? names : [view.dataset, ...names]
  return [
    { label: t('Any dataset'), checked: view.dataset === null, run: () => change({ dataset: null }) },
    ...all.map((dataset) => ({ label: dataset, checked: view.dataset === dataset, run: () => change({ dataset }) })),
  ]
}
