/** From a folder of runs to a database: what the user's MLflow says of folders, and the way out. */
import * as vscode from 'vscode'
import type { CommandDefinition } from '../commands'
import { adviseOnFolders } from './advice'
import { migrationCommand, type MigrationServices } from './command'
import { Reports } from './reports'

export interface Migration {
  readonly commands: readonly CommandDefinition[]
  readonly disposable: vscode.Disposable
}

export function createMigration(services: MigrationServices): Migration {
  const reports = new Reports(services.log)
  return {
    commands: [migrationCommand(services, reports)],
    disposable: vscode.Disposable.from(reports, adviseOnFolders(services)),
  }
}
