import assert from 'node:assert/strict'
import * as vscode from 'vscode'

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[]
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>
  }
}

suite('manifest', () => {
  test('every declared command is registered, and every registered one is declared', async () => {
    const extension = vscode.extensions.getExtension('mlflow-lens.mlflow-lens')
    assert.ok(extension, 'the extension is installed')
    await extension.activate()
    const manifest = extension.packageJSON as Manifest
    const views = Object.values(manifest.contributes.views).flatMap((list) => list.map(({ id }) => id))
    // VS Code makes commands of its own for each view: mlflow.models.focus and its like.
    const madeForViews = (command: string): boolean => views.some((view) => command.startsWith(`${view}.`))
    const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('mlflow.'))
    assert.deepEqual(
      registered.filter((command) => !madeForViews(command)).sort(),
      manifest.contributes.commands.map(({ command }) => command).sort(),
    )
  })
})
