import * as v from 'valibot'
import * as vscode from 'vscode'
import { equals } from '../../../shared/filter/quote'
import { t } from '../../../shared/l10n'
import { exportFormatSchema, type TableSubject } from '../../../shared/runsTable/protocol'
import { defaultView, tableViewSchema, type TableView } from '../../../shared/runsTable/view'
import { connectionOption, defineCommand, Dismissed, type CommandDefinition } from '../../commands'
import type { Connection, Connections } from '../../connections/connection'
import { askChoice } from '../../ui/prompts'
import { askExperiments } from './ask'
import type { Tables } from './tables'
import { readViewFile, viewFileEnding } from './viewFile'

/** As many as a table's subject may have. */
const mostExperiments = 200

const text = v.optional(v.string())
const texts = v.optional(v.array(v.string()))

/** One row of a tree; `name` is the experiment's. */
const row = v.object({ ...connectionOption, experimentId: text, name: text })

const which = {
  ...row.entries,
  experimentIds: texts,
  /** Of the experiments. */
  names: texts,
  /** Rows that were selected together. */
  selection: v.optional(v.array(row)),
}

const OpenRuns = v.object({ ...which, view: v.optional(tableViewSchema) })
/** The explorer hands over a file's URI, which has a path too. */
const OpenView = v.object({ ...which, path: text })
const ExportRuns = v.object({
  ...which,
  view: v.optional(tableViewSchema),
  format: v.optional(exportFormatSchema),
  /** `result`: only the command's result has the text; else it is in neither. `file`: asked for where `path` is left out. */
  to: v.optional(v.picklist(['clipboard', 'editor', 'file', 'result'])),
  /** Of the file to write. */
  path: text,
})
type Which = v.InferOutput<typeof row> & {
  readonly experimentIds?: readonly string[] | undefined
  readonly names?: readonly string[] | undefined
  readonly selection?: readonly v.InferOutput<typeof row>[] | undefined
}

export function tableCommands(
  connections: Connections,
  panels: () => Promise<{ readonly tables: Tables }>,
): CommandDefinition[] {
  return [
    defineCommand('mlflow.openRuns', OpenRuns, async (options) => {
      const found = await experimentsOf(options, connections)
      return open((await panels()).tables, found, options.view)
    }),

    defineCommand('mlflow.openRunsView', OpenView, async (options) => {
      const uri = options.path === undefined ? await askFile() : vscode.Uri.file(options.path)
      const bytes = await vscode.workspace.fs.readFile(uri)
      const { view, name, experiments } = readViewFile(new TextDecoder().decode(bytes), uri.fsPath)
      const named = hasAny(options) || experiments.length === 0 ? options : { ...options, names: experiments }
      const found = await experimentsOf(named, connections)
      return { ...open((await panels()).tables, found, view), view: name }
    }),

    defineCommand('mlflow.exportRuns', ExportRuns, async (options) => {
      const { subject } = await experimentsOf(options, connections)
      const format = options.format ?? (await askFormat())
      const { tables } = await panels()
      const { path, to = path === undefined ? await askPlace() : 'file' } = options
      const work: Work<{ readonly runs: number; readonly text: string }> = async (stopped, told) => {
        using host = tables.unseen(subject, options.view ?? defaultView, ({ what }) => told(what))
        stopped(() => host[Symbol.dispose]())
        return await host.exportAll(format, to, path)
      }
      // Who answered all questions beforehand is shown nothing.
      const asked = options.format === undefined || (options.to ?? path) === undefined
      const { runs, text: written } = await (asked
        ? withProgress(work)
        : work(
            () => undefined,
            () => undefined,
          ))
      return to === 'result' ? { runs, text: written } : { runs }
    }),
  ]
}

interface Found {
  readonly subject: TableSubject
  /** By experiment's id. */
  readonly names: ReadonlyMap<string, string>
}

