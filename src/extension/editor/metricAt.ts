/** Which metrics the code logs around a place in it. Pure. */
import { keysFor } from './lineNotes'
import { metricFunctions } from './metricFacts'
import type { MlflowCall, Named } from './pythonCalls'

export interface Place {
  readonly offset: number
  readonly line: number
}

/** What a call logs, and which of it is meant. */
export interface MetricCall {
  /** Of an autolog call none: it logs what its flavor has. */
  readonly names: readonly Named[]
  readonly meant: Named | undefined
}

const logs = ({ fn, named }: MlflowCall): boolean => fn === 'autolog' || (metricFunctions.has(fn) && named.length > 0)

/** Of the call around a place: that whose brackets hold it, else one on its line. */
export function metricAt(calls: readonly MlflowCall[], { offset, line }: Place): MetricCall | undefined {
  const here = calls.filter((call) => logs(call) && isOnLines(call, line))
  const call = here.find(({ range }) => range.start <= offset && offset <= range.end) ?? here[0]
  if (!call) return undefined
  const meant =
    call.named.find(({ range }) => range.start <= offset && offset <= range.end) ??
    call.named.find((named) => named.line === line)
  return { names: namesOf(call), meant: meant ?? call.named[0] }
}

/** Of the last call before a line, or else the first after it; one that names its metrics before autolog. */
export function metricNear(calls: readonly MlflowCall[], line: number): MetricCall | undefined {
  const all = calls.filter(logs)
  const naming = all.filter(({ fn }) => fn !== 'autolog')
  const of = naming.length > 0 ? naming : all
  const call = of.findLast((each) => each.line <= line) ?? of[0]
  return call && { names: namesOf(call), meant: call.named[0] }
}

/** A dict that is passed by its name is written elsewhere. */
const isOnLines = (call: MlflowCall, line: number): boolean =>
  (call.line <= line && line <= call.endLine) || namesOf(call).some((named) => named.line === line)

const namesOf = ({ fn, named }: MlflowCall): readonly Named[] => (fn === 'autolog' ? [] : named)

/** Keys of runs that a call logs, those that no run has yet among them. @param all keys of the runs */
export function metricsOf({ names }: MetricCall, all: readonly string[]): string[] {
  if (names.length === 0) return all.filter((key) => !key.startsWith('system/'))
  return [...new Set(names.flatMap((named) => (named.isPattern ? keysFor(named, all) : named.text)))]
}

/** The key that is meant first; undefined where no run has one of the pattern. */
export function metricMeant({ meant }: MetricCall, all: readonly string[]): string | undefined {
  return meant?.isPattern ? keysFor(meant, all)[0] : meant?.text
}
