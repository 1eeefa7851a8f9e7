/** Starts `mlflow run` and watches it. Knows no editor, so that plain Node can test it against the real MLflow. */
import path from 'node:path'
import type { Interpreter } from '../python/interpreter'
import { allowFolder as folderAllowance } from '../python/releases'
import { searchPathWith } from '../python/searchPath'
import type { Credentials } from '../stores/open'
import { type GroupExit, startGroup } from './processGroup'

export const envManagers = ['local', 'virtualenv', 'uv', 'conda'] as const
export type EnvManager = (typeof envManagers)[number]

export interface LaunchPlan {
  readonly interpreter: Pick<Interpreter, 'executable'>
  /** Absolute path of the folder with the MLproject. */
  readonly project: string
  readonly entryPoint: string
  readonly parameters: ReadonlyMap<string, string>
  readonly envManager: EnvManager
  /** `http(s)://…`, `sqlite:///…` or `file:///…`. */
  readonly trackingUri: string
  /** Lets an MLflow that refuses folders (3.13 and later) log into one. */
  readonly allowFolder?: boolean
  readonly credentials: Credentials | undefined
  /** By id where it is known; MLflow creates one that is missing by name. */
  readonly experiment: { readonly id: string } | { readonly name: string }
  /** A run that exists already and is to be used; otherwise MLflow makes one. */
  readonly runId?: string
  readonly runName?: string
}

/** The argument vector of `mlflow`. The project is `.`: MLflow would take a `#` in its path for a subdirectory. */
export function launchArguments(plan: LaunchPlan): string[] {
  const { entryPoint, parameters, envManager, experiment, runId, runName } = plan
  return [
    ...['run', '.', '--entry-point', entryPoint, '--env-manager', envManager],
    ...('id' in experiment ? ['--experiment-id', experiment.id] : ['--experiment-name', experiment.name]),
    ...(runId === undefined ? [] : ['--run-id', runId]),
    ...(runName === undefined ? [] : ['--run-name', runName]),
    ...[...parameters].flatMap(([name, value]) => ['-P', `${name}=${value}`]),
  ]
}

/** For the log: the names of parameters only, since a value may be a password. */
export function describeLaunch({ interpreter, project, entryPoint, parameters, trackingUri }: DescribedLaunch): string {
  const names = [...parameters.keys()].join(', ') || 'none'
  return `launched “${entryPoint}” of ${project} into ${trackingUri} with ${interpreter.executable}; parameters given: ${names}`
}

type DescribedLaunch = Pick<LaunchPlan, 'interpreter' | 'project' | 'entryPoint' | 'parameters' | 'trackingUri'>

/** What decides where MLflow logs; inherited, it would send the run somewhere else. */
const decidedHere = [
  'MLFLOW_RUN_ID',
  'MLFLOW_EXPERIMENT_ID',
  'MLFLOW_EXPERIMENT_NAME',
  'MLFLOW_TRACKING_USERNAME',
  'MLFLOW_TRACKING_PASSWORD',
  'MLFLOW_TRACKING_TOKEN',
]

/**
 * The environment of the process. Credentials are in here only, never among the arguments, which anybody may list.
 * The interpreter's folder comes first on PATH, since commands say just `python`.
 */
export function launchEnvironment(
  { interpreter, trackingUri, allowFolder, credentials }: LaunchPlan,
  inherited: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...inherited }
  for (const name of decidedHere) Reflect.deleteProperty(env, name)
  return {
    ...env,
    ...searchPathWith(interpreter.executable, env),
    MLFLOW_TRACKING_URI: trackingUri,
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8',
    ...(allowFolder && folderAllowance),
    ...(credentials?.kind === 'basic' && {
      MLFLOW_TRACKING_USERNAME: credentials.username,
      MLFLOW_TRACKING_PASSWORD: credentials.password,
    }),
    ...(credentials?.kind === 'bearer' && { MLFLOW_TRACKING_TOKEN: credentials.token }),
  }
}

export interface Launched {
  readonly pid: number
  /** The run, as soon as MLflow names it; undefined where it ended without. */
  readonly runId: Promise<string | undefined>
  readonly exited: Promise<GroupExit>
  /** The last of what it printed, for explanations. */
  tail(): string
  /** Ends it with all that it started. */
  stop(): Promise<void>
}

export interface LaunchSurroundings {
  readonly env: NodeJS.ProcessEnv
  /** Folder of the helper scripts. */
  readonly scripts: string
  readonly onOutput: (text: string) => void
}

const tailCharacters = 64_000

/** Starts `mlflow run` as planned; it ends when this process does, even if that is killed. @throws Error where the interpreter can't be started */
export async function launch(plan: LaunchPlan, { env, scripts, onOutput }: LaunchSurroundings): Promise<Launched> {
  let tail = ''
  const named = Promise.withResolvers<string | undefined>()
  if (plan.runId !== undefined) named.resolve(plan.runId)
  const group = await startGroup(
    plan.interpreter.executable,
    [path.join(scripts, 'run_project.py'), ...launchArguments(plan)],
    { cwd: plan.project, env: launchEnvironment(plan, env) },
    (text) => {
      tail = (tail + text).slice(-tailCharacters)
      const runId = namedRun(tail)
      if (runId !== undefined) named.resolve(runId) // the first one: a project may run others in turn
      onOutput(text)
    },
  )
  const exited = group.exited.finally(() => named.resolve(undefined))
  return { pid: group.pid, runId: named.promise, exited, tail: () => tail, stop: () => group.stop() }
}

/** The run id in MLflow's line "=== Running command '…' in run with ID '…' ===". */
export function namedRun(output: string): string | undefined {
  return /in run with ID '([0-9a-f]{32})' === *\r?$/m.exec(output)?.[1]
}
