/** A database of MLflow 2.22, edited with the user's MLflow 3: asked, backed up, and put back. */
import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import * as vscode from 'vscode'
import { lens, run, selectDatabase } from './lens'

suite('editing a database of an older MLflow', function () {
  this.timeout(180_000)
  let folder = ''
  let database = ''

  suiteSetup(async () => {
    await vscode.workspace
      .getConfiguration('mlflow')
      .update('pythonPath', process.env.MLFLOW_LENS_TEST_PYTHON, vscode.ConfigurationTarget.Workspace)
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-older-'))
    database = path.join(folder, 'older.db')
    await copyFile(process.env.MLFLOW_LENS_TEST_OLDER_DATABASE ?? '', database)
  })
  suiteTeardown(async () => {
    await run('mlflow.disconnect', { connection: 'older.db' })
    await vscode.workspace
      .getConfiguration('mlflow')
      .update('pythonPath', undefined, vscode.ConfigurationTarget.Workspace)
    await selectDatabase()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  /** As it is in the file now. */
  async function look(): Promise<{ schema: string; note: string | undefined }> {
    const connection = (await lens()).connections.get('older.db')
    await connection.close()
    const store = await connection.store({ interactive: true })
    const { tags } = await store.getExperiment('0')
    return { schema: store.version, note: tags.get('mlflow.note.content') }
  }
  const copies = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.includes('.backup-'))

  test('is refused where an upgrade is, backed up where it is not, and restored by a command', async () => {
    await run('mlflow.connect', { uri: `sqlite:///${database}`, name: 'older.db' })
    const before = await look()
    assert.equal(before.note, undefined)
    const edit = { connection: 'older.db', experimentId: '0', description: 'by the newer' }

    await assert.rejects(async () => run('mlflow.editDescription', { ...edit, upgradeSchema: false }), /older|schema/i)
    assert.deepEqual([await look(), await copies()], [before, []])

    await run('mlflow.editDescription', { ...edit, upgradeSchema: true })
    const after = await look()
    assert.equal(after.note, 'by the newer')
    assert.notEqual(after.schema, before.schema)
    const [copy, ...others] = await copies()
    assert.ok(copy !== undefined && others.length === 0)

    const restored = await run<{ kept: string }>('mlflow.restoreBackup', {
      connection: 'older.db',
      backup: path.join(folder, copy),
    })
    assert.deepEqual(await look(), before)
    assert.ok((await readdir(folder)).includes(path.basename(restored.kept)))
  })
})
