import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import * as vscode from 'vscode'
import type { FileInfo } from '../../src/shared/model'
import { lens, run, selectDatabase } from './lens'

interface Saved {
  readonly target: string
  readonly files: number
  readonly bytes: number
}

suite('saving artifacts', () => {
  let folder: string
  let runId: string
  let file: FileInfo
  let content: Buffer

  suiteSetup(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-lens-save-'))
    await selectDatabase()
    const { connections } = await lens()
    const store = await connections.get().store()
    const [experiment] = (await Array.fromAsync(store.searchExperiments({ filter: "name = 'dynamic-pricing'" }))).flat()
    for await (const frame of store.searchRuns({ experimentIds: [experiment?.experimentId ?? ''] }))
      for (let row = 0; row < frame.length && !runId; row++) {
        const found = (await store.listArtifacts(frame.info(row).runId)).find(({ isDir }) => !isDir)
        if (found) [runId, file] = [frame.info(row).runId, found]
      }
    assert(runId, 'the demo has a run with a file')
    content = Buffer.concat(await Array.fromAsync(store.readArtifact(runId, file.path)))
  })
  suiteTeardown(() => rm(folder, { recursive: true, force: true }))

  test('a file, without a question', async () => {
    const target = path.join(folder, 'a file')
    const saved = await run<Saved>('mlflow.saveArtifact', { runId, path: file.path, target })
    assert.deepEqual(saved, { target, files: 1, bytes: content.length })
    assert.deepEqual(await readFile(target), content)
  })

  test('all there are, to a URI', async () => {
    const target = vscode.Uri.file(path.join(folder, 'all'))
    const saved = await run<Saved>('mlflow.saveArtifact', { runId, target: target.toString() })
    assert.equal(
      (await readdir(target.fsPath, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length,
      saved.files,
    )
    assert.deepEqual(await readFile(path.join(target.fsPath, file.path)), content)
  })

  test('nothing where it may not, or can’t', async () => {
    const target = path.join(folder, 'a file')
    const refused = async (options: object, why: RegExp): Promise<void> => {
      await assert.rejects(async () => run('mlflow.saveArtifact', { runId, path: file.path, target, ...options }), why)
    }
    await refused({}, /already/)
    await refused({ path: '../../mlflow.db', target: path.join(folder, 'b') }, /leads out/)
    await refused({ path: 'nowhere', target: path.join(folder, 'b') }, /no artifact nowhere/)
    await refused({ target: 'relative/path' }, /absolute path/)
    await refused({ target: 'untitled:x' }, /absolute path/)
    assert.deepEqual((await readdir(folder)).sort(), ['a file', 'all'])
  })
})
