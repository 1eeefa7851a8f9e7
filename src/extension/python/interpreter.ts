/** Which Python has MLflow. Knows no editor: candidates and the probe are handed in. */
import * as v from 'valibot'
import { t } from '../../shared/l10n'
import { HelperError, runHelper } from './helper'

/** Where an interpreter may be, and who says so. */
export interface Candidate {
  /** Absolute path, or a bare name that is looked up on PATH. */
  readonly path: string
  readonly source: string
  /** The user's own word: if it doesn't serve, nothing else is tried in its place. */
  readonly decisive?: boolean
}

const Environment = v.object({
  executable: v.pipe(v.string(), v.minLength(1)),
  python: v.string(),
  mlflow: v.nullable(v.string()),
  revisions: v.array(v.string()),
  head: v.nullable(v.string()),
})

/** What the helper `inspect_environment.py` tells of an interpreter. */
export type Environment = v.InferOutput<typeof Environment>

/** An interpreter that has MLflow. */
export interface Interpreter extends Environment {
  readonly mlflow: string
  readonly source: string
}

export type Probe = (path: string) => Promise<Environment>

const probeDeadline = 15_000 // a cold interpreter on a slow disk takes seconds

export function probeWith(scripts: string, signal?: AbortSignal): Probe {
  return (path) =>
    runHelper(path, 'inspect_environment.py', [], Environment, {
      scripts,
      deadline: probeDeadline,
      ...(signal && { signal }),
    })
}

export class NoInterpreterError extends Error {
  override readonly name = 'NoInterpreterError'
}

/**
 * The first candidate that has MLflow.
 * @param signal of the probe; once it is aborted, what the probe throws is thrown
 * @throws NoInterpreterError that names all that were looked at, what was wrong with each, and what to do
 */
export async function chooseInterpreter(
  candidates: readonly Candidate[],
  probe: Probe,
  signal?: AbortSignal,
): Promise<Interpreter> {
  const seen: string[] = []
  for (const { path, source, decisive } of candidates) {
    const found = await probe(path).catch((error: unknown) => {
      if (error instanceof HelperError && !signal?.aborted) return error
      throw error
    })
    if (!(found instanceof Error) && found.mlflow !== null) return { ...found, mlflow: found.mlflow, source }
    const wrong = found instanceof Error ? notStarted(found) : t('Python {0} without mlflow', found.python)
    if (decisive)
      throw new NoInterpreterError(
        t(
          '{0} of the setting mlflow.pythonPath can’t be used: {1}. Install mlflow there (pip install mlflow), or change the setting.',
          path,
          wrong,
        ),
      )
    seen.push(t('{0} ({1}): {2}', path, source, wrong))
  }
  const looked = seen.length === 0 ? t('nowhere to look') : seen.join('; ')
  throw new NoInterpreterError(
    t(
      'No Python with mlflow was found. Looked at: {0}. Choose an interpreter in the Python extension, or set mlflow.pythonPath to one where “pip install mlflow” was run.',
      looked,
    ),
  )
}

function notStarted(error: HelperError): string {
  const code = error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined
  if (code === 'ENOENT') return t('not there')
  if (code === 'EACCES') return t('not executable')
  return error.message
}
