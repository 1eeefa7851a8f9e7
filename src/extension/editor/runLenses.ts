/** What stands above the lines that set an experiment or start a run. Pure. */
import { formatCount, formatRelativeTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { statusWord } from '../tree/presentation'
import { dotted, oneLine } from '../tree/text'
import { metricNear } from './metricAt'
import type { FileRuns } from './metricFacts'
import type { MlflowCall } from './pythonCalls'

/** A lens: words, and the command that they run. */
export interface RunLens {
  readonly line: number
  readonly title: string
  readonly command: string
  readonly options: Readonly<Record<string, unknown>>
}

export interface LensFacts {
  readonly connection: string
  readonly experimentId: string
  readonly experimentName: string
  readonly runs: FileRuns
  /** URI of the file. */
  readonly file: string
  /** There are no other runs in the experiment than those that were looked at. */
  readonly isComplete: boolean
  /** They could not be brought up to date. */
  readonly isStale: boolean
  /** How the file can be run again. */
  readonly rerun:
    { readonly project: string; readonly entryPoint: string; readonly parameters: readonly string[] } | undefined
}

/** Runs that are compared. */
const compared = 10

export function runLenses(calls: readonly MlflowCall[], facts: LensFacts, now: number): RunLens[] {
  const sets = calls.find(({ fn, named, environment }) => fn === 'set_experiment' && (named.length > 0 || environment))
  const starts = calls.find(({ fn, isNested }) => fn === 'start_run' && !isNested)
  const first = sets ?? starts
  if (!first) return []
  const lenses = experimentLenses(first.line, facts, now)
  const again = rerunLens((starts ?? first).line, facts)
  if (metricNear(calls, 0) && facts.runs.rows.length > 0)
    lenses.push({
      line: first.line,
      title: t('Chart Beside'),
      command: 'mlflow.showChartBeside',
      options: { file: facts.file },
    })
  if (starts && starts !== first) lenses.push(...lastRunLens(starts.line, facts, now))
  return again ? [...lenses, again] : lenses
}

function experimentLenses(line: number, facts: LensFacts, now: number): RunLens[] {
  const { connection, experimentId, experimentName, runs, isComplete, isStale } = facts
  const name = oneLine(experimentName, 60)
  const count = runs.rows.length
  const open = { command: 'mlflow.openRuns', options: { connection, experimentId, name: experimentName } }
  if (count === 0) return [{ line, title: t('{0}: no runs yet', name), ...open }]
  const runsText = count === 1 && isComplete ? t('1 run') : t('{0} runs', formatCount(count) + (isComplete ? '' : '+'))
  const lenses = [
    {
      line,
      title: dotted(`${name}: ${runsText}`, t('last one {0}', stateOfLast(runs, now)), isStale && t('not up to date')),
      ...open,
    },
  ]
  if (count < 2) return lenses
  const runIds = runs.rows.slice(0, compared).map((row) => runs.frame.runId(row))
  const title = t('Compare last {0}', runIds.length)
  return [...lenses, { line, title, command: 'mlflow.compareRuns', options: { connection, runIds } }]
}

function lastRunLens(line: number, { connection, runs }: LensFacts, now: number): RunLens[] {
  const [row] = runs.rows
  if (row === undefined) return []
  const { runId, runName } = runs.frame.info(row)
  const name = runName || runId
  const title = t('Last run: {0}', dotted(oneLine(name, 40), stateOfLast(runs, now)))
  return [{ line, title, command: 'mlflow.openRun', options: { connection, runId, name } }]
}

/** With the parameters of the last run. */
function rerunLens(line: number, { rerun, runs, connection, experimentName }: LensFacts): RunLens | undefined {
  if (!rerun) return undefined
  const [row] = runs.rows
  const given = rerun.parameters.flatMap((name) => {
    const value = row === undefined ? undefined : runs.frame.paramAt(row, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    line,
    title: t('Re-run'),
    command: 'mlflow.runEntryPoint',
    options: {
      connection,
      project: rerun.project,
      entryPoint: rerun.entryPoint,
      parameters: Object.fromEntries(given),
      experimentName,
    },
  }
}

/** `finished 3 d ago`, `running, started 3 d ago`. */
function stateOfLast({ frame, rows: [row] }: FileRuns, now: number): string {
  if (row === undefined) return ''
  const { status, startTime, endTime } = frame.info(row)
  const word = statusWord(status)
  if (endTime !== null) return `${word} ${formatRelativeTime(endTime, now)}`
  return startTime === null ? word : t('{0}, started {1}', word, formatRelativeTime(startTime, now))
}
