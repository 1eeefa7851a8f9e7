/** Every edit by its command on servers: MLflow 2.22, and MLflow 3 with a user who may not do everything. */
import assert from 'node:assert/strict'
import type { TreeNode } from '../../src/extension/tree/node'
import type { TrackingStore } from '../../src/extension/stores'
import { basic, guard, type GuardedServer } from './guardedServer'
import { labelled, labels, lens, rows, run, selectDatabase, until } from './lens'
import { pressing } from './pressing'

interface Changed {
  readonly changed: number
  readonly failed: readonly { readonly what: string; readonly message: string }[]
  readonly left: number
  readonly skipped?: readonly { readonly what: string }[]
}

interface User {
  readonly username: string
  readonly password: string
}

/** All that can be edited of an experiment, its runs, a model and its versions, each looked at in the store. */
async function editAll(connection: string, store: TrackingStore, hasExperimentUntag: boolean): Promise<void> {
  const on = { connection }
  const { experimentId } = await run<{ experimentId: string }>('mlflow.createExperiment', { ...on, name: 'edited' })
  const made = { experimentId, startTime: 1_750_000_000_000, tags: new Map() }
  const runs = await Promise.all(
    ['one', 'two'].map(async (runName) => (await store.writer?.createRun({ ...made, runName }))?.runId ?? ''),
  )
  const [runId = ''] = runs

  await run('mlflow.rename', { ...on, experimentId, newName: 'edited again' })
  await run('mlflow.editDescription', { ...on, experimentId, description: 'what for' })
  await run('mlflow.setTag', { ...on, experimentId, key: 'team', value: 'red' })
  const experiment = await store.getExperiment(experimentId)
  assert.deepEqual(
    [experiment.name, experiment.tags.get('team'), experiment.tags.get('mlflow.note.content')],
    ['edited again', 'red', 'what for'],
  )
  const untag = async (): Promise<unknown> => run('mlflow.removeTag', { ...on, experimentId, key: 'team' })
  if (hasExperimentUntag) await untag()
  else await assert.rejects(untag, /does not offer/)

  await run('mlflow.rename', { ...on, runId, newName: 'first' })
  await run('mlflow.editDescription', { ...on, runId, description: '**note**' })
  const selection = runs.map((id) => ({ ...on, runId: id }))
  assert.equal((await run<Changed>('mlflow.setTag', { ...on, selection, key: 'wave', value: '1' })).changed, 2)
  assert.equal((await run<Changed>('mlflow.removeTag', { ...on, runId: runs[1], key: 'wave' })).changed, 1)
  const first = await store.getRun(runId)
  assert.deepEqual(
    [first.info.runName, first.tags.get('wave'), first.tags.get('mlflow.note.content')],
    ['first', '1', '**note**'],
  )
  assert.equal((await store.getRun(runs[1] ?? '')).tags.get('wave'), undefined)
  assert.equal((await run<Changed>('mlflow.delete', { ...on, selection, confirmed: true })).changed, 2)
  assert.equal((await store.getRun(runId)).info.lifecycleStage, 'deleted')
  await run('mlflow.undo', {})
  assert.equal((await store.getRun(runId)).info.lifecycleStage, 'active')

  // Of several, those that can't be changed are left out, and told.
  const missing = { ...on, runId: '0'.repeat(32) }
  const some = await run<Changed>('mlflow.setTag', {
    ...on,
    selection: [...selection, missing],
    key: 'wave',
    value: '2',
  })
  assert.deepEqual([some.changed, some.skipped?.map(({ what }) => what)], [2, ['0'.repeat(32)]])
  // Tag rows that are selected together: each its own tag.
  await run('mlflow.setTag', { ...on, runId, key: 'team', value: 'red' })
  const tagRows = [
    { ...on, runId, key: 'team' },
    { ...on, runId: runs[1], key: 'wave' },
  ]
  await run('mlflow.removeTag', { ...on, ...tagRows[0], selection: tagRows })
  const keys = async (id = ''): Promise<string[]> =>
    [...(await store.getRun(id)).tags.keys()].filter((key) => ['team', 'wave'].includes(key))
  assert.deepEqual([await keys(runId), await keys(runs[1])], [['wave'], []])
  // What somebody else has changed since stays as it is.
  await run('mlflow.setTag', { ...on, runId, key: 'wave', value: '3' })
  const { writer } = store
  assert(writer)
  await writer.setRunTag(runId, 'wave', 'of somebody else')
  await assert.rejects(async () => run('mlflow.undo', {}), /run first has been changed since/)
  assert.equal((await store.getRun(runId)).tags.get('wave'), 'of somebody else')

  const name = 'edited model'
  await writer.createRegisteredModel(name)
  await writer.createModelVersion({ name, source: `runs:/${runId}/model`, runId })
  await run('mlflow.editDescription', { ...on, name, description: 'prices' })
  await run('mlflow.setTag', { ...on, name, key: 'owner', value: 'ana' })
  const version = { ...on, name, version: '1' }
  await run('mlflow.editDescription', { ...version, description: 'the first' })
  await run('mlflow.setTag', { ...version, key: 'checked', value: 'yes' })
  await run('mlflow.transitionStage', { ...version, stage: 'Staging' })
  await run('mlflow.setAlias', { ...version, alias: 'champion' })
  const [seen] = (await Array.fromAsync(store.searchModelVersions({ filter: `name = '${name}'` }))).flat()
  assert.deepEqual([seen?.description, seen?.tags.get('checked'), seen?.currentStage], ['the first', 'yes', 'Staging'])
  const [model] = (await Array.fromAsync(store.searchRegisteredModels({ filter: `name = '${name}'` }))).flat()
  assert.deepEqual(
    [model?.description, model?.tags.get('owner'), model?.aliases.get('champion')],
    ['prices', 'ana', '1'],
  )
  await run('mlflow.setAlias', { ...version, alias: 'champion', remove: true })
  await run('mlflow.undo', {})
  await run('mlflow.setAlias', { ...version, alias: 'champion', remove: true })
  await run('mlflow.removeTag', { ...version, key: 'checked' })
  await run('mlflow.rename', { ...on, name, newName: 'renamed model' })
  await run('mlflow.delete', { ...on, name: 'renamed model', version: '1', confirmed: true })
  await run('mlflow.delete', { ...on, name: 'renamed model', confirmed: true })
  assert.deepEqual((await Array.fromAsync(store.searchRegisteredModels({ filter: "name LIKE '%model'" }))).flat(), [])

  await run('mlflow.delete', { ...on, experimentId, confirmed: true })
  assert.equal((await store.getExperiment(experimentId)).lifecycleStage, 'deleted')
  await run('mlflow.restore', { ...on, experimentId })
  assert.equal((await store.getExperiment(experimentId)).lifecycleStage, 'active')
}

