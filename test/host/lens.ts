/** What the suites in VS Code share: the extension's parts, its rows, and waiting for a condition. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import * as vscode from 'vscode'
import type { Beside } from '../../src/extension/editor/beside'
import type { MlflowLensApi } from '../../src/extension/extension'
import type { TreeNode } from '../../src/extension/tree/node'

export async function lens(): Promise<MlflowLensApi> {
  const extension = vscode.extensions.getExtension<MlflowLensApi>('mlflow-lens.mlflow-lens')
  assert(extension, 'the extension is not installed')
  const api = await extension.activate()
  await api.connections.discovered
  return api
}

/** Waits until `look` gives something, and gives that. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  timeout = 20_000,
): Promise<Exclude<T, undefined | false | null>> {
  const end = Date.now() + timeout
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false && found !== null) return found as Exclude<T, undefined | false | null>
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await sleep(50)
  }
}

export const run = <T>(command: string, options?: unknown): Thenable<T> =>
  vscode.commands.executeCommand<T>(command, options)

/** Rows as VS Code gets them, once they are there. */
export function rows(
  view: { getChildren(node?: TreeNode): Promise<TreeNode[]> },
  node?: TreeNode,
): Promise<TreeNode[]> {
  return until('rows instead of the one that says to wait', async () => {
    const shown = await view.getChildren(node)
    return shown[0]?.present().context !== 'waiting' && shown
  })
}

export const labels = (nodes: readonly TreeNode[]): string[] => nodes.map((node) => node.present().label)

export function labelled(nodes: readonly TreeNode[], label: string): TreeNode {
  const node = nodes.find((each) => each.present().label === label)
  assert(node, `no row “${label}” among ${labels(nodes).join(', ')}`)
  return node
}

export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]
  assert(folder, 'no workspace folder')
  return folder.uri
}

/** Makes the workspace's own database the active connection again. */
export async function selectDatabase(): Promise<void> {
  await run('mlflow.selectConnection', { connection: 'mlflow.db' })
}

/** Lines of Python after `import mlflow`, in an editor and in no file. */
export async function typed(...lines: string[]): Promise<vscode.TextDocument> {
  const content = ['import mlflow', ...lines].join('\n')
  const document = await vscode.workspace.openTextDocument({ language: 'python', content })
  await vscode.window.showTextDocument(document)
  return document
}

/** What stands beside the code, once there is some that calls MLflow. */
export async function beside(): Promise<Beside> {
  const { editor } = await lens()
  return until('the editor', () => editor.beside())
}
