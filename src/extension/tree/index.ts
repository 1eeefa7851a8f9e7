/** The views of the side bar: Experiments, Models and Connections. */
import * as vscode from 'vscode'
import { t } from '../../shared/l10n'
import type { CommandDefinition } from '../commands'
import type { ConnectionList } from '../connections'
import type { Log } from '../log'
import { rowCommands } from './commands'
import { createConnectionsView } from './connectionsView'
import { DataView } from './dataView'
import { experimentKey, ExperimentsRoot, owesLook } from './experimentNodes'
import { ModelsRoot } from './modelNodes'
import { lensOnly } from './filterRows'
import { oursIn, sortWords } from './runFilter'
import { dotted, oneLine } from './text'
import { RunListing, runListCommands } from './runListCommands'

export type { DataView } from './dataView'

export interface Views {
  readonly experiments: DataView
  readonly models: DataView
  /** Shows the runs of an experiment, where that disturbs nobody. @param connection its id */
  readonly expandExperiment: (connection: string, experimentId: string) => Promise<void>
  readonly commands: readonly CommandDefinition[]
  readonly disposable: vscode.Disposable
}

export function createViews(connections: ConnectionList, memory: vscode.Memento, log: Log): Views {
  const listing = new RunListing(memory, log, () => experiments.restart())
  const experiments: DataView = new DataView(
    {
      id: 'mlflow.experiments',
      kinds: ['experiment', 'run'],
      makeRoot: (scope) => new ExperimentsRoot({ ...scope, filter: listing.filter, sort: listing.sort }),
      message: () => {
        const filter = listing.filter === '' ? undefined : t('Filter: {0}', oneLine(listing.filter))
        const ours = oursIn(listing.filter).length > 0 && lensOnly()
        return dotted(filter, ours, sortWords(listing.sort))
      },
      isOwed: owesLook,
    },
    connections,
    log,
  )
  const models = new DataView(
    { id: 'mlflow.models', kinds: ['model'], makeRoot: (scope) => new ModelsRoot(scope) },
    connections,
    log,
  )
  return {
    experiments,
    models,
    expandExperiment: (connection, experimentId) => experiments.expand(connection, experimentKey(experimentId)),
    commands: [
      ...rowCommands(connections, [experiments, models]),
      ...runListCommands(listing, connections, () => experiments.root),
    ],
    disposable: vscode.Disposable.from(experiments, models, createConnectionsView(connections)),
  }
}
