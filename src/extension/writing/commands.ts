import path from 'node:path'
import * as v from 'valibot'
import { t } from '../../shared/l10n'
import { connectionOption, defineCommand, type CommandDefinition } from '../commands'
import type { Connections } from '../connections/connection'
import { requireTrust } from '../python'
import { parseTrackingUri } from '../stores/uri'
import { askChoice } from '../ui/prompts'
import { confirm } from '../ui/steps'
import type { Writing } from './index'
import { backupsOf, restoreBackup } from './restoreBackup'

const RestoreBackup = v.object({
  ...connectionOption,
  /** Path of the copy. */
  backup: v.optional(v.string()),
})

export function writingCommands(connections: Connections, writing: Writing): CommandDefinition[] {
  return [
    defineCommand('mlflow.restoreBackup', RestoreBackup, async (options) => {
      const title = t('Restore Database Backup')
      requireTrust(title)
      await connections.discovered
      const connection = connections.get(options.connection)
      const database = connection.kind === 'rest' ? undefined : parseTrackingUri(connection.uri).path
      const backups = database === undefined ? [] : await backupsOf(database)
      if (database === undefined || backups.length === 0)
        throw new Error(t('There are no copies of {0}: none was made, or they were moved away.', connection.name))
      const items = backups.map((file) => ({ label: path.basename(file), file }))
      const backup = options.backup ?? (await askChoice({ title, placeholder: t('Newest first'), items })).file
      if (options.backup === undefined)
        await confirm(
          t('Put {0} in the place of {1}?', path.basename(backup), connection.name),
          t(
            'The file that is there now is kept under another name. End other programs that have it open first, such as an MLflow server of your own: they would go on with that one.',
          ),
          t('Restore'),
        )
      await writing.release(connection)
      const kept = await restoreBackup(database, backup)
      connections.requestRefresh(connection, title)
      return { database, backup, kept }
    }),
  ]
}
