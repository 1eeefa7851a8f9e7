/** Reads what a report tells from what the pages read. Knows no vscode. */
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import {
  type Aim,
  type Axis,
  type Curve,
  plainLook,
  type RunDetails,
  type RunRef,
  type Stats,
} from '../../shared/protocol'
import { marksOf } from '../../shared/runColor'
import { factsOf, groupsOf, nameOf, type Report, type ReportChart } from '../../shared/reports/report'
import { chartWidth } from '../../shared/reports/html'
import { tuningOf } from '../../shared/reports/tuning'
import { messageOf } from '../messageOf'
import type { Answers } from '../panels/answers'
import { inSlices } from '../panels/runsTable/inSlices'
import { statusWord } from '../tree/presentation'

type ReportAxis = Exclude<Axis, 'metric'>

export interface ReportRequest {
  readonly runs: readonly RunRef[]
  /** Runs asked for beyond those. */
  readonly beyond: number
  readonly title: string | undefined
  /** Keys of the charts; left out, those that were logged over steps, as many as a report takes. */
  readonly metrics: readonly string[] | undefined
  readonly axis: ReportAxis
  /** Left out, nothing is told of best runs and what made them so. */
  readonly aim: Aim | undefined
  colorOf(runId: string): number
}

/** Charts that a report has where none are named. */
const mostCharts = 24
/** Curves of a chart: more can't be told apart. */
const mostCurves = 40
/** Points of a chart, each some ten bytes of the file. */
const mostPoints = 12_000

/** @param told what is being read, for whoever waits */
export async function gatherReport(
  answers: Pick<Answers, 'runs' | 'across' | 'curve' | 'stats'>,
  request: ReportRequest,
  signal: AbortSignal,
  told: (what: string) => void = () => undefined,
): Promise<Report> {
  const leftOut: string[] = []
  if (request.beyond > 0)
    leftOut.push(t('{0} more runs: a comparison takes {1}.', formatCount(request.beyond), request.runs.length))
  const runs = await readRuns(answers, request.runs, leftOut, signal)
  if (runs.length === 0) throw new Error([t('There is no run to report on.'), ...leftOut].join(' '))
  const data = await answers.across(runs.map(refOf), true, signal)
  const { groups, leftOut: cut } = await inSlices(groupsOf(data), signal)
  leftOut.push(...cut)
  const aim = request.aim
  const stats = aim?.counts === 'best' ? await readStats(answers, runs, aim.metric, leftOut, signal, told) : []
  const lists = aim
    ? await inSlices(
        tuningOf(
          data,
          aim,
          (row) => namedAt(runs, row),
          (row) => stats[row],
        ),
        signal,
      )
    : []
  if (aim && lists.length === 0) leftOut.push(t('No run has a finite value of {0}.', aim.metric))
  const keys = chartKeys(runs, request.metrics, leftOut)
  const charts: ReportChart[] = []
  for (const key of keys) {
    told(key)
    const chart = await readChart(answers, runs, key, request.axis, leftOut, signal)
    if (chart) charts.push(chart)
    await new Promise((resolve) => setTimeout(resolve)) // others have their turn
    signal.throwIfAborted()
  }
  const marks = marksOf(runs.map(({ runId }) => request.colorOf(runId)))
  return {
    title: request.title ?? titleOf(runs),
    madeAt: Date.now(),
    runs: runs.map((run, index) => ({
      name: nameOf(run),
      runId: run.runId,
      mark: marks[index] ?? { color: 0, dash: [] },
    })),
    facts: factsOf(runs, ({ status }) => statusWord(status)),
    lists,
    groups,
    charts,
    leftOut,
  }
}

async function readRuns(
  answers: Pick<Answers, 'runs'>,
  refs: readonly RunRef[],
  leftOut: string[],
  signal: AbortSignal,
): Promise<RunDetails[]> {
  const read = await answers.runs(refs, true, signal)
  return read.flatMap((answer, index) => {
    if ('run' in answer) {
      if (answer.run.problem !== null) leftOut.push(t('Of run {0}: {1}', nameOf(answer.run), answer.run.problem))
      return [answer.run]
    }
    leftOut.push(t('Run {0}: {1}', refs[index]?.runId ?? '', answer.problem))
    return []
  })
}

/** Of the runs' histories of a metric; undefined of those without, and of those that could not be read. */
async function readStats(
  answers: Pick<Answers, 'stats'>,
  runs: readonly RunDetails[],
  key: string,
  leftOut: string[],
  signal: AbortSignal,
  told: (what: string) => void,
): Promise<(Stats | undefined)[]> {
  let done = 0
  const read = await Promise.allSettled(
    runs.map(async (run) => {
      if (!run.metrics.keys.includes(key)) return undefined
      const stats = await answers.stats(refOf(run), key, signal)
      told(t('Reading metric histories: {0} of {1}', formatCount(++done), formatCount(runs.length)))
      return stats
    }),
  )
  signal.throwIfAborted()
  return read.map((one, row) => {
    if (one.status === 'fulfilled') return one.value
    leftOut.push(t('{0} of {1}: {2}', key, namedAt(runs, row), messageOf(one.reason)))
    return undefined
  })
}

