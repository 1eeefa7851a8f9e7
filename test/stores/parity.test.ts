/** The same file read by the SQLite store and through a real MLflow server by the REST store: every answer is the same, in order. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExperimentQuery, ModelQuery, RunQuery, TrackingStore } from '../../src/extension/stores'
import { openRestStore } from '../../src/extension/stores/rest'
import { openSqliteStore } from '../../src/extension/stores/sqlite'
import { parseTrackingUri } from '../../src/extension/stores/uri'
import type { Run } from '../../src/shared/model'
import type { RunFrame } from '../../src/shared/runFrame'
import { seedStore, startServer, type MlflowMajor, type MlflowServer, type SeededStore } from './servers'
import { workers } from './workers'

describe.each<MlflowMajor>(['3', '2'])('a store of MLflow %s', (major) => {
  let seed: SeededStore
  let server: MlflowServer
  let rest: TrackingStore
  let sqlite: TrackingStore

  beforeAll(async () => {
    seed = await seedStore(major)
    server = await startServer({ version: major, database: seed.database })
    rest = await openRestStore(parseTrackingUri(server.url), { workers })
    sqlite = await openSqliteStore(seed.database, `sqlite:///${seed.database}`, { workers })
  })
  afterAll(async () => {
    await sqlite[Symbol.asyncDispose]()
    await rest[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    await seed[Symbol.asyncDispose]()
  })

  /** Reads from both stores and compares; resolves to what they agree on. */
  async function same<T>(read: (store: TrackingStore) => Promise<T>): Promise<T> {
    const [expected, actual] = [await read(rest), await read(sqlite)]
    expect(actual).toEqual(expected)
    return actual
  }

  /** As `same`, for what both must refuse, for the same reason. */
  async function sameRefusal(read: (store: TrackingStore) => Promise<unknown>): Promise<void> {
    const reasonOf = (store: TrackingStore) =>
      read(store).then(
        () => 'no error',
        (error: unknown) => (error as { reason?: string }).reason,
      )
    expect(await reasonOf(sqlite)).toBe(await reasonOf(rest))
    expect(await reasonOf(sqlite)).not.toBe('no error')
  }

  const experimentIds = () => Object.values(seed.experiments)

  test('experiments', async () => {
    const queries: ExperimentQuery[] = [
      {},
      { view: 'ALL' },
      { view: 'DELETED_ONLY' },
      { filter: "name LIKE '%e%'", orderBy: ['name DESC'] },
      { filter: "tags.team = 'ünïcode'", orderBy: ['last_update_time ASC', 'experiment_id DESC'], view: 'ALL' },
    ]
    for (const query of queries) expect(await same((store) => experiments(store, query))).not.toEqual([])
    for (const id of ['0', ...experimentIds()]) await same((store) => store.getExperiment(id))
    await sameRefusal((store) => store.getExperiment('987654321'))
    await sameRefusal((store) => experiments(store, { filter: 'nothing = 1' }))
  })

  test('runs, by page', async () => {
    const queries: Omit<RunQuery, 'experimentIds'>[] = [
      {},
      { view: 'ALL' },
      { view: 'DELETED_ONLY' },
      { maxResults: 7 },
      { filter: "params.lr = '0.3' AND metrics.loss < 0.01", orderBy: ['metrics.loss ASC'] },
      { orderBy: ['metrics.accuracy DESC', 'params.layers ASC'] },
      { orderBy: ['metrics.accuracy ASC'], maxResults: 200 },
      { orderBy: ['tags.rare DESC', 'attributes.end_time ASC'], maxResults: 200 },
      { filter: "tags.mlflow.parentRunId != 'x'", orderBy: ['start_time ASC'] },
      { filter: "datasets.context = 'training'" },
    ]
    for (const query of queries)
      expect((await same((store) => runs(store, { ...query, experimentIds: experimentIds() }))).length).toBeGreaterThan(
        0,
      )
    expect(await same((store) => runs(store, { experimentIds: [] }))).toEqual([])
    expect(await same((store) => runs(store, { experimentIds: ['987654321'] }))).toEqual([])
    await sameRefusal((store) => runs(store, { experimentIds: ['1'], filter: 'metrics.loss >' }))
    await sameRefusal((store) => runs(store, { experimentIds: ['1'], orderBy: ['nothing'] }))
  })

  test('each run', async () => {
    for (const id of Object.values(seed.runs)) await same((store) => store.getRun(id))
    await sameRefusal((store) => store.getRun('0'.repeat(32)))
  })

  test('metric histories', async () => {
    const id = seed.runs.curves ?? ''
    const { metrics } = await sqlite.getRun(id)
    expect(metrics.size).toBeGreaterThan(5)
    for (const key of [...metrics.keys(), 'missing'])
      await same(async (store) => {
        const { mark: _, ...series } = await store.getMetricHistory(id, key) // how to go on is each store's own
        return series
      })
  })

  test('registered models and their versions', async () => {
    const queries: ModelQuery[] = [
      {},
      { filter: "name = 'pricing'" },
      { filter: "name ILIKE '%PR%'", orderBy: ['last_updated_timestamp DESC'] },
      { orderBy: ['name DESC'] },
    ]
    for (const query of queries) {
      expect(await same((store) => all(store.searchRegisteredModels(query)))).not.toEqual([])
      expect(await same((store) => all(store.searchModelVersions(query)))).not.toEqual([])
    }
    await same((store) => all(store.searchModelVersions({ filter: "tags.number LIKE '1%'" })))
    await same((store) => all(store.searchModelVersions({ filter: "current_stage = 'Production'" }))) // no server knows it
    await sameRefusal((store) => all(store.searchModelVersions({ filter: "stage = 'x'" })))
  })

  test('logged models', async () => {
    const found = await same((store) => all(store.searchLoggedModels({ experimentIds: experimentIds() })))
    expect(found.length > 0).toBe(major === '3')
    if (major === '2') return
    for (const filter of ["name = 'classifier'", "tags.which LIKE 'o%'", "params.depth = '3'", "source_run_id != 'x'"])
      expect(
        await same((store) => all(store.searchLoggedModels({ experimentIds: experimentIds(), filter }))),
      ).not.toEqual([])
  })

  test('artifacts', async () => {
    for (const id of Object.values(seed.runs)) {
      const walk = async (store: TrackingStore, folder?: string): Promise<unknown[]> => {
        // Servers leave out a size of 0, so that through them it isn't known.
        const files = (await store.listArtifacts(id, folder)).map((file) => ({
          ...file,
          fileSize: file.fileSize === 0 ? null : file.fileSize,
        }))
        const served = files.filter(({ path }) => !/[#%]/.test(path)) // MLflow's servers refuse to read such names
        const content = served.map(async (file) =>
          file.isDir
            ? await walk(store, file.path)
            : Buffer.concat(await chunks(store.readArtifact(id, file.path))).toString('base64'),
        )
        return [files, ...(await Promise.all(content))]
      }
      await same((store) => walk(store))
      await same((store) => store.listArtifacts(id, 'not there'))
      await sameRefusal((store) => chunks(store.readArtifact(id, 'not there.txt')))
      await sameRefusal((store) => store.listArtifacts(id, '../..'))
      await sameRefusal((store) => chunks(store.readArtifact(id, 'a/../../x')))
      await sameRefusal((store) => chunks(store.readArtifact(id, '')))
    }
  })
})

async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  return (await Array.fromAsync(pages)).flat()
}

const experiments = (store: TrackingStore, query: ExperimentQuery) => all(store.searchExperiments(query))

async function runs(store: TrackingStore, query: RunQuery): Promise<Run[]> {
  return rowsOf(await Array.fromAsync(store.searchRuns(query)))
}

function rowsOf(frames: readonly RunFrame[]): Run[] {
  return frames.flatMap((frame) => Array.from({ length: frame.length }, (_, row) => frame.run(row)))
}

const chunks = (stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> => Array.fromAsync(stream)
