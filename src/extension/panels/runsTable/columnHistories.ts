import { formatCount } from '../../../shared/format'
import { t } from '../../../shared/l10n'
import type { RunFrame } from '../../../shared/runFrame'
import type { Column } from '../../../shared/runsTable/view'
import { cancelled } from '../../stores/limiter'
import type { Failure, Histories } from './histories'

/** Metrics of whose history these columns show something. */
export function historyKeys(columns: readonly Column[]): string[] {
  const keys = columns.flatMap(({ group, key, value }) =>
    group === 'metric' && value !== undefined && value !== 'latest' ? [key] : [],
  )
  return [...new Set(keys)]
}

/**
 * Reads the histories that all of these runs need for these columns; says how far it is.
 *
 * @param say what is waited for, in words; undefined once it is over
 * @throws StoreError cancelled
 */
export async function loadHistories(
  histories: Histories,
  frame: RunFrame,
  rows: Iterable<number>,
  columns: readonly Column[],
  signal: AbortSignal,
  say: (what: string | undefined) => void,
): Promise<{ readonly came: boolean; readonly failure: Failure | undefined }> {
  const keys = historyKeys(columns)
  if (keys.length === 0) return { came: false, failure: undefined }
  let read = 0
  let failure: Failure | undefined
  try {
    failure = await histories.load(frame, rows, keys, signal, (done, all) => {
      read = done
      say(t('Reading metric histories: {0} of {1}', formatCount(done), formatCount(all)))
    })
  } finally {
    if (read > 0) say(undefined)
  }
  if (signal.aborted) throw cancelled()
  return { came: read > (failure?.failed ?? 0), failure }
}
