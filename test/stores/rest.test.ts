/** The store of a tracking server against real ones. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Run } from '../../src/shared/model'
import type { RunFrame } from '../../src/shared/runFrame'
import { StoreError, type StoreErrorReason } from '../../src/extension/stores/errors'
import type { RunQuery, TrackingStore } from '../../src/extension/stores'
import type { Credentials, StoreOptions } from '../../src/extension/stores/open'
import { openRestStore } from '../../src/extension/stores/rest'
import { parseTrackingUri } from '../../src/extension/stores/uri'
import { workers } from './workers'
import { admin, python, seedStore, startServer, type MlflowMajor, type MlflowServer, type SeededStore } from './servers'

const open = (uri: string, options: Partial<StoreOptions> = {}): Promise<TrackingStore> =>
  openRestStore(parseTrackingUri(uri), { workers, ...options })

describe.each<MlflowMajor>(['3', '2'])('MLflow %s', (major) => {
  let seed: SeededStore
  let server: MlflowServer
  let store: TrackingStore

  beforeAll(async () => {
    seed = await seedStore(major)
    server = await startServer({ version: major, database: seed.database })
    store = await open(server.url)
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    await seed[Symbol.asyncDispose]()
  })

  const experiment = (name: string): string => idOf(seed.experiments, name)
  const run = (name: string): string => idOf(seed.runs, name)

  test('says which MLflow it is', () => {
    expect(store.version).toBe(`MLflow ${seed.mlflow}`)
    expect(store.uri).toBe(server.url)
    expect(store.kind).toBe('rest')
  })

  describe('experiments', () => {
    test('are found by view, filter and order', async () => {
      const active = await all(store.searchExperiments())
      expect(active.map(({ experimentId }) => experimentId).sort()).toEqual(
        ['0', ...['kinds', 'nested', 'bulk', 'empty', 'odd', 'long'].map(experiment)].sort(),
      )
      const deleted = await all(store.searchExperiments({ view: 'DELETED_ONLY' }))
      expect(deleted.map(({ name, lifecycleStage }) => [name, lifecycleStage])).toEqual([['deleted', 'deleted']])
      const found = await all(
        store.searchExperiments({ filter: "name LIKE '%e%'", orderBy: ['name DESC'], view: 'ALL' }),
      )
      expect(found.map(({ name }) => name.slice(0, 7))).toEqual([
        'ten tho',
        'nested',
        'empty',
        'deleted',
        'Default',
        '<img sr',
      ])
    })

    test('keep names and tags as they are', async () => {
      const odd = await store.getExperiment(experiment('odd'))
      expect(odd.name).toBe('<img src=x onerror=alert(1)> & "quotes" \'n\' `ticks` 🚀\nsecond line')
      expect(odd.tags).toEqual(new Map([['mlflow.note.content', 'About **odd**'], ['team', 'ünïcode']])) // prettier-ignore
      expect(odd.creationTime).toBeTypeOf('number')
      expect((await store.getExperiment(experiment('long'))).name).toHaveLength(10_000)
      expect((await store.getExperiment(experiment('deleted'))).lifecycleStage).toBe('deleted')
    })

    test('that are not there are said so', async () => {
      await expectError(store.getExperiment('987654321987654321'), 'notFound', /987654321987654321/)
      await expectError(all(store.searchExperiments({ filter: 'nonsense ===' })), 'badRequest', /nonsense/)
    })
  })

  describe('runs', () => {
    test('come in pages, the first one small, each run once, in the order of the server', async () => {
      const frames = await collect(store.searchRuns({ experimentIds: [experiment('bulk')] }))
      expect(frames.map(({ length }) => length)).toEqual([100, 1000, 364])
      const ids = frames.flatMap((frame) => frame.runIds())
      expect(new Set(ids).size).toBe(1464)
      expect(ids).toEqual(await oracle(major, server, `[r.info.run_id for r in pages(["${experiment('bulk')}"])]`))
    })

    test('are what MLflow’s own client gets', async () => {
      const ids = ['kinds', 'nested'].map(experiment)
      for (const view of ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const) {
        const runs = await runsOf(store, { experimentIds: ids, view })
        const view_type = `ViewType.${view}`
        expect(runs.map(plain)).toEqual(
          await oracle(major, server, `[plain(r) for r in pages(${JSON.stringify(ids)}, ${view_type})]`),
        )
      }
    })

    test('of another order, of a filter, of a limit', async () => {
      const experimentIds = [experiment('bulk')]
      const query = {
        experimentIds,
        filter: "metrics.accuracy > 0.5 AND params.layers = '1'",
        orderBy: ['metrics.accuracy ASC'],
      }
      const runs = await runsOf(store, query)
      expect(runs.map(({ info }) => info.runId)).toEqual(
        await oracle(
          major,
          server,
          `[r.info.run_id for r in pages(["${experiment('bulk')}"], ViewType.ACTIVE_ONLY, "metrics.accuracy > 0.5 AND params.layers = '1'", ["metrics.accuracy ASC"])]`,
        ),
      )
      expect(await runsOf(store, { ...query, maxResults: 7 })).toEqual(runs.slice(0, 7))
      const limited = await collect(store.searchRuns({ experimentIds, maxResults: 250 }))
      expect(limited.map(({ length }) => length)).toEqual([100, 150])
    })

    test('of nowhere are none', async () => {
      expect(await runsOf(store, { experimentIds: [] })).toEqual([])
      expect(await runsOf(store, { experimentIds: [experiment('empty')] })).toEqual([])
      expect(await runsOf(store, { experimentIds: [experiment('bulk')], maxResults: 0 })).toEqual([])
    })

    test('keep NaN, infinities, odd keys and long names', async () => {
      const curves = await store.getRun(run('curves'))
      expect(curves.metrics.get('diverged')?.value).toBeNaN()
      expect(curves.metrics.get('endless')?.value).toBe(Infinity)
      expect(curves.metrics.get('endless down')?.value).toBe(-Infinity)
      expect(curves.metrics.get('repeated')).toMatchObject({ value: 3, step: 6 })
      expect(curves.metrics.get('big')).toMatchObject({ step: 2 ** 53 })
      const odd = await store.getRun(run('odd'))
      expect(odd.tags.get('__proto__')).toContain('onerror')
      expect(odd.params.get('<b>"k`e\'y"</b> 🚀\n')).toBe('any')
      expect((await store.getRun(run('long'))).info.runName).toHaveLength(10_000)
    })

    test('that are deleted can be read, those that are not there not', async () => {
      expect((await store.getRun(run('deleted'))).info.lifecycleStage).toBe('deleted')
      await expectError(store.getRun('0'.repeat(32)), 'notFound', /0{32}/)
    })

    test('with a wrong filter are refused before the server is asked', async () => {
      await expectError(
        runsOf(store, { experimentIds: [experiment('bulk')], filter: 'metrics.x >' }),
        'badRequest',
        /wrong at character 12/,
      )
    })

    test('are no longer read after an abort', async () => {
      const controller = new AbortController()
      const pages = store.searchRuns({ experimentIds: [experiment('bulk')] }, controller.signal)
      const frames = pages[Symbol.asyncIterator]()
      await frames.next()
      controller.abort()
      await expectError(frames.next(), 'cancelled')
    })
  })

  describe('metric histories', () => {
    test('are whole, over several pages', async () => {
      const loss = await store.getMetricHistory(run('curves'), 'loss')
      expect(loss.steps).toEqual(Float64Array.from({ length: 30_000 }, (_, at) => at))
      expect(loss.values[29_999]).toBeCloseTo(Math.exp(-29_999 / 9000) + (29_999 % 7) / 100, 12)
      expect(loss.timestamps[29_999]).toBe(1_750_000_000_000 + 299_990)
    })

    test('are ordered by step, time and value', async () => {
      const odd = await store.getMetricHistory(run('curves'), 'odd')
      expect([...odd.steps]).toEqual([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6])
      expect([...odd.values]).toEqual([1, NaN, Infinity, -Infinity, 0, 0, 1e-320, Infinity, -Infinity, NaN])
      const repeated = await store.getMetricHistory(run('curves'), 'repeated')
      expect([...repeated.steps]).toEqual([5, 5, 5, 5, 6, 6, 6])
      expect([...repeated.values]).toEqual([0.5, 0.25, 0.75, 0.75, -1, 2, 3])
    })

    test('of any key, empty where there is none', async () => {
      expect((await store.getMetricHistory(run('curves'), 'val loss/top-1')).values).toHaveLength(20)
      expect((await store.getMetricHistory(run('odd'), '__proto__')).values).toEqual(Float64Array.of(1.5))
      expect((await store.getMetricHistory(run('curves'), 'never logged')).values).toHaveLength(0)
    })
  })

  describe('artifacts', () => {
    test('are listed folders first', async () => {
      expect(
        (await store.listArtifacts(run('artifacts'))).map(({ path, isDir, fileSize }) => [path, isDir, fileSize]),
      ).toEqual([
        ...(major === '3' ? [['linked', true, null]] : []),
        ['model', true, null],
        ['no files', true, null],
        ['odd names', true, null],
        ['own', true, null],
        ['tables', true, null],
        ['bytes.bin', false, 1048576],
        ['config.json', false, expect.any(Number)],
        ['notes.txt', false, 14],
      ])
      expect(await store.listArtifacts(run('artifacts'), 'tables/deep/er/')).toEqual([
        { path: 'tables/deep/er/table.csv', isDir: false, fileSize: 8 },
      ])
      expect(await store.listArtifacts(run('artifacts'), 'nowhere')).toEqual([])
      expect(await store.listArtifacts(run('odd'))).toEqual([])
    })

    test('are read as they are', async () => {
      expect(await bytes(store.readArtifact(run('artifacts'), 'bytes.bin'))).toEqual(
        Buffer.from(Array.from({ length: 1048576 }, (_, at) => at % 256)),
      )
      expect((await bytes(store.readArtifact(run('artifacts'), 'notes.txt'))).toString()).toBe('plain text ü\n')
      expect(await bytes(store.readArtifact(run('artifacts'), 'tables/empty.txt'))).toHaveLength(0)
      for (const name of ['with space.txt', 'häß🚀.txt', 'a&b=c;d+e.txt'])
        expect((await bytes(store.readArtifact(run('artifacts'), `odd names/${name}`))).toString()).toBe(name)
    })

    test('that are not there, are folders, or lie elsewhere', async () => {
      await expectError(bytes(store.readArtifact(run('artifacts'), 'nothing.txt')), 'notFound', /nothing\.txt/)
      await expect(bytes(store.readArtifact(run('artifacts'), 'tables'))).rejects.toBeInstanceOf(StoreError)
      for (const path of ['../x', 'a/../../x', '/etc/passwd', 'a\\..\\..\\x', 'C:\\x', 'a\0b']) {
        await expectError(store.listArtifacts(run('artifacts'), path), 'refused', /artifacts/)
        await expectError(bytes(store.readArtifact(run('artifacts'), path)), 'refused')
      }
    })

    test('that no MLflow server serves', async () => {
      for (const name of ['per%20cent.txt', '[x] #1.txt'])
        await expectError(
          bytes(store.readArtifact(run('artifacts'), `odd names/${name}`)),
          'unsupported',
          /misreads names/,
        )
    })

    test('can be left in the middle', async () => {
      for await (const piece of store.readArtifact(run('artifacts'), 'bytes.bin')) {
        expect(piece.length).toBeGreaterThan(0)
        break
      }
      expect(await store.listArtifacts(run('artifacts'), 'model')).toHaveLength(1)
    })
  })

  describe('logged models', () => {
    test('belong to experiments', async () => {
      const models = await all(store.searchLoggedModels({ experimentIds: [experiment('kinds')] }))
      if (major === '2') {
        expect(models).toEqual([])
        return
      }
      expect(new Set(models.map(({ modelId }) => modelId))).toEqual(
        new Set(Object.entries(seed.loggedModels).flatMap(([name, id]) => (name === 'deleted' ? [] : [id]))),
      )
      const newer = models.find(({ modelId }) => modelId === seed.loggedModels.newer)
      expect(newer).toMatchObject({
        name: 'classifier',
        status: 'READY',
        modelType: 'tree <b>',
        sourceRunId: run('models'),
      })
      expect(newer?.params).toEqual(new Map([['depth', '3'], ['__proto__', 'x']])) // prettier-ignore
      expect(newer?.metrics.map(({ key, value }) => [key, value])).toEqual(expect.arrayContaining([['accuracy', Infinity], ['diverged', 0]])) // prettier-ignore
      const status = (name: string): unknown =>
        models.find(({ modelId }) => modelId === seed.loggedModels[name])?.status
      expect([status('forecaster'), status('own')]).toEqual(['PENDING', 'UPLOAD_FAILED'])
    })

    test.runIf(major === '3')('are folders of their run', async () => {
      const id = (name: string): string => idOf(seed.loggedModels, name)
      const folder = (path: string, modelId?: string): object => ({
        path,
        isDir: true,
        fileSize: null,
        ...(modelId && { modelId }),
      })
      expect(await store.listArtifacts(run('models'))).toEqual([
        folder('classifier', id('newer')),
        folder('forecaster', id('forecaster')),
        folder('linked', id('linked')),
        folder('orphan', id('orphan')),
        folder('own'),
        { path: 'beside.txt', isDir: false, fileSize: 6 },
      ])
      expect(await store.listArtifacts(run('models'), 'classifier')).toEqual([
        folder('classifier/data', id('newer')),
        { path: 'classifier/MLmodel', isDir: false, fileSize: 12, modelId: id('newer') },
        { path: 'classifier/which.txt', isDir: false, fileSize: 5, modelId: id('newer') },
      ])
      expect(await store.listArtifacts(run('models'), 'classifier/data')).toEqual([
        { path: 'classifier/data/weights.bin', isDir: false, fileSize: 256, modelId: id('newer') },
      ])
      expect(await store.listArtifacts(run('models'), 'forecaster')).toEqual([])
      expect(await store.listArtifacts(run('models'), 'deleted')).toEqual([])
      expect((await bytes(store.readArtifact(run('models'), 'classifier/which.txt'))).toString()).toBe('newer')
      expect(await bytes(store.readArtifact(run('models'), 'classifier/data/weights.bin'))).toHaveLength(256)
      expect((await bytes(store.readArtifact(run('models'), 'linked/which.txt'))).toString()).toBe('linked')
      expect((await bytes(store.readArtifact(run('models'), 'own/readme.md'))).toString()).toBe("the run's own")
      await expectError(bytes(store.readArtifact(run('models'), 'own/which.txt')), 'notFound')
      await expectError(bytes(store.readArtifact(run('models'), 'classifier/no.txt')), 'notFound', /no\.txt/)
    })
  })

  describe('registry', () => {
    test('has models with aliases and no prompts', async () => {
      const models = await all(store.searchRegisteredModels())
      expect(models.map(({ name }) => name)).toEqual(['<b>odd< 模型', 'empty model', 'pricing'])
      const pricing = models[2]
      expect(pricing?.aliases).toEqual(new Map([['challenger', '11'], ['champion', '10'], ['second', '10']])) // prettier-ignore
      expect(pricing?.tags).toEqual(new Map([['team', 'ünïcode'], ['__proto__', 'x']])) // prettier-ignore
      expect(pricing?.description).toBe('Prices **everything**\n<b>')
      expect(
        pricing?.latestVersions.map(({ version, currentStage, aliases }) => [version, currentStage, aliases]),
      ).toEqual([
        ['12', 'None', []],
        ['10', 'Production', ['champion', 'second']],
        ['7', 'Archived', []],
        ['5', 'Staging', []],
      ])
    })

    test('has versions, newest first, with aliases', async () => {
      const versions = await all(store.searchModelVersions({ filter: "name = 'pricing'" }))
      expect(versions.map(({ version }) => version)).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '2', '1'])
      expect(versions[2]).toMatchObject({
        currentStage: 'Production',
        aliases: ['champion', 'second'],
        status: 'READY',
        runId: run('artifacts'),
        description: '',
        tags: new Map([['number', '10']]),
      })
      const every = await all(store.searchModelVersions())
      expect(every.map(({ name }) => name)).toEqual(['<b>odd< 模型', ...versions.map(({ name }) => name)])
      const oldest = await all(
        store.searchModelVersions({ filter: "name = 'pricing'", orderBy: ['version_number ASC'] }),
      )
      expect(oldest.map(({ version }) => version)).toEqual(versions.map(({ version }) => version).reverse())
    })
  })

  test('a closed store cancels what runs', async () => {
    const other = await open(server.url)
    const refused = expectError(runsOf(other, { experimentIds: [experiment('bulk')] }), 'cancelled')
    await other[Symbol.asyncDispose]()
    await refused
    await expectError(other.getRun(run('curves')), 'cancelled')
  })
})

describe.each<MlflowMajor>(['3', '2'])('MLflow %s with basic auth under a static prefix', (major) => {
  let server: MlflowServer

  beforeAll(async () => {
    server = await startServer({ version: major, basicAuth: true, staticPrefix: '/team/mlflow' })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test('asks for credentials', async () => {
    const error = await expectError(open(server.url), 'unauthorized', /MLFLOW_TRACKING_USERNAME/)
    expect(error.message).toContain(server.url)
    const wrong = { ...admin, password: 'wrong' }
    await expectError(
      open(server.url, { credentials: () => Promise.resolve(wrong) }),
      'unauthorized',
      /does not accept/,
    )
    await expectError(
      open(server.url, { credentials: () => Promise.resolve({ kind: 'bearer', token: 'abc' }) }),
      'unauthorized',
      /does not accept/,
    )
  })

  test('asks again after a refusal, once for all calls, and says what was refused', async () => {
    const asked: (Credentials | undefined)[] = []
    const lines: string[] = []
    await using store = await open(server.url.replace('://', '://admin:wrong@'), {
      credentials: (rejected) => {
        asked.push(rejected)
        return Promise.resolve(admin)
      },
      log: (line) => lines.push(line),
    })
    expect(asked).toEqual([{ kind: 'basic', username: 'admin', password: 'wrong' }])
    expect(store.uri).toBe(server.url)
    expect(store.version).toMatch(/^MLflow \d/)
    expect(lines.join('\n')).not.toMatch(/wrong|pässword/)
  })

  test('writes', async () => {
    await using store = await open(server.url, { credentials: () => Promise.resolve(admin) })
    const { writer } = store
    if (!writer) throw new Error('a server can be written to')
    const experimentId = await writer.createExperiment('made here <b>')
    await expectError(writer.createExperiment('made here <b>'), 'badRequest', /already exists/i)
    const info = await writer.createRun({
      experimentId,
      runName: 'näme',
      startTime: 1_750_000_000_000,
      tags: new Map([['a', 'b']]),
    })
    expect(info).toMatchObject({
      experimentId,
      runName: 'näme',
      startTime: 1_750_000_000_000,
      status: 'RUNNING',
      endTime: null,
    })
    await writer.logParams(info.runId, new Map(Array.from({ length: 205 }, (_, at) => [`p${at}`, String(at)])))
    expect(await writer.updateRun(info.runId, { endTime: 1_750_000_001_000, status: 'FAILED' })).toMatchObject({
      status: 'FAILED',
      endTime: 1_750_000_001_000,
    })
    const made = await store.getRun(info.runId)
    expect(made.info).toMatchObject({ status: 'FAILED', runName: 'näme' })
    expect(made.tags.get('a')).toBe('b')
    expect(made.params.size).toBe(205)
    await expectError(writer.updateRun('0'.repeat(32), { status: 'KILLED' }), 'notFound')
    expect((await runsOf(store, { experimentIds: [experimentId] })).map(plain)).toEqual([plain(made)])

    await python(major, ['-c', makeVersions, info.runId, server.origin, server.url], {
      MLFLOW_TRACKING_USERNAME: admin.username,
      MLFLOW_TRACKING_PASSWORD: admin.password,
    })
    const first = await writer.transitionStage('made', '1', 'Production', false)
    expect(first).toMatchObject({ version: '1', currentStage: 'Production' })
    expect(await writer.transitionStage('made', '2', 'Production', true)).toMatchObject({
      version: '2',
      currentStage: 'Production',
    })
    await writer.setAlias('made', 'champion', '2')
    const versions = await all(store.searchModelVersions({ filter: "name = 'made'" }))
    expect(versions.map(({ version, currentStage, aliases }) => [version, currentStage, aliases])).toEqual([
      ['2', 'Production', ['champion']],
      ['1', 'Archived', []],
    ])
    await writer.deleteAlias('made', 'champion')
    expect((await all(store.searchRegisteredModels()))[0]?.aliases).toEqual(new Map())
    await expectError(writer.setAlias('made', 'latest', '1'), 'badRequest', /latest/i)
    await expectError(writer.transitionStage('made', '7', 'Staging', false), 'notFound', /7/)
  })

  test('serves artifacts', async () => {
    await using store = await open(server.url, { credentials: () => Promise.resolve(admin) })
    const { writer } = store
    if (!writer) throw new Error('a server can be written to')
    const { runId } = await writer.createRun({ experimentId: '0', startTime: 0, tags: new Map() })
    await fetch(`${server.url}/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${runId}&path=sub/notes.txt`, {
      method: 'POST',
      body: 'served',
      headers: { authorization: `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}` },
    })
    expect(await store.listArtifacts(runId, 'sub')).toEqual([{ path: 'sub/notes.txt', isDir: false, fileSize: 6 }])
    expect((await bytes(store.readArtifact(runId, 'sub/notes.txt'))).toString()).toBe('served')
  })

  test('is not found under another prefix', async () => {
    const credentials = (): Promise<Credentials> => Promise.resolve(admin)
    await expectError(open(`${server.origin}/elsewhere`, { credentials }), 'notFound', /elsewhere.*prefix/)
  })
})

const makeVersions = `
import sys
from mlflow import MlflowClient
for uri in sys.argv[2:]:
    try:
        client = MlflowClient(uri)
        client.create_registered_model("made")
        break
    except Exception as error:
        print(error, file=sys.stderr)
for _ in range(2):
    client.create_model_version("made", client.get_run(sys.argv[1]).info.artifact_uri + "/model", sys.argv[1])
`

/** What MLflow's own client says: evaluates a Python expression that has `pages` and `plain`. */
async function oracle(major: MlflowMajor, server: MlflowServer, expression: string): Promise<unknown> {
  const script = `
import json, math, sys
from mlflow import MlflowClient
from mlflow.entities import ViewType
client = MlflowClient(sys.argv[1])

def pages(ids, view=ViewType.ACTIVE_ONLY, filter="", order=None):
    token = None
    while True:
        page = client.search_runs(ids, filter, view, 1000, order, token)
        yield from page
        token = page.token
        if not token:
            return

def value(number):
    if abs(number) == sys.float_info.max:
        number = math.copysign(math.inf, number)
    return number if math.isfinite(number) else str(number)

def plain(run):
    i = run.info
    metrics = sorted([m.key, value(m.value), m.step, m.timestamp] for m in run.data._metric_objs)
    datasets = [[d.dataset.name, d.dataset.digest, d.dataset.source_type, d.dataset.source, d.dataset.schema, d.dataset.profile, sorted([t.key, t.value] for t in d.tags)] for d in run.inputs.dataset_inputs]
    outputs = getattr(run, "outputs", None)
    return dict(
        info=[i.run_id, i.experiment_id, i.run_name, i.user_id, i.status, i.start_time, i.end_time, i.artifact_uri, i.lifecycle_stage],
        metrics=metrics, params=sorted(map(list, run.data.params.items())), tags=sorted(map(list, run.data.tags.items())),
        datasets=datasets, models=[[m.model_id, m.step] for m in outputs.model_outputs] if outputs else [],
    )

print(json.dumps(${expression}))
`
  return JSON.parse(await python(major, ['-c', script, server.url])) as unknown
}

