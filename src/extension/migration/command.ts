import path from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import { connectionOption, defineCommand, Dismissed, messageOf, type CommandDefinition, type Json } from '../commands'
import type { ConnectionList, StoreConnection } from '../connections'
import type { Log } from '../log'
import { findInterpreter, requireTrust, scriptsOf } from '../python'
import type { TrackingStore } from '../stores'
import { parseTrackingUri } from '../stores/uri'
import { askChoice, askText } from '../ui/prompts'
import { confirm } from '../ui/steps'
import { takeCensus } from './census'
import { compare, type Comparison } from './compare'
import { checkPlan, freeTarget, migrate, problemOfTarget, shownCommand, type MigrationPlan } from './migrate'
import { reportOf } from './report'
import type { Reports } from './reports'

export interface MigrationServices {
  readonly extensionUri: vscode.Uri
  readonly connections: ConnectionList
  /** Opens a store that is no connection. */
  readonly openStore: (uri: string, signal: AbortSignal) => Promise<TrackingStore>
  readonly log: Log
}

const MigrateFolderStore = v.object({
  ...connectionOption,
  /** Path of the new database, relative to the first workspace folder, or `sqlite:///…`. */
  target: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Make the database the active connection; offered when left out with no target given. */
  open: v.optional(v.boolean()),
})
type MigrateOptions = v.InferOutput<typeof MigrateFolderStore>

export function migrationCommand(services: MigrationServices, reports: Reports): CommandDefinition {
  return defineCommand('mlflow.migrateFolderStore', MigrateFolderStore, (options) =>
    migrateFolderStore(options, services, reports),
  )
}

async function migrateFolderStore(
  options: MigrateOptions,
  services: MigrationServices,
  reports: Reports,
): Promise<Json> {
  requireTrust(t('Migrating a store'))
  const byHand = options.target === undefined
  const { connections, log } = services
  await connections.discovered
  const { connection, store, folder } = await folderStore(options.connection, connections)
  const interpreter = await findInterpreter(services, vscode.Uri.file(path.dirname(folder)))
  const target = options.target === undefined ? await askTarget(folder) : targetOf(options.target)
  const plan: MigrationPlan = { interpreter, folder, target }
  await checkPlan(plan)
  if (byHand) await confirmPlan(plan, connection)
  log.info(`migrating ${folder}: ${shownCommand(plan)}`)
  const comparison = await withProgress(byHand, connection, async (progress, signal) => {
    await migrate(plan, {
      scripts: scriptsOf(services.extensionUri),
      env: process.env,
      signal,
      onLine: (line) => {
        log.info(`mlflow: ${line}`)
        progress.report({ message: line.trim().slice(0, 100) })
      },
    })
    return compareStores(store, target, services.openStore, progress, signal)
  })
  for (const difference of comparison.differences) log.warn(`migration of ${folder}: ${difference}`)
  await connections.rediscover()
  if (byHand) await reports.show(`${path.basename(target)} – migration.md`, reportOf(plan, comparison))
  const opened = options.open ?? (byHand && (await offerToOpen(target, comparison)))
  if (opened) await vscode.commands.executeCommand('mlflow.connect', { uri: target })
  return {
    source: folder,
    target,
    mlflow: interpreter.mlflow,
    identical: comparison.differences.length === 0,
    counts: comparison.counts.map(({ what, before, after }) => ({ what, before, after })),
    differences: comparison.differences,
    connection: connections.find(parseTrackingUri(target).id)?.id ?? null,
  }
}

interface FolderStore {
  readonly connection: StoreConnection
  readonly store: TrackingStore
  readonly folder: string
}

/** The one asked for; else the active one if it is a folder; else the only folder, or the one that the user chooses. */
async function folderStore(wanted: string | undefined, connections: ConnectionList): Promise<FolderStore> {
  const connection = wanted === undefined ? await someFolder(connections) : connections.get(wanted)
  const store = await connection.store({ interactive: true })
  const folder = connection.entry.uri.path
  if (store.kind !== 'files' || folder === undefined)
    throw new Error(t('{0} is not a folder store: there is nothing to migrate.', connection.name))
  return { connection, store, folder }
}

