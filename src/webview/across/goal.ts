import * as v from 'valibot'
import { html, nothing, type TemplateResult } from 'lit'
import type { Direction } from '../../shared/across/best'
import { byBest } from '../../shared/across/byBest'
import type { Dimension, Dimensions } from '../../shared/across/dimension'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { Comparison } from '../compare/comparison'
import { icon } from '../ui/icons'
import type { Loaded } from './across'
import type { Histories, Reading } from './histories'
import { tuningSchema } from './tuningView'

/** By what runs are judged, as chosen in the Tuning tab. */
export interface Goal {
  readonly metric: Dimension | undefined
  readonly direction: Direction | undefined
  /** All, with the metric by the value of it that counts. */
  readonly dimensions: Dimensions
  /** Of the histories that it takes; undefined where none are needed. */
  readonly reading: Reading | undefined
}

/** Begins to read the histories that it takes. @param rows the runs that are judged */
export function goalOf(
  { across, view }: Comparison,
  { data, dimensions, asOf }: Loaded,
  rows: readonly number[],
): Goal {
  const { metric: id, direction, counts } = v.parse(tuningSchema, view.tabs.tuning ?? {})
  const metric = dimensions.get(id)
  const { histories, runs } = across
  if (counts === 'latest' || !direction || metric?.kind !== 'metric')
    return { metric, direction: direction ?? undefined, dimensions, reading: undefined }
  const { key } = metric
  const wanted = rows.flatMap((row) => {
    const run = runs[row]
    const latest = metric.textAt(row)
    if (!run || latest === undefined) return []
    // The latest value is that of the highest step: a run that goes on may log lower ones.
    const version = data.runs[row]?.status === 'RUNNING' ? `${asOf}` : `${metric.values[row] ?? ''}`
    return [{ id: run.id, ref: run.ref, version }]
  })
  const reading = histories.want(key, wanted)
  const best = byBest(metric, direction, (row) => histories.statsOf(key, runs[row]?.id ?? ''))
  return { metric: best, direction, dimensions: dimensions.with(best), reading }
}

/** Whether some of what it takes is not there yet. */
export const isUnread = ({ reading }: Goal): boolean => reading !== undefined && reading.known < reading.all

/** How far the reading is, and what can be done about it; nothing where all is there. */
export function renderReading(goal: Goal, histories: Histories): TemplateResult | typeof nothing {
  const { reading } = goal
  if (!reading) return nothing
  const { known, all, isStopped, failed, problem } = reading
  if (isUnread(goal))
    return isStopped
      ? html`<lens-empty
          >${t('{0} of {1} metric histories have been read: which of their values are best is not known yet.', formatCount(known), formatCount(all))}
          <button class="link" @click=${() => histories.again()}>${t('Read the others')}</button></lens-empty
        >`
      : html`<lens-loading
          cancellable
          .what=${t('Reading metric histories: {0} of {1}', formatCount(known), formatCount(all))}
          @cancel=${() => histories.stop()}
        ></lens-loading>`
  if (failed === 0) return nothing
  return html`<p class="small">
    ${icon('warning')}
    ${t('{0} of {1} metric histories could not be read: {2}', formatCount(failed), formatCount(all), problem ?? '')}
    <button class="link" @click=${() => histories.again()}>${t('Retry')}</button>
  </p>`
}
