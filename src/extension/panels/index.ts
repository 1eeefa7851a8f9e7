import * as vscode from 'vscode'
import type { CommandDefinition } from '../commands'
import type { Connections } from '../connections/connection'
import type { Answers } from './answers'
import { commandsOf } from './commands'
import type { PanelDeps } from './page'
import { Pages } from './pages'
import { tableCommands, Tables } from './runsTable'

export { compareOptions, runsToCompare } from './commands'
export type { PanelDeps }

interface Panels {
  readonly pages: Pages
  readonly tables: Tables
}

/** One set of panels for one set of connections, however often the two functions below are called. */
const panelsByConnections = new WeakMap<Connections, Panels>()

function panelsOf(deps: PanelDeps): Panels {
  let panels = panelsByConnections.get(deps.connections)
  if (!panels) {
    const pages = new Pages(deps)
    panels = { pages, tables: new Tables(deps, pages) }
    panelsByConnections.set(deps.connections, panels)
  }
  return panels
}

/** What pages ask for, for others who want the same: what is in memory is shared. */
export const answersOf = (deps: PanelDeps): Answers => panelsOf(deps).pages.answers

/** What tables of runs remember, their saved views above all. */
export const tableMemoryOf = (deps: PanelDeps): Tables['memory'] => panelsOf(deps).tables.memory

/** The commands that open runs, comparisons and tables of runs. */
export function panelCommands(deps: PanelDeps): CommandDefinition[] {
  return [
    ...commandsOf(deps.connections, () => panelsOf(deps).pages),
    ...tableCommands(deps.connections, () => panelsOf(deps).tables),
  ]
}

/** What pages are answered from, and the colours of runs: reports and the chart beside the code share them. */
export function pageSources(deps: PanelDeps): Pick<Pages, 'answers' | 'colors' | 'onDidRecolor'> {
  return panelsOf(deps).pages
}

/** Brings back the panels that were open before a reload. Disposing it closes the open ones. */
export function registerPanelSerializers(deps: PanelDeps): vscode.Disposable {
  const { pages, tables } = panelsOf(deps)
  return vscode.Disposable.from(pages.registerSerializers(), tables.registerSerializer())
}
