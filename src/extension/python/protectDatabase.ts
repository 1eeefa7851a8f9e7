/** Asks the user before their MLflow changes the schema of an older database. */
import type * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { Log } from '../log'
import { confirm } from '../ui/steps'
import { scriptsOf } from './index'
import type { Interpreter } from './interpreter'
import { guardSchema } from './schemaGuard'

/**
 * Resolves when `interpreter` may open the database: it changes nothing there, or the user agreed and a copy was made.
 *
 * @param allowed the answer, given beforehand; asked for when left out
 * @throws SchemaRefusedError; Dismissed where the user says no
 */
export async function protectDatabase(
  database: string,
  interpreter: Interpreter,
  allowed: boolean | undefined,
  { extensionUri, log }: { readonly extensionUri: vscode.Uri; readonly log: Log },
  signal?: AbortSignal,
): Promise<void> {
  await guardSchema(interpreter, database, {
    scripts: scriptsOf(extensionUri),
    log: (line) => log.info(line),
    ...(signal && { signal }),
    async mayUpgrade({ revision, head, backup }) {
      if (allowed !== undefined) return allowed
      await confirm(
        t('Upgrade the schema of {0}?', database),
        t(
          'It was made by an older MLflow (schema {0}). mlflow {1} would upgrade it to {2}; after that, the older MLflow can’t read it. A copy is made first: {3}',
          ...[revision, interpreter.mlflow, head, backup],
        ),
        t('Back Up and Upgrade'),
      )
      return true
    },
  })
}
