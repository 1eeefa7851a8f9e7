/** A run in a few lines, for a hover over its name. */
import { formatDateTime, formatDuration, formatMetric } from '../format'
import { t } from '../l10n'
import type { RunFrame } from '../runFrame'

/** So many metrics and parameters are told. */
const told = 5
const [longestKey, longestValue] = [60, 120]

/** @param now ms since the epoch */
export function aboutRun(frame: RunFrame, row: number, now: number): string[] {
  const { info, metrics, params } = frame.run(row)
  const { startTime, endTime, status } = info
  const own = [...metrics].filter(([key]) => !key.startsWith('system/'))
  const shown = own.length > 0 ? own : [...metrics]
  return [
    ...(startTime === null ? [] : [line(t('Started'), formatDateTime(startTime))]),
    ...durationOf(startTime, endTime, status === 'RUNNING' ? now : null),
    ...few(shown, ({ value }) => formatMetric(value)),
    ...few([...params], (value) => value),
  ]
}

function durationOf(start: number | null, end: number | null, now: number | null): string[] {
  const until = end ?? now
  if (start === null || until === null) return []
  return [line(end === null ? t('Running for') : t('Duration'), formatDuration(until - start))]
}

function few<T>(entries: readonly (readonly [string, T])[], textOf: (value: T) => string): string[] {
  const lines = entries.slice(0, told).map(([key, value]) => line(key, textOf(value)))
  return entries.length > told ? [...lines, t('and {0} more', entries.length - told)] : lines
}

const line = (key: string, value: string): string => `${oneLine(key, longestKey)}: ${oneLine(value, longestValue)}`

function oneLine(text: string, longest: number): string {
  const flat = text.replace(/\s+/g, ' ')
  return flat.length > longest ? `${flat.slice(0, longest)}…` : flat
}
