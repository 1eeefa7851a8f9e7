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
  const { starts, first } = placesIn(calls)
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

/** Why there are no runs to show. */
export interface Failure {
  /** The tracking URI of the code, which no connection has. */
  readonly missing: string | undefined
  readonly problem: string | undefined
}

export function failureLenses(calls: readonly MlflowCall[], { missing, problem }: Failure): RunLens[] {
  const { first } = placesIn(calls)
  const { line } =
    (missing === undefined ? undefined : calls.find(({ fn }) => fn === 'set_tracking_uri')) ?? first ?? {}
  if (line === undefined) return []
  if (missing !== undefined) {
    const isWhole = !missing.includes('…') // with its password it is the user's to give
    const options = isWhole ? { uri: missing } : {}
    return [
      {
        line,
        title: t('No runs: {0} is no connection. Connect…', oneLine(missing, 60)),
        command: 'mlflow.connect',
        options,
      },
    ]
  }
  if (problem === undefined) return []
  return [{ line, title: t('No runs: {0}', oneLine(problem, 100)), command: 'mlflow.refresh', options: {} }]
}

/** Where code sets an experiment and starts a run, first. */
function placesIn(calls: readonly MlflowCall[]) {
  const starts = calls.find(({ fn, isNested }) => fn === 'start_run' && !isNested)
  return { starts, first: calls.find(({ fn }) => fn === 'set_experiment') ?? starts }
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