/** A run as `plain` of the oracle makes it. */
function plain({ info, metrics, params, tags, datasets, modelOutputs }: Run): object {
  const text = (value: number): number | string =>
    Number.isFinite(value) ? value : String(value).replace('Infinity', 'inf').toLowerCase()
  const sorted = <T extends readonly [string, ...unknown[]]>(entries: Iterable<T>): T[] =>
    [...entries].sort(([a], [b]) => byCodePoint(a, b))
  return {
    info: [
      info.runId,
      info.experimentId,
      info.runName,
      info.userId,
      info.status,
      info.startTime,
      info.endTime,
      info.artifactUri,
      info.lifecycleStage,
    ],
    metrics: sorted(
      [...metrics].map(([key, { value, step, timestamp }]) => [key, text(value), step, timestamp] as const),
    ),
    params: sorted(params),
    tags: sorted(tags),
    datasets: datasets.map(({ dataset, tags: own }) => [
      ...[dataset.name, dataset.digest, dataset.sourceType, dataset.source, dataset.schema, dataset.profile],
      sorted(own),
    ]),
    models: modelOutputs.map(({ modelId, step }) => [modelId, step]),
  }
}

const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

function idOf(ids: Readonly<Record<string, string>>, name: string): string {
  const id = ids[name]
  if (id === undefined) throw new Error(`seed.py makes no ${name}`)
  return id
}

async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const page of pages) collected.push(page)
  return collected
}

async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  return (await collect(pages)).flat()
}

async function runsOf(store: TrackingStore, query: RunQuery): Promise<Run[]> {
  const rows = (frame: RunFrame): Run[] => frame.runIds().map((_, row) => frame.run(row))
  return (await collect(store.searchRuns(query))).flatMap(rows)
}

async function bytes(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await collect(pieces))
}

async function expectError(promise: Promise<unknown>, reason: StoreErrorReason, message = /./): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => undefined,
    (failure: unknown) => failure,
  )
  if (!(error instanceof StoreError)) throw new Error(`expected a StoreError, got ${String(error)}`, { cause: error })
  expect([error.reason, error.message]).toEqual([reason, expect.stringMatching(message)])
  return error
}
