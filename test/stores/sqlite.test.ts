/** The SQLite store on databases that are locked, changing, old, new, foreign or broken; and that it never leaves a trace. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, cpSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, open, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TrackingStore } from '../../src/extension/stores'
import { StoreError, type StoreErrorReason } from '../../src/extension/stores/errors'
import { openSqliteStore } from '../../src/extension/stores/sqlite'
import { seedStore, type SeededStore } from './servers'
import { workers } from './workers'

let seed: SeededStore
let folder: string
/** A copy of the seeded database, for each test its own. */
let file: string
const stores: TrackingStore[] = []
const children: ChildProcess[] = []
let meddling: NodeJS.Timeout | undefined

beforeAll(async () => {
  seed = await seedStore('3')
})
afterAll(async () => {
  await seed[Symbol.asyncDispose]()
})
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-sqlite-'))
  file = path.join(folder, 'mlflow.db')
  await copyFile(seed.database, file)
})
afterEach(async () => {
  clearInterval(meddling)
  for (const store of stores.splice(0)) await store[Symbol.asyncDispose]()
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function openStore(database = file, folder = workers): Promise<TrackingStore> {
  const store = await openSqliteStore(database, `sqlite:///${database}`, { workers: folder })
  stores.push(store)
  return store
}

/** Whatever the store can tell, so that nothing remains unread. */
async function readAll(store: TrackingStore): Promise<{ runs: number }> {
  const experiments = (await Array.fromAsync(store.searchExperiments({ view: 'ALL' }))).flat()
  const experimentIds = experiments.map(({ experimentId }) => experimentId)
  const frames = await Array.fromAsync(store.searchRuns({ experimentIds, view: 'ALL', orderBy: ['metrics.loss DESC'] }))
  await store.getRun(seed.runs.datasets ?? '')
  await store.getMetricHistory(seed.runs.curves ?? '', 'loss')
  await Array.fromAsync(store.searchRegisteredModels())
  await Array.fromAsync(store.searchModelVersions())
  await Array.fromAsync(store.searchLoggedModels({ experimentIds }))
  await store.listArtifacts(seed.runs.models ?? '')
  return { runs: frames.reduce((sum, frame) => sum + frame.length, 0) }
}

async function expectError(promise: Promise<unknown>, reason: StoreErrorReason, message: RegExp): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StoreError)
  expect((error as StoreError).message).toMatch(message)
  expect((error as StoreError).reason).toBe(reason)
}

/** SQL run by this process, with the database closed again. */
function change(sql: string, database = file): void {
  const connection = new DatabaseSync(database)
  connection.exec('PRAGMA foreign_keys = OFF')
  connection.exec(sql)
  connection.close()
}

/** A program that has the database in its hands; resolves when it printed a line. */
async function writer(code: string, database = file): Promise<ChildProcess> {
  const program = `
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const db = new DatabaseSync(process.argv[1], { timeout: 20000 })
    ${code}`
  const child = spawn(process.execPath, ['-e', program, database], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the writer ended')))
  await Promise.race([once(child.stdout, 'data'), ended])
  ended.catch(() => undefined) // it may end now
  return child
}

/** Names and contents of all files. */
function traces(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => {
      const bytes = readFileSync(path.join(folder, name))
      return [
        name,
        `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')} ${statSync(path.join(folder, name)).mtimeMs}`,
      ]
    }),
  )
}

/** Where copies are made that reading a log may need. */
const scratchFolders = () => readdirSync(os.tmpdir()).filter((name) => /^mlflow-lens-[0-9a-f]{8}-/.test(name))

const runCount = () => {
  const connection = new DatabaseSync(seed.database, { readOnly: true })
  const { count } = connection.prepare('SELECT COUNT(*) AS count FROM runs').get() as { count: number }
  connection.close()
  return count
}