suite('editing on servers', function () {
  this.timeout(300_000)
  let door: GuardedServer | undefined

  teardown(async () => {
    const { connections } = await lens()
    for (const { id, kind } of [...connections.all])
      if (kind === 'rest') await run('mlflow.disconnect', { connection: id })
    await door?.[Symbol.asyncDispose]()
    door = undefined
    await selectDatabase()
  })

  test('MLflow 2.22: every edit there is', async () => {
    const uri = process.env.MLFLOW_LENS_TEST_SERVER_2
    const { id } = await run<{ id: string }>('mlflow.connect', { uri })
    const { connections } = await lens()
    const store = await connections.get(id).store()
    assert.match(store.version, /^MLflow 2\./)
    await editAll(id, store, false)
  })

  test('MLflow 3, a user who may change only what is hers', async () => {
    const guarded = JSON.parse(process.env.MLFLOW_LENS_TEST_GUARDED ?? '') as { url: string; admin: User; ana: User }
    // The same server by two addresses: two users at the same time.
    const theirs = await guard(guarded.url)
    door = theirs
    const signIn = async (url: string, { username, password }: User): Promise<TrackingStore> => {
      const { host } = new URL(url)
      await run('mlflow.connect', { uri: `http://${username}:${encodeURIComponent(password)}@${host}` })
      return (await lens()).connections.get(url).store()
    }
    const ana = await signIn(guarded.url, guarded.ana)
    const admin = await signIn(theirs.url, guarded.admin)
    assert.deepEqual(
      [(await ana.rights?.account())?.username, (await admin.rights?.account())?.username],
      ['ana', 'admin'],
    )

    await editAll(guarded.url, ana, true)

    const experimentId = (await admin.writer?.createExperiment('of the admin')) ?? ''
    const made = { experimentId, runName: 'not hers', startTime: 1_750_000_000_000, tags: new Map() }
    const runId = (await admin.writer?.createRun(made))?.runId ?? ''
    await assert.rejects(
      async () => run('mlflow.setTag', { connection: guarded.url, runId, key: 'a', value: 'b' }),
      /ana has only the permission READ on the experiment “of the admin”.*an administrator/,
    )
    assert.equal((await ana.getRun(runId)).tags.has('a'), false)
    await run('mlflow.setTag', { connection: theirs.url, runId, key: 'a', value: 'by the admin' })
    assert.equal((await ana.getRun(runId)).tags.get('a'), 'by the admin')

    await run('mlflow.selectConnection', { connection: guarded.url })
    const { views } = await lens()

    // The row of a version's tag says whose it is, and who may remove it.
    for (const [store, name] of [
      [ana, 'hers'],
      [admin, 'not hers'],
    ] as const) {
      await store.writer?.createRegisteredModel(name)
      await store.writer?.createModelVersion({ name, source: `runs:/${runId}/model`, runId })
      await store.writer?.setModelVersionTag(name, '1', 'checked', 'yes')
    }
    await run('mlflow.refresh', { connection: guarded.url })
    const tagOf = async (name: string): Promise<TreeNode> => {
      const models = await until('her models', async () => {
        const shown = await rows(views.models)
        return labels(shown).includes(name) && shown
      })
      const [shownVersion] = await rows(views.models, labelled(models, name))
      const tags = labelled(await rows(views.models, shownVersion), 'Tags')
      return labelled(await rows(views.models, tags), 'checked')
    }
    const tag = await tagOf('hers')
    assert.equal(tag.present().context, 'tag')
    assert.equal((await run<Changed>('mlflow.removeTag', tag.commandOptions)).changed, 1)
    const [hers] = (await Array.fromAsync(ana.searchModelVersions({ filter: "name = 'hers'" }))).flat()
    assert.equal(hers?.tags.size, 0)
    await until('what she may not do', async () => {
      const models = await rows(views.models)
      return labelled(models, 'not hers').present().context?.includes('undeletable')
    })
    assert.equal((await tagOf('not hers')).present().context, 'tag readonly')

    // What she may not do is not in the menus.
    const contextOf = async (label: string): Promise<string> =>
      labelled(await rows(views.experiments), label).present().context ?? ''
    await until('what she may do', async () => (await contextOf('of the admin')).includes('readonly'))
    assert.match(await contextOf('of the admin'), /\breadonly\b.*\bundeletable\b/)
    assert.doesNotMatch(await contextOf('edited again'), /readonly|undeletable/)
  })

  test('a password that is no longer good is asked for again; what was given up changed nothing', async () => {
    door = await guard(process.env.MLFLOW_LENS_TEST_SERVER ?? '')
    const { url } = door
    door.expected = basic('me', 'first')
    await run('mlflow.connect', { uri: `http://me:first@${new URL(url).host}` })
    const { connections } = await lens()
    const store = await connections.get(url).store()
    const [page] = await Array.fromAsync(store.searchExperiments({ filter: "name = 'dynamic-pricing'" }))
    const experimentId = page?.[0]?.experimentId ?? ''

    door.expected = basic('me', 'second')
    const asking = run('mlflow.setTag', { connection: url, experimentId, key: 'late', value: 'no' })
    assert.equal(await pressing('workbench.action.closeQuickOpen', asking), null) // it was asked for, and closed
    const signedIn = run('mlflow.signIn', { connection: url, username: 'me', password: 'second' })
    await signedIn
    const again = await connections.get(url).store()
    assert.equal((await again.getExperiment(experimentId)).tags.get('late'), undefined)
    assert.equal(
      (await run<Changed>('mlflow.setTag', { connection: url, experimentId, key: 'late', value: 'yes' })).changed,
      1,
    )
    assert.equal((await again.getExperiment(experimentId)).tags.get('late'), 'yes')
    await run('mlflow.removeTag', { connection: url, experimentId, key: 'late' })
  })
})
