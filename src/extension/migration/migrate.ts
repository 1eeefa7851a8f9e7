/**
 * Lets the user's MLflow copy a folder store into a new SQLite database. Knows no editor.
 *
 * MLflow writes into a folder of its own beside the target, and what it made gets its name only when it is whole: a failed or
 * cancelled migration leaves nothing, and a file that appears meanwhile under that name is never overwritten.
 */
import { constants } from 'node:fs'
import { copyFile, link, mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { t } from '../../shared/l10n'
import { startGroup } from '../projects/processGroup'
import type { Interpreter } from '../python/interpreter'
import { canMigrateFolder } from '../python/releases'
import { sqliteUri } from '../python/schemaGuard'
import { isWithin } from '../within'

export interface MigrationPlan {
  readonly interpreter: Pick<Interpreter, 'executable' | 'mlflow' | 'head'>
  /** Absolute path of the folder store. */
  readonly folder: string
  /** Absolute path of the database to make. */
  readonly target: string
}

export interface MigrationSurroundings {
  /** Folder of the helper scripts. */
  readonly scripts: string
  readonly env: NodeJS.ProcessEnv
  /** Told of each line that MLflow prints. */
  readonly onLine: (line: string) => void
  readonly signal: AbortSignal
  /** Milliseconds; hours when left out, since MLflow reads a large store slowly. */
  readonly deadline?: number
}

/** What the user can put right; the message says how. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

const hours = 3_600_000

/** The arguments of `mlflow`. */
const migrationArguments = (folder: string, database: string): string[] => [
  'migrate-filestore',
  '--source',
  folder,
  '--target',
  sqliteUri(database),
]

/** The command as a user would type it. */
export function shownCommand({ interpreter, folder, target }: MigrationPlan): string {
  const words = [interpreter.executable, '-m', 'mlflow', ...migrationArguments(folder, target)]
  return words.map((word) => (/^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}

/** @throws MigrationError where the plan can't be carried out, before anything is started */
export async function checkPlan({ interpreter, folder, target }: MigrationPlan): Promise<void> {
  const { executable, mlflow, head } = interpreter
  if (!canMigrateFolder(mlflow))
    throw new MigrationError(
      t(
        'mlflow {0} of {1} can’t migrate folders: that came with 3.10. Make an environment with a newer one (pip install -U mlflow) and name its Python in the setting mlflow.pythonPath.',
        mlflow,
        executable,
      ),
    )
  if (head === null)
    throw new MigrationError(
      t(
        'The mlflow {0} of {1} can’t work with databases. Install the full mlflow there (pip install mlflow).',
        mlflow,
        executable,
      ),
    )
  if (await exists(path.join(folder, 'mlruns')))
    throw new MigrationError(
      t('{0} has a folder mlruns in it, which MLflow would migrate instead. Move that one away first.', folder),
    )
  const problem = await problemOfTarget(target, folder)
  if (problem !== undefined) throw new MigrationError(problem)
}

/** What is wrong with a path as the new database, for the user. */
export async function problemOfTarget(target: string, folder: string): Promise<string | undefined> {
  if (await exists(target)) return t('{0} exists already. Choose a new file.', target)
  const place = path.dirname(target)
  if (!(await isFolder(place))) {
    if (isWithin(target, folder)) return insideIt(target)
    return t('There is no folder {0}. Make it first.', place)
  }
  // By their real paths: a link may lead into the folder.
  return isWithin(await realpath(place), await realpath(folder)) ? insideIt(target) : undefined
}

const insideIt = (target: string): string =>
  t('{0} is inside the folder that is migrated. Choose a place outside of it.', target)

/** `mlflow.db` beside the folder, or a name that is free. */
export async function freeTarget(folder: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = path.join(path.dirname(folder), count === 1 ? 'mlflow.db' : `mlflow-${count}.db`)
    if (!(await exists(candidate))) return candidate
  }
}

/**
 * Runs the migration; afterwards `plan.target` is there, whole. The folder is only read.
 * @throws MigrationError; the signal's reason where it was cancelled. Nothing is left then.
 */
export async function migrate(plan: MigrationPlan, surroundings: MigrationSurroundings): Promise<void> {
  await checkPlan(plan)
  surroundings.signal.throwIfAborted()
  const workshop = await mkdtemp(path.join(workshopParent(plan.target), '.mlflow-migration-'))
  try {
    // Not called .db: nobody is to take it for a store while it is made.
    const made = path.join(workshop, 'store')
    await runMigration(plan, made, surroundings)
    await giveName(made, plan.target)
  } finally {
    await rm(workshop, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** SQLAlchemy reads `?` and, since 2.1, `%` in a path as something else. */
function workshopParent(target: string): string {
  const beside = path.dirname(target)
  return /[?%]/.test(beside) ? os.tmpdir() : beside
}

async function runMigration(
  { interpreter, folder }: MigrationPlan,
  made: string,
  { scripts, env, onLine, signal, deadline = 4 * hours }: MigrationSurroundings,
): Promise<void> {
  let tail = ''
  const lines = byLine(onLine)
  const group = await startGroup(
    interpreter.executable,
    [path.join(scripts, 'run_project.py'), ...migrationArguments(folder, made)],
    {
      cwd: scripts,
      // What MLflow reads here are files in UTF-8, whatever the locale.
      env: { ...env, MLFLOW_DISABLE_TELEMETRY: 'true', PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' },
    },
    (text) => {
      tail = (tail + text).slice(-tailCharacters)
      lines.write(text)
    },
  )
  const late = AbortSignal.timeout(deadline)
  const ended = AbortSignal.any([signal, late])
  const stop = (): void => void group.stop()
  if (ended.aborted) stop()
  else ended.addEventListener('abort', stop, { once: true })
  const { code, signal: killedBy } = await group.exited
  ended.removeEventListener('abort', stop)
  lines.end()
  signal.throwIfAborted()
  if (late.aborted) throw new MigrationError(t('The migration did not finish within {0} hours.', deadline / hours))
  if (code !== 0) throw new MigrationError(explain(tail, String(code ?? killedBy)))
  const log = await stat(`${made}-wal`).catch(() => undefined)
  if (log !== undefined && log.size > 0)
    throw new MigrationError(t('MLflow ended before all was written. Try again; the log has its output.'))
}

const tailCharacters = 64_000

function explain(output: string, how: string): string {
  const malformed = /in _parse_metric_line[^]*?\nValueError: (?:Malformed metric line: )?(.+)/.exec(output)?.[1]
  if (malformed !== undefined)
    return t(
      'MLflow stopped at a metric file with a broken line: {0}. Runs with a warning in the Experiments view have such files; mend or move them away, then try again.',
      malformed,
    )
  if (output.includes('UNIQUE constraint failed: runs.run_uuid'))
    return t(
      'MLflow stopped at a run that is there twice: a run’s folder was copied with its id. Runs with a warning in the Experiments view are such copies; move them away, then try again.',
    )
  if (/No such command ['"]migrate-filestore/.test(output))
    return t('This MLflow has no “migrate-filestore”. Use MLflow 3.10 or later.')
  const last = output.match(/^(?:[\w.]*(?:Error|Exception)|Error): .+$/gm)?.at(-1) ?? output.trim().split('\n').at(-1)
  return t('The migration failed ({0}): {1}', how, (last ?? '').slice(0, 300))
}

/** Gives a finished file its name; one that has it already stays. @throws MigrationError */
async function giveName(made: string, target: string): Promise<void> {
  try {
    await link(made, target).catch(async (error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw error
      await copyWhole(made, target) // a file system without links, or another one
    })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    throw new MigrationError(
      t('{0} appeared while MLflow was at work; it was left as it is. Choose a new file.', target),
    )
  }
}

async function copyWhole(made: string, target: string): Promise<void> {
  try {
    await copyFile(made, target, constants.COPYFILE_EXCL)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') await rm(target, { force: true })
    throw error
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

function byLine(told: (line: string) => void): { write: (text: string) => void; end: () => void } {
  let rest = ''
  return {
    write(text) {
      const parts = (rest + text).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) told(line.trimEnd())
    },
    end() {
      if (rest !== '') told(rest)
      rest = ''
    },
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return false
    throw error
  }
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isDirectory() ?? false
}