describe('leaves no trace', () => {
  /** Reads everything, twice with the file closed in between, and compares the folder before and after. */
  async function expectNoTrace(): Promise<void> {
    const before = traces()
    const scratch = scratchFolders()
    const store = await openStore()
    const { runs } = await readAll(store)
    expect(runs).toBe(runCount())
    expect(Object.keys(traces())).toEqual(Object.keys(before)) // nor while it is open
    await store[Symbol.asyncDispose]()
    expect(traces()).toEqual(before)
    expect(scratchFolders()).toEqual(scratch)
  }

  test('of a database with a rollback journal', expectNoTrace)

  test('of a database in WAL mode that nobody uses', async () => {
    change('PRAGMA journal_mode = WAL')
    expect(Object.keys(traces())).toEqual(['mlflow.db'])
    await expectNoTrace()
  })

  test('of a database in WAL mode that a program is writing', async () => {
    await writer(`
      db.exec("PRAGMA journal_mode = WAL; UPDATE runs SET user_id = 'by the log'")
      console.log('ready')
      process.stdin.resume()`)
    expect(Object.keys(traces()).sort()).toEqual(['mlflow.db', 'mlflow.db-shm', 'mlflow.db-wal'])
    await expectNoTrace()
    const store = await openStore()
    expect((await store.getRun(seed.runs.curves ?? '')).info.userId).toBe('by the log')
  })

  test.each([
    ['with its index', ['-wal', '-shm']],
    ['alone', ['-wal']],
  ])('of a database with the log of a crashed program, %s', async (_, kept) => {
    const elsewhere = path.join(folder, 'elsewhere')
    await mkdir(elsewhere)
    const used = path.join(elsewhere, 'mlflow.db')
    await rename(file, used)
    const child = await writer(
      `db.exec("PRAGMA journal_mode = WAL; UPDATE runs SET user_id = 'by the log'"); console.log('ready'); process.stdin.resume()`,
      used,
    )
    for (const suffix of ['', ...kept]) await copyFile(`${used}${suffix}`, `${file}${suffix}`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await rm(elsewhere, { recursive: true })
    await expectNoTrace()
    const store = await openStore()
    expect((await store.getRun(seed.runs.curves ?? '')).info.userId).toBe('by the log')
  })

  test('of a write that was interrupted: it says so', async () => {
    const child = await writer(`
      db.exec("PRAGMA cache_size = 5; PRAGMA cache_spill = 5; BEGIN; UPDATE params SET value = 'half'; UPDATE tags SET value = 'half'")
      console.log('ready')
      process.stdin.resume()`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const before = traces()
    expect(Object.keys(before)).toEqual(['mlflow.db', 'mlflow.db-journal'])
    await expectError(openStore(), 'damaged', /journal/)
    expect(traces()).toEqual(before)
  })

  test('of a file of the wrong kind', async () => {
    await writeFile(file, 'no database')
    const before = traces()
    await expectError(openStore(), 'notAStore', /not an SQLite database/)
    expect(traces()).toEqual(before)
  })
})

describe('refuses, and says why,', () => {
  test('what is not there', () =>
    expectError(openStore(path.join(folder, 'nothing.db')), 'notFound', /nothing\.db is not there/))

  test('a folder', () => expectError(openStore(folder), 'notAStore', /not a file/))

  test('an empty file', async () => {
    await writeFile(file, '')
    await expectError(openStore(), 'notAStore', /empty/)
  })

  test('a database that is not MLflow’s', async () => {
    await rm(file)
    change('CREATE TABLE recipes (id, name); CREATE TABLE runs (distance)')
    await expectError(openStore(), 'notAStore', /not an MLflow store/)
  })

  test.each([0.9, 0.5, 0.01])('a database of which only a part is there (%f)', async (part) => {
    await truncate(file, Math.floor((await stat(file)).size * part))
    await expectError(openStore().then(readAll), 'damaged', /damaged or incomplete/)
  })

  test('a database cut off in its header', async () => {
    await truncate(file, 60)
    await expectError(openStore(), 'damaged', /60 bytes/)
  })

  test('a database with rubbish inside', async () => {
    const handle = await open(file, 'r+')
    const { size } = await handle.stat()
    for (let at = 4096 * 3; at < size; at += 4096) await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, at)
    await handle.close()
    await expectError(openStore().then(readAll), 'damaged', /damaged or incomplete/)
  })

  test.each(['params', 'latest_metrics', 'runs'])('a database without the table %s', async (table) => {
    change(`DROP TABLE ${table}`)
    await expectError(openStore(), 'schema', new RegExp(`lacks ${table},.*mlflow db upgrade`))
  })

  test('a database without a column that is needed', async () => {
    change('ALTER TABLE runs DROP COLUMN artifact_uri')
    await expectError(openStore(), 'schema', /lacks runs\.artifact_uri/)
  })

  test('a runtime without SQLite', async () => {
    await writeFile(
      path.join(folder, 'sqliteWorker.js'),
      `process.getBuiltinModule = () => undefined; require(${JSON.stringify(path.join(workers, 'sqliteWorker.js'))})`,
    )
    await expectError(openStore(file, folder), 'unsupported', /node:sqlite.*Update the editor/)
  })

  test('a search, with the place that is wrong', async () => {
    const store = await openStore()
    const search = (query: object) => Array.fromAsync(store.searchRuns({ experimentIds: ['1'], ...query }))
    await expectError(search({ filter: "params.lr = 'a' OR x" }), 'badRequest', /character 20: “x” is not known/)
    await expectError(search({ orderBy: ['nothing DESC'] }), 'badRequest', /“nothing” is not known/)
    await expectError(search({ experimentIds: ['a'] }), 'badRequest', /“a” is no experiment id/)
  })
})

test('a name or value with Infinity in it is found as any other', async () => {
  change(`UPDATE registered_models SET name = 'InfinityNet' WHERE name = (SELECT name FROM registered_models LIMIT 1)`)
  change(`INSERT INTO params (key, value, run_uuid) SELECT 'lens', 'Infinity', run_uuid FROM runs LIMIT 1`)
  const store = await openStore()
  const models = (await Array.fromAsync(store.searchRegisteredModels())).flat()
  expect(models.map(({ name }) => name)).toContain('InfinityNet')
  const experimentIds = (await Array.fromAsync(store.searchExperiments({ view: 'ALL' })))
    .flat()
    .map((each) => each.experimentId)
  const count = async (filter: string): Promise<number> =>
    (await Array.fromAsync(store.searchRuns({ experimentIds, filter, view: 'ALL' }))).reduce(
      (sum, { length }) => sum + length,
      0,
    )
  expect(await count("params.lens IN ('Infinity')")).toBe(1)
  expect(await count("params.lens NOT IN ('Infinity')")).toBe(0)
})

describe('reads a schema', () => {
  test('that is older', async () => {
    // What MLflow has added since about 1.2, one after the other, as far as SQLite lets columns go.
    change(`
      DROP TABLE input_tags; DROP TABLE inputs; DROP TABLE datasets;
      DROP TABLE logged_model_metrics; DROP TABLE logged_model_params; DROP TABLE logged_model_tags; DROP TABLE logged_models;
      DROP TABLE registered_model_aliases; DROP TABLE registered_model_tags; DROP TABLE model_version_tags;
      DROP TABLE model_versions; DROP TABLE registered_models; DROP TABLE experiment_tags;
      CREATE TABLE plain AS SELECT experiment_id, name, artifact_location, lifecycle_stage FROM experiments;
      DROP TABLE experiments; ALTER TABLE plain RENAME TO experiments;
      CREATE TABLE plain AS SELECT key, value, timestamp, step, run_uuid FROM latest_metrics;
      DROP TABLE latest_metrics; ALTER TABLE plain RENAME TO latest_metrics;
      CREATE TABLE plain AS SELECT key, value, timestamp, step, run_uuid FROM metrics;
      DROP TABLE metrics; ALTER TABLE plain RENAME TO metrics;
      ALTER TABLE runs DROP COLUMN deleted_time; ALTER TABLE runs DROP COLUMN user_id; ALTER TABLE runs DROP COLUMN name;
      DROP TABLE alembic_version;`)
    const store = await openStore()
    expect(store.version).toBe('SQLite')
    expect(await readAll(store)).toEqual({ runs: runCount() })
    const run = await store.getRun(seed.runs.curves ?? '')
    expect(run.info.runName).toBe('curves') // from its tag
    expect(run.info.userId).toBe('')
    expect(await store.searchRegisteredModels()[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
    const search = {
      experimentIds: [seed.experiments.bulk ?? ''],
      filter: 'metrics.loss > 0.5',
      orderBy: ['metrics.loss'],
    }
    const [frame] = await Array.fromAsync(store.searchRuns(search))
    expect(frame?.length).toBe(1)
    const datasets = { experimentIds: ['1'], filter: "datasets.name = 'train'" }
    expect(await Array.fromAsync(store.searchRuns(datasets))).toEqual([])
  })

  test('that is newer', async () => {
    change(`
      ALTER TABLE runs ADD COLUMN mood TEXT DEFAULT 'good'; ALTER TABLE latest_metrics ADD COLUMN unit TEXT;
      CREATE TABLE dreams (id INTEGER PRIMARY KEY, "odd ""name" TEXT); CREATE INDEX first ON metrics (run_uuid, step);
      UPDATE alembic_version SET version_num = 'ffffffffffff'`)
    const store = await openStore()
    expect(store.version).toBe('SQLite, schema ffffffffffff')
    expect(await readAll(store)).toEqual({ runs: runCount() })
  })

  test('that changes while it is open', async () => {
    const store = await openStore()
    await readAll(store)
    change('ALTER TABLE runs DROP COLUMN user_id; DROP TABLE experiment_tags')
    await readAll(store)
    change('DROP TABLE params')
    await expectError(readAll(store), 'schema', /params/)
  })

  test('that releases have', async () => {
    expect((await openStore()).version).toMatch(/^SQLite, schema [0-9a-f]{12} \(MLflow 3\.17\)$/)
  })
})

describe('reads values', () => {
  test('of more than 53 bits', async () => {
    const ids = ['9007199254740993', '9223372036854775807']
    for (const id of ids)
      change(`INSERT INTO experiments (experiment_id, name, lifecycle_stage, artifact_location) VALUES (${id}, 'big ${id}', 'active', '');
        INSERT INTO experiment_tags VALUES ('t', 'of ${id}', ${id});
        INSERT INTO runs (run_uuid, experiment_id, status, start_time, lifecycle_stage, artifact_uri)
          VALUES ('run-${id}', ${id}, 'FINISHED', ${id}, 'active', '');
        INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES ('m', 1, ${id}, 'run-${id}', ${id}, 0);
        INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES ('m', 1, ${id}, 'run-${id}', ${id}, 0)`)
    const store = await openStore()
    for (const id of ids) {
      const experiment = await store.getExperiment(id)
      expect(experiment.experimentId).toBe(id)
      expect(experiment.tags.get('t')).toBe(`of ${id}`)
      const [frame] = await Array.fromAsync(store.searchRuns({ experimentIds: [id], filter: `start_time >= ${id}` }))
      expect(frame?.info(0)).toMatchObject({ runId: `run-${id}`, experimentId: id, startTime: Number(id) })
      expect(frame?.metricAt(0, 'm')).toEqual({ value: 1, step: Number(id), timestamp: Number(id) })
      expect((await store.getMetricHistory(`run-${id}`, 'm')).steps).toEqual(Float64Array.of(Number(id)))
    }
    const found = await Array.fromAsync(store.searchExperiments({ filter: `experiment_id IN ('${ids[0] ?? ''}')` }))
    expect(found.flat().map(({ experimentId }) => experimentId)).toEqual([ids[0]])
  })

  test('of types that their columns do not announce', async () => {
    change(
      `UPDATE params SET value = x'c3bc' WHERE key = 'lr'; UPDATE tags SET value = NULL WHERE key = 'parity';
      UPDATE runs SET status = 'DREAMING', start_time = 'soon' WHERE run_uuid = '${seed.runs.curves ?? ''}'`.replace(
        "status = 'DREAMING', ",
        '',
      ),
    )
    const store = await openStore()
    expect(await readAll(store)).toEqual({ runs: runCount() })
    expect((await store.getRun(seed.runs.curves ?? '')).params.get('lr')).toBe('ü')
  })

  test.each(['DELETE', 'WAL'])('from a path that looks like a URI (journal mode %s)', async (mode) => {
    const odd = path.join(folder, 'a?mode=rw#b %41 ü.db')
    await rename(file, odd)
    change(`PRAGMA journal_mode = ${mode}`, odd)
    expect(await readAll(await openStore(odd))).toEqual({ runs: runCount() })
  })

  test.each([
    [0, 0],
    [3, 3],
    [Infinity, 1464],
  ])('of at most %d runs', async (maxResults, expected) => {
    const store = await openStore()
    const frames = await Array.fromAsync(store.searchRuns({ experimentIds: [seed.experiments.bulk ?? ''], maxResults }))
    expect(frames.reduce((sum, frame) => sum + frame.length, 0)).toBe(expected)
  })

  test('of very many runs in pages, the first of them small', async () => {
    const store = await openStore()
    const lengths = []
    for await (const frame of store.searchRuns({ experimentIds: Object.values(seed.experiments) }))
      lengths.push(frame.length)
    expect(lengths[0]).toBe(100)
    expect(lengths.length).toBe(2)
  })
})

describe('shares the database with writers:', () => {
  const exclusively = (milliseconds: number) => `
    db.exec('BEGIN EXCLUSIVE')
    console.log('locked')
    setTimeout(() => db.exec('COMMIT'), ${milliseconds})`

  test('waits for one that takes seconds', async () => {
    const store = await openStore()
    await writer(exclusively(2500))
    expect(await readAll(store)).toEqual({ runs: runCount() })
  })

  test('gives up after ten seconds', async () => {
    await writer(exclusively(60_000))
    const start = Date.now()
    await expectError(openStore(), 'busy', /being written by another program/)
    expect(Date.now() - start).toBeGreaterThan(9_000)
  })

  test('waits no longer than it is asked to', async () => {
    const store = await openStore()
    await writer(exclusively(60_000))
    const abort = new AbortController()
    const reading = store.getRun(seed.runs.curves ?? '', abort.signal)
    setTimeout(() => abort.abort(), 200)
    await expectError(reading, 'cancelled', /cancelled/)
  })

  test.each(['DELETE', 'WAL'])('sees no half-done write (journal mode %s)', async (mode) => {
    change(`PRAGMA journal_mode = ${mode}`)
    const child = await writer(`
      let round = 0
      const write = () => {
        round++
        db.exec('BEGIN IMMEDIATE; UPDATE params SET value = ' + round + "; UPDATE tags SET value = " + round + "; UPDATE latest_metrics SET value = " + round + ", is_nan = 0; COMMIT")
        if (round === 1) console.log('writing')
        setTimeout(write, 40)
      }
      write()`)
    const store = await openStore()
    // On POSIX this drops the locks that the store has, which is of the same process.
    meddling = setInterval(() => closeSync(openSync(file, 'r')), 2)
    const seen = new Set<string>()
    while (seen.size < 8) {
      for await (const frame of store.searchRuns({ experimentIds: [seed.experiments.bulk ?? ''] })) {
        const values = new Set<string>()
        for (let row = 0; row < frame.length; row++) {
          const run = frame.run(row)
          for (const { value } of run.metrics.values()) values.add(String(value))
          for (const value of [...run.params.values(), ...run.tags.values()]) values.add(value)
        }
        expect(values.size).toBe(1)
        seen.add([...values].join())
      }
    }
    expect(child.exitCode).toBeNull()
  })

  test('notices that the file was replaced, removed and put back', async () => {
    const store = await openStore()
    const id = seed.runs.curves ?? ''
    const other = path.join(folder, 'other.db')
    cpSync(file, other)
    change(`UPDATE runs SET user_id = 'somebody else'`, other)
    expect((await store.getRun(id)).info.userId).toBe('ana')
    await rename(other, file)
    expect((await store.getRun(id)).info.userId).toBe('somebody else')
    await rename(file, other)
    await expectError(store.getRun(id), 'notFound', /is not there/)
    expect(existsSync(file)).toBe(false)
    await rename(other, file)
    expect((await store.getRun(id)).info.userId).toBe('somebody else')
  })

  test('lets go of the file when it is not needed', async () => {
    if (process.platform !== 'linux') return // where open files can be looked up
    const isOpen = () => readdirSync('/proc/self/fd').some((fd) => linkOf(fd) === file)
    const store = await openStore()
    await store.getRun(seed.runs.curves ?? '')
    expect(isOpen()).toBe(true)
    await expect.poll(isOpen, { timeout: 20_000 }).toBe(false)
    await store.getRun(seed.runs.curves ?? '')
  })
})

describe('the worker', () => {
  const scripted = async (code: string) => {
    await writeFile(
      path.join(folder, 'sqliteWorker.js'),
      code
        .replaceAll('REAL', JSON.stringify(path.join(workers, 'sqliteWorker.js')))
        .replaceAll('MARK', JSON.stringify(path.join(folder, 'mark'))),
    )
    return folder
  }

  test('is replaced when it does not stop, and nobody else notices', async () => {
    const worker = await scripted(`
      const fs = require('node:fs')
      const { parentPort } = require('node:worker_threads')
      parentPort.on('message', ({ method }) => {
        if (method !== 'readHistory' || fs.existsSync(MARK)) return
        fs.writeFileSync(MARK, '')
        for (;;);
      })
      require(REAL)`)
    const store = await openStore(file, worker)
    const id = seed.runs.curves ?? ''
    const abort = new AbortController()
    const stuck = store.getMetricHistory(id, 'loss', abort.signal)
    const waiting = store.getRun(id)
    await expect.poll(() => existsSync(path.join(folder, 'mark')), { timeout: 20_000 }).toBe(true)
    abort.abort()
    await expectError(stuck, 'cancelled', /cancelled/)
    expect((await waiting).info.runId).toBe(id)
  })

  test.each([
    ['ends', 'process.exit(7)', /exit code 7/],
    ['throws', "throw new Error('a crash')", /a crash/],
  ])('fails what is pending when it %s, and starts again', async (_, crash, message) => {
    const worker = await scripted(`
      const fs = require('node:fs')
      const { parentPort } = require('node:worker_threads')
      if (fs.existsSync(MARK)) return require(REAL)
      parentPort.on('message', ({ id, method }) => {
        if (method === 'version') return parentPort.postMessage({ id, result: 'SQLite' })
        fs.writeFileSync(MARK, '')
        ${crash}
      })`)
    const store = await openStore(file, worker)
    const id = seed.runs.curves ?? ''
    await expectError(store.getRun(id), 'unreachable', message)
    expect((await store.getRun(id)).info.runId).toBe(id)
  })

  test('that is not there is an error', () =>
    expectError(openStore(file, path.join(folder, 'nothing.js')), 'unreachable', /nothing\.js/))

  test('ends with the store, as does what is pending', async () => {
    const store = await openStore()
    const pages = store.searchRuns({ experimentIds: Object.values(seed.experiments) })
    const reading = Array.fromAsync(pages)
    reading.catch(() => undefined) // looked at below
    await store[Symbol.asyncDispose]()
    await expectError(reading, 'cancelled', /closed/)
    await expectError(store.getRun('x'), 'cancelled', /closed/)
  })

  test('does not go on with pages that nobody wants', async () => {
    const store = await openStore()
    const abort = new AbortController()
    const found = store.searchRuns({ experimentIds: Object.values(seed.experiments) }, abort.signal)
    const pages = found[Symbol.asyncIterator]()
    expect((await pages.next()).done).toBe(false)
    abort.abort()
    await expectError(pages.next(), 'cancelled', /cancelled/)
    await expectError(store.getRun(seed.runs.curves ?? '', AbortSignal.abort()), 'cancelled', /cancelled/)
  })
})

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return undefined // closed meanwhile
  }
}
