import { fileURLToPath, pathToFileURL } from 'node:url'
import path from 'node:path'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import {
  type CommandDefinition,
  connectionOption,
  defineCommand,
  Dismissed,
  type Json,
  messageOf,
  showError,
} from '../commands'
import type { Connection, Connections } from '../connections/connection'
import type { Log } from '../log'
import { askChoice } from '../ui/prompts'
import { readSetting } from '../settings'
import { findInterpreter, type Interpreter, requireTrust, scriptsOf } from '../python'
import { protectDatabase } from '../python/protectDatabase'
import { refusesFolder } from '../python/releases'
import { sqliteUri } from '../python/schemaGuard'
import type { TrackingStore } from '../stores'
import { parseTrackingUri } from '../stores/uri'
import { type Answers, askForLaunch } from './ask'
import { findProjectFolders, type FoundProject, readProject } from './find'
import { describeLaunch, envManagers } from './launch'
import { type LaunchOutcome, type LaunchRequest, startRun } from './launchedRun'
import type { LaunchedRuns } from './launchedRuns'
import type { EntryPoint } from './mlproject'
import { refuseWrong, valuesFor } from './parameters'
import { openLaunchTerminal } from './terminal'

export interface ProjectServices {
  readonly extensionUri: vscode.Uri
  readonly connections: Connections
  readonly log: Log
  readonly launchedRuns: LaunchedRuns
  /** Lets the user see the run of a launch in the tree. @param connection its id */
  readonly expandExperiment: (connection: string, experimentId: string) => Promise<void>
}

const RunEntryPoint = v.object({
  ...connectionOption,
  /** Folder of the MLproject: a path, relative to the first workspace folder, or a `file:` URI. */
  project: v.optional(v.string()),
  entryPoint: v.optional(v.string()),
  /** Given, only required parameters without a value are asked for; left out, all are. */
  parameters: v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
  experimentName: v.optional(v.pipe(v.string(), v.nonEmpty())),
  envManager: v.optional(v.picklist(envManagers)),
  runName: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Resolve when the run has ended, not as soon as it is known. */
  wait: v.optional(v.boolean()),
  /** May MLflow upgrade an older database (after a backup)? Asked when left out. */
  upgradeSchema: v.optional(v.boolean()),
  /** May an MLflow that refuses folder stores be told to use one? Asked when left out. */
  allowFolderStore: v.optional(v.boolean()),
})
type RunEntryPointOptions = v.InferOutput<typeof RunEntryPoint>

const StopRun = v.object({ ...connectionOption, runId: v.optional(v.string()) })

export function projectCommands(services: ProjectServices): CommandDefinition[] {
  return [
    defineCommand('mlflow.runEntryPoint', RunEntryPoint, (options) => runEntryPoint(options, services)),
    defineCommand('mlflow.stopRun', StopRun, ({ runId }) => stopRun(runId, services)),
  ]
}

async function runEntryPoint(options: RunEntryPointOptions, services: ProjectServices): Promise<Json> {
  requireTrust(t('Running a project'))
  const prepared = await prepare(options, services)
  const byHand = options.parameters === undefined
  const { outcome, runId, connection, entryPoint } = await start(prepared, byHand, services)
  const known = options.wait ? (await outcome).runId : ((await runId) ?? (await outcome).runId)
  if (known === undefined)
    throw new Error((await outcome).explanation ?? t('The launch was stopped before it had a run.'))
  const result = { runId: known, connection: connection.id, entryPoint }
  if (!options.wait) return result
  const { exitCode, status, explanation } = await outcome
  return { ...result, exitCode, status, explanation }
}

/** Shows progress in the view; not while the user is asked something. */
const busy = async <T>(work: () => Promise<T>): Promise<T> =>
  vscode.window.withProgress({ location: { viewId: 'mlflow.experiments' } }, work)

interface Prepared {
  readonly connection: Connection
  readonly request: LaunchRequest
}

