/** Which runs are best, and which parameters have to do with it, as a report tells it. */
import { ranked } from '../across/best'
import { byBest } from '../across/byBest'
import type { AcrossData } from '../across/data'
import { type Dimension, dimensionNames, Dimensions } from '../across/dimension'
import { type Importance, importances } from '../across/importance'
import { formatCount } from '../format'
import { t } from '../l10n'
import type { Aim, Stats } from '../protocol'
import type { Steps } from '../steps'
import type { ReportList } from './report'

/** Runs and parameters listed. */
const mostRuns = 10
const mostParams = 12
/** Parameters told of each of the best runs. */
const mostColumns = 6

/**
 * Empty where no run has a finite value of the metric.
 *
 * @param nameOf a row
 * @param statsAt of its history of the metric, where the best value counts
 */
export function* tuningOf(
  data: AcrossData,
  aim: Aim,
  nameOf: (row: number) => string,
  statsAt: (row: number) => Stats | undefined,
): Steps<ReportList[]> {
  const dimensions = new Dimensions(data)
  const logged = dimensions.get(`metric:${aim.metric}`)
  const metric = logged && aim.counts === 'best' ? byBest(logged, aim.direction, statsAt) : logged
  const rows = [...data.runs.keys()]
  const order = metric ? ranked(metric, rows, aim.direction) : []
  if (!metric || order.length === 0) return []
  const params = dimensionNames(data).flatMap(({ id, kind }) => (kind === 'param' ? (dimensions.get(id) ?? []) : []))
  const { all, explained } = yield* importances(params, metric, rows)
  const told = all.slice(0, mostColumns).flatMap(({ feature }) => dimensions.get(feature.id) ?? [])
  const textOf = (dimension: Dimension, row: number): string => dimension.textAt(row)?.slice(0, 200) ?? t('not set')
  const best: ReportList = {
    heading: t('The best runs'),
    head: [t('Run'), metric.key, ...told.map(({ key }) => key)],
    rows: order.slice(0, mostRuns).map((row) => [nameOf(row), ...[metric, ...told].map((one) => textOf(one, row))]),
    notes: [
      aim.direction === 'higher' ? t('Higher is better') : t('Lower is better'),
      aim.counts === 'best' ? t('Best value') : t('Last value'),
      t('{0} of {1} runs have a finite value.', formatCount(order.length), formatCount(rows.length)),
    ],
  }
  if (all.length === 0) return [best]
  const importance: ReportList = {
    heading: t('Importance of parameters'),
    head: [t('Parameter'), t('Rank correlation'), t('Forest')],
    rows: all.slice(0, mostParams).map(importanceRow),
    notes: Number.isNaN(explained)
      ? []
      : [
          explainedText(explained, metric.key),
          t('Both tell of these runs only, not of causes, and can’t tell apart parameters that change together.'),
        ],
  }
  return [best, importance]
}

function explainedText(explained: number, key: string): string {
  const percent = Math.round(explained * 100)
  return explained <= 0.1
    ? t(
        'The forest explains {0} % of the variance of {1} in runs it was not shown (out-of-bag R²): next to nothing, so its column says nothing either.',
        percent,
        key,
      )
    : t('The forest explains {0} % of the variance of {1} in runs it was not shown (out-of-bag R²).', percent, key)
}

function importanceRow({ feature, correlation, importance }: Importance): string[] {
  const sign = !feature.numeric ? 'η ' : correlation >= 0 ? '+' : ''
  return [
    [feature.key, ...feature.twins].join(', '),
    Number.isNaN(correlation) ? '–' : `${sign}${correlation.toFixed(2).replace('-', '−')}`,
    Number.isNaN(importance) ? '–' : `${(Math.max(0, importance) * 100).toFixed(importance > 0.1 ? 0 : 1)} %`,
  ]
}
