/** What the user types to find runs: a piece of a name, or one of MLflow's search expressions. */
import { FilterError, parseFilter } from '../../shared/filter'
import { asPattern, quotedKey } from '../../shared/filter/quote'
import { t } from '../../shared/l10n'

/** As MLflow's search expression; undefined for no filter. @throws FilterError */
export function filterExpression(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (!looksLikeExpression(trimmed)) return `attributes.run_name ILIKE ${asPattern(`%${trimmed}%`)}`
  parseFilter(trimmed, 'runs')
  return trimmed
}

/** What is wrong with `text`, in one line with the place. */
export function problemOfFilter(text: string): string | undefined {
  try {
    filterExpression(text)
    return undefined
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return t('At character {0}: {1}', error.start + 1, error.message)
  }
}

const looksLikeExpression = (text: string): boolean =>
  /[<>=]|\b(I?LIKE\s*['"]|IS\s+(NOT\s+)?NULL\b|IN\s*\()/i.test(text)

/** `time`, `name`, or a metric's key; a metric called like one of the two is written `metrics.time`. */
export interface RunSort {
  readonly by: string
  readonly ascending: boolean
}

export const newestFirst: RunSort = { by: 'time', ascending: false }

export const isNewestFirst = ({ by, ascending }: RunSort): boolean => by === 'time' && !ascending

export function sortMetric({ by }: RunSort): string | undefined {
  return by === 'time' || by === 'name' ? undefined : by.replace(/^metrics\.(?=(time|name)$)/, '')
}

export function orderBy(sort: RunSort): readonly string[] {
  const direction = sort.ascending ? 'ASC' : 'DESC'
  const metric = sortMetric(sort)
  if (metric !== undefined) return [`metrics.${quotedKey(metric)} ${direction}`]
  return [sort.by === 'time' ? `attributes.start_time ${direction}` : `attributes.run_name ${direction}`]
}

/** What the view says of its order; nothing of the usual one. */
export function sortWords(sort: RunSort): string | undefined {
  if (isNewestFirst(sort)) return undefined
  if (sort.by === 'time') return t('Oldest first')
  if (sort.by === 'name') return sort.ascending ? t('Sorted by name') : t('Sorted by name, descending')
  return sort.ascending
    ? t('Sorted by {0}, ascending', sortMetric(sort) ?? '')
    : t('Sorted by {0}, descending', sortMetric(sort) ?? '')
}
