/** Every edit, by REST and through the server of a local store, confirmed by MLflow's own client; and what becomes of it when it fails. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { applyAll, type Outcome } from '../../src/extension/editing/applyAll'
import { inverseOf, type Edit, type Step, type Target } from '../../src/extension/editing/edits'
import { readTarget, type TargetRef } from '../../src/extension/editing/targets'
import { registered } from '../../src/extension/editing/making'
import { wrongEdit } from '../../src/extension/editing/wrongEdit'
import { failureOf, startLocalServer, type LocalServer, type LocalStore } from '../../src/extension/python/localServer'
import { explained } from '../../src/extension/writing/explained'
import { openStore, type TrackingStore, type TrackingWriter } from '../../src/extension/stores'
import { mlflowClient, type MlflowClient } from './mlflowClient'
import type { MlflowMajor } from './servers'
import { workers } from './workers'

const scripts = path.resolve('src/python')
const log = (): void => undefined

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-editing-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

async function serve(version: MlflowMajor, store: LocalStore, signal?: AbortSignal): Promise<LocalServer> {
  const executable = await ensurePython(`mlflow-${version}`)
  return startLocalServer({ executable, mlflow: version }, store, { scripts, env: process.env, log, signal })
}

/** Ids of processes whose command line names `text`. */
function processesOf(text: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) && line.includes('server'))
}

const places = [
  ['3', 'sqlite'],
  ['3', 'files'],
  ['2', 'sqlite'],
  ['2', 'files'],
] as const