async function someFolder(connections: ConnectionList): Promise<StoreConnection> {
  if (connections.active?.kind === 'files') return connections.active
  const folders = connections.all.filter(({ kind }) => kind === 'files')
  const [only] = folders
  if (!only)
    throw new Error(
      t(
        'There is no folder store here. Open the folder that has the mlruns, or connect to it with “MLflow: Connect…”.',
      ),
    )
  if (folders.length === 1) return only
  const items = folders.map((connection) => ({
    label: connection.name,
    detail: connection.entry.uri.path ?? connection.uri,
    connection,
  }))
  return (await askChoice({ title: t('Migrate Folder Store'), placeholder: t('Which folder?'), items })).connection
}

const targetOf = (written: string): string => {
  const { path: file } = parseTrackingUri(written, vscode.workspace.workspaceFolders?.[0]?.uri.fsPath)
  if (file === undefined) throw new Error(t('{0} is not a file.', written))
  return file
}

async function askTarget(folder: string): Promise<string> {
  const base = path.dirname(folder)
  const resolve = (text: string): string => path.resolve(base, text.trim())
  const proposed = await freeTarget(folder)
  const text = await askText({
    title: t('Migrate Folder Store'),
    prompt: t('New SQLite database to make, in {0}', base),
    value: path.basename(proposed),
    validate: (given) => (given.trim() === '' ? t('Give the database a name.') : undefined),
    accept: (given) => problemOfTarget(resolve(given), folder),
  })
  return resolve(text)
}

const confirmPlan = (plan: MigrationPlan, connection: StoreConnection): Promise<void> =>
  confirm(
    t('Migrate {0} to {1}?', connection.name, path.basename(plan.target)),
    [
      t(
        'mlflow {0} reads the folder and writes a new database. Nothing in the folder is changed.',
        plan.interpreter.mlflow,
      ),
      t('Artifacts stay where they are: keep the folder.'),
      shownCommand(plan),
    ].join('\n\n'),
    t('Migrate'),
  )

type Progress = vscode.Progress<{ message?: string }>

/** By hand with a Cancel button; by code in the view, without a word. */
async function withProgress<T>(
  byHand: boolean,
  connection: StoreConnection,
  work: (progress: Progress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const location = byHand ? vscode.ProgressLocation.Notification : { viewId: 'mlflow.connections' }
  return vscode.window.withProgress(
    { location, cancellable: true, title: t('Migrating {0}', connection.name) },
    async (progress, token) => {
      token.onCancellationRequested(() => abort.abort(new Dismissed()))
      return work(progress, abort.signal)
    },
  )
}

/** Reads both stores with our own eyes. */
async function compareStores(
  store: TrackingStore,
  target: string,
  open: MigrationServices['openStore'],
  progress: Progress,
  signal: AbortSignal,
): Promise<Comparison> {
  const told = (where: string) => (runs: number) =>
    progress.report({ message: t('Counting: {0} runs of {1}', formatCount(runs), where) })
  try {
    const before = await takeCensus(store, told(t('the folder')), signal)
    await using made = await open(target, signal)
    return compare(before, await takeCensus(made, told(t('the database')), signal))
  } catch (error) {
    if (signal.aborted)
      throw new Error(t('The database {0} was made; its contents were not compared.', target), { cause: error })
    throw new Error(t('The database {0} was made, but could not be compared: {1}', target, messageOf(error)), {
      cause: error,
    })
  }
}

async function offerToOpen(target: string, { differences }: Comparison): Promise<boolean> {
  const open = t('Open It')
  const name = path.basename(target)
  const chosen =
    differences.length === 0
      ? await vscode.window.showInformationMessage(t('{0} has all that the folder has.', name), open)
      : await vscode.window.showWarningMessage(
          t('{0} differs from the folder in {1} places; the report names them.', name, formatCount(differences.length)),
          open,
        )
  return chosen === open
}
