/** Two users with different rights on one real server: what is offered, what is refused, and what each is told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyAll } from '../../src/extension/editing/applyAll'
import type { Edit, Step } from '../../src/extension/editing/edits'
import { requirePermission, requirePermissionOn, type Wish } from '../../src/extension/editing/permitted'
import { readTarget, type TargetRef } from '../../src/extension/editing/targets'
import { openStore, type TrackingStore } from '../../src/extension/stores'
import { mlflowClient, type MlflowClient } from './mlflowClient'
import { admin, startServer, type MlflowMajor, type MlflowServer } from './servers'
import { workers } from './workers'

const passwords = { ana: 'ana has a long one', bob: 'bob has a long one' } as const
type User = keyof typeof passwords

describe.each<MlflowMajor>(['3', '2'])('MLflow %s with two users', (major) => {
  let server: MlflowServer
  let client: MlflowClient
  const stores = new Map<User | 'admin', TrackingStore>()
  let experimentId = ''
  const runIds: string[] = []

  const as = (user: User | 'admin'): TrackingStore => stores.get(user) ?? expect.fail(user)

  async function ask(path: string, body: object): Promise<void> {
    const authorization = `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await fetch(`${server.url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect([path, answer.status, answer.ok ? '' : await answer.text()]).toEqual([path, 200, ''])
  }

  beforeAll(async () => {
    server = await startServer({ version: major, basicAuth: true })
    for (const [username, password] of Object.entries(passwords))
      await ask('2.0/mlflow/users/create', { username, password })
    for (const user of ['ana', 'bob', 'admin'] as const) {
      const credentials =
        user === 'admin' ? admin : ({ kind: 'basic', username: user, password: passwords[user] } as const)
      // It hashes the password at each request, which takes a busy machine a second, one after the other.
      const timeout = 120_000
      stores.set(
        user,
        await openStore(server.url, { workers, timeout, credentials: () => Promise.resolve(credentials) }),
      )
    }
    experimentId = (await as('admin').writer?.createExperiment('shared')) ?? ''
    await grantAna('experiment', experimentId, 'EDIT')
    await as('admin').writer?.createRegisteredModel('guarded')
    for (let at = 0; at < 3; at++) {
      const run = { experimentId, runName: `run ${at}`, startTime: 1_750_000_000_000 + at, tags: new Map() }
      runIds.push((await as('ana').writer?.createRun(run))?.runId ?? '')
    }
    client = await mlflowClient(major, server.url.replace('://', `://ana:${encodeURIComponent(passwords.ana)}@`))
  }, 240_000)
  afterAll(async () => {
    await client[Symbol.asyncDispose]()
    for (const store of stores.values()) await store[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  async function step(user: User, ref: TargetRef, edit: Edit): Promise<Step> {
    return { target: (await readTarget(as(user), ref)) ?? expect.fail('nothing'), edit }
  }
  const wish = ({ target, edit: { act } }: Step): Wish => ({ target, act })
  const grantAna = (on: 'experiment' | 'registered_model', id: string, permission: string): Promise<void> =>
    major === '3'
      ? ask('3.0/mlflow/users/permissions/grant', {
          ...{ username: 'ana', permission, resource_type: on, resource_id: id },
        })
      : ask(`2.0/mlflow/${on === 'experiment' ? 'experiments' : 'registered-models'}/permissions/create`, {
          ...{ username: 'ana', permission },
          ...(on === 'experiment' ? { experiment_id: id } : { name: id }),
        })
  const tag = { act: 'setTag', key: 'seen', value: 'yes' } as const
  const tagsOf = async (runId: string): Promise<Record<string, string>> =>
    (await client.call<{ tags: Record<string, string> }>('seen_run', runId)).tags

  test('each is known by name, and by what he may do', async () => {
    expect(await as('admin').rights?.account()).toMatchObject({ username: 'admin', isAdmin: true })
    expect(await as('ana').rights?.account()).toMatchObject({ username: 'ana', isAdmin: false })
    const on = { kind: 'experiment', experimentId } as const
    const permissions = await Promise.all(
      (['admin', 'ana', 'bob'] as const).map(async (user) => as(user).rights?.permission(on)),
    )
    // MLflow 2 does not tell what its default is.
    expect(permissions).toEqual(['MANAGE', 'EDIT', major === '3' ? 'READ' : undefined])
  })

  test('ana may change what she may not delete, and is told who can help', async () => {
    const [runId = ''] = runIds
    const change = await step('ana', { runId }, tag)
    await requirePermission([wish(change)], as('ana'))
    const writer = as('ana').writer ?? expect.fail('no writer')
    expect(await applyAll([change], { writer, store: as('ana') })).toMatchObject({ failed: [] })
    expect(await tagsOf(runId)).toMatchObject({ seen: 'yes' })

    const deletion = await step('ana', { runId }, { act: 'delete' })
    await expect(requirePermission([wish(deletion)], as('ana'))).rejects.toThrow(
      /^ana has only the permission EDIT on the experiment “shared” at http:.*; this needs MANAGE\. Who may give it: an administrator/,
    )
    const refused = await applyAll([deletion], { writer, store: as('ana') })
    expect(refused.failed[0]?.message).toMatch(/may not do this/)
    expect(await client.call('seen_run', runId)).toMatchObject({ stage: 'active' })
  })

  test('bob may only read; the server refuses him where MLflow 2 did not tell', async () => {
    const [, runId = ''] = runIds
    const change = await step('bob', { runId }, tag)
    const writer = as('bob').writer ?? expect.fail('no writer')
    if (major === '3')
      await expect(requirePermission([wish(change)], as('bob'))).rejects.toThrow(/^bob has only the permission READ/)
    else await requirePermission([wish(change)], as('bob'))
    const refused = await applyAll([change], { writer, store: as('bob') })
    expect(refused).toMatchObject({ done: [], left: [] })
    expect(refused.failed[0]?.message).toMatch(/may not do this.*an administrator of the server/)
    expect(await tagsOf(runId)).not.toHaveProperty('seen')
  })

  test('a model is guarded by its own permission; who made it may do all', async () => {
    const on = { kind: 'model', name: 'guarded' } as const
    if (major === '3')
      await expect(requirePermissionOn(on, 'EDIT', as('ana'))).rejects.toThrow(/READ on the model “guarded”/)
    await as('ana').writer?.createRegisteredModel(`of ana ${major}`)
    await requirePermissionOn({ kind: 'model', name: `of ana ${major}` }, 'MANAGE', as('ana'))
  })

  test('what was given since is known at once', async () => {
    const id = (await as('admin').writer?.createExperiment('given later')) ?? ''
    const on = { kind: 'experiment', experimentId: id } as const
    if (major === '3') await expect(requirePermissionOn(on, 'EDIT', as('ana'))).rejects.toThrow(/READ/)
    await grantAna('experiment', id, 'EDIT')
    await requirePermissionOn(on, 'EDIT', as('ana'))
    await grantAna('registered_model', 'guarded', 'EDIT')
    await requirePermissionOn({ kind: 'model', name: 'guarded' }, 'EDIT', as('ana'))
  })

  test('who may edit a model may tag its versions, and not untag them: MLflow wants MANAGE for that', async () => {
    const [runId = ''] = runIds
    const made = { name: 'versioned', source: `runs:/${runId}/model`, runId }
    await as('admin').writer?.createRegisteredModel(made.name)
    await as('admin').writer?.createModelVersion(made)
    await grantAna('registered_model', made.name, 'EDIT')
    const ref = { name: made.name, version: '1' }
    const writer = as('ana').writer ?? expect.fail('no writer')
    const tagging = await step('ana', ref, tag)
    await requirePermission([wish(tagging)], as('ana'))
    expect(await applyAll([tagging], { writer, store: as('ana') })).toMatchObject({ failed: [] })
    const untagging = await step('ana', ref, { act: 'removeTag', key: tag.key })
    as('ana').rights?.forget()
    await expect(requirePermission([wish(untagging)], as('ana'))).rejects.toThrow(/EDIT on the model.*needs MANAGE/)
    const refused = await applyAll([untagging], { writer, store: as('ana') })
    expect(refused.failed[0]?.message).toMatch(/may not do this/)
  })

  test('two who change the same thing at once: each is told what became of it, and the last one stands', async () => {
    const [, , runId = ''] = runIds
    // There already: of two who add the same key in the same moment, MLflow itself may refuse one.
    await as('ana').writer?.setRunTag(runId, 'same', 'before')
    const both = await Promise.all(
      (['ana', 'admin'] as const).flatMap((user) =>
        Array.from({ length: 6 }, async (_, at) => {
          const edit = { act: 'setTag', key: at % 2 ? 'same' : `of ${user} ${at}`, value: `${user} ${at}` } as const
          const target = (await readTarget(as(user), { runId })) ?? expect.fail('nothing')
          return applyAll([{ target, edit }], { writer: as(user).writer ?? expect.fail('no writer'), store: as(user) })
        }),
      ),
    )
    expect(both.flatMap(({ failed, left }) => [...failed, ...left])).toEqual([])
    const tags = await tagsOf(runId)
    expect(tags.same).toMatch(/^(ana|admin) [135]$/)
    for (const user of ['ana', 'admin'])
      for (const at of [0, 2, 4]) expect(tags[`of ${user} ${at}`]).toBe(`${user} ${at}`)
    expect((await as('bob').getRun(runId)).tags.get('same')).toBe(tags.same)
  })
})

test('a server that asks nobody tells nothing, and everything is tried', async () => {
  await using server = await startServer({ version: '3' })
  await using store = await openStore(server.url, { workers })
  expect(await store.rights?.account()).toBeUndefined()
  expect(await store.rights?.permission({ kind: 'model', name: 'any' })).toBeUndefined()
  await requirePermissionOn({ kind: 'model', name: 'any' }, 'MANAGE', store)
})