describe.each(places)('through the server of MLflow %s on a local store (%s)', (version, kind) => {
  let place = ''
  let client: MlflowClient
  /** What views read; the edits go through the server. */
  let store: TrackingStore
  let server: LocalServer
  let api: TrackingStore
  let experiment = ''

  beforeAll(async () => {
    place = path.join(folder, `${kind} of ${version}${kind === 'sqlite' ? '.db' : ''}`)
    client = await mlflowClient(version, kind === 'sqlite' ? `sqlite:///${place}` : pathToFileURL(place).href)
    experiment = await client.call('experiment', 'edited')
    store = await openStore(place, { workers })
    server = await serve(version, { kind, path: place })
    api = await openStore(server.url, { workers })
  })
  afterAll(async () => {
    await api[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await client[Symbol.asyncDispose]()
    await server.stop()
    expect(processesOf(place)).toEqual([])
  })

  const writer = (): TrackingWriter => api.writer ?? expect.fail('no writer')

  async function target(ref: TargetRef): Promise<Target> {
    return (await readTarget(store, ref)) ?? expect.fail(`nothing: ${JSON.stringify(ref)}`)
  }

  /** Makes an edit, looks at it, takes it back, looks again. */
  async function thereAndBack<T>(ref: TargetRef, edit: Edit, look: () => Promise<T>, expected: object): Promise<void> {
    const before = await target(ref)
    const seen = await look()
    expect(wrongEdit(before, edit)).toBeUndefined()
    const made = await applyAll([{ target: before, edit }], { writer: writer(), store })
    expect(made).toMatchObject({ failed: [], left: [] })
    expect(await look()).toMatchObject(expected)
    const inverse = inverseOf(before, edit)
    if (!inverse) return
    expect(await applyAll([inverse], { writer: writer(), store })).toMatchObject({ failed: [], left: [] })
    expect(await look()).toEqual(seen)
  }

  test('runs: name, description, tags, delete and restore', async () => {
    const runId = await client.call<string>('create', experiment, 'a run', { loss: 1 }, { team: 'red' })
    await client.call('finish', runId)
    const look = (): Promise<object> => client.call('seen_run', runId)
    const ref = { runId }
    await thereAndBack(ref, { act: 'rename', name: 'renamed 🚀' }, look, {
      name: 'renamed 🚀',
      tags: { 'mlflow.runName': 'renamed 🚀' },
    })
    await thereAndBack(ref, { act: 'setTag', key: 'team', value: 'blue' }, look, { tags: { team: 'blue' } })
    await thereAndBack(ref, { act: 'setTag', key: 'new/key', value: '' }, look, { tags: { 'new/key': '' } })
    await thereAndBack(ref, { act: 'removeTag', key: 'team' }, look, { name: 'a run' })
    await thereAndBack(ref, { act: 'delete' }, look, { stage: 'deleted', status: 'FINISHED' })
    const note = { act: 'describe', description: '**good**\nline' } as const
    await applyAll([{ target: await target(ref), edit: note }], { writer: writer(), store })
    expect(await look()).toMatchObject({ tags: { 'mlflow.note.content': '**good**\nline' } })
  })

  test('experiments: create, name, tags, delete and restore; artifacts go where a client without a server puts them', async () => {
    const id = await writer().createExperiment('made here')
    const look = (): Promise<{ location: string }> => client.call('seen_experiment', id)
    expect((await look()).location).toMatch(kind === 'files' ? new RegExp(`/${id}$`) : new RegExp(`/mlruns/${id}$`))
    const ref = { experimentId: id }
    await thereAndBack(ref, { act: 'rename', name: 'renamed' }, look, { name: 'renamed' })
    await thereAndBack(ref, { act: 'delete' }, look, { stage: 'deleted' })
    await writer().setExperimentTag(id, 'team', 'red')
    await thereAndBack(ref, { act: 'setTag', key: 'team', value: 'blue' }, look, { tags: { team: 'blue' } })
    if (version === '3') await thereAndBack(ref, { act: 'removeTag', key: 'team' }, look, { name: 'made here' })
    else await expect(writer().deleteExperimentTag(id, 'team')).rejects.toMatchObject({ reason: 'unsupported' })
    await expect(writer().createExperiment('made here')).rejects.toThrow(/exist|UNIQUE/i)
  })

  test('models and versions: register, name, description, tags, stage, alias, delete', async () => {
    const runId = await client.call<string>('create', experiment, 'with a model')
    await client.call('artifact', runId, 'model/MLmodel', 'flavors: {}\n')
    await writer().createRegisteredModel('priced')
    const made = await writer().createModelVersion({ name: 'priced', source: `runs:/${runId}/model`, runId })
    expect(made).toMatchObject({ name: 'priced', version: '1', runId })
    await writer().createModelVersion({ name: 'priced', source: `runs:/${runId}/model`, runId })
    const look = (): Promise<object> => client.call('seen_model', 'priced')
    await thereAndBack({ name: 'priced' }, { act: 'describe', description: 'all prices' }, look, {
      description: 'all prices',
    })
    await thereAndBack({ name: 'priced' }, { act: 'setTag', key: 'team', value: 'red' }, look, {
      tags: { team: 'red' },
    })
    const version1 = { name: 'priced', version: '1' }
    await thereAndBack(version1, { act: 'describe', description: 'first' }, look, {
      versions: { 1: { description: 'first' } },
    })
    await thereAndBack(version1, { act: 'setTag', key: 'ok', value: 'yes' }, look, {
      versions: { 1: { tags: { ok: 'yes' } } },
    })
    await writer().setAlias('priced', 'champion', '1')
    await writer().transitionStage('priced', '1', 'Production', false)
    expect(await look()).toMatchObject({ aliases: { champion: '1' }, versions: { 1: { stage: 'Production' } } })
    await writer().deleteAlias('priced', 'champion')
    await thereAndBack({ name: 'priced', version: '2' }, { act: 'delete' }, look, { aliases: {} })
    const before = await target({ name: 'priced' })
    const rename = { act: 'rename', name: 'renamed model' } as const
    expect(await applyAll([{ target: before, edit: rename }], { writer: writer(), store })).toMatchObject({
      failed: [],
    })
    expect(Object.keys((await client.call<{ versions: object }>('seen_model', 'renamed model')).versions)).toEqual([
      '1',
    ])
    const gone: Step = { target: await target({ name: 'renamed model' }), edit: { act: 'delete' } }
    expect(inverseOf(gone.target, gone.edit)).toBeUndefined()
    expect(await applyAll([gone], { writer: writer(), store })).toMatchObject({ failed: [] })
    await expect(client.call('seen_model', 'renamed model')).rejects.toThrow(/not found|does not exist/i)
  })

  test('a model is renamed only where nothing is lost by it, and to a name that is free', async () => {
    const [name, taken] = [`renamed ${version}`, `taken ${version}`]
    const runId = await client.call<string>('create', experiment, 'for a rename')
    for (const each of [name, taken]) {
      await writer().createRegisteredModel(each)
      await writer().createModelVersion({ name: each, source: `runs:/${runId}/model`, runId })
    }
    const rename = async (to: string, options = {}): Promise<Outcome> =>
      applyAll([{ target: await target({ name }), edit: { act: 'rename', name: to } }], {
        ...{ writer: writer(), store, ...options },
      })
    const both = await Promise.all([name, taken].map((each) => client.call('seen_model', each)))
    const refused = await rename(taken)
    expect(refused).toMatchObject({
      done: [],
      failed: [{ why: 'failed', message: expect.stringMatching(/already/) as string }],
    })
    expect(await Promise.all([name, taken].map((each) => client.call('seen_model', each)))).toEqual(both)
    // Also where only the server sees it.
    const searchRegisteredModels: TrackingStore['searchRegisteredModels'] = (query, signal) =>
      query?.filter?.includes(taken) === true && asked++ === 0
        ? Readable.from([])
        : store.searchRegisteredModels(query, signal)
    let asked = 0
    expect(await rename(taken, { store: { ...store, searchRegisteredModels } })).toMatchObject({ done: [] })
    expect(await Promise.all([name, taken].map((each) => client.call('seen_model', each)))).toEqual(both)

    const hazards: [set: () => Promise<unknown>, unset: () => Promise<unknown>][] = [
      [
        () => writer().setRegisteredModelTag(name, 'team', 'red'),
        () => writer().deleteRegisteredModelTag(name, 'team'),
      ],
      [() => writer().setAlias(name, 'champion', '1'), () => writer().deleteAlias(name, 'champion')],
      [
        () => writer().setModelVersionTag(name, '1', 'checked', 'yes'),
        () => writer().deleteModelVersionTag(name, '1', 'checked'),
      ],
    ]
    for (const [set, unset] of hazards) {
      await set()
      const before = await client.call<object>('seen_model', name)
      const { done, failed } = await rename('another')
      if (kind === 'files') {
        expect(failed).toMatchObject([
          { message: expect.stringMatching(/without losing its tags and aliases/) as string },
        ])
        expect(await client.call('seen_model', name)).toEqual(before)
      } else {
        expect(failed).toEqual([])
        expect(await client.call('seen_model', 'another')).toEqual(before)
        const back = done.flatMap((step) => inverseOf(step.target, step.edit) ?? [])
        expect(await applyAll(back, { writer: writer(), store, onlyUnchanged: true })).toMatchObject({ failed: [] })
        expect(await client.call('seen_model', name)).toEqual(before)
      }
      await unset()
    }
  })

  test('a server that keeps models in a folder, which it does not tell, loses none of their tags either', async () => {
    const name = `served ${version}`
    const runId = await client.call<string>('create', experiment, 'for a served model')
    await writer().createRegisteredModel(name)
    await writer().createModelVersion({ name, source: `runs:/${runId}/model`, runId })
    await writer().setRegisteredModelTag(name, 'team', 'red')
    await writer().setAlias(name, 'champion', '1')
    const before = await client.call<object>('seen_model', name)
    const rename = async (from: string, to: string): Promise<Outcome> =>
      applyAll([{ target: await target({ name: from }), edit: { act: 'rename', name: to } }], {
        ...{ writer: writer(), store: api },
      })
    expect(await rename(name, 'served again')).toMatchObject({ failed: [] })
    expect(await client.call('seen_model', 'served again')).toEqual(before)
    await writer().setModelVersionTag('served again', '1', 'checked', 'yes')
    const { failed } = await rename('served again', name)
    if (kind === 'sqlite') expect(failed).toEqual([])
    else {
      expect(failed).toMatchObject([
        { message: expect.stringMatching(/broke off half-way: a part of it is now the model “served \d”/) as string },
      ])
      expect(await client.call('seen_model', 'served again')).toMatchObject({
        versions: { 1: { tags: { checked: 'yes' } } },
      })
    }
  })

  test('taking back leaves alone what somebody else has changed since', async () => {
    const runId = await client.call<string>('create', experiment, 'shared')
    const edit = { act: 'setTag', key: 'owner', value: 'me' } as const
    const { done } = await applyAll([{ target: await target({ runId }), edit }], { writer: writer(), store })
    const undo = done.flatMap((step) => inverseOf(step.target, step.edit) ?? [])
    await client.call('tag', runId, 'owner', 'somebody else')
    const options = { writer: writer(), store, onlyUnchanged: true }
    const kept = await applyAll(undo, options)
    expect(kept).toMatchObject({
      done: [],
      failed: [{ why: 'changed', message: expect.stringMatching(/run shared has been changed since/) as string }],
    })
    expect((await target({ runId })).tags.get('owner')).toBe('somebody else')
    await client.call('tag', runId, 'owner', 'me')
    expect(await applyAll(undo, options)).toMatchObject({ failed: [] })
    expect((await target({ runId })).tags.has('owner')).toBe(false)
    // A note that the run had not.
    const note = { act: 'describe', description: 'mine' } as const
    const noted = await applyAll([{ target: await target({ runId }), edit: note }], { writer: writer(), store })
    const back = noted.done.flatMap((step) => inverseOf(step.target, step.edit) ?? [])
    expect(await applyAll(back, options)).toMatchObject({ failed: [] })
  })

  test('an experiment comes back as it was: runs that were deleted before it stay so', async () => {
    const experimentId = await client.call<string>('experiment', 'to and fro')
    const [gone, kept] = await client.call<string[]>('create_many', experimentId, 'of it', 2)
    await client.call('delete', gone)
    const stages = (): Promise<string[]> =>
      Promise.all([gone, kept].map(async (id) => (await client.call<{ stage: string }>('seen_run', id)).stage))
    const steps: Step[] = [{ target: await target({ experimentId }), edit: { act: 'delete' } }]
    const { done } = await applyAll(steps, { writer: writer(), store })
    const lots = [
      done.flatMap((step) => inverseOf(step.target, step.edit) ?? []),
      done.flatMap((step) => step.repairs ?? []),
    ]
    for (const lot of lots)
      expect(await applyAll(lot, { writer: writer(), store, onlyUnchanged: true })).toMatchObject({ failed: [] })
    expect(await client.call('seen_experiment', experimentId)).toMatchObject({ stage: 'active' })
    expect(await stages()).toEqual(['deleted', 'active'])

    const creation: Step = { target: await target({ experimentId }), edit: { act: 'delete', ifEmpty: true } }
    expect(await applyAll([creation], { writer: writer(), store })).toMatchObject({
      failed: [{ message: expect.stringMatching(/has runs/) as string }],
    })
    const empty = await client.call<string>('experiment', 'empty')
    const emptied: Step = { target: await target({ experimentId: empty }), edit: { act: 'delete', ifEmpty: true } }
    expect(await applyAll([emptied], { writer: writer(), store })).toMatchObject({ failed: [] })
  })

  test('stages and aliases, and back', async () => {
    const runId = await client.call<string>('create', experiment, 'for stages')
    const name = `staged ${version}`
    await writer().createRegisteredModel(name)
    for (const _ of [1, 2]) await writer().createModelVersion({ name, source: `runs:/${runId}/model`, runId })
    await writer().transitionStage(name, '1', 'Production', false)
    await writer().setAlias(name, 'champion', '1')
    const look = (): Promise<object> => client.call('seen_model', name)
    const before = await look()
    const steps: Step[] = [
      { target: await target({ name, version: '2' }), edit: { act: 'stage', stage: 'Production', archive: true } },
      { target: await target({ name }), edit: { act: 'alias', alias: 'champion', version: '2' } },
      { target: await target({ name }), edit: { act: 'alias', alias: 'new', version: '1' } },
    ]
    const { done, failed } = await applyAll(steps, { writer: writer(), store })
    expect(failed).toEqual([])
    expect(await look()).toMatchObject({
      aliases: { champion: '2', new: '1' },
      versions: { 1: { stage: 'Archived' }, 2: { stage: 'Production' } },
    })
    for (const lot of [
      done.flatMap((step) => inverseOf(step.target, step.edit) ?? []),
      done.flatMap((step) => step.repairs ?? []),
    ])
      expect(await applyAll(lot, { writer: writer(), store, onlyUnchanged: true })).toMatchObject({ failed: [] })
    expect(await look()).toEqual(before)
  })

  test('a version that is refused leaves no empty model behind', async () => {
    const asked = { name: `refused ${version}`, source: '/etc' }
    await writer().createRegisteredModel(asked.name)
    await expect(registered(writer(), store, asked, true)).rejects.toThrow(/source/i)
    expect(await readTarget(store, { name: asked.name })).toBeUndefined()
  })

  test('what is too long is refused by whoever knows', async () => {
    const runId = await client.call<string>('create', experiment, 'with long texts')
    const value = '🚀'.repeat(8000)
    await thereAndBack({ runId }, { act: 'setTag', key: 'long', value }, () => client.call('seen_run', runId), {
      tags: { long: value },
    })
    const set = { act: 'setTag', key: 'long', value: `${value}!` } as const
    expect(wrongEdit(await target({ runId }), set)).toMatch(/8001 characters; MLflow keeps only 8000/)
    const steps: Step[] = [
      { target: await target({ experimentId: experiment }), edit: { ...set, value: 'x'.repeat(6000) } },
    ]
    const { done, failed } = await applyAll(steps, { writer: writer(), store })
    // MLflow 2 has no limit in folders.
    if (version === '3' || kind === 'files') expect([done.length, failed]).toEqual([1, []])
    else expect(failed).toMatchObject([{ message: expect.stringMatching(/5000 characters/) as string }])
    await expect(writer().logParams(runId, new Map([['long', 'x'.repeat(6001)]]))).rejects.toThrow(
      /long.*6001 characters; MLflow keeps only 6000/,
    )
  })

  test('many runs at once, cancelled half way: each is told as what it is', { timeout: 300_000 }, async () => {
    const count = version === '3' && kind === 'sqlite' ? 500 : 40
    const ids = await client.call<string[]>('create_many', experiment, 'bulk', count)
    const targets = await Promise.all(ids.map((runId) => target({ runId })))
    const steps = targets.map((each): Step => ({ target: each, edit: { act: 'setTag', key: 'bulk', value: 'x' } }))
    const abort = new AbortController()
    const told = (over: number): void => {
      if (over === count / 2) abort.abort(new Error('changed my mind'))
    }
    const { done, failed, left } = await applyAll(steps, { writer: writer(), store, signal: abort.signal, told })
    expect(done.length + failed.length + left.length).toBe(count)
    expect(left.length).toBeGreaterThan(count / 2 - 5)
    const tagged: string[] = []
    for (const runId of ids) if ((await target({ runId })).tags.has('bulk')) tagged.push(runId)
    const idsOf = (some: readonly Step[]): string[] => some.map(({ target: of }) => (of.kind === 'run' ? of.runId : ''))
    expect(tagged.sort()).toEqual(idsOf(done).sort())
    const rest = await applyAll([...failed, ...left], { writer: writer(), store })
    expect(rest.done.length).toBe(count - done.length)
  })

  test('a server that is killed in the middle: the truth is read from the store', async () => {
    const ids = await client.call<string[]>('create_many', experiment, 'killed', 30)
    const targets = await Promise.all(ids.map((runId) => target({ runId })))
    const doomed = await serve(version, { kind, path: place })
    const through = await openStore(doomed.url, { workers, timeout: 5_000 })
    try {
      const steps = targets.map((each): Step => ({ target: each, edit: { act: 'setTag', key: 'killed', value: 'x' } }))
      const api = through.writer ?? expect.fail('no writer')
      let edits = 0
      const setRunTag: TrackingWriter['setRunTag'] = async (...given) => {
        if (++edits === 9) await doomed.stop()
        return api.setRunTag(...given)
      }
      const { done, failed, left } = await applyAll(steps, { writer: { ...api, setRunTag }, store })
      expect(done.length).toBeGreaterThan(4)
      expect(failed.length).toBeGreaterThan(0)
      const now = await Promise.all(ids.map((runId) => target({ runId })))
      expect(now.filter(({ tags }) => tags.has('killed')).length).toBe(done.length)
      expect(done.length + failed.length + left.length).toBe(30)
    } finally {
      await through[Symbol.asyncDispose]()
    }
  })
})

describe('the server of a local store', () => {
  const running: LocalServer[] = []
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop()
  })

  test('listens on loopback only, and ends with all that it started', async () => {
    const place = path.join(folder, 'loopback.db')
    const server = await serve('3', { kind: 'sqlite', path: place })
    running.push(server)
    const { port, hostname } = new URL(server.url)
    expect(hostname).toBe('127.0.0.1')
    const others = Object.values(os.networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal }) => !internal)
    for (const { address, family } of others)
      await expect(fetch(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}/health`)).rejects.toThrow()
    expect(processesOf(place).length).toBeGreaterThan(0)
    await server.stop()
    expect(processesOf(place)).toEqual([])
  })

  test('that is killed while it is used is told as what it is, without its address', async () => {
    const place = path.join(folder, 'killed.db')
    const server = await serve('3', { kind: 'sqlite', path: place })
    running.push(server)
    await using store = await openStore(server.url, { workers })
    const writer = explained(store.writer ?? expect.fail('no writer'), (error) => failureOf(server, 'killed.db', error))
    await writer.createExperiment('before')
    const [one = ''] = processesOf(place)
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(Number.parseInt(one.trim()))], { encoding: 'utf8' })
    process.kill(-Number.parseInt(group.trim()), 'SIGKILL')
    const failure = await writer.createExperiment('after').catch((error: unknown) => String(error))
    expect(failure).toMatch(/MLflow ended \(SIGKILL\) while it changed killed\.db\./)
    expect(failure).not.toContain('127.0.0.1')
  })

  test('a start that is cancelled leaves nothing running', async () => {
    const place = path.join(folder, 'cancelled.db')
    const abort = new AbortController()
    const reason = new Error('changed my mind')
    const starting = serve('3', { kind: 'sqlite', path: place }, abort.signal)
    abort.abort(reason)
    await expect(starting).rejects.toBe(reason)
    expect(processesOf(place)).toEqual([])
  })

  test('a Python that is not there, and one without mlflow, are told', async () => {
    const place = { kind: 'sqlite', path: path.join(folder, 'none.db') } as const
    const start = (executable: string) =>
      startLocalServer({ executable, mlflow: '3' }, place, { scripts, env: process.env, log })
    await expect(start('/nowhere/python')).rejects.toThrow(/\/nowhere\/python can’t be started/)
    await expect(start('python3')).rejects.toThrow(/no mlflow|mlflow/)
  })

  test('an MLflow that does not know the schema is told, with what to do', async () => {
    const place = path.join(folder, 'newer.db')
    await using client = await mlflowClient('3', `sqlite:///${place}`)
    await client.call('experiment', 'made by 3')
    await expect(serve('2', { kind: 'sqlite', path: place })).rejects.toThrow(/newer MLflow made it|Upgrade|upgrade/)
  })
})
