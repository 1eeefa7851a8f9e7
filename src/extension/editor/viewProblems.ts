/** Metrics that a saved view of the runs table uses though no code logs them any more. Pure. */
import { t } from '../../shared/l10n'
import type { RunFrame } from '../../shared/runFrame'
import { metricsOf } from '../../shared/runsTable/metricsOf'
import type { TableView } from '../../shared/runsTable/view'
import { oneLine } from '../tree/text'
import type { Code, Problem } from './problem'
import { isNamed, type Named } from './pythonCalls'

export interface ViewFacts {
  readonly connection: string
  /** Views by name, each with the experiments that it is of. */
  readonly views: readonly {
    readonly name: string
    readonly experimentIds: readonly string[]
    readonly view: TableView
  }[]
  /** Names of metrics in all the code of the workspace. */
  readonly logged: readonly Pick<Named, 'text' | 'isPattern'>[]
  /** Runs of the experiment that the file logs to, newest first. */
  readonly frame: RunFrame
  readonly rows: Uint32Array
}

/** So many of the latest finished runs must not have the metric: code may log what it doesn't name. */
const witnesses = 3

/** Told where the code says which experiment it logs to, else where it first calls MLflow. */
export function viewProblems({ calls }: Code, { connection, views, logged, frame, rows }: ViewFacts): Problem[] {
  const subject = calls.find(({ fn }) => fn === 'set_experiment') ?? calls[0]
  const latest = rows.filter((row) => frame.info(row).status === 'FINISHED').slice(0, witnesses)
  if (!subject || latest.length === 0) return []
  const isLogged = (key: string): boolean =>
    logged.some((name) => name.text !== '*' && isNamed(name, key)) ||
    latest.some((row) => frame.metricAt(row, key) !== undefined)
  return views.flatMap(({ name, experimentIds, view }) =>
    metricsOf(view)
      .filter((key) => !isLogged(key))
      .map((key): Problem => ({
        kind: 'savedViews',
        range: subject.named[0]?.range ?? subject.range,
        message: t(
          'The saved view “{0}” uses the metric “{1}”, which no code in this workspace names and the latest runs have not.',
          oneLine(name),
          oneLine(key),
        ),
        fixes: [
          {
            title: t('Open the View “{0}”', oneLine(name)),
            command: { name: 'mlflow.openRuns', options: { connection, experimentIds, view } },
          },
        ],
      })),
  )
}
