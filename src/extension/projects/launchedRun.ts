/**
 * A launched run from its beginning to its end: linked to its process, ended with it, never left RUNNING without saying so.
 * Knows no editor.
 */
import os from 'node:os'
import * as v from 'valibot'
import { t } from '../../shared/l10n'
import type { RunStatus } from '../../shared/model'
import { messageOf } from '../messageOf'
import { runHelper } from '../python/helper'
import type { Interpreter } from '../python/interpreter'
import type { TrackingStore, TrackingWriter } from '../stores'
import { experimentNamed } from './experiments'
import { explainFailure } from './explain'
import { gitFacts } from './gitFacts'
import { launch, launchEnvironment, type Launched, type LaunchPlan, type LaunchSurroundings } from './launch'
import type { GroupExit } from './processGroup'

export interface LaunchRequest extends Omit<LaunchPlan, 'runId' | 'experiment'> {
  readonly interpreter: Interpreter
  /** MLflow's own default experiment when left out. */
  readonly experimentName?: string
  /** All parameters with their values, defaults too: logged on a run that is made over REST, as MLflow does on its own. */
  readonly allParameters: ReadonlyMap<string, string>
}

export interface LaunchServices extends LaunchSurroundings {
  readonly store: TrackingStore
  readonly log: (line: string) => void
  /** Runs that other launches have; never taken for this one's. */
  readonly isTaken: (runId: string) => boolean
}

export interface LaunchOutcome {
  readonly exitCode: number | null
  readonly stopped: boolean
  readonly runId: string | undefined
  /** As the store has it now; undefined where there is no run, or the store doesn't tell. */
  readonly status: RunStatus | undefined
  /** One sentence why it failed, and the next step. */
  readonly explanation: string | undefined
  /** What could not be put in order: such as a run that still says RUNNING. */
  readonly leftover: string | undefined
}

export interface LaunchedRun {
  readonly pid: number
  /** Undefined where it ended without a run. */
  readonly runId: Promise<string | undefined>
  /** Never rejects. */
  readonly ended: Promise<LaunchOutcome>
  /** Ends the processes and the run; resolves when both have ended. */
  stop(): Promise<void>
}

