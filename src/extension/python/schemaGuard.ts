/**
 * A newer MLflow silently upgrades the schema of an older database that it opens, after which the older MLflow can't read
 * it. So whoever is about to let MLflow open a database asks here first.
 */
import { existsSync } from 'node:fs'
import * as v from 'valibot'
import { t } from '../../shared/l10n'
import { lastErrorIn } from '../projects/explain'
import { finished, HelperError, type HelperOptions, runHelper } from './helper'
import type { Interpreter } from './interpreter'

export type SchemaState =
  | { readonly kind: 'same' }
  /** The user's MLflow would upgrade it. */
  | { readonly kind: 'older'; readonly revision: string }
  /** Made by an MLflow that is newer than the user's. */
  | { readonly kind: 'newer'; readonly revision: string }
  | { readonly kind: 'none' }

/** An existing database that the interpreter's MLflow can't, or may not, be let at. The message says what to do. */
export class SchemaRefusedError extends Error {
  override readonly name = 'SchemaRefusedError'
}

const Revision = v.object({ revision: v.nullable(v.string()) })
const Backup = v.object({ bytes: v.number() })
const minutes = 60_000

/** Compares what `database` (absolute path) has with what the interpreter's MLflow makes; changes nothing. */
export async function schemaState(interpreter: Interpreter, database: string, options: Run): Promise<SchemaState> {
  const helper = { ...options, deadline: minutes / 2 }
  const { revision } = await runHelper(
    interpreter.executable,
    'database_schema.py',
    ['revision', database],
    Revision,
    helper,
  )
  if (revision === null) return { kind: 'none' }
  if (revision === interpreter.head) return { kind: 'same' }
  return { kind: interpreter.revisions.includes(revision) ? 'older' : 'newer', revision }
}

type Run = Omit<HelperOptions, 'deadline'>

export interface GuardOptions extends Run {
  /** Asked before a schema is changed; `backup` is where the copy will be. */
  readonly mayUpgrade: (upgrade: {
    database: string
    revision: string
    head: string
    backup: string
  }) => Promise<boolean>
  readonly log: (line: string) => void
  readonly now?: Date
}

/**
 * Resolves when the interpreter's MLflow can open `database` without changing its schema. Where it would change it, the user
 * is asked, the file is copied beside itself, and MLflow's own `db upgrade` is run.
 * @returns path of the backup, if one was made
 * @throws SchemaRefusedError where the user says no, or the schema is newer than that MLflow
 */
export async function guardSchema(
  interpreter: Interpreter,
  database: string,
  options: GuardOptions,
): Promise<string | undefined> {
  const { head, executable, mlflow } = interpreter
  if (head === null)
    throw new SchemaRefusedError(
      t(
        'The mlflow {0} of {1} can’t work with databases. Install the full mlflow there (pip install mlflow).',
        mlflow,
        executable,
      ),
    )
  await upgrading.get(database)
  const state = await schemaState(interpreter, database, options)
  if (state.kind === 'same') return undefined
  if (state.kind === 'none')
    throw new SchemaRefusedError(t('{0} is not an MLflow database: it has no schema revision.', database))
  if (state.kind === 'newer')
    throw new SchemaRefusedError(
      t(
        '{0} has the schema {1}, which the mlflow {2} of {3} doesn’t know: a newer MLflow made it. Upgrade mlflow there (pip install -U mlflow), or choose another interpreter.',
        ...[database, state.revision, mlflow, executable],
      ),
    )
  const backup = backupName(database, state.revision, options.now ?? new Date())
  if (!(await options.mayUpgrade({ database, revision: state.revision, head, backup })))
    throw new SchemaRefusedError(
      t(
        'Nothing was started: mlflow {0} would change the schema of {1} from {2} to {3}, after which an older MLflow can’t read it. Allow the upgrade, or choose an interpreter with the MLflow that made the database.',
        ...[mlflow, database, state.revision, head],
      ),
    )
  // Somebody else may have upgraded it while the question stood.
  const now = await schemaState(interpreter, database, options)
  if (now.kind === 'same') return undefined
  if (now.kind !== 'older' || now.revision !== state.revision)
    throw new SchemaRefusedError(t('The schema of {0} has changed meanwhile. Nothing was done; try again.', database))
  const { bytes } = await runHelper(executable, 'database_schema.py', ['backup', database, backup], Backup, {
    ...options,
    deadline: 10 * minutes,
  })
  options.log(
    `copied ${database} to ${backup} (${bytes} bytes) before its schema is upgraded from ${state.revision} to ${head}`,
  )
  const upgrade = upgraded(interpreter, database, backup, options).finally(() => upgrading.delete(database))
  upgrading.set(
    database,
    upgrade.catch(() => undefined),
  )
  await upgrade
  return backup
}

/** Databases whose upgrade is under way, also where the one who began it has given up. */
const upgrading = new Map<string, Promise<unknown>>()

/** Neither cancelled nor ended after a time: MLflow can't go on with an upgrade that was broken off. */
async function upgraded(
  interpreter: Interpreter,
  database: string,
  backup: string,
  { scripts, env = process.env }: GuardOptions,
): Promise<void> {
  const failed = (why: string): Error =>
    new SchemaRefusedError(
      t(
        'MLflow did not upgrade {0}: {1}. Put its copy {2} back with “MLflow: Restore Database Backup…”, or upgrade mlflow in {3}.',
        ...[database, why, backup, interpreter.executable],
      ),
    )
  try {
    await finished(interpreter.executable, ['-m', 'mlflow', 'db', 'upgrade', sqliteUri(database)], {
      cwd: scripts,
      env: { ...env, MLFLOW_DISABLE_TELEMETRY: 'true' },
    })
  } catch (error) {
    throw failed(error instanceof HelperError ? (lastErrorIn(error.output) ?? error.message) : String(error))
  }
  if ((await schemaState(interpreter, database, { scripts, env })).kind !== 'same')
    throw failed(t('its schema is not that of mlflow {0}', interpreter.mlflow))
}

/** `sqlite:///…` of an absolute path, as SQLAlchemy reads it. */
export function sqliteUri(database: string): string {
  return `sqlite:///${database.replaceAll('\\', '/')}`
}

function backupName(database: string, revision: string, now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '')
  const name = `${database}.backup-${revision.replaceAll(/[^\w-]/g, '_')}-${time}`
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`
    if (!existsSync(candidate)) return candidate
  }
}