const namedAt = (runs: readonly RunDetails[], row: number): string => (runs[row] ? nameOf(runs[row]) : '')

const refOf = ({ connection, runId }: RunDetails): RunRef => ({ connection: connection.id, runId })

function titleOf(runs: readonly RunDetails[]): string {
  const [first, second] = runs.map(nameOf)
  if (first !== undefined && second === undefined) return first
  if (runs.length === 2 && first !== undefined && second !== undefined) return t('{0} ↔ {1}', first, second)
  const experiments = [...new Set(runs.map(({ experimentName }) => experimentName))]
  return t('{0} runs of {1}', formatCount(runs.length), experiments.slice(0, 3).join(', '))
}

/** The named ones, or those whose latest step is not the first: those of the system last. */
function chartKeys(runs: readonly RunDetails[], named: readonly string[] | undefined, leftOut: string[]): string[] {
  if (named) return [...new Set(named)]
  const overSteps = new Set(
    runs.flatMap(({ metrics }) => metrics.keys.filter((_, index) => (metrics.steps[index] ?? 0) !== 0)),
  )
  const isSystem = (key: string): boolean => key.startsWith('system/')
  const keys = [...overSteps].sort((a, b) => Number(isSystem(a)) - Number(isSystem(b)) || (a < b ? -1 : 1))
  if (keys.length > mostCharts)
    leftOut.push(t('Charts of {0} of {1} metrics. Left out: {2}.', mostCharts, formatCount(keys.length), keys.slice(mostCharts, mostCharts + 20).join(', '))) // prettier-ignore
  return keys.slice(0, mostCharts)
}

/** Undefined where no run has the metric, or none of them could be read. */
async function readChart(
  answers: Pick<Answers, 'curve'>,
  runs: readonly RunDetails[],
  key: string,
  axis: ReportAxis,
  leftOut: string[],
  signal: AbortSignal,
): Promise<ReportChart | undefined> {
  const having = runs.flatMap((run, index) => (run.metrics.keys.includes(key) ? [{ run, index }] : []))
  if (having.length === 0) {
    leftOut.push(t('Metric {0}: no run has it.', key))
    return undefined
  }
  const shown = having.slice(0, mostCurves)
  const width = Math.min(chartWidth, Math.floor(mostPoints / 2 / shown.length))
  const read = await Promise.allSettled(
    shown.map(({ run }) =>
      answers.curve({ run: refOf(run), key, axis, ...plainLook, range: null, width, samples: false }, signal),
    ),
  )
  signal.throwIfAborted()
  const curves = read.flatMap((one, at) => {
    const { run, index } = shown[at] ?? {}
    if (one.status === 'fulfilled' && index !== undefined) return [{ run: index, curve: one.value }]
    if (one.status === 'rejected' && run) leftOut.push(t('{0} of {1}: {2}', key, nameOf(run), messageOf(one.reason)))
    return []
  })
  if (curves.length === 0) return undefined
  const drawn = curves.map(({ run, curve: { x, y } }) => ({ run, x, y }))
  const note = noteOf(
    axis,
    curves.map(({ curve }) => curve),
    { width, beyond: having.length - shown.length },
  )
  return { key, axis, curves: drawn, note }
}

/** What a picture stands for: how many points, and what is not in it. */
function noteOf(
  axis: ReportAxis,
  curves: readonly Curve[],
  { width, beyond }: { readonly width: number; readonly beyond: number },
): string {
  const word = { step: t('Step'), time: t('Wall time'), relative: t('Relative time') }[axis]
  const total = curves.reduce((sum, curve) => sum + curve.total, 0)
  const points = total === 1 ? t('1 point') : t('{0} points', formatCount(total))
  const reduced = curves.some((curve) => curve.reduced)
  const special = curves.reduce(
    (sum, { y }) => sum + y.reduce((count, value) => count + Number(!Number.isFinite(value)), 0),
    0,
  )
  const failed = curves.find((curve) => curve.refreshError !== null)
  return [
    t('{0}; {1}', word, points),
    ...(beyond > 0 ? [t('the first {0} of {1} runs are drawn', mostCurves, formatCount(mostCurves + beyond))] : []),
    ...(reduced ? [t('the lowest and highest of each of {0} intervals are drawn', width)] : []),
    ...(special > 0 ? [t('× marks NaN, ▲ and ▼ infinities')] : []),
    ...(failed ? [t('older than the store, which could not be read again: {0}', failed.refreshError ?? '')] : []),
  ].join('; ')
}