const Ended = v.object({ status: v.picklist(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']) })
const endDeadline = 60_000
const unfinished: readonly RunStatus[] = ['RUNNING', 'SCHEDULED']

/**
 * Launches an entry point. On a server the run is created first; on a database MLflow creates it and tells its id.
 * @throws StoreError, or Error where the interpreter can't be started
 */
export async function startRun(
  request: LaunchRequest,
  services: LaunchServices,
  signal?: AbortSignal,
): Promise<LaunchedRun> {
  const { store } = services
  const started = Date.now()
  const plan = await planOf(request, store, signal)
  const launched = await launch(plan, services).catch(async (error: unknown) => {
    if (plan.runId !== undefined && store.writer) await failRun(store.writer, plan.runId)
    throw error
  })
  let stopped = false
  const ended = launched.exited.then((exit) => settle({ request, plan, services, launched, exit, stopped, started }))
  return {
    pid: launched.pid,
    runId: launched.runId,
    ended,
    async stop() {
      stopped = true
      await launched.stop()
      await ended
    },
  }
}

async function planOf(request: LaunchRequest, store: TrackingStore, signal?: AbortSignal): Promise<LaunchPlan> {
  const { experimentName, runName, allParameters } = request
  if (!store.writer)
    return { ...request, experiment: experimentName === undefined ? { id: '0' } : { name: experimentName } }
  const experimentId =
    experimentName === undefined
      ? '0'
      : ((await experimentNamed(store, experimentName, signal))?.experimentId ??
        (await store.writer.createExperiment(experimentName, signal)))
  const run = {
    experimentId,
    startTime: Date.now(),
    tags: await tagsOf(request, signal),
    ...(runName !== undefined && { runName }),
  }
  const { runId } = await store.writer.createRun(run, signal)
  try {
    await store.writer.logParams(runId, allParameters, signal)
  } catch (error) {
    await failRun(store.writer, runId)
    throw error
  }
  const { runName: _, ...rest } = request // the run has its name already
  return { ...rest, experiment: { id: experimentId }, runId }
}

/** Ends a run that was made for a launch which then could not be. */
const failRun = (writer: TrackingWriter, runId: string): Promise<unknown> =>
  writer.updateRun(runId, { status: 'FAILED', endTime: Date.now() })

/** The tags that `mlflow run` sets on a run of its own. */
async function tagsOf({ project, entryPoint }: LaunchRequest, signal?: AbortSignal): Promise<Map<string, string>> {
  const git = await gitFacts(project, signal)
  const inGit = git?.remote === undefined ? undefined : [git.remote, git.subfolder].filter(Boolean).join('#')
  const tags = new Map([
    ['mlflow.user', os.userInfo().username],
    ['mlflow.source.name', inGit ?? project],
    ['mlflow.source.type', 'PROJECT'],
    ['mlflow.project.entryPoint', entryPoint],
  ])
  if (git) tags.set('mlflow.source.git.commit', git.commit)
  if (git?.remote !== undefined) tags.set('mlflow.source.git.repoURL', git.remote)
  return tags
}

interface Ending {
  readonly request: LaunchRequest
  readonly plan: LaunchPlan
  readonly services: LaunchServices
  readonly launched: Launched
  readonly exit: GroupExit
  readonly stopped: boolean
  readonly started: number
}

/** After the process: finds the run, ends it where nobody else did, and tells why it failed. */
async function settle(ending: Ending): Promise<LaunchOutcome> {
  const { services, launched, exit, stopped } = ending
  const failed = !stopped && exit.code !== 0
  const how = exit.code === null ? (exit.signal ?? '?') : t('exit code {0}', exit.code)
  const outcome = {
    exitCode: exit.code,
    stopped,
    explanation: failed ? explainFailure(launched.tail(), how) : undefined,
  }
  let runId: string | undefined
  try {
    runId = (await launched.runId) ?? (failed || stopped ? await orphan(ending) : undefined)
    if (runId === undefined) return { ...outcome, runId, status: undefined, leftover: undefined }
    const mayEnd = stopped || failed
    const status = await statusOf(runId, services, mayEnd)
    const becomes = stopped ? 'KILLED' : 'FAILED'
    // A script that is asked to end may end its run as FAILED; the truth is that somebody stopped it.
    const from: readonly RunStatus[] = stopped ? [...unfinished, 'FAILED'] : unfinished
    const change = mayEnd && (status === undefined || from.includes(status))
    return {
      ...outcome,
      runId,
      status: change ? await endRun(runId, becomes, from, ending) : status,
      leftover: undefined,
    }
  } catch (error) {
    const why = messageOf(error)
    services.log(`the run ${runId ?? '?'} could not be put in order: ${why}`)
    const leftover = t('The process has ended, but its run {0} may still say RUNNING: {1}', runId ?? '?', why)
    return { ...outcome, runId, status: undefined, leftover }
  }
}

/**
 * Undefined where a database can't be read by us: a process that was killed may have left it in the middle of a write. MLflow
 * itself, which ends the run, puts it in order.
 */
async function statusOf(
  runId: string,
  { store, log }: LaunchServices,
  mayEnd: boolean,
): Promise<RunStatus | undefined> {
  try {
    return (await store.getRun(runId)).info.status
  } catch (error) {
    if (!mayEnd || store.writer) throw error
    log(`the run ${runId} could not be read: ${messageOf(error)}`)
    return undefined
  }
}

/** Ends a run: over REST on a server, through the user's MLflow on a database. Resolves to the status it then has. */
async function endRun(
  runId: string,
  status: 'KILLED' | 'FAILED',
  from: readonly RunStatus[],
  { plan, request, services }: Ending,
): Promise<RunStatus> {
  const { store, scripts, env } = services
  if (store.writer) return (await store.writer.updateRun(runId, { status, endTime: Date.now() })).status
  const answer = await runHelper(request.interpreter.executable, 'end_run.py', [runId, status, ...from], Ended, {
    scripts,
    deadline: endDeadline,
    env: launchEnvironment(plan, env),
  })
  return answer.status
}

/** The run of a launch that ended before MLflow told its id: the only one that can be it, or none. */
async function orphan({ request, services, started }: Ending): Promise<string | undefined> {
  const { store, isTaken } = services
  const experiment =
    request.experimentName === undefined ? '0' : (await experimentNamed(store, request.experimentName))?.experimentId
  if (experiment === undefined) return undefined
  const candidates: string[] = []
  const query = { experimentIds: [experiment], filter: `attributes.start_time >= ${started}`, maxResults: 1000 }
  for await (const frame of store.searchRuns(query))
    for (let row = 0; row < frame.length; row++) {
      const { runId, status } = frame.info(row)
      const made = frame.tagAt(row, 'mlflow.project.entryPoint') === request.entryPoint
      if (made && unfinished.includes(status) && !isTaken(runId)) candidates.push(runId)
    }
  return candidates.length === 1 ? candidates[0] : undefined
}
