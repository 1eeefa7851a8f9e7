import * as v from 'valibot'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import { AlreadyShown, type CommandDefinition, connectionOption, defineCommand } from '../commands'
import type { Connections } from '../connections/connection'
import type { Pages } from './pages'
import { subjectOf } from './subject'
import { newestRuns, pickRun, pickRuns } from './pickRuns'

/** Runs of an experiment that "compare" takes when it is asked to compare the experiment. */
const newestCompared = 10

/** `name`: the run's, where the caller knows it: the tab bears it from the beginning. */
const openRunOptions = v.object({
  ...connectionOption,
  runId: v.optional(v.string()),
  name: v.optional(v.string()),
})

/** Rows of a tree that were selected together: runs, experiments, or both. */
const selectedRow = v.object({
  ...connectionOption,
  runId: v.optional(v.string()),
  experimentId: v.optional(v.string()),
  /** Of the run or the experiment. */
  name: v.optional(v.string()),
})

/** Which runs: those of experiments, of rows, or by their ids. */
export const compareOptions = v.object({
  ...selectedRow.entries,
  runIds: v.optional(v.array(v.string())),
  experimentIds: v.optional(v.array(v.string())),
  selection: v.optional(v.array(selectedRow)),
})
type CompareOptions = v.InferOutput<typeof compareOptions>

export function commandsOf(
  connections: Connections,
  panels: () => Promise<{ readonly pages: Pages }>,
): CommandDefinition[] {
  return [
    defineCommand('mlflow.openRun', openRunOptions, async ({ connection, runId, name = '' }) => {
      await connections.discovered
      const from = connections.get(connection)
      const run = runId === undefined ? await pickRun(from, t('Open Run')) : { connection: from.id, runId }
      const { pages } = await panels()
      pages.names.learn(run, name)
      pages.show('run', subjectOf([run]))
      try {
        return { ...run, title: await pages.nameOf(run) }
      } catch (error) {
        throw new AlreadyShown(error)
      }
    }),

    defineCommand('mlflow.compareRuns', compareOptions, async (options) => {
      await connections.discovered
      const runs = await runsToCompare(connections, options, t('Compare Runs'))
      if (runs.length === 0) throw new Error(t('There are no runs to compare: the chosen experiments are empty.'))
      const subject = subjectOf(runs)
      const { pages } = await panels()
      for (const { connection, runId, name } of [options, ...(options.selection ?? [])])
        if (runId !== undefined && name !== undefined)
          pages.names.learn({ connection: connections.get(connection).id, runId }, name)
      pages.show('compare', subject)
      return { runIds: subject.runs.map((run) => run.runId), leftOut: subject.leftOut }
    }),
  ]
}

/** The runs that the options name. A single clicked run is no comparison yet: the user is asked what to compare it with. */
export async function runsToCompare(
  connections: Connections,
  options: CompareOptions,
  title: string,
): Promise<RunRef[]> {
  const named = await runsOf(connections, options)
  const [only] = named ?? []
  const clicked = options.selection ?? (options.runId === undefined ? [] : [options])
  const onlyClicked = clicked.length === 1 && clicked[0]?.runId !== undefined
  if (named && !(named.length === 1 && onlyClicked)) return named
  const from = connections.get(only?.connection ?? options.connection)
  return pickRuns(from, title, only ? [only] : [])
}

/** The runs that the options name, those of an experiment being its newest; undefined where they name nothing. */
async function runsOf(connections: Connections, options: CompareOptions): Promise<RunRef[] | undefined> {
  const { connection, runIds = [], experimentIds = [] } = options
  const rows = options.selection ?? [
    { connection, runId: options.runId, experimentId: options.experimentId },
    ...runIds.map((runId) => ({ connection, runId, experimentId: undefined })),
    ...experimentIds.map((experimentId) => ({ connection, runId: undefined, experimentId })),
  ]
  const named = rows.filter((row) => row.runId !== undefined || row.experimentId !== undefined)
  if (named.length === 0) return undefined
  const runs: RunRef[] = []
  for (const row of named) {
    const from = connections.get(row.connection)
    if (row.runId !== undefined) runs.push({ connection: from.id, runId: row.runId })
    else if (row.experimentId !== undefined) {
      const store = await from.store({ interactive: true })
      for (const frame of await newestRuns(store, [row.experimentId], newestCompared))
        for (const runId of frame.runIds()) runs.push({ connection: from.id, runId })
    }
  }
  return runs
}
