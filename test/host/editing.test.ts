/** Edits of a local database with nothing running beforehand: MLflow is started for them, and the views show what became of it. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import type { TrackingStore } from '../../src/extension/stores'
import { labelled, lens, rows, run, selectDatabase, until } from './lens'
import { pressing } from './pressing'

interface Changed {
  readonly changed: number
  readonly failed: readonly { readonly what: string; readonly message: string }[]
  readonly left: number
}

suite('editing a local database', function () {
  this.timeout(180_000)
  const connection = 'mlflow.db'
  const options = { connection, upgradeSchema: true } as const
  let store: TrackingStore
  let runIds: string[] = []

  suiteSetup(async () => {
    await vscode.workspace
      .getConfiguration('mlflow')
      .update('pythonPath', process.env.MLFLOW_LENS_TEST_PYTHON, vscode.ConfigurationTarget.Workspace)
    await selectDatabase()
    const { connections } = await lens()
    store = await connections.get(connection).store()
    const [experiment] = (await Array.fromAsync(store.searchExperiments({ filter: "name = 'dynamic-pricing'" }))).flat()
    const query = { experimentIds: [experiment?.experimentId ?? ''], maxResults: 3 }
    for await (const frame of store.searchRuns(query)) runIds.push(...frame.runIds())
    runIds = runIds.slice(0, 3)
  })

  suiteTeardown(() =>
    vscode.workspace.getConfiguration('mlflow').update('pythonPath', undefined, vscode.ConfigurationTarget.Workspace),
  )

  test('the Python is chosen by a command, and one that is none is refused', async () => {
    const path = process.env.MLFLOW_LENS_TEST_PYTHON ?? ''
    const chosen = await run<{ path: string; mlflow: string }>('mlflow.selectPython', { path })
    assert.equal(chosen.path, path)
    assert.match(chosen.mlflow, /^3\./)
    assert.equal(vscode.workspace.getConfiguration('mlflow').get('pythonPath'), path)
    await assert.rejects(async () => run('mlflow.selectPython', { path: '/nowhere/python' }), /nowhere/)
    assert.equal(vscode.workspace.getConfiguration('mlflow').get('pythonPath'), path)
  })

  const tagOf = async (runId: string | undefined, key: string): Promise<string | undefined> =>
    (await store.getRun(runId ?? '')).tags.get(key)

  test('a run is renamed, which the tree shows at once, and undone', async () => {
    const { views } = await lens()
    const [runId] = runIds
    const before = (await store.getRun(runId ?? '')).info.runName
    await vscode.commands.executeCommand('mlflow.experiments.focus')
    const experiment = labelled(await rows(views.experiments), 'dynamic-pricing')
    const row = async (label: string) =>
      (await rows(views.experiments, experiment)).find((node) => node.present().label === label)?.present()
    await until('the row', () => row(before))
    const renaming = run<Changed>('mlflow.rename', { ...options, runId, newName: 'renamed here' })
    const early = await until('the new name', () => row('renamed here'))
    assert.match(early.description ?? '', /^saving…/)
    assert.equal((await store.getRun(runId ?? '')).info.runName, before) // MLflow is still starting
    assert.deepEqual(await renaming, { changed: 1, failed: [], left: 0 })
    assert.equal((await store.getRun(runId ?? '')).info.runName, 'renamed here')
    await until('what the store says', async () => {
      const now = await row('renamed here')
      return now && !now.description?.includes('saving')
    })
    await run('mlflow.undo', {})
    assert.equal((await store.getRun(runId ?? '')).info.runName, before)
  })

  test('several runs are tagged at once, and untagged; undo knows each one’s own value', async () => {
    const selection = runIds.map((runId) => ({ connection, runId }))
    await run('mlflow.setTag', { ...options, runId: runIds[0], key: 'wave', value: 'first' })
    const tagged = await run<Changed>('mlflow.setTag', { ...options, selection, key: 'wave', value: 'second' })
    assert.equal(tagged.changed, 3)
    assert.deepEqual(await Promise.all(runIds.map((id) => tagOf(id, 'wave'))), ['second', 'second', 'second'])
    await run('mlflow.undo', {})
    assert.deepEqual(await Promise.all(runIds.map((id) => tagOf(id, 'wave'))), ['first', undefined, undefined])
    assert.equal((await run<Changed>('mlflow.removeTag', { ...options, selection, key: 'wave' })).changed, 1)
    assert.equal(await tagOf(runIds[0], 'wave'), undefined)
  })

  test('a run is deleted and restored; the note is Markdown', async () => {
    const [runId] = runIds
    const stage = async (): Promise<string> => (await store.getRun(runId ?? '')).info.lifecycleStage
    await run('mlflow.delete', { ...options, runId, confirmed: true })
    assert.equal(await stage(), 'deleted')
    await assert.rejects(async () => run('mlflow.delete', { ...options, runId, confirmed: true }), /is deleted already/)
    await run('mlflow.restore', { ...options, runId })
    assert.equal(await stage(), 'active')
    await run('mlflow.editDescription', { ...options, runId, description: '**good**' })
    assert.equal(await tagOf(runId, 'mlflow.note.content'), '**good**')
    await run('mlflow.undo', {})
  })

  test('an experiment is made, renamed and deleted', async () => {
    const made = await run<{ experimentId: string }>('mlflow.createExperiment', { ...options, name: 'made here' })
    await assert.rejects(
      async () => run('mlflow.createExperiment', { ...options, name: 'made here' }),
      /There is an experiment “made here” already/,
    )
    const { experimentId } = made
    await run('mlflow.rename', { ...options, experimentId, newName: 'renamed experiment' })
    assert.equal((await store.getExperiment(experimentId)).name, 'renamed experiment')
    await run('mlflow.delete', { ...options, experimentId, confirmed: true })
    assert.equal((await store.getExperiment(experimentId)).lifecycleStage, 'deleted')
  })

  test('a stage and an alias are changed, and undone', async () => {
    const stageOf = async (version: string): Promise<string | undefined> =>
      (await Array.fromAsync(store.searchModelVersions({ filter: "name = 'recommender'" })))
        .flat()
        .find((each) => each.version === version)?.currentStage
    const before = await stageOf('1')
    await run('mlflow.transitionStage', { ...options, name: 'recommender', version: '1', stage: 'Staging' })
    assert.equal(await stageOf('1'), 'Staging')
    await run('mlflow.undo', {})
    assert.equal(await stageOf('1'), before)
  })

  test('what a run has logged is registered; what is no model is not', async () => {
    await assert.rejects(
      async () => run('mlflow.registerModel', { ...options, runId: runIds[0], path: 'nowhere', model: 'new one' }),
      /no MLmodel|There is no MLmodel in nowhere/,
    )
    const withModel = (await Array.fromAsync(store.searchModelVersions({ filter: "name = 'recommender'" }))).flat()[0]
    const registered = await run<{ name: string; version: string }>('mlflow.registerModel', {
      ...options,
      runId: withModel?.runId,
      model: 'registered here',
    })
    assert.deepEqual([registered.name, registered.version], ['registered here', '1'])
    const experimentIds = (await Array.fromAsync(store.searchExperiments())).flat().map((each) => each.experimentId)
    const [logged] = (await Array.fromAsync(store.searchLoggedModels({ experimentIds }))).flat()
    const again = await run<{ version: string; source: string }>('mlflow.registerModel', {
      ...{ ...options, modelId: logged?.modelId, model: 'registered here' },
    })
    assert.deepEqual([again.version, again.source], ['2', `models:/${logged?.modelId ?? ''}`])
    await run('mlflow.delete', { ...options, name: 'registered here', confirmed: true })
    const models = (await Array.fromAsync(store.searchRegisteredModels())).flat()
    assert.ok(!models.some(({ name }) => name === 'registered here'))
  })

  test('what MLflow would cut or ignore is refused beforehand', async () => {
    const [runId] = runIds
    const value = 'x'.repeat(8001)
    await assert.rejects(
      async () => run('mlflow.setTag', { ...options, runId, key: 'long', value }),
      /8001 characters; MLflow keeps only 8000/,
    )
    await assert.rejects(
      async () => run('mlflow.setTag', { ...options, runId, key: 'a?b', value: '' }),
      /A key has letters/,
    )
    await assert.rejects(async () => run('mlflow.rename', { ...options, runId, newName: ' ' }), /Give a name/)
    await assert.rejects(
      async () => run('mlflow.rename', { ...options, runId: '0'.repeat(32), newName: 'x' }),
      /has no 0{32}/,
    )
    await assert.rejects(
      async () => run('mlflow.removeTag', { ...options, runId, key: 'none' }),
      /There is no tag none/,
    )
  })

  test('closing the question changes nothing', async () => {
    const [runId] = runIds
    const before = (await store.getRun(runId ?? '')).info.runName
    const asking = run('mlflow.rename', { commandOptions: { connection, runId } })
    await pressing('workbench.action.closeQuickOpen', asking)
    assert.equal(await asking, null)
    assert.equal((await store.getRun(runId ?? '')).info.runName, before)
  })

  test('recent changes are listed, newest first', async () => {
    const list = await run<{ label: string; undoable: boolean }[]>('mlflow.showChanges', {})
    assert.match(list[0]?.label ?? '', /registered here deleted/)
    assert.equal(list[0]?.undoable, false)
    assert.ok(list.some(({ label }) => label.includes('made here')))
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen')
  })
})
