/** The panels of some connections. This file brings all that pages and tables need, which activation does without: import it where a panel is opened. */
import type { Connections } from '../connections/connection'
import type { Answers } from './answers'
import type { PanelDeps } from './page'
import { Pages } from './pages'
import { Tables } from './runsTable'

export interface Panels {
  readonly pages: Pages
  readonly tables: Tables
}

/** One set of panels for one set of connections, however often they are asked for. */
const panelsByConnections = new WeakMap<Connections, Panels>()

export function panelsOf(deps: PanelDeps): Panels {
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

/** What pages are answered from, and the colours of runs: reports and the chart beside the code share them. */
export function pageSources(deps: PanelDeps): Pick<Pages, 'answers' | 'colors' | 'onDidRecolor'> {
  return panelsOf(deps).pages
}
