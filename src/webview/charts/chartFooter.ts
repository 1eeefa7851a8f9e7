import { html, nothing, type TemplateResult } from 'lit'
import { formatCount, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import { icon } from '../ui/icons'
import type { Curves } from './curves'
import type { Heights } from './reading'
import type { Axis, Drawn, Range } from './types'
import { pointsText } from './words'

export interface Footer {
  readonly drawn: readonly Drawn[]
  readonly range: Range | undefined
  /** In range: of all values, and of those that the y axis is made for. */
  readonly heights: { readonly all: Heights | undefined; readonly shown: Heights | undefined }
  readonly zoomedY: boolean
  readonly axis: Axis
  readonly xKey: string
  readonly logX: boolean
  readonly runs: number
  readonly notDrawn: number
  readonly progress: Curves['progress']
  readonly retry: () => void
}

/** Under a chart: how much it stands for, and what it doesn't show. */
export function renderFooter(footer: Footer): TemplateResult {
  const { drawn, range, runs, progress, retry } = footer
  const { loading, loaded, errors } = progress
  const stale = drawn.find(({ curve }) => curve.refreshError !== null)?.curve
  const problem = drawn.find(({ curve }) => curve.band?.problem)?.curve.band?.problem
  return html`${drawn.length > 0 && range ? html`<span class="points">${pointsText(drawn, range)}</span>` : nothing}
  ${loading > 0 && drawn.length > 0 ? html`<span>${t('{0} of {1} runs loaded', loaded, runs)}</span>` : nothing}
  ${notesOf(footer).map((note) => html`<span>${note}</span>`)}
  ${
    errors[0] !== undefined
      ? html`<span class="failed" role="alert"
          >${icon('error')} ${t('{0} of {1} runs failed: {2}', errors.length, runs, errors[0])}
          <button class="link" @click=${retry}>${t('Retry')}</button></span
        >`
      : nothing
  }
  ${problem ? html`<span class="failed">${icon('warning')} ${problem}</span>` : nothing}
  ${stale ? html`<span class="failed">${icon('warning')} ${t('Refresh failed: {0}', stale.refreshError ?? '')}</span>` : nothing}`
}

/** What a chart doesn't show, or shows otherwise than it was logged. */
export function notesOf(footer: Omit<Footer, 'progress' | 'retry'>): string[] {
  const { drawn, heights, zoomedY, axis, xKey, logX, runs, notDrawn } = footer
  const sum = (count: (one: Drawn) => number): number => drawn.reduce((all, one) => all + count(one), 0)
  const unplaced = sum(({ curve }) => curve.unplaced)
  const notFinite = sum(({ curve }) => curve.band?.notFinite ?? 0)
  const inSeconds = drawn.filter(({ curve }) => curve.inSeconds).length
  const { all, shown } = heights
  const notPositive = all?.notPositive ?? 0
  const outliers = all && shown && !zoomedY && (all.low < shown.low || all.high > shown.high)
  return [
    ...(notDrawn > 0
      ? [t('{0} of {1} runs are drawn: hide some, or group them', runs, formatCount(runs + notDrawn))]
      : []),
    ...(notPositive > 0
      ? [t('{0} values of zero or less are not on a logarithmic axis', formatCount(notPositive))]
      : []),
    ...(unplaced > 0
      ? [
          axis === 'metric'
            ? logX
              ? t('{0} points are left out: at their step there is no {1} above zero', formatCount(unplaced), xKey)
              : t('{0} points are left out: at their step there is no finite {1}', formatCount(unplaced), xKey)
            : t('{0} points at zero or before are not on a logarithmic axis', formatCount(unplaced)),
        ]
      : []),
    ...(notFinite > 0
      ? [t('{0} values that are NaN or infinite are left out of the bands', formatCount(notFinite))]
      : []),
    ...(outliers
      ? [t('Without outliers: all values lie between {0} and {1}', formatMetric(all.low), formatMetric(all.high))]
      : []),
    ...(inSeconds > 0 ? [t('The times of {0} runs were logged in seconds, and are taken as such', inSeconds)] : []),
  ]
}
