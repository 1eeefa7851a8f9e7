import { t } from '../../../shared/l10n'
import { StoreError, type StoreErrorReason } from '../errors'
import { ProblemError as AnyProblemError, type CommonKind, type Problem } from '../worker/protocol'

/** What can go wrong in the worker. `detail` is SQLite's or the system's own word for it, or the name of what is missing. */
export type SqliteKind = keyof typeof sentences

/** Thrown in the worker. */
export class ProblemError extends AnyProblemError<SqliteKind> {}

export function storeErrorOf({ kind, detail = '' }: Problem<SqliteKind>, file: string): StoreError {
  const [reason, sentence] = sentences[kind]
  return new StoreError(reason, sentence(file, detail))
}

type Sentence = readonly [StoreErrorReason, (file: string, detail: string) => string]

const sentences = {
  missing: ['notFound', (file) => t('{0} is not there. Check the path, or where the file was moved to.', file)],
  forbidden: [
    'forbidden',
    (file, detail) => t('{0} may not be read ({1}). Check the permissions of the file.', file, detail),
  ],
  notAFile: ['notAStore', (file) => t('{0} is not a file. Choose the database file of an MLflow store.', file)],
  empty: ['notAStore', (file) => t('{0} is empty. MLflow fills it when it is used for the first time.', file)],
  notSqlite: [
    'notAStore',
    (file) => t('{0} is not an SQLite database. Choose the database file of an MLflow store.', file),
  ],
  notMlflow: [
    'notAStore',
    (file) =>
      t('{0} is an SQLite database, but not an MLflow store: the tables experiments and runs are missing.', file),
  ],
  schema: [
    'schema',
    (file, detail) =>
      t(
        '{0} lacks {1}, which MLflow stores have. An old store is brought up to date by: mlflow db upgrade',
        file,
        detail,
      ),
  ],
  unknownSchema: [
    'schema',
    (file, detail) =>
      t(
        '{0} has a schema that is not known here ({1}). An old store is brought up to date by: mlflow db upgrade',
        file,
        detail,
      ),
  ],
  damaged: [
    'damaged',
    (file, detail) =>
      t('{0} is damaged or incomplete: {1}. Copy it again from its source, or restore a backup.', file, detail),
  ],
  unfinished: [
    'damaged',
    (file) =>
      t(
        '{0} was left in the middle of a write: there is a journal beside it, which nobody is writing. Use the store once with MLflow, which completes or undoes that write.',
        file,
      ),
  ],
  busy: ['busy', (file) => t('{0} is being written by another program, without a pause. Try again in a moment.', file)],
  runtime: [
    'unsupported',
    (file) =>
      t(
        '{0} can’t be read here: this editor’s runtime has no SQLite (node:sqlite). Update the editor, or connect to an MLflow server of the store.',
        file,
      ),
  ],
  noRun: [
    'notFound',
    (file, detail) => t('There is no run {1} in {0}. It may have been deleted for good.', file, detail),
  ],
  noExperiment: [
    'notFound',
    (file, detail) => t('There is no experiment {1} in {0}. It may have been deleted for good.', file, detail),
  ],
  cancelled: ['cancelled', (file) => t('Reading {0} was cancelled.', file)],
  timeout: [
    'timeout',
    (file) => t('{0} did not answer in time. Is it on a slow or unreachable disk? Try again.', file),
  ],
  stopped: [
    'unreachable',
    (file, detail) => t('The reader of {0} stopped unexpectedly ({1}). Try again; the log has more.', file, detail),
  ],
  closed: ['cancelled', (file) => t('The connection to {0} was closed.', file)],
} as const satisfies Record<string, Sentence> & Record<CommonKind, Sentence>
