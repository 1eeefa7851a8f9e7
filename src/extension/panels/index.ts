import type { Disposable } from 'vscode'
import type { CommandDefinition } from '../commands'
import type { Connections } from '../connections/connection'
import { commandsOf } from './commands'
import type { PanelDeps } from './page'
import { Pages } from './pages'

export type { PanelDeps }

/** One set of pages for one set of connections, however often the two functions below are called. */
const pagesByConnections = new WeakMap<Connections, Pages>()

function pagesOf(deps: PanelDeps): Pages {
  let pages = pagesByConnections.get(deps.connections)
  if (!pages) {
    pages = new Pages(deps)
    pagesByConnections.set(deps.connections, pages)
  }
  return pages
}

/** The commands `mlflow.openRun` and `mlflow.compareRuns`. */
export function panelCommands(deps: PanelDeps): CommandDefinition[] {
  return commandsOf(deps.connections, () => pagesOf(deps))
}

/** Brings back the pages that were open before a reload. Disposing it closes the open pages. */
export function registerPanelSerializers(deps: PanelDeps): Disposable {
  return pagesOf(deps).registerSerializers()
}
