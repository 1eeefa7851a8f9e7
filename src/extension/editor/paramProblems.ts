/** Parameters that the code logs twice with different values in one run, which MLflow refuses. Pure. */
import { t } from '../../shared/l10n'
import { oneLine } from '../tree/text'
import type { Code, Problem } from './problem'
import type { MlflowCall, Named } from './pythonCalls'
import { hole, writtenText, type Place } from './textLiterals'

interface Logged {
  readonly named: Named
  readonly value: string
}

/**
 * Only what surely happens counts: both calls are in the block of one `start_run`, or after one, and where one of them is made the
 * other is too. So branches, loops around one of them and nested runs are no reason; nor is a value that isn't written there.
 */
export function paramProblems({ source, calls }: Code): Problem[] {
  const logged = new Map<string, Logged>()
  return calls.flatMap((call, at): Problem[] => {
    const run = runOf(calls, at)
    if (run === undefined) return []
    return valuesOf(call, source).flatMap(({ named, value }): Problem[] => {
      const key = JSON.stringify([run, call.sequence, named.text])
      const first = logged.get(key)
      if (!first) logged.set(key, { named, value })
      if (!first || isSame(first.value, value)) return []
      const message = t(
        'The parameter “{0}” of this run is {1} since line {2}; MLflow refuses another value for it, here {3}.',
        oneLine(named.text),
        oneLine(first.value),
        first.named.line + 1,
        oneLine(value),
      )
      return [{ kind: 'parameters', range: named.range, message, fixes: [] }]
    })
  })
}

/** The run that a call surely logs to, as text that is the same for the same one. */
function runOf(calls: readonly MlflowCall[], at: number): string | undefined {
  const call = calls[at]
  if (!call?.fn.startsWith('log_param') || call.isClient || call.others.run || call.sequence === undefined)
    return undefined
  const changes = (each: MlflowCall): boolean =>
    each.fn === 'end_run' || (each.fn === 'start_run' && each.blockEnd === undefined)
  const last = calls.slice(0, at).findLastIndex(changes)
  const begun = calls[last]
  if (call.inRun !== undefined) return `${call.inRun} ${last}`
  return begun?.fn === 'start_run' && begun.sequence === call.sequence ? `after ${last}` : undefined
}

function valuesOf({ named, others, fn }: MlflowCall, source: string): Logged[] {
  return named.flatMap((each) => {
    const place = fn === 'log_params' ? each.value : others.value
    const value = place && !each.isPattern ? literalValue(source, place) : undefined
    return value === undefined ? [] : [{ named: each, value }]
  })
}

/** A literal as MLflow would keep it, by `str`; undefined for what is none. */
function literalValue(source: string, place: Place): string | undefined {
  const written = source.slice(place.start, place.end)
  if (/^(?:True|False|None)$/.test(written)) return written
  if (/^-?\d[\d_]*$/.test(written))
    return String(BigInt(written.replace(/[-_]/g, ''))).replace(/^/, written.startsWith('-') ? '-' : '')
  if (/^-?(?:\d+\.\d*|\.\d+|\d+(?=e))(?:e[-+]?\d+)?$/i.test(written)) {
    const value = Number(written)
    return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value)
  }
  const text = /^[A-Za-z]{0,2}["'(]/.test(written) ? writtenText(source, place)?.text : undefined
  return text === undefined || text.includes(hole) ? undefined : text
}

/** Python writes very small and very large numbers otherwise than we do. */
const isSame = (a: string, b: string): boolean =>
  a === b || (/e|0\.0000/i.test(a + b) && a.trim() !== '' && Number(a) === Number(b))
