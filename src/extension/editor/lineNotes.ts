/** What is shown at the ends of lines: of each call that names a metric, a parameter or a model, what became of it in the runs. Pure. */
import { formatCount, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { ModelVersion } from '../../shared/model'
import { dotted, oneLine } from '../tree/text'
import {
  bestRow,
  changeText,
  isMarked,
  isOverRuns,
  metricFacts,
  paramValues,
  type CompareBy,
  type FileRuns,
  type MetricFacts,
} from './metricFacts'
import type { Curve } from './pictures'
import { isNamed, type MlflowCall, type Named } from './pythonCalls'

/** What is known of the runs of a file. */
export interface Known {
  readonly runs: FileRuns
  readonly by: CompareBy
  /** A metric by which runs are better or worse: the experiment says which. */
  readonly primaryMetric: string | undefined
  /** As far as it is there. */
  readonly curveOf: (runId: string, key: string) => Curve | undefined
  /** Newest first; undefined while they are not there. */
  readonly versionsOf: (model: string) => readonly ModelVersion[] | undefined
}

/** What the user wants to see. */
export interface Shown {
  readonly metrics: boolean
  readonly parameters: boolean
  readonly models: boolean
  readonly autolog: boolean
  /** Whether lines are marked whose metric got worse. */
  readonly marks: boolean
  /** Per cent by which a metric must be worse than the reference to be marked. */
  readonly threshold: number
  /** Runs over which a metric is drawn that each of them logs once. */
  readonly history: number
}

/** What stands at the end of one line. */
export interface LineNote {
  readonly line: number
  readonly text: string
  readonly curve: Curve | undefined
  /** A metric got worse than its reference by more than the threshold. */
  readonly isMarked: boolean
}

/** Things that are told of on one line; of more, how many. */
const mostOnALine = 3
const mostValues = 4
/** Of one parameter among others. */
const mostValuesOfOne = 2

/** Found out only where it is shown: a pattern may stand for thousands of metrics. */
interface Piece {
  readonly text: () => string
  readonly curve?: () => Curve | undefined
  readonly isMarked?: () => boolean
}

export function lineNotes(calls: readonly MlflowCall[], known: Known, shown: Shown): LineNote[] {
  const lines = new Map<number, Piece[]>()
  const add = (line: number, pieces: readonly Piece[]): void => {
    if (pieces.length > 0) lines.set(line, [...(lines.get(line) ?? []), ...pieces])
  }
  const told = calls.flatMap((call) => {
    const tell = tellers[call.fn]
    return tell && shown[tell.setting] ? [{ call, tell }] : []
  })
  const names = new Map<number, number>()
  for (const { call, tell } of told)
    if (tell.isPerName) for (const { line } of call.named) names.set(line, (names.get(line) ?? 0) + 1)
  const isAlone = ({ line }: Named): boolean => names.get(line) === 1
  for (const { call, tell } of told)
    for (const [line, pieces] of tell.of(call, known, shown, isAlone)) add(line, pieces)
  return [...lines].map(([line, pieces]) => {
    const more = pieces.length - mostOnALine
    const texts = pieces.slice(0, mostOnALine).map((piece) => piece.text())
    return {
      line,
      text: dotted(...texts, more > 0 && t('{0} more', formatCount(more))),
      curve: pieces.length === 1 ? pieces[0]?.curve?.() : undefined,
      isMarked: shown.marks && pieces.some((piece) => piece.isMarked?.()),
    }
  })
}

interface Teller {
  readonly setting: 'metrics' | 'parameters' | 'models' | 'autolog'
  /** Tells of each name, which is written where it is not alone on its line. */
  readonly isPerName?: boolean
  readonly of: (
    call: MlflowCall,
    known: Known,
    shown: Shown,
    isAlone: (named: Named) => boolean,
  ) => Iterable<readonly [line: number, pieces: Piece[]]>
}

const perName = (
  pieces: (named: Named, isOnly: boolean, known: Known, shown: Shown) => Piece[],
): Pick<Teller, 'isPerName' | 'of'> => ({
  isPerName: true,
  of: (call, known, shown, isAlone) =>
    call.named.map((named) => [named.line, pieces(named, isAlone(named), known, shown)]),
})

const metrics: Teller = { setting: 'metrics', ...perName(metricPieces) }
const params: Teller = { setting: 'parameters', ...perName(paramPieces) }
const models: Teller = {
  setting: 'models',
  of: (call, known) => [[call.line, modelPieces(modelOf(call), known)]],
}

const tellers: Readonly<Record<string, Teller | undefined>> = {
  log_metric: metrics,
  log_metrics: metrics,
  log_param: params,
  log_params: params,
  register_model: models,
  log_model: models,
  create_registered_model: models,
  create_model_version: models,
  set_registered_model_alias: models,
  transition_model_version_stage: models,
  autolog: { setting: 'autolog', of: (call, known) => [[call.line, autologPieces(known)]] },
}

/** The registered model that a call makes or changes, where its name is known. */
export function modelOf({ fn, key, registeredName, named }: MlflowCall): string | undefined {
  if (tellers[fn] !== models) return undefined
  if (fn === 'log_model') return registeredName
  return named[0]?.isPattern ? undefined : key
}

/** Keys of the runs that a name in the code stands for. */
export function keysFor(named: Named, keys: readonly string[]): string[] {
  return keys.filter((key) => isNamed(named, key))
}

function metricPieces(named: Named, isOnly: boolean, known: Known, shown: Shown): Piece[] {
  const { frame, rows } = known.runs
  return keysFor(named, frame.metricKeys).flatMap((key): Piece[] => {
    const logged = frame.metric(key)?.logged
    if (!rows.some((row) => logged?.[row] === 1)) return []
    const factsOf = (count: number): MetricFacts | undefined => metricFacts(known.runs, key, known.by, count)
    return [
      {
        text: () => {
          const facts = factsOf(0)
          if (!facts) return ''
          return isOnly && !named.isPattern ? metricText(facts) : withName(key, ...metricParts(facts))
        },
        curve: () => {
          const facts = factsOf(shown.history)
          return facts && curveOf(facts, known.curveOf)
        },
        isMarked: () => {
          const facts = known.by.directionOf(key) && factsOf(0)
          return facts !== undefined && isMarked(facts, shown.threshold)
        },
      },
    ]
  })
}

/** The latest value, and how it compares. */
export const metricText = (facts: MetricFacts): string => dotted(...metricParts(facts))

function metricParts({ latest, comparison }: MetricFacts): [string, ...string[]] {
  const state = latest.isRunning ? [t('step {0}, running', formatMetric(latest.step))] : []
  const change = comparison && t('{0} vs {1}', changeText(comparison), oneLine(comparison.with.runName, 30))
  return [formatMetric(latest.value), ...state, ...(change === undefined ? [] : [change])]
}

/** Of several that are told of on one line. */
const withName = (key: string, first: string, ...more: readonly string[]): string =>
  `${oneLine(key, 40)} ${first}${more.length > 0 ? ` (${more.join(', ')})` : ''}`

/** The curve of the latest run; where each run has a single value, those of the runs, oldest first. */
export function curveOf(facts: MetricFacts, read: Known['curveOf']): Curve | undefined {
  const { latest, values, key } = facts
  const overRuns = isOverRuns(facts, read)
  if (overRuns !== true) return overRuns === undefined ? undefined : read(latest.runId, key)
  return { x: values.map((_, at) => at), y: values.map(({ value }) => value).toReversed() }
}

function paramPieces(named: Named, isOnly: boolean, { runs, primaryMetric, by }: Known): Piece[] {
  const direction = primaryMetric === undefined ? undefined : by.directionOf(primaryMetric)
  const best = primaryMetric !== undefined && direction ? bestRow(runs, primaryMetric, direction) : undefined
  const keys = keysFor(named, runs.frame.paramKeys)
  const there = keys.filter((key) => runs.rows.some((row) => runs.frame.paramAt(row, key) !== undefined))
  return there.map((key) => ({
    text: () => {
      const values = paramValues(runs, key)
      const ofBest = best === undefined || values.length === 1 ? undefined : runs.frame.paramAt(best, key)
      const told = ofBest === undefined ? [] : [t('best run: {0}', oneLine(ofBest, 30))]
      return isOnly && !named.isPattern
        ? dotted(valuesText(values), ...told)
        : withName(key, valuesText(values, mostValuesOfOne), ...told)
    },
  }))
}

/** Some values and how many more there are. */
export function valuesText(values: readonly string[], most = mostValues): string {
  const some = values.slice(0, most).map((value) => oneLine(value, 30))
  const more = values.length - some.length
  return more > 0 ? t('{0} and {1} more', some.join(', '), formatCount(more)) : some.join(', ')
}

function modelPieces(name: string | undefined, known: Known): Piece[] {
  const versions = name === undefined ? undefined : known.versionsOf(name)
  if (!versions || versions.length === 0) return []
  // Those that somebody gave a role, after the newest.
  const told = versions.filter(
    ({ currentStage, aliases }, at) =>
      at === 0 || aliases.length > 0 || (currentStage !== 'None' && currentStage !== 'Archived'),
  )
  return [{ text: () => told.slice(0, 4).map(versionText).join(', ') }]
}

/** `v3 Production @champion`. */
export function versionText({ version, currentStage, aliases }: ModelVersion): string {
  const stage = currentStage === 'None' ? [] : [currentStage]
  return [`v${version}`, ...stage, ...aliases.map((alias) => `@${oneLine(alias, 30)}`)].join(' ')
}

function autologPieces({ runs }: Known): Piece[] {
  const [row] = runs.rows
  if (row === undefined) return []
  const { metrics: logged, params: given } = runs.frame.run(row)
  if (logged.size === 0 && given.size === 0) return []
  const some = [...logged].slice(0, 2).map(([key, { value }]) => `${oneLine(key, 40)} ${formatMetric(value)}`)
  const params = given.size === 1 ? t('1 parameter') : t('{0} parameters', formatCount(given.size))
  const metrics = logged.size === 1 ? t('1 metric') : t('{0} metrics', formatCount(logged.size))
  const counts = t('last run: {0}, {1}', params, metrics)
  return [{ text: () => dotted(counts, ...some) }]
}