/** Everything before the process: project, interpreter, answers, schema; nothing is started or written before the user agreed. */
async function prepare(options: RunEntryPointOptions, services: ProjectServices): Promise<Prepared> {
  const { connections, log } = services
  await connections.discovered
  const connection = connections.get(options.connection)
  const folders = await projectFolders(options.project)
  const [first] = folders
  if (first === undefined)
    throw new Error(t('There is no MLproject file in this workspace. Create one, or open the folder that has it.'))
  const interpreter = await busy(() => findInterpreter(services, vscode.Uri.file(first)))
  const store = await busy(() => connection.store({ interactive: true }))

  const answers: Answers = {
    parameters: new Map(Object.entries(options.parameters ?? {}).map(([name, value]) => [name, String(value)])),
    ...(options.experimentName !== undefined && { experimentName: options.experimentName }),
  }
  if (folders.length === 1) answers.project = await readProject(first)
  if (answers.project && options.entryPoint !== undefined)
    answers.entryPoint = entryPointNamed(options.entryPoint, answers.project)
  if (answers.project) refuseBroken(answers.project, answers.entryPoint)
  if (answers.project && answers.entryPoint) refuseWrong(answers.entryPoint, answers.parameters, answers.project.folder)
  await askForLaunch(answers, {
    projects: folders,
    entryPoint: options.entryPoint === undefined,
    parameters: options.parameters === undefined ? 'all' : 'required',
    experiment: options.parameters === undefined && options.experimentName === undefined ? store : undefined,
  })
  const { project } = answers
  if (!project) throw new Dismissed()
  const entryPoint = answers.entryPoint ?? entryPointNamed(options.entryPoint ?? 'main', project)
  refuseBroken(project, entryPoint)
  const { given, all } = valuesFor(entryPoint, answers.parameters, project.folder)
  const chosen =
    project.folder === first
      ? interpreter
      : await busy(() => findInterpreter(services, vscode.Uri.file(project.folder)))
  if (store.kind === 'sqlite') await protectDatabase(databaseOf(connection), chosen, options.upgradeSchema, services)
  const allowFolder = store.kind === 'files' && (await mayUseFolder(connection, chosen, options.allowFolderStore, log))
  for (const { severity, message, line, column } of project.problems)
    log.warn(`${project.file}:${line}:${column}: ${severity}: ${message}`)
  const request: LaunchRequest = {
    interpreter: chosen,
    project: project.folder,
    entryPoint: entryPoint.name,
    parameters: given,
    allParameters: all,
    envManager: options.envManager ?? readSetting('projects.envManager', vscode.Uri.file(project.folder)),
    trackingUri: trackingUriOf(connection, store.kind),
    allowFolder,
    credentials: connection.credentials,
    ...(answers.experimentName !== undefined && { experimentName: answers.experimentName }),
    ...(options.runName !== undefined && { runName: options.runName }),
  }
  return { connection, request }
}

async function projectFolders(given: string | undefined): Promise<string[]> {
  const roots = (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) =>
    uri.scheme === 'file' ? [uri.fsPath] : [],
  )
  if (given === undefined) return findProjectFolders(roots)
  const folder = /^file:\/\//i.test(given) ? fileURLToPath(given) : path.resolve(roots[0] ?? '', given)
  return [path.basename(folder).toLowerCase() === 'mlproject' ? path.dirname(folder) : folder]
}

/** As MLflow finds it: declared in the MLproject, or a script of the project. */
function entryPointNamed(name: string, project: FoundProject): EntryPoint {
  const declared = project.entryPoints.get(name)
  if (declared) return declared
  if (/\.(py|sh|R)$/.test(name)) return { name, parameters: new Map(), command: undefined, span: { start: 0, end: 0 } }
  const names = [...project.entryPoints.keys()].join(', ')
  throw new Error(
    names === ''
      ? t('{0} has no entry points.', project.file)
      : t('{0} has no entry point “{1}”. It has: {2}.', project.file, name, names),
  )
}

/** What MLflow would refuse anyway is told before a run is made for it. */
function refuseBroken(project: FoundProject, entryPoint: EntryPoint | undefined): void {
  const problem = project.problems.find(
    (one) => one.severity === 'error' && (one.entryPoint === undefined || one.entryPoint === entryPoint?.name),
  )
  if (problem) throw new Error(t('{0}, line {1}: {2}', project.file, problem.line, problem.message))
}

function databaseOf({ uri }: Connection): string {
  const database = parseTrackingUri(uri).path
  if (database === undefined) throw new Error(t('{0} names no database file.', uri))
  return database
}

/** As MLflow reads it: a path that isn't called .db may be a database all the same, and one may hold a # or a %. */
function trackingUriOf({ uri }: Connection, kind: TrackingStore['kind']): string {
  const file = parseTrackingUri(uri).path
  if (kind === 'rest' || file === undefined) return uri
  return kind === 'sqlite' ? sqliteUri(file) : pathToFileURL(file).href
}

/**
 * True where MLflow has to be told that it may use a folder. @throws Error where it may not be told; Dismissed where the user
 * migrates the folder instead
 */
async function mayUseFolder(
  connection: Connection,
  { mlflow }: Interpreter,
  allowed: boolean | undefined,
  log: Log,
): Promise<boolean> {
  if (!refusesFolder(mlflow, process.env)) return false
  if (allowed === false)
    throw new Error(
      t(
        'mlflow {0} refuses to log into the folder {1}. Make a database of it with “MLflow: Migrate Folder Store to SQLite…”, or allow it (MLFLOW_ALLOW_FILE_STORE=true).',
        mlflow,
        connection.name,
      ),
    )
  if (allowed === undefined) {
    const launch = t('Launch All the Same')
    const migrate = t('Migrate to SQLite…')
    const chosen = await vscode.window.showWarningMessage(
      t('mlflow {0} refuses to log into folders.', mlflow),
      {
        modal: true,
        detail: t(
          'As all since 3.13, unless it is told to: {0} can be launched into with MLFLOW_ALLOW_FILE_STORE=true, for this launch only. Or make a database of it, which is what MLflow advises.',
          connection.name,
        ),
      },
      launch,
      migrate,
    )
    if (chosen === migrate)
      vscode.commands
        .executeCommand('mlflow.migrateFolderStore', { commandOptions: { connection: connection.id } })
        .then(undefined, (error: unknown) => log.error('mlflow.migrateFolderStore', error))
    if (chosen !== launch) throw new Dismissed()
  }
  return true
}