function open(tables: Tables, { subject, names }: Found, view: TableView | undefined) {
  tables.show(subject, names, view)
  return {
    connection: subject.connection,
    experimentIds: subject.experimentIds,
    names: subject.experimentIds.map((id) => names.get(id) ?? id),
  }
}

const hasAny = ({ experimentId, experimentIds, names, selection }: Which): boolean =>
  experimentId !== undefined || (experimentIds ?? names ?? selection ?? []).length > 0

/** The experiments that the options name; asked for where they name none. @throws Error that names what is not there */
async function experimentsOf(options: Which, connections: Connections): Promise<Found> {
  await connections.discovered
  const connection = connections.get(options.connection ?? options.selection?.[0]?.connection)
  const names = new Map<string, string>()
  const ids = new Set<string>()
  const rows = options.selection ?? [options]
  for (const { experimentId, name, connection: other } of rows) {
    if (experimentId === undefined) continue
    if (other !== undefined && connections.get(other).id !== connection.id)
      throw new Error(t('One table shows runs of one connection: these are of several.'))
    ids.add(experimentId)
    if (name !== undefined) names.set(experimentId, name)
  }
  const known = new Set(names.keys())
  for (const id of options.experimentIds ?? []) ids.add(id)
  if (options.names || [...ids].some((id) => !known.has(id))) {
    const store = await connection.store({ interactive: true })
    for (const id of ids) if (!known.has(id)) names.set(id, (await store.getExperiment(id)).name)
    for (const name of options.names ?? []) {
      const id = await idOfName(connection, name)
      ids.add(id)
      names.set(id, name)
    }
  }
  if (ids.size === 0)
    for (const { experimentId, name } of await askExperiments(connection)) {
      ids.add(experimentId)
      names.set(experimentId, name)
    }
  if (ids.size > mostExperiments)
    throw new Error(t('One table shows runs of {0} experiments at most, not of {1}.', mostExperiments, ids.size))
  return { subject: { connection: connection.id, experimentIds: [...ids] }, names }
}

async function idOfName(connection: Connection, name: string): Promise<string> {
  const store = await connection.store({ interactive: true })
  for await (const page of store.searchExperiments({ filter: equals('name', name) }))
    for (const experiment of page) if (experiment.name === name) return experiment.experimentId
  throw new Error(t('{0} has no experiment “{1}”.', connection.name, name))
}

async function askFile(): Promise<vscode.Uri> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: t('Open View of Runs'),
      filters: { [t('Views')]: [viewFileEnding.slice(1)], JSON: ['json'] },
    })) ?? []
  if (!chosen) throw new Dismissed()
  return chosen
}

async function askPlace() {
  const items = [
    { label: t('Copy to the clipboard'), to: 'clipboard' as const },
    { label: t('Open in an editor'), to: 'editor' as const },
    { label: t('Save to a file…'), to: 'file' as const },
  ]
  return (await askChoice({ title: t('Export Runs'), placeholder: t('Where to'), items })).to
}

async function askFormat() {
  const items = [
    { label: 'CSV', format: 'csv' as const },
    { label: 'JSON', format: 'json' as const },
    { label: 'Markdown', format: 'markdown' as const },
    { label: t('pandas: a snippet that builds the frame'), format: 'pandas' as const },
    { label: t('mlflow.search_runs: the call that finds these runs'), format: 'searchRuns' as const },
  ]
  return (await askChoice({ title: t('Export Runs'), placeholder: t('Format'), items })).format
}

/** @param stopped takes what ends the work early */
type Work<T> = (stopped: (stop: () => void) => void, told: (what: string) => void) => Promise<T>

/** @throws Dismissed where the user cancels */
async function withProgress<T>(work: Work<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: t('Exporting runs'), cancellable: true }
  return vscode.window.withProgress(options, async (progress, token) => {
    try {
      return await work(
        (stop) => token.onCancellationRequested(stop),
        (message) => progress.report({ message }),
      )
    } catch (error) {
      throw token.isCancellationRequested ? new Dismissed() : error
    }
  })
}
