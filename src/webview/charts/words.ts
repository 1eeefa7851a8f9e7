/** How charts speak: readings, summaries, counts. */
import { lowerBound, upperBound } from '../../shared/downsample'
import { formatCount, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Reading } from './reading'
import { heightsOf } from './reading'
import { formatX } from '../../shared/ticks'
import type { Axis, Drawn, Range } from './types'

/** `0.25`, or where several points share a pixel `0.21 … 0.25`; infinities and NaN as such. Of smoothed curves and bands, what lies behind too. */
export function readingText(reading: Reading): string {
  const text = valueText(reading)
  if (reading.raw) return t('{0} (logged: {1})', text, valueText(reading.raw))
  if (!reading.band) return text
  const { low, high, runs } = reading.band
  return t('{0} (band: {1} … {2}, runs: {3})', text, formatMetric(low), formatMetric(high), runs)
}

function valueText(reading: Reading): string {
  if (reading.nan) return 'NaN'
  const parts: string[] = []
  if (reading.minusInfinity) parts.push(formatMetric(-Infinity))
  if (!Number.isNaN(reading.low)) {
    parts.push(formatMetric(reading.low))
    const high = formatMetric(reading.high)
    if (high !== parts.at(-1)) parts.push(high)
  }
  if (reading.plusInfinity) parts.push(formatMetric(Infinity))
  return parts.join(' … ')
}

/** @param xKey the metric of the axis, where that is one */
export const axisWord = (axis: Axis, xKey = ''): string =>
  ({ step: t('Step'), time: t('Wall time'), relative: t('Relative time'), metric: xKey || t('Metric') })[axis]

export interface Described {
  readonly metric: string
  readonly axis: Axis
  readonly xKey: string
  readonly smoothing: number
  readonly drawn: readonly Drawn[]
  readonly range: Range | undefined
}

/** What a chart shows, in a sentence for those who can't see it. */
export function chartSummary({ metric, axis, xKey, smoothing, drawn, range }: Described): string {
  if (!range || drawn.length === 0) return t('{0}: no points', metric)
  const heights = heightsOf(drawn, range, false)
  const groups = drawn.filter(({ run }) => run.group).length
  const runs =
    groups > 0 ? t('{0} groups of runs', groups) : drawn.length === 1 ? t('1 run') : t('{0} runs', drawn.length)
  const x = t('{0} from {1} to {2}', axisWord(axis, xKey), formatX(axis, range[0]), formatX(axis, range[1]))
  const y = heights
    ? t('values from {0} to {1}', formatMetric(heights.low), formatMetric(heights.high))
    : t('no finite values')
  const more = [smoothing > 0 ? t('Smoothed by {0}', smoothing) : undefined, samplesText(drawn)]
  return [
    t('{0}: line chart of {1}. {2}; {3}.', metric, runs, x, y),
    ...more.flatMap((text) => (text ? [`${text}.`] : [])),
  ].join(' ')
}

/** What of a chart are only samples; undefined where nothing is. How many points there are to them, no server tells. */
export function samplesText(drawn: readonly Drawn[]): string | undefined {
  const sampled = drawn.filter(({ curve }) => curve.sampled)
  if (sampled.length === 0) return undefined
  const count = formatCount(sampled.reduce((sum, { curve }) => sum + curve.total, 0))
  return sampled.length === drawn.length
    ? t('Samples: {0} points that the server chose, not all that there are', count)
    : t(
        'Samples of {0} of {1} runs: {2} points that the server chose, not all that there are',
        sampled.length,
        drawn.length,
        count,
      )
}

/** Under a chart: how many points it stands for, and whether all are drawn, or there. */
export function pointsText(drawn: readonly Drawn[], [from, to]: Range): string {
  const samples = samplesText(drawn)
  if (samples !== undefined) return samples
  const countOf = ({ curve: { x, inRange, reduced, band } }: Drawn): number =>
    reduced || band ? inRange : upperBound(x, to) - lowerBound(x, from)
  const inRange = drawn.reduce((sum, one) => sum + countOf(one), 0)
  const reduced = drawn.some(({ curve }) => curve.reduced)
  if (drawn.some(({ curve }) => curve.band))
    return t('{0} points, drawn as the mean and the band of each group', formatCount(inRange))
  if (inRange === 1) return t('1 point')
  return reduced
    ? t('{0} points, drawn as lowest and highest of each pixel', formatCount(inRange))
    : t('{0} points', formatCount(inRange))
}
