/** The extension's front door: puts the parts together and does nothing else. */
import * as vscode from 'vscode'
import { setTranslator } from '../shared/l10n'
import { artifactCommands, registerArtifactFiles } from './artifactFiles'
import { codeCommands, registerCodeFiles } from './code'
import { registerCommands } from './commands'
import { createConnections, type ConnectionList } from './connections'
import { Changes, editingCommands } from './editing'
import { createEditor, type Editor } from './editor'
import { createMigration } from './migration'
import { createPanels } from './panels'
import type { Panels } from './panels/open'
import { createProjects, type Projects } from './projects'
import { selectPythonCommand } from './python/select'
import { registryCommands } from './registry'
import { reportCommands } from './reports'
import { createViews, type DataView } from './tree'
import { Writing } from './writing'
import { writingCommands } from './writing/commands'

/** What `activate` returns under tests. Nothing otherwise: a connection knows its credentials, which are not for other extensions. */
export interface MlflowLensApi {
  readonly connections: ConnectionList
  readonly views: { readonly experiments: DataView; readonly models: DataView }
  readonly editor: Editor
  readonly tableMemory: () => Promise<Panels['tables']['memory']>
}

let parts: { readonly connections: ConnectionList; readonly projects: Projects; readonly writing: Writing } | undefined

export function activate(context: vscode.ExtensionContext): MlflowLensApi | undefined {
  setTranslator((message, ...args) => vscode.l10n.t(message, ...args))
  const log = vscode.window.createOutputChannel('MLflow', { log: true })
  const { list: connections, ...connected } = createConnections(context, log)
  const deps = { extensionUri: context.extensionUri, connections, log, state: context.workspaceState }
  const views = createViews(connections, context.workspaceState, log)
  const writing = new Writing({ ...deps, openStore: connected.openStore })
  const editing = { ...deps, writing, changes: new Changes() }
  const migration = createMigration({ ...deps, openStore: connected.openStore })
  const projects = createProjects({ ...deps, expandExperiment: views.expandExperiment })
  const editor = createEditor(deps)
  const panels = createPanels(deps)
  parts = { connections, projects, writing }
  context.subscriptions.push(
    log,
    connected.disposable,
    views.disposable,
    registerArtifactFiles(connections),
    registerCodeFiles(connections),
    panels.disposable,
    migration.disposable,
    projects,
    writing,
    editor.disposable,
    registerCommands(log, [
      ...connected.commands,
      ...views.commands,
      ...panels.commands,
      ...artifactCommands(connections),
      ...codeCommands(connections),
      ...reportCommands(deps),
      ...projects.commands,
      ...migration.commands,
      ...registryCommands(editing),
      ...editingCommands(editing),
      selectPythonCommand(deps),
      ...writingCommands(connections, writing),
      ...editor.commands,
    ]),
  )
  const isTest = context.extensionMode === vscode.ExtensionMode.Test
  const tableMemory = async () => (await import('./panels/open')).tableMemoryOf(deps)
  return isTest ? { connections, views, editor, tableMemory } : undefined
}

/** Processes and workers end before the extension host does. */
export async function deactivate(): Promise<void> {
  await Promise.allSettled([parts?.projects.stopAll(), parts?.writing.closeAll(), parts?.connections.closeAll()])
}
