/** Folders that the real MLflow 2 and 3 wrote, compared with what MLflow itself answers, on the folder and on a migrated database. */
import { cp, rename } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExperimentQuery, ModelQuery, RunQuery, TrackingStore } from '../../src/extension/stores'
import { openSqliteStore } from '../../src/extension/stores/sqlite'
import {
  all,
  answersOf,
  migrated,
  openFolder,
  plain,
  runsOf,
  seedFolder,
  type Answers,
  type SeededFolder,
  lastLines,
} from './folderStores'
import type { MlflowMajor } from './servers'
import { workers } from './workers'

describe.each<MlflowMajor>(['3', '2'])('a folder of MLflow %s', (major) => {
  let seed: SeededFolder
  let answers: Answers
  let files: TrackingStore
  let sqlite: TrackingStore

  beforeAll(async () => {
    seed = await seedFolder(major)
    answers = await answersOf(major, `file://${seed.root}`)
    const database = await migrated(seed.root, path.join(seed.folder, 'migrated.db'))
    files = await openFolder(seed.root)
    sqlite = await openSqliteStore(database, 'sqlite:///x', { workers })
  })
  afterAll(async () => {
    await files[Symbol.asyncDispose]()
    await sqlite[Symbol.asyncDispose]()
    await seed[Symbol.asyncDispose]()
  })

  const experimentIds = () => Object.values(seed.experiments)
  const byId = <T>(items: readonly T[], idOf: (item: T) => string): T[] =>
    [...items].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))

  describe('is read as MLflow reads it:', () => {
    test('experiments', async () => {
      const found = await all(files.searchExperiments({ view: 'ALL' }))
      expect(plain(found)).toEqual(answers.experiments)
      for (const { experimentId } of found)
        expect(await files.getExperiment(experimentId)).toEqual(
          found.find((experiment) => experiment.experimentId === experimentId),
        )
    })

    test('runs', async () => {
      let count = 0
      for (const [experimentId, expected] of Object.entries(answers.runs)) {
        const found = await runsOf(files.searchRuns({ experimentIds: [experimentId], view: 'ALL' }))
        const idOf = ({ info }: { info: { runId: string } }) => info.runId
        expect(plain(byId(found, idOf).map(sortedLists))).toEqual(byId(expected, idOf).map(sortedLists))
        for (const run of found.slice(0, 20)) expect(await files.getRun(run.info.runId)).toEqual(run)
        count += found.length
      }
      expect(count).toBeGreaterThan(380)
    })

    test('metric histories', async () => {
      let count = 0
      for (const [runId, series] of Object.entries(answers.histories))
        for (const [key, expected] of Object.entries(series)) {
          const { steps, values, timestamps } = await files.getMetricHistory(runId, key)
          const found = Array.from(steps, (step, at) => plain([step, values[at], timestamps[at]]))
          const text = (points: readonly unknown[]) => points.map((point) => JSON.stringify(point)).sort()
          expect(text(found)).toEqual(text(expected))
          count += found.length
        }
      expect(count).toBeGreaterThan(30_000)
    })

    test('registered models and versions', async () => {
      const found = await all(files.searchRegisteredModels())
      const withoutAliases = found.map((model) => ({
        ...model,
        latestVersions: model.latestVersions.map(({ aliases: _, ...version }) => version),
      }))
      expect(plain(withoutAliases)).toEqual(byId(answers.models, ({ name }) => name))
      const versions = (await all(files.searchModelVersions())).map(({ aliases: _, ...version }) => version)
      const idOf = ({ name, version }: { name: string; version: string }) => `${name} ${version.padStart(5, '0')}`
      // MLflow itself gives deleted versions out here.
      const expected = answers.versions.filter(
        (version) => (version as { currentStage?: string }).currentStage !== 'Deleted_Internal',
      )
      expect(plain(byId(versions, idOf))).toEqual(byId(expected, idOf))
      expect(versions.length).toBeGreaterThan(10)
    })

    test('logged models', async () => {
      const found = await all(files.searchLoggedModels({ experimentIds: experimentIds() }))
      const bare = found.map((model) => ({
        ...model,
        // MLflow's file store tells the latest only; all that were logged are compared below.
        metrics: model.metrics
          .filter(({ key, step }) => !model.metrics.some((other) => other.key === key && other.step > step))
          .map(({ key, value, step, timestamp }) => ({ key, value, step, timestamp })),
      }))
      const inOrder = <T extends object>(models: readonly T[]) =>
        models.map((model) => ({
          ...model,
          metrics: byId((plain(model) as { metrics: readonly object[] }).metrics, (metric) => JSON.stringify(metric)),
        }))
      const idOf = ({ modelId }: { modelId: string }) => modelId
      expect(plain(inOrder(byId(bare, idOf)))).toEqual(inOrder(byId(answers.loggedModels, idOf)))
      expect(found.length > 0).toBe(major === '3')
    })
  })

  describe('is searched as a migrated database is:', () => {
    async function same<T>(read: (store: TrackingStore) => Promise<T>): Promise<T> {
      const [expected, actual] = [await read(sqlite), await read(files)]
      expect(actual).toEqual(expected)
      return actual
    }

    test('experiments', async () => {
      const queries: ExperimentQuery[] = [
        {},
        { view: 'ALL' },
        { view: 'DELETED_ONLY' },
        { filter: "name LIKE '%e%'", orderBy: ['name DESC'] },
        { filter: "tags.team = 'ünïcode'", orderBy: ['last_update_time ASC', 'experiment_id DESC'], view: 'ALL' },
      ]
      for (const query of queries) expect(await same((store) => all(store.searchExperiments(query)))).not.toEqual([])
    })

    const queries: Omit<RunQuery, 'experimentIds'>[] = [
      {},
      { view: 'ALL' },
      { view: 'DELETED_ONLY' },
      { maxResults: 7 },
      { maxResults: 0 },
      { filter: "params.lr = '0.3' AND metrics.loss < 0.01", orderBy: ['metrics.loss ASC'] },
      { filter: "status = 'RUNNING' OR params.layers > 2", orderBy: ['duration DESC'] },
      { orderBy: ['metrics.accuracy DESC', 'params.layers ASC'] },
      { orderBy: ['metrics.accuracy ASC'], maxResults: 200 },
      { orderBy: ['tags.rare DESC', 'attributes.end_time ASC'], maxResults: 200 },
      { orderBy: ['run_name ASC'] },
      { orderBy: ['run_name DESC'], filter: "run_name LIKE '%1%'" },
      { filter: "tags.mlflow.parentRunId != 'x'", orderBy: ['start_time ASC'] },
      { filter: "datasets.context = 'training'" },
      { filter: 'metrics.loss >' },
    ]
    test.each(queries)('runs: %j', async (query) => {
      const read = (store: TrackingStore) =>
        runsOf(store.searchRuns({ ...query, experimentIds: experimentIds() })).then(
          (runs) => runs.map((run) => sortedLists({ ...run, tags: asMigrated(run.tags) })),
          (error: unknown) => String(error),
        )
      await same(read)
      for (const experimentId of experimentIds())
        await same((store) =>
          runsOf(store.searchRuns({ ...query, experimentIds: [experimentId] })).then(
            (runs) => runs.map(({ info }) => info.runId),
            (error: unknown) => String(error),
          ),
        )
    })

    test('metric histories', async () => {
      for (const id of Object.values(seed.runs))
        for (const key of [...(await files.getRun(id)).metrics.keys(), 'missing', '../meta.yaml', 'a//b', ''])
          await same(async (store) => {
            const { mark: _, ...series } = await store.getMetricHistory(id, key)
            return { ...series, values: series.values.map(asDatabase) }
          })
    })

    test('registered models and versions', async () => {
      const searches: ModelQuery[] = [
        {},
        { filter: "name = 'pricing'" },
        { filter: "name ILIKE '%PR%'", orderBy: ['last_updated_timestamp DESC'] },
        { orderBy: ['name DESC'] },
      ]
      for (const query of searches) {
        expect(await same((store) => all(store.searchRegisteredModels(query)))).not.toEqual([])
        expect(await same((store) => all(store.searchModelVersions(query)))).not.toEqual([])
      }
    })

    test('logged models', async () => {
      const normal = async (store: TrackingStore) =>
        (await all(store.searchLoggedModels({ experimentIds: experimentIds() }))).map((model) => ({
          ...model,
          metrics: byId(model.metrics, (metric) => JSON.stringify(metric)),
        }))
      expect((await same(normal)).length > 0).toBe(major === '3')
    })
  })

  // Once it took 120 s and not 2, for no reason that could be found or repeated: the lines say what it waited for.
  test('artifacts, also where the folder was moved', { retry: 1 }, async ({ onTestFailed }) => {
    onTestFailed(() => console.log(lastLines.join('\n')))
    const id = seed.runs.artifacts ?? ''
    const artifacts = path.join(seed.folder, 'artifacts')
    const hidden = path.join(seed.folder, 'hidden')
    const moved = path.join(seed.folder, 'elsewhere')
    const before = await step('the walk', walk(files, id))
    expect(before.length).toBeGreaterThan(10)
    await step('the copy of the runs', cp(seed.root, path.join(moved, 'mlruns'), { recursive: true }))
    await step('the copy of the artifacts', cp(artifacts, path.join(moved, 'artifacts'), { recursive: true }))
    await step('the renaming', rename(artifacts, hidden))
    try {
      const copy = await step('opening the copy', openFolder(path.join(moved, 'mlruns')))
      try {
        expect(await step('the walk of the copy', walk(copy, id))).toEqual(before)
        if (major === '3') {
          const models = await step('the walk of its models', walk(copy, seed.runs.models ?? ''))
          expect(models).toContainEqual(expect.objectContaining({ path: 'classifier/which.txt' }))
        }
        const outside = expect(copy.listArtifacts(id, '../..')).rejects.toMatchObject({ reason: 'refused' })
        await step('what lies outside', outside)
      } finally {
        await step('closing the copy', copy[Symbol.asyncDispose]())
      }
    } finally {
      await step('the renaming back', rename(hidden, artifacts))
    }
  })

  test('is found by the folder around it', async () => {
    await using store = await openFolder(seed.folder)
    expect((await all(store.searchExperiments())).length).toBeGreaterThan(3)
  })
})

