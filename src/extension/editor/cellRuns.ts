/** Which runs a cell of a notebook has made, as far as can be told. Pure. */
import { formatDateTime, formatMetric } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { RunFrame } from '../../shared/runFrame'
import { statusIcon } from '../panels/status'
import { oneLine, withoutIcons } from '../tree/text'
import { isSourceOf, sourceTag, type CodeFile } from './belonging'

/** When a cell ran last, ms since the epoch. */
export interface Timing {
  readonly startTime: number
  readonly endTime: number
}

/** What Jupyter's kernels are called, which older MLflow takes for the source. */
const kernel = /(?:^|[\\/])\w*kernel\w*(?:\.py)?$/

/**
 * Runs that started while the cell ran, in the order of their rows. MLflow notes no cell: those that name another source than the notebook are
 * left out, as a script that ran at the same time is.
 */
export function rowsOfCell(frame: RunFrame, rows: Iterable<number>, timing: Timing, notebook: CodeFile): number[] {
  return [...rows].filter((row) => {
    const { startTime } = frame.info(row)
    if (startTime === null || startTime < timing.startTime || startTime > timing.endTime) return false
    const source = frame.tagAt(row, sourceTag) ?? ''
    return source === '' || kernel.test(source) || isSourceOf(source, notebook)
  })
}

/** What stands under a cell: words, and the command that they run. */
export interface CellItem {
  readonly text: string
  readonly tooltip: string
  readonly command: string
  readonly options: Readonly<Record<string, unknown>>
}

export interface CellFacts {
  readonly connection: string
  readonly experimentName: string
  readonly frame: RunFrame
  readonly rows: readonly number[]
  /** Shown beside the run's name, where the run has it. */
  readonly metric: string | undefined
  readonly timing: Timing
}

/** Undefined where no run is known. */
export function cellItem({ connection, experimentName, frame, rows, metric, timing }: CellFacts): CellItem | undefined {
  const [row] = rows
  if (row === undefined) return undefined
  const ran = [formatDateTime(timing.startTime), formatDateTime(timing.endTime)] as const
  const why = t(
    'Told by the time: runs of “{0}” that started while this cell ran last, from {1} to {2}, and name no other source than this notebook.',
    oneLine(experimentName, 60),
    ...ran,
  )
  if (rows.length > 1) {
    const runIds = rows.map((each) => frame.runId(each))
    const text = `$(graph-line) ${t('{0} runs', rows.length)}`
    return { text, tooltip: why, command: 'mlflow.compareRuns', options: { connection, runIds } }
  }
  const { runId, runName, status } = frame.info(row)
  const name = runName || runId
  const value = metric === undefined ? undefined : frame.metricAt(row, metric)?.value
  const told = value === undefined ? '' : ` · ${withoutIcons(oneLine(metric ?? '', 30))} ${formatMetric(value)}`
  return {
    text: `$(${statusIcon(status)}) ${withoutIcons(oneLine(name, 40))}${told}`,
    tooltip: why,
    command: 'mlflow.openRun',
    options: { connection, runId, name },
  }
}