interface Started {
  readonly connection: Connection
  readonly entryPoint: string
  readonly runId: Promise<string | undefined>
  readonly outcome: Promise<LaunchOutcome>
}

/** Starts the process in a terminal and follows it to its end, in the background. */
async function start({ connection, request }: Prepared, byHand: boolean, services: ProjectServices): Promise<Started> {
  const { extensionUri, connections, launchedRuns, log } = services
  const { interpreter, entryPoint, project } = request
  const name = t('MLflow: {0}', entryPoint)
  let interrupt = (): void => undefined
  const terminal = openLaunchTerminal(name, () => interrupt())
  terminal.note(
    t('Running “{0}” of {1} with {2} (mlflow {3})', entryPoint, project, interpreter.executable, interpreter.mlflow),
  )
  terminal.note(t('Tracked in {0}', connection.uri))
  terminal.show()
  const run = await startRun(request, {
    store: await connection.store(),
    scripts: scriptsOf(extensionUri),
    env: process.env,
    onOutput: (text) => terminal.write(text),
    log: (line) => log.info(line),
    isTaken: (runId) => launchedRuns.has(runId),
  }).catch((error: unknown) => {
    terminal.note(error instanceof Error ? error.message : String(error), 'bad')
    terminal.finished()
    throw error
  })
  log.info(`${describeLaunch(request)} (pid ${run.pid})`)
  const entry = { run, connection: connection.id, entryPoint, project }
  launchedRuns.add(entry)
  connections.requestRefresh(connection, 'a run was launched')
  let interrupted = false
  interrupt = () => {
    if (!interrupted) terminal.note(t('Stopping…'))
    interrupted = true
    run.stop().catch((error: unknown) => log.error(`stopping ${entryPoint}`, error))
  }
  const follow = async (): Promise<LaunchOutcome> => {
    const runId = await run.runId
    if (runId !== undefined) {
      launchedRuns.known(entry, runId)
      connections.requestRefresh(connection, 'a launched run is known')
      if (byHand) void show(runId, connection, services)
    }
    const outcome = await run.ended
    launchedRuns.remove(entry)
    connections.requestRefresh(connection, 'a launched run has ended')
    tell(outcome, terminal)
    log.info(
      `“${entryPoint}” ended: ${outcome.status ?? 'no run'}, exit code ${outcome.exitCode ?? 'none'}, run ${outcome.runId ?? 'none'}`,
    )
    if (byHand && outcome.explanation !== undefined) void showError(new Error(outcome.explanation))
    return outcome
  }
  return { connection, entryPoint, runId: run.runId, outcome: follow() }
}

async function show(runId: string, connection: Connection, { expandExperiment, log }: ProjectServices): Promise<void> {
  try {
    const store = await connection.store()
    await expandExperiment(connection.id, (await store.getRun(runId)).info.experimentId)
  } catch (error) {
    log.warn(`The run ${runId} could not be shown: ${messageOf(error)}`) // it trains all the same
  }
}

function tell(
  { stopped, exitCode, runId, status, explanation, leftover }: LaunchOutcome,
  terminal: ReturnType<typeof openLaunchTerminal>,
): void {
  const run = runId === undefined ? t('no run was made') : t('run {0} is {1}', runId, status ?? '?')
  if (stopped) terminal.note(t('Stopped; {0}.', run))
  else if (exitCode === 0) terminal.note(t('Finished; {0}.', run), 'good')
  else terminal.note(t('Failed; {0}. {1}', run, explanation ?? ''), 'bad')
  if (leftover !== undefined) terminal.note(leftover, 'bad')
  terminal.finished()
}

async function stopRun(runId: string | undefined, { launchedRuns }: ProjectServices): Promise<Json> {
  const id = runId ?? (await askWhichRun(launchedRuns))
  const entry = launchedRuns.get(id)
  if (!entry)
    throw new Error(
      t(
        'The run {0} was not launched from this window, or has ended. A run that was started elsewhere must be stopped there.',
        id,
      ),
    )
  await entry.run.stop()
  const { status, leftover } = await entry.run.ended
  if (leftover !== undefined) throw new Error(leftover)
  return { runId: id, status }
}

async function askWhichRun(launchedRuns: LaunchedRuns): Promise<string> {
  const items = launchedRuns.all.flatMap(({ runId, entryPoint, project }) =>
    runId === undefined ? [] : [{ label: entryPoint, description: runId, detail: project, runId }],
  )
  if (items.length === 0) throw new Error(t('No launched run is training in this window.'))
  return (await askChoice({ title: t('Stop Run'), placeholder: t('Run to stop'), items })).runId
}