/** The migration takes a line's end of old Macs for a newline. */
const asMigrated = (tags: ReadonlyMap<string, string>) =>
  new Map([...tags].map(([key, value]) => [key, value.replaceAll('\r', '\n')]))

/** Databases keep infinities as the largest double, so that the two can't be told apart there, and no -0. */
const asDatabase = (value: number) => (Math.abs(value) === Number.MAX_VALUE ? Math.sign(value) * Infinity : value + 0)

/** Neither MLflow nor the file system has an order for these. */
function sortedLists<T extends object>(run: T): T {
  const { datasets = [], modelOutputs = [] } = run as {
    datasets?: readonly unknown[]
    modelOutputs?: readonly unknown[]
  }
  const sorted = (items: readonly unknown[]) =>
    [...items].sort((a, b) => (JSON.stringify(plain(a)) < JSON.stringify(plain(b)) ? -1 : 1))
  return { ...run, datasets: sorted(datasets), modelOutputs: sorted(modelOutputs) }
}

/** Fails with the step's name where it hangs. */
async function step<T>(name: string, work: PromiseLike<T>): Promise<T> {
  const hung = Promise.withResolvers<never>()
  const timer = setTimeout(() => hung.reject(new Error(`${name} hangs`)), 45_000)
  try {
    return await Promise.race([work, hung.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function walk(
  store: TrackingStore,
  runId: string,
  folder?: string,
  signal = AbortSignal.timeout(40_000),
): Promise<{ path: string }[]> {
  const found = await store.listArtifacts(runId, folder, signal)
  const below = await Promise.all(
    found.map(async (file) =>
      file.isDir
        ? await walk(store, runId, file.path, signal)
        : [
            {
              path: file.path,
              bytes: Buffer.concat(await Array.fromAsync(store.readArtifact(runId, file.path, signal))).toString('hex'),
            },
          ],
    ),
  )
  return below.flat()
}
