/** What the user types to find runs: a piece of a name, or one of MLflow's search expressions. */
import { extensionsIn, FilterError, looksLikeExpression, parseFilter, type Span } from '../../shared/filter'
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
    return t('At character {0}: {1} ({2})', error.start + 1, error.message, marked(text.trim(), error))
  }
}

/** The pieces of a filter that MLflow itself would refuse: we answer them. */
export function oursIn(text: string): string[] {
  const expression = filterExpression(text)
  if (expression === undefined) return []
  const pieces = extensionsIn(parseFilter(expression, 'runs')).map(({ start, end }) => expression.slice(start, end))
  return [...new Set(pieces)]
}

const near = 40

/** The text with the piece in question between »«, and dots in the place of what is far from it. */
export function marked(text: string, { start, end }: Span): string {
  const from = Math.max(0, start - near)
  const to = Math.min(text.length, end + near)
  const before = `${from > 0 ? '…' : ''}${text.slice(from, start)}`
  return `${before}»${text.slice(start, end)}«${text.slice(end, to)}${to < text.length ? '…' : ''}`
}

/** `time`, `name`, `duration`, or a metric's key; a metric called like one of these is written `metrics.time`. */
export interface RunSort {
  readonly by: string
  readonly ascending: boolean
}

const ourWords = ['time', 'name', 'duration'] as const
type Word = (typeof ourWords)[number]
export const isOurWord = (by: string): by is Word => ourWords.some((word) => word === by)

export const newestFirst: RunSort = { by: 'time', ascending: false }

export const isNewestFirst = ({ by, ascending }: RunSort): boolean => by === 'time' && !ascending

export function sortMetric({ by }: RunSort): string | undefined {
  return isOurWord(by) ? undefined : by.replace(/^metrics\.(?=(time|name|duration)$)/, '')
}

const attributes: Readonly<Record<Word, string>> = { time: 'start_time', name: 'run_name', duration: 'duration' }

export function orderBy(sort: RunSort): readonly string[] {
  const direction = sort.ascending ? 'ASC' : 'DESC'
  const { by } = sort
  if (isOurWord(by)) return [`attributes.${attributes[by]} ${direction}`]
  return [`metrics.${quotedKey(sortMetric(sort) ?? by)} ${direction}`]
}

/** What the view says of its order; nothing of the usual one. */
export function sortWords(sort: RunSort): string | undefined {
  if (isNewestFirst(sort)) return undefined
  if (sort.by === 'time') return t('Oldest first')
  if (sort.by === 'duration') return sort.ascending ? t('Shortest first') : t('Longest first')
  if (sort.by === 'name') return sort.ascending ? t('Sorted by name') : t('Sorted by name, descending')
  return sort.ascending
    ? t('Sorted by {0}, ascending', sortMetric(sort) ?? '')
    : t('Sorted by {0}, descending', sortMetric(sort) ?? '')
}
