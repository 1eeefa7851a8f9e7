/** Runs the helper scripts of src/python in the user's interpreter: argument vector, deadline, JSON out. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import * as v from 'valibot'
import { t } from '../../shared/l10n'

export interface HelperOptions {
  /** Folder of the scripts: `src/python` of the extension. */
  readonly scripts: string
  /** Milliseconds until it is ended. */
  readonly deadline: number
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal
}

/** Why a helper gave no answer. `output` is the end of what it printed, for explanations. */
export class HelperError extends Error {
  override readonly name = 'HelperError'

  constructor(
    message: string,
    readonly output: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

const mostOutput = 1_000_000 // characters

/**
 * Runs `python script …args` and resolves to the JSON of its last line, checked against `schema`.
 * It runs in the folder of the scripts, so that no file of a workspace can stand in for a Python module.
 * @throws HelperError where it can't be started, fails, takes too long or prints something else
 */
export async function runHelper<Schema extends v.GenericSchema>(
  python: string,
  script: string,
  args: readonly string[],
  schema: Schema,
  { scripts, deadline, env = process.env, signal }: HelperOptions,
): Promise<v.InferOutput<Schema>> {
  const { stdout, stderr } = await finished(python, [path.join(scripts, script), ...args], {
    cwd: scripts,
    env: { ...env, PYTHONIOENCODING: 'utf-8', MLFLOW_DISABLE_TELEMETRY: 'true' },
    deadline,
    signal,
  })
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? ''
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), lastLine)
  if (answer.success) return answer.output
  throw new HelperError(t('{0} answered something unexpected to {1}.', python, script), stdout + stderr)
}

interface Running {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
  /** Left out: it takes what it takes. */
  readonly deadline?: number
  readonly signal?: AbortSignal | undefined
}

/** Runs a short program to its end. @throws HelperError unless it exits with 0 */
export function finished(
  command: string,
  args: readonly string[],
  { cwd, env, deadline, signal }: Running,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const ended = AbortSignal.any([
      ...(signal ? [signal] : []),
      ...(deadline === undefined ? [] : [AbortSignal.timeout(deadline)]),
    ])
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      signal: ended,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout = (stdout + text).slice(-mostOutput)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-mostOutput)))
    child.once('error', (error) => {
      const late = deadline !== undefined && ended.aborted && signal?.aborted !== true
      const message = late ? t('{0} did not finish within {1} s.', command, deadline / 1000) : error.message
      reject(new HelperError(message, stdout + stderr, { cause: error }))
    })
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve({ stdout, stderr })
      else {
        const last = stderr.trimEnd().split('\n').at(-1) ?? ''
        reject(new HelperError(t('{0} ended with {1}: {2}', command, code ?? killedBy ?? '?', last), stdout + stderr))
      }
    })
  })
}
