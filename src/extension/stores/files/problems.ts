import { t } from '../../../shared/l10n'
import { StoreError, type StoreErrorReason } from '../errors'
import { ProblemError as AnyProblemError, type CommonKind, type Problem } from '../worker/protocol'

/** What can go wrong with a folder. `detail` is the system's own word for it, or the name of what is missing. */
export type FilesKind = keyof typeof sentences

/** Thrown in the worker. */
export class ProblemError extends AnyProblemError<FilesKind> {}

export function storeErrorOf({ kind, detail = '' }: Problem<FilesKind>, folder: string): StoreError {
  const [reason, sentence] = sentences[kind]
  return new StoreError(reason, sentence(folder, detail))
}

type Sentence = readonly [StoreErrorReason, (folder: string, detail: string) => string]

const sentences = {
  missing: ['notFound', (folder) => t('{0} is not there. Check the path, or where the folder was moved to.', folder)],
  forbidden: [
    'forbidden',
    (folder, detail) => t('{0} may not be read ({1}). Check the permissions of the folder.', folder, detail),
  ],
  notAFolder: ['notAStore', (folder) => t('{0} is not a folder. Choose the mlruns folder of an MLflow store.', folder)],
  unreadable: [
    'unreachable',
    (folder, detail) => t('{0} can’t be read: {1}. Check the disk or the network, and try again.', folder, detail),
  ],
  notMlflow: [
    'notAStore',
    (folder) =>
      t(
        '{0} is not an MLflow store: it has no experiments. Choose the folder that MLflow writes, mostly mlruns.',
        folder,
      ),
  ],
  onlyArtifacts: [
    'notAStore',
    (folder) =>
      t(
        '{0} holds only artifacts: the experiments themselves are elsewhere, mostly in an mlflow.db beside it. Choose that file.',
        folder,
      ),
  ],
  noRun: [
    'notFound',
    (folder, detail) => t('There is no run {1} in {0}. It may have been deleted for good.', folder, detail),
  ],
  noExperiment: [
    'notFound',
    (folder, detail) => t('There is no experiment {1} in {0}. It may have been deleted for good.', folder, detail),
  ],
  noMetric: [
    'forbidden',
    (folder, detail) => t('A metric in {0} can’t be read: {1}. Check the permissions of its file.', folder, detail),
  ],
  cancelled: ['cancelled', (folder) => t('Reading {0} was cancelled.', folder)],
  timeout: [
    'timeout',
    (folder) => t('{0} did not answer in time. Is it on a slow or unreachable disk? Try again.', folder),
  ],
  stopped: [
    'unreachable',
    (folder, detail) => t('The reader of {0} stopped unexpectedly ({1}). Try again; the log has more.', folder, detail),
  ],
  closed: ['cancelled', (folder) => t('The connection to {0} was closed.', folder)],
} as const satisfies Record<string, Sentence> & Record<CommonKind, Sentence>
