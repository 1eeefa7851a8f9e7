/** A metric's history that grows: what is known already is continued, and read whole where it can't be. */
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore, type TrackingStore } from '../../src/extension/stores'
import type { MetricSeries } from '../../src/shared/model'
import { mlflowClient, type MlflowClient } from './mlflowClient'
import { startServer, type MlflowMajor, type MlflowServer } from './servers'
import { workers } from './workers'

const start = 1_750_000_000_000

/** Reads what is new, and the whole by a store that knows nothing: both must be the same. */
async function continued(store: TrackingStore, runId: string, known?: MetricSeries): Promise<MetricSeries> {
  const series = await store.getMetricHistory(runId, 'loss', undefined, known)
  const { steps, values, timestamps } = await store.getMetricHistory(runId, 'loss')
  expect(series).toMatchObject({ runId, key: 'loss', steps, values, timestamps })
  return series
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-tails-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

describe('in a database', () => {
  const file = (): string => path.join(folder, 'mlflow.db')
  let client: MlflowClient
  let store: TrackingStore
  let run = ''
  let other = ''

  beforeAll(async () => {
    client = await mlflowClient('3', `sqlite:///${file()}`)
    const experiment = await client.call<string>('experiment', 'tails')
    run = await client.call('create', experiment, 'run')
    other = await client.call('create', experiment, 'other')
    store = await openStore(file(), { workers })
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await client[Symbol.asyncDispose]()
  })

  const write = (sql: string): void => {
    using database = new DatabaseSync(file())
    database.exec(sql)
  }

  test('points are added, also of lower steps, and by others in between', async () => {
    expect((await store.getMetricHistory(run, 'loss')).mark).toBeUndefined()
    await client.call('log_many', run, 'loss', 0, 500, start)
    let series = await continued(store, run)
    expect(series.steps.length).toBe(500)
    expect(await store.getMetricHistory(run, 'loss', undefined, series)).toEqual(series)
    await client.call('log_many', other, 'loss', 0, 2000, start)
    await client.call('log_many', run, 'loss', 500, 20, start)
    await client.call('log', run, 'loss', -1, 3, start - 5)
    series = await continued(store, run, series)
    expect(series.steps.length).toBe(521)
    expect([...series.steps]).toEqual([...series.steps].sort((a, b) => a - b))
  })

  test('after VACUUM, and when rows were removed, it is read whole', async () => {
    const series = await continued(store, run)
    write(`DELETE FROM metrics WHERE run_uuid = '${run}' AND step BETWEEN 10 AND 20`)
    const fewer = await continued(store, run, series)
    expect(fewer.steps.length).toBe(series.steps.length - 11)
    write(`DELETE FROM metrics WHERE run_uuid = '${other}'; VACUUM`)
    expect((await continued(store, run, fewer)).steps.length).toBe(fewer.steps.length)
  })

  test('of another file in its place nothing is continued', async () => {
    const series = await continued(store, run)
    const copy = path.join(folder, 'copy.db')
    await copyFile(file(), copy)
    {
      using database = new DatabaseSync(copy)
      database.exec(`UPDATE metrics SET value = value + 1 WHERE run_uuid = '${run}'`)
      database.exec(`DELETE FROM metrics WHERE run_uuid = '${run}' AND step = 7`)
    }
    await rename(copy, file())
    const replaced = await continued(store, run, series)
    expect(replaced.steps.length).toBe(series.steps.length - 1)
    expect(replaced.values[0]).toBeCloseTo((series.values[0] ?? NaN) + 1)
  })
})

describe.each<MlflowMajor>(['3', '2'])('on a server of MLflow %s', (version) => {
  let server: MlflowServer
  let client: MlflowClient
  let store: TrackingStore
  let experiment = ''

  beforeAll(async () => {
    server = await startServer({ version })
    client = await mlflowClient(version, server.url)
    experiment = await client.call('experiment', 'tails')
    store = await openStore(server.url, { workers })
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await client[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('points are added; those logged late, with an older time, are there too', async () => {
    const run = await client.call<string>('create', experiment, 'run')
    await client.call('log_many', run, 'loss', 0, 300, start)
    let series = await continued(store, run)
    expect(series.mark === undefined).toBe(version === '2') // which has no pages, and so nowhere to go on
    await client.call('log_many', run, 'loss', 300, 7, start)
    series = await continued(store, run, series)
    expect(series.steps.length).toBe(307)
    await client.call('log', run, 'loss', 99, 3, start - 1000)
    series = await continued(store, run, series)
    expect(series.steps.length).toBe(308)
    expect(await store.getMetricHistory(run, 'loss', undefined, series)).toEqual(series)
  })

  test('the first point alone is continued as well', async () => {
    const run = await client.call<string>('create', experiment, 'one')
    await client.call('log', run, 'loss', 1, 0, start)
    const series = await continued(store, run)
    await client.call('log', run, 'loss', 2, 1, start + 1)
    expect((await continued(store, run, series)).steps.length).toBe(2)
  })
})
