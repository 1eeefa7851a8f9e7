/** Many runs by column, from a database and through a real MLflow server on it: both tell the same, and the same as run by run. */
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connections } from '../../src/extension/connections/connection'
import { acrossRuns, type Opened } from '../../src/extension/panels/acrossRuns'
import { Answers } from '../../src/extension/panels/answers'
import type { TrackingStore } from '../../src/extension/stores'
import { openRestStore } from '../../src/extension/stores/rest'
import { openSqliteStore } from '../../src/extension/stores/sqlite'
import { parseTrackingUri } from '../../src/extension/stores/uri'
import type { AcrossData } from '../../src/shared/across/data'
import { Dimensions, metricNumber } from '../../src/shared/across/dimension'
import { migrated, openFolder, seedFolder } from './folderStores'
import { seedStore, startServer, type MlflowMajor, type MlflowServer, type SeededStore } from './servers'
import { workers } from './workers'

const never = new AbortController().signal
const gone = 'f'.repeat(32)

describe.each<MlflowMajor>(['3', '2'])('many runs of a store of MLflow %s', (major) => {
  let seed: SeededStore
  let server: MlflowServer
  let rest: TrackingStore
  let sqlite: TrackingStore
  let runIds: string[]

  beforeAll(async () => {
    seed = await seedStore(major)
    server = await startServer({ version: major, database: seed.database })
    rest = await openRestStore(parseTrackingUri(server.url), { workers })
    sqlite = await openSqliteStore(seed.database, `sqlite:///${seed.database}`, { workers })
    runIds = [...(await idsOf(sqlite)).toReversed().slice(0, 400), gone]
  })
  afterAll(async () => {
    await sqlite[Symbol.asyncDispose]()
    await rest[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    await seed[Symbol.asyncDispose]()
  })

  test('is the same from both, in a few requests', async () => {
    const [fromRest, fromSqlite] = [await across(rest, runIds), await across(sqlite, runIds)]
    expect(toldBy(fromSqlite.data)).toEqual(toldBy(fromRest.data))
    expect(fromRest.alone).toBeLessThanOrEqual(8)
    expect(fromSqlite.data.runs.filter(({ found }) => !found)).toHaveLength(1)
    expect(fromSqlite.data.runs.at(-1)).toMatchObject({ found: false })
  })

  test('is what the runs say one by one', async () => {
    const { data } = await across(sqlite, runIds)
    const dimensions = new Dimensions(data)
    for (let at = 0; at < runIds.length - 1; at += 13) {
      const run = await sqlite.getRun(runIds[at] ?? '')
      expect(data.runs[at]).toMatchObject({ name: run.info.runName, status: run.info.status, found: true })
      expect(data.startTimes[at]).toBe(run.info.startTime ?? NaN)
      for (const [key, { value }] of run.metrics)
        expect(dimensions.get(`metric:${key}`)?.values[at]).toBe(metricNumber(value))
      for (const key of data.metrics.keys) expect(dimensions.get(`metric:${key}`)?.textAt(at) !== undefined).toBe(run.metrics.has(key)) // prettier-ignore
      for (const key of data.params.keys) expect(dimensions.get(`param:${key}`)?.textAt(at)?.slice(0, 2000)).toBe(run.params.get(key)?.slice(0, 2000)) // prettier-ignore
      for (const { dataset } of run.datasets) expect(data.datasets.keys.some((key) => key.startsWith(dataset.name))).toBe(true) // prettier-ignore
    }
  })

  test('is for pages, read together, what it is one by one', async () => {
    for (const store of [sqlite, rest]) {
      const connection = { id: 'c', name: 'c', uri: store.uri, store: () => Promise.resolve(store) }
      const connections = { discovered: Promise.resolve(), get: () => connection } as unknown as Connections
      const answers = new Answers(connections)
      const refs = runIds.map((runId) => ({ connection: 'c', runId }))
      const together = await answers.runs(refs, false, never)
      expect(together.at(-1)).toEqual({ problem: 'This run is not there any more.' })
      for (let at = 0; at < runIds.length - 1; at += 29) {
        const ref = refs[at]
        if (ref) expect(together[at]).toEqual({ run: await answers.run(ref, false, never) })
      }
    }
  })

  test('stops when it is not wanted any more', async () => {
    const abort = new AbortController()
    const refs = runIds.map((runId) => ({ connection: 'c', runId }))
    const open = () => {
      abort.abort()
      return Promise.resolve({ store: rest, experimentName: (id: string) => Promise.resolve(id) })
    }
    await expect(acrossRuns(refs, open, abort.signal)).rejects.toMatchObject({ reason: 'cancelled' })
  })
})

test('many runs of a folder are the same as of the database that MLflow makes of it', async () => {
  await using seed = await seedFolder('3')
  await using folder = await openFolder(seed.root)
  const database = await migrated(seed.root, path.join(seed.folder, 'mlflow.db'))
  await using sqlite = await openSqliteStore(database, `sqlite:///${database}`, { workers })
  const runIds = [...(await idsOf(sqlite)), gone]
  const [fromFolder, fromSqlite] = [await across(folder, runIds), await across(sqlite, runIds)]
  expect(fromFolder.data.runs.filter(({ found }) => found).length).toBe(runIds.length - 1)
  expect(toldBy(fromFolder.data)).toEqual(toldBy(fromSqlite.data))
})

async function idsOf(store: TrackingStore): Promise<string[]> {
  const experimentIds: string[] = []
  for await (const page of store.searchExperiments({ view: 'ALL' }))
    experimentIds.push(...page.map(({ experimentId }) => experimentId))
  const runIds: string[] = []
  for await (const page of store.searchRuns({ experimentIds, view: 'ALL' })) runIds.push(...page.runIds())
  return runIds
}

async function across(store: TrackingStore, runIds: readonly string[]): Promise<{ data: AcrossData; alone: number }> {
  let alone = 0
  const counting: Opened['store'] = {
    searchRuns: (query, signal) => store.searchRuns(query, signal),
    searchExperiments: (query, signal) => store.searchExperiments(query, signal),
    getRun: (runId, signal) => {
      alone++
      return store.getRun(runId, signal)
    },
  }
  const experimentName = async (id: string) => (await store.getExperiment(id)).name
  const refs = runIds.map((runId) => ({ connection: 'c', runId }))
  const data = await acrossRuns(refs, () => Promise.resolve({ store: counting, experimentName }), never)
  return { data, alone }
}

/** With texts in the place of their codes, whose order is nobody's business. */
function toldBy({ dictionary, ...data }: AcrossData) {
  const spelt = ({ keys, offsets, rows, codes }: AcrossData['params']) => ({
    ...{ keys, offsets, rows },
    texts: Array.from(codes, (code) => dictionary[code]),
  })
  return { ...data, params: spelt(data.params), tags: spelt(data.tags), datasets: spelt(data.datasets) }
}
