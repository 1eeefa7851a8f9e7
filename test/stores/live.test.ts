/** Lists of runs stay as the store has them while real MLflow clients change it. */
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LiveRuns, RunFeed } from '../../src/extension/live'
import { openStore, StoreError, type TrackingStore } from '../../src/extension/stores'
import type { Run } from '../../src/shared/model'
import { mlflowClient, type MlflowClient } from './mlflowClient'
import { startServer, type MlflowMajor, type MlflowServer } from './servers'
import { workers } from './workers'

type Kind = 'database' | 'server' | 'folder'

const places: readonly [string, MlflowMajor, Kind][] = [
  ['a database of MLflow 3', '3', 'database'],
  ['a database of MLflow 2', '2', 'database'],
  ['a server of MLflow 3', '3', 'server'],
  ['a server of MLflow 2', '2', 'server'],
  ['a folder', '3', 'folder'],
]

const shown = (list: LiveRuns): Run[] => Array.from(list.rows, (row) => list.frame.run(row))
const names = (list: LiveRuns): string[] => shown(list).map(({ info }) => info.runName)

async function truth(store: TrackingStore, experimentIds: string[], filter = ''): Promise<Run[]> {
  const runs: Run[] = []
  for await (const page of store.searchRuns({ experimentIds, filter }))
    for (let row = 0; row < page.length; row++) runs.push(page.run(row))
  return runs
}

describe.each(places)('%s', (_, version, kind) => {
  let folder: string
  let server: MlflowServer | undefined
  let client: MlflowClient
  let store: TrackingStore

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-live-'))
    if (kind === 'server') server = await startServer({ version, database: path.join(folder, 'mlflow.db') })
    const local = kind === 'folder' ? path.join(folder, 'mlruns') : `sqlite:///${path.join(folder, 'mlflow.db')}`
    client = await mlflowClient(version, server?.url ?? local)
    await client.call('experiment', 'first') // makes the store
    store = await openStore(server?.url ?? (kind === 'folder' ? local : path.join(folder, 'mlflow.db')), { workers })
  }, 240_000)
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await client[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }, 60_000)

  async function experiment(name: string): Promise<{ id: string; feed: RunFeed; list: LiveRuns }> {
    const id = await client.call<string>('experiment', name)
    const feed = new RunFeed(store, [id])
    return { id, feed, list: new LiveRuns(feed, { limit: Infinity }) }
  }

  test('new, running, ended, renamed, deleted and restored runs show up by asking what has changed', async () => {
    const { id, feed, list } = await experiment('changes')
    using _feed = feed
    const filtered = new LiveRuns(feed, { filter: 'metrics.loss < 0.5', orderBy: ['metrics.loss ASC'], limit: 10 })
    const one = await client.call<string>('create', id, 'one', { loss: 0.9 })
    await list.load()
    await filtered.load()
    const isAsInStore = async (): Promise<void> => {
      await list.refresh({ thorough: false })
      expect(shown(list)).toEqual(await truth(store, [id]))
      expect(new Set(names(filtered))).toEqual(
        new Set((await truth(store, [id], 'metrics.loss < 0.5')).map(({ info }) => info.runName)),
      )
    }
    const two = await client.call<string>('create', id, 'two', { loss: 0.3 })
    await isAsInStore()
    expect(names(list)).toEqual(['two', 'one'])
    expect(names(filtered)).toEqual(['two'])
    await client.call('log', one, 'loss', 0.1, 1)
    await isAsInStore()
    expect(names(filtered)).toEqual(['one', 'two'])
    await client.call('param', two, 'lr', '0.1')
    await isAsInStore()
    await client.call('rename', one, 'first')
    await isAsInStore()
    expect(names(list)).toEqual(['two', 'first'])
    await client.call('finish', one)
    await isAsInStore()
    expect(shown(list)[1]?.info.status).toBe('FINISHED')
    await client.call('delete', two)
    await isAsInStore()
    expect(names(list)).toEqual(['first'])
    await client.call('restore', two)
    await isAsInStore()
    expect(names(list)).toEqual(['two', 'first'])
    await client.call('finish', two, 'FAILED')
    await client.call('create', id, 'three')
    await isAsInStore()
    expect(names(list)).toEqual(['three', 'two', 'first'])
  })

  test('what asking does not tell, a thorough look does: other tags, edits of ended runs', async () => {
    const { id, feed, list } = await experiment('edits')
    using _feed = feed
    const run = await client.call<string>('create', id, 'run', {}, { team: 'red', old: 'yes' })
    await client.call('finish', run)
    const gone = await client.call<string>('create', id, 'other')
    await client.call('finish', gone)
    await list.load()
    await client.call('tag', run, 'team', 'blue')
    await client.call('untag', run, 'old')
    await client.call('rename', run, 'renamed')
    await client.call('delete', gone)
    await list.refresh({ thorough: true })
    expect(shown(list)).toEqual(await truth(store, [id]))
    expect(names(list)).toEqual(['renamed'])
    expect([...(shown(list)[0]?.tags ?? [])]).toContainEqual(['team', 'blue'])
  })

  test('runs that come while pages are read are there once, and none is lost', async () => {
    const { id, feed, list } = await experiment('arriving')
    using _feed = feed
    await client.call('create_many', id, 'before', 130)
    const writing = client.call('create_many', id, 'during', 30)
    await list.load()
    for (let look = 0; look < 3; look++) await list.refresh({ thorough: look === 1 })
    await writing
    await list.refresh({ thorough: false })
    const ids = shown(list).map(({ info }) => info.runId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(shown(list)).toEqual(await truth(store, [id]))
    expect(ids).toHaveLength(160)
  })

  test.skipIf(kind === 'server')(
    'runs that are deleted for good are gone, and so is what was logged last',
    async () => {
      const { id, feed, list } = await experiment('garbage')
      using _feed = feed
      const runs = await client.call<string[]>('create_many', id, 'run', 5)
      await list.load()
      for (const run of runs.slice(3)) await client.call('delete', run)
      for (const run of runs.slice(3)) await client.call('gc', run)
      const newer = await client.call<string>('create', id, 'newer', { loss: 7 }) // where the rows of those were
      await client.call('log', runs[0] ?? '', 'loss', -1, 5)
      await list.refresh({ thorough: false })
      expect(shown(list)).toEqual(await truth(store, [id]))
      expect(names(list)).toEqual(['newer', 'run 2', 'run 1', 'run 0'])
      await client.call('delete', newer)
      await client.call('gc', newer)
      await list.refresh({ thorough: false })
      expect(names(list)).toEqual(['run 2', 'run 1', 'run 0'])
    },
  )

  test.skipIf(kind !== 'database')(
    'a database that is replaced is read anew; one that is gone is an error, and its rows stay',
    async () => {
      const { id, feed, list } = await experiment('replaced')
      using _feed = feed
      const database = path.join(folder, 'mlflow.db')
      const run = await client.call<string>('create', id, 'run', {}, { team: 'red' })
      const copy = path.join(folder, 'copy.db')
      await copyFile(database, copy)
      await client.call('tag', run, 'team', 'blue')
      await list.load()
      await rename(copy, database)
      await list.refresh({ thorough: false })
      expect(shown(list)[0]?.tags.get('team')).toBe('red')
      await rename(database, copy)
      await expect(list.refresh()).rejects.toSatisfy((error) => StoreError.is(error, 'notFound'))
      expect(names(list)).toEqual(['run'])
      await rename(copy, database)
      await list.refresh()
      expect(shown(list)).toEqual(await truth(store, [id]))
    },
  )
})

