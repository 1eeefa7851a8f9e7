import * as vscode from 'vscode'
import type { CommandDefinition } from '../commands'
import { commandsOf } from './commands'
import type { Panels } from './open'
import type { PanelDeps } from './page'
import { tableCommands } from './runsTable/commands'
import { viewTypes } from './viewTypes'

export { compareOptions, runsToCompare } from './commands'
export type { PanelDeps }

/** The commands that open runs, comparisons and tables of runs. Disposing closes the open ones. */
export function createPanels(deps: PanelDeps): {
  readonly commands: CommandDefinition[]
  readonly disposable: vscode.Disposable
} {
  let opened: Promise<Panels> | undefined
  const panels = (): Promise<Panels> => (opened ??= import('./open').then(({ panelsOf }) => panelsOf(deps)))
  /** Brings back panels that were open before a reload. */
  const restored = (
    viewType: string,
    restore: (panels: Panels, panel: vscode.WebviewPanel, state: unknown) => void,
  ): vscode.Disposable =>
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => restore(await panels(), panel, state),
    })
  return {
    commands: [...commandsOf(deps.connections, panels), ...tableCommands(deps.connections, panels)],
    disposable: vscode.Disposable.from(
      restored(viewTypes.run, ({ pages }, panel, state) => pages.restore('run', panel, state)),
      restored(viewTypes.compare, ({ pages }, panel, state) => pages.restore('compare', panel, state)),
      restored(viewTypes.runs, ({ tables }, panel, state) => tables.restore(panel, state)),
      {
        dispose: () =>
          void opened?.then(({ pages, tables }) => {
            pages.closeAll()
            tables.closeAll()
          }),
      },
    ),
  }
}
