/** Every edit, by REST and through the server of a local store, confirmed by MLflow's own client; and what becomes of it when it fails. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ensurePython } from '../../scripts/lib/toolchain.mjs'
import { applyAll, type Step } from '../../src/extension/editing/applyAll'
import { inverseOf, wrongEdit, type Edit, type Target } from '../../src/extension/editing/edits'
import { readTarget, type TargetRef } from '../../src/extension/editing/targets'
import { explained } from '../../src/extension/writing/explained'
import { failureOf, startLocalServer, type LocalServer, type LocalStore } from '../../src/extension/python/localServer'
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