describe.each<[string, Kind]>([
  ['a database', 'database'],
  ['a folder', 'folder'],
])('ten processes write to %s', (_, kind) => {
  test('and every look is whole; in the end nothing is missing', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-live-'))
    const local = path.join(folder, kind === 'folder' ? 'mlruns' : 'mlflow.db')
    const uri = kind === 'folder' ? local : `sqlite:///${local}`
    const first = await mlflowClient('3', uri)
    const id = await first.call<string>('experiment', 'busy')
    const writers = [first, ...(await Promise.all(Array.from({ length: 9 }, () => mlflowClient('3', uri))))]
    const store = await openStore(local, { workers })
    try {
      using feed = new RunFeed(store, [id])
      const list = new LiveRuns(feed, { limit: Infinity })
      await list.load()
      const isBusy = { yes: true }
      const writing = Promise.all(writers.map((writer, at) => writer.call('busy', id, `w${at}`, 8))).finally(
        () => (isBusy.yes = false),
      )
      for (let look = 0; isBusy.yes; look++) {
        await list.refresh({ thorough: look % 4 === 3 })
        const runs = shown(list)
        expect(new Set(runs.map(({ info }) => info.runId)).size).toBe(runs.length)
        for (const run of runs) {
          expect(run.info.runName).toMatch(/^w\d-\d$/)
          expect(run.info.status === 'FINISHED').toBe(run.info.endTime !== null)
          if (kind === 'database') expect(run.tags.get('writer')).toBe(run.info.runName.split('-')[0]) // made together
        }
      }
      await writing
      await list.refresh({ thorough: false })
      expect(shown(list)).toEqual(await truth(store, [id]))
      expect(list.rows).toHaveLength(10 * 7) // of eight each, the fifth was deleted
    } finally {
      await Promise.all(writers.map((writer) => writer[Symbol.asyncDispose]()))
      await store[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }, 300_000)
})
