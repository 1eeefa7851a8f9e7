import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { FileInfo } from '../../src/shared/model'
import { lens, run, selectDatabase, until } from './lens'

interface Artifact {
  readonly runId: string
  readonly file: FileInfo
}

suite('artifacts as files', () => {
  let image: Artifact
  let text: Artifact

  suiteSetup(async () => {
    await selectDatabase()
    const found = await artifactsOfDemo()
    image = pick(found, /\.png$/)
    text = pick(found, /\.(csv|json|txt)$/)
  })
  teardown(() => run('workbench.action.closeAllEditors'))

  const pick = (found: readonly Artifact[], name: RegExp): Artifact => {
    const artifact = found.find(({ file }) => name.test(file.path))
    assert(artifact, `the demo has no ${String(name)}`)
    return artifact
  }

  async function artifactsOfDemo(): Promise<Artifact[]> {
    const { connections } = await lens()
    const store = await connections.get().store()
    const experimentIds: string[] = []
    for await (const page of store.searchExperiments())
      experimentIds.push(...page.map(({ experimentId }) => experimentId))
    const found: Artifact[] = []
    const collect = async (runId: string, path?: string): Promise<void> => {
      for (const file of await store.listArtifacts(runId, path))
        if (file.isDir) await collect(runId, file.path)
        else found.push({ runId, file })
    }
    for await (const frame of store.searchRuns({ experimentIds }))
      for (let row = 0; row < frame.length && found.length < 60; row++) await collect(frame.info(row).runId)
    return found
  }

  const opened = async ({ runId, file }: Artifact): Promise<vscode.Uri> => {
    const { uri } = await run<{ uri: string }>('mlflow.openArtifact', { runId, path: file.path })
    return vscode.Uri.parse(uri)
  }

  test('a text opens in an editor that can’t change it', async () => {
    const uri = await opened(text)
    const editor = await until('the editor', () =>
      vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString()),
    )
    assert.ok(editor.document.getText().length > 0)
    assert.equal(vscode.workspace.fs.isWritableFileSystem('mlflow'), false)
    await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, Buffer.from('x')))
    await assert.rejects(async () => vscode.workspace.fs.delete(uri))
  })

  test('an image opens in VS Code’s own viewer', async () => {
    await opened(image)
    const tab = await until('the tab', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input
      return input instanceof vscode.TabInputCustom && input
    })
    assert.equal(tab.viewType, 'imagePreview.previewEditor')
  })

  test('size and kind are told, folders are listed, and what is read has that size', async () => {
    const uri = await opened(image)
    const { size, type, permissions } = await vscode.workspace.fs.stat(uri)
    assert.equal(type, vscode.FileType.File)
    assert.equal(permissions, vscode.FilePermission.Readonly)
    assert.equal((await vscode.workspace.fs.readFile(uri)).byteLength, size)
    const folder = vscode.Uri.joinPath(uri, '..')
    const entries = await vscode.workspace.fs.readDirectory(folder)
    assert.ok(entries.some(([name]) => uri.path.endsWith(`/${name}`)))
    assert.equal((await vscode.workspace.fs.stat(folder)).type, vscode.FileType.Directory)
  })

  test('what is not there is not found', async () => {
    const uri = await opened(text)
    const isNotFound = { code: 'FileNotFound' }
    await assert.rejects(async () => vscode.workspace.fs.readFile(uri.with({ path: `${uri.path}.no` })), isNotFound)
    await assert.rejects(async () => vscode.workspace.fs.stat(uri.with({ path: `/${'0'.repeat(32)}/a` })))
    await assert.rejects(async () => vscode.workspace.fs.readFile(uri.with({ authority: 'f00' })), /connection/i)
  })

  test('a path out of the run’s artifacts is refused', async () => {
    const uri = await opened(text)
    for (const path of [
      `/${text.runId}/../../../mlflow.db`,
      `/${text.runId}/..%2f..%2fmlflow.db`,
      `/${text.runId}/..\\x`,
    ])
      await assert.rejects(async () => vscode.workspace.fs.readFile(uri.with({ path })), path)
  })
})
