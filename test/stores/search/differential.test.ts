/**
 * Searches: what we find is what the real MLflow finds in the same data, in the same order, or both refuse. The data lie in a database,
 * on a server and in a folder, with the same ids.
 */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore, type TrackingStore } from '../../../src/extension/stores'
import type { Found, SearchKind } from '../../../src/shared/filter'
import { python, startServer, type MlflowMajor, type MlflowServer } from '../servers'
import { workers } from '../workers'
import { generateComparisons, generateSearches, type Seeded } from './generate'
import { askContent, askStore, contentOf, idOf, isOurs, type Answer, type Content, type Search } from './searches'

const kinds: readonly SearchKind[] = ['runs', 'experiments', 'registeredModels', 'modelVersions', 'loggedModels']
const place = import.meta.dirname

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-search-'))
  folders.push(folder)
  return folder
}

const seed = async (version: MlflowMajor, uri: string): Promise<Seeded> =>
  JSON.parse(await python(version, [path.join(place, 'seed.py'), uri])) as Seeded

async function oracle(version: MlflowMajor, uri: string, searches: readonly Search[]): Promise<Answer[]> {
  const file = path.join(await newFolder(), 'searches.json')
  await writeFile(file, JSON.stringify(searches))
  return JSON.parse(await python(version, [path.join(place, 'oracle.py'), uri, file])) as Answer[]
}

const open = (uri: string): Promise<TrackingStore> => openStore(uri, { workers })

/** A line for each search whose answers differ. */
async function differences(
  searches: readonly Search[],
  expected: readonly Answer[],
  ask: (search: Search) => Answer | Promise<Answer>,
): Promise<string[]> {
  const found = []
  for (const [at, search] of searches.entries()) {
    const wanted = expected[at] ?? null
    const given = await ask(search)
    const answer = Array.isArray(given) && isOurs(search) ? null : given
    // What MLflow fails at otherwise than by refusing it, we may refuse.
    if (inShort(answer) !== inShort(wanted) && !(wanted === 'fails' && answer === null))
      found.push(`${JSON.stringify(search)}: MLflow ${inShort(wanted)}, we ${inShort(answer)}`)
  }
  return found
}

const inShort = (answer: Answer): string =>
  typeof answer === 'object' ? (answer?.map((id) => id.slice(0, 6)).join(' ') ?? 'refuses') : answer

/** As older clients, other languages' and servers that were told no end leave them. */
function makeOdd(file: string, runs: readonly string[]): void {
  using database = new DatabaseSync(file)
  const change = (of: number, what: string): void => {
    const update = database.prepare(`UPDATE runs SET ${what} WHERE run_uuid = ?`)
    runs.forEach((run, at) => at % 7 === of && update.run(run))
  }
  change(0, 'name = NULL')
  change(1, "name = ''")
  change(2, 'user_id = NULL')
  change(3, "user_id = ''")
  change(4, 'end_time = 0')
  change(5, "name = NULL, user_id = '', end_time = 0")
  database
    .prepare("DELETE FROM tags WHERE key = 'mlflow.runName' AND run_uuid IN (?, ?)")
    .run(runs[0] ?? '', runs[1] ?? '')
}

const searchOfRuns = ({ experiments }: Seeded, filter: string, orderBy: readonly string[] = []): Search => ({
  of: 'runs',
  filter,
  orderBy,
  experimentIds: experiments,
  datasets: [],
})

/** By what such runs have otherwise, and none that would find those without a user. */
function searchesOfOddRuns(seeded: Seeded): Search[] {
  const filters = [
    ...[
      "user_id = ''",
      "user_id != 'ana'",
      "user_id LIKE '%'",
      "user_id = 'ana'",
      "user_id ILIKE 'B%'",
      'end_time = 0',
    ],
    ...[
      'end_time < 5',
      'end_time > -1',
      'end_time != 0',
      'end_time <= 1750000000000',
      "run_name = ''",
      "run_name != 'x'",
    ],
    ...["run_name LIKE '%run%'", "attributes.run_name ILIKE '%BASE%'", "tags.mlflow.runName != 'x'"],
  ]
  const orders = ['run_name', 'user_id', 'end_time'].flatMap((name) => [
    [name],
    [`${name} DESC`],
    ['status', `${name} DESC`],
  ])
  const found = "user_id != 'x'"
  return [
    ...filters.map((filter) => searchOfRuns(seeded, `${filter} AND ${found}`)),
    ...filters.map((filter, at) => searchOfRuns(seeded, `${filter} AND ${found}`, orders[at % orders.length])),
    ...orders.map((order) => searchOfRuns(seeded, found, order)),
  ]
}

const isFound = (answer: Answer): boolean => Array.isArray(answer) && answer.length > 0

/** A few of them only: a server takes its time. */
const some = <T>(items: readonly T[]): T[] => items.filter((_, at) => at % 3 === 0)

describe('MLflow 3', () => {
  let seeded: Seeded
  let server: MlflowServer
  let sqlite: TrackingStore
  let files: TrackingStore
  let rest: TrackingStore
  let content: Content
  let uri = ''
  let searches: Search[] = []
  let answers: Answer[] = []

  beforeAll(async () => {
    const folder = await newFolder()
    const database = path.join(folder, 'mlflow.db')
    uri = `sqlite:///${database}`
    seeded = await seed('3', uri)
    expect(await seed('3', `file://${folder}/runs`)).toEqual(seeded) // the same ids
    searches = generateSearches(seeded)
    sqlite = await open(uri)
    files = await open(path.join(folder, 'runs'))
    content = await contentOf(sqlite, seeded.experiments)
    const serving = startServer({ version: '3', database })
    answers = await oracle('3', uri, searches)
    server = await serving
    rest = await open(server.url)
  })
  afterAll(async () => {
    for (const store of [sqlite, files, rest]) await store[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('its searches prove something', () => {
    for (const kind of kinds) {
      const of = answers.filter((_, at) => searches[at]?.of === kind)
      expect(of.filter((answer) => answer === null).length, kind).toBeGreaterThan(10)
      expect(of.filter(isFound).length, kind).toBeGreaterThan(25)
      expect(new Set(of.map((answer) => JSON.stringify(answer))).size, kind).toBeGreaterThan(10)
    }
    expect(searches.length).toBeGreaterThan(900)
  })

  test.each(kinds)('%s from a database', async (kind) => {
    expect(await compared(kind, (search) => askStore(sqlite, search))).toEqual([])
  })

  test.each(kinds)('%s from a folder', async (kind) => {
    expect(await compared(kind, (search) => askStore(files, search))).toEqual([])
  })

  test.each(kinds)('%s from memory', async (kind) => {
    expect(await compared(kind, (search) => askContent(content, search))).toEqual([])
  })

  test('everything from a server, whose own client finds the same', async () => {
    const asked = some(searches)
    const byClient = await oracle('3', server.url, asked)
    expect(await differences(asked, byClient, (search) => askStore(rest, search))).toEqual([])
    expect(await differences(asked, byClient, (search) => answers[searches.indexOf(search)] ?? null)).toEqual([])
  })

  async function compared(kind: SearchKind, ask: (search: Search) => Answer | Promise<Answer>): Promise<string[]> {
    const of = searches.filter((search) => search.of === kind)
    const expected = answers.filter((_, at) => searches[at]?.of === kind)
    return differences(of, expected, ask)
  }

  test('deleted runs, all runs, and the first few of them', async () => {
    const filters = generateComparisons(seeded, 16, 23)
    const orders = ['metrics.loss DESC', 'params.optimizer', 'end_time', 'start_time DESC']
    const asked = filters.flatMap((filter, at): Search[] => {
      const orderBy = at % 3 === 0 ? [] : [orders[at % orders.length] ?? '']
      const both = at % 2 === 0 ? filter : `${filter} AND tags.parity != 'x'`
      const search = searchOfRuns(seeded, at % 4 === 3 ? '' : both, orderBy)
      return (['DELETED_ONLY', 'ALL', 'ACTIVE_ONLY'] as const).flatMap((view) => [
        { ...search, view },
        { ...search, view, maxResults: 1 + (at % 5) },
      ])
    })
    const expected = await oracle('3', uri, asked)
    expect(expected.filter(isFound).length).toBeGreaterThan(30)
    for (const [name, store] of Object.entries({ sqlite, files, rest }))
      expect(await differences(asked, expected, (search) => askStore(store, search)), name).toEqual([])
    // What only we answer, of deleted runs too.
    for (const view of ['DELETED_ONLY', 'ALL'] as const)
      for (const filter of ["status = 'FAILED' OR metrics.loss < 1", 'NOT duration > 60000', "params.lr RLIKE '^0'"]) {
        const search = { ...searchOfRuns(seeded, filter, ['duration DESC']), view }
        const wanted = await askStore(sqlite, search)
        expect(isFound(wanted), filter).toBe(true)
        for (const store of [files, rest]) {
          expect(await askStore(store, search), filter).toEqual(wanted)
          expect(await askStore(store, { ...search, maxResults: 2 }), filter).toEqual(wanted?.slice(0, 2))
        }
      }
  })

  test('runs that were logged otherwise than by today’s client', async () => {
    const copy = path.join(await newFolder(), 'mlflow.db')
    await copyFile(uri.slice('sqlite:///'.length), copy)
    makeOdd(copy, seeded.runs)
    const odd = searchesOfOddRuns(seeded)
    const expected = await oracle('3', `sqlite:///${copy}`, odd)
    expect(await oracle('3', `sqlite:///${copy}`, [searchOfRuns(seeded, '')])).toEqual(['fails']) // it can't read a run without a user
    expect(expected.filter(isFound).length).toBeGreaterThan(25)
    await using store = await open(copy)
    expect(await differences(odd, expected, (search) => askStore(store, search))).toEqual([])
    const inMemory = await contentOf(store, seeded.experiments)
    expect(await differences(odd, expected, (search) => askContent(inMemory, search))).toEqual([])
    const filters = ['end_time IS NULL', 'NOT end_time < 5', 'run_name IS NULL', 'duration > 0', 'user_id IS NULL', '']
    for (const search of filters.flatMap((filter) => [
      searchOfRuns(seeded, filter),
      searchOfRuns(seeded, filter, ['user_id']),
    ])) {
      const found = askContent(inMemory, search)
      expect(found?.length, search.filter).toBeGreaterThan(0)
      expect(await askStore(store, search), search.filter).toEqual(found)
    }
  })

  describe('what only we answer', () => {
    const search = (filter: string, orderBy: readonly string[] = [], of: SearchKind = 'runs'): Search => ({
      of,
      filter,
      orderBy,
      experimentIds: seeded.experiments,
      datasets: [],
    })

    /** What each way of answering gives; all must agree. */
    async function ask(filter: string, orderBy: readonly string[] = [], of: SearchKind = 'runs'): Promise<Answer> {
      const asked = search(filter, orderBy, of)
      expect(isOurs(asked), `${filter} ${orderBy.join()}`).toBe(true)
      const inMemory = askContent(content, asked)
      for (const [name, store] of Object.entries({ sqlite, files, rest }))
        expect(await askStore(store, asked), `${name}: ${filter} ${orderBy.join()}`).toEqual(inMemory)
      return inMemory
    }

    test('OR, NOT and parentheses combine what MLflow answers to their parts', async () => {
      const parts = generateComparisons(seeded, 60)
      const found = await oracle('3', uri, [search(''), ...parts.map((filter) => search(filter))])
      const [all, ...each] = found.map(
        (answer, at) =>
          new Set(typeof answer === 'object' && answer ? answer : expect.fail(`refused: ${parts[at - 1] ?? ''}`)),
      )
      const combined = (holds: (run: string) => boolean): string[] => [...(all ?? [])].filter(holds)
      for (let at = 0; at + 2 < parts.length; at += 3) {
        const [a = '', b = '', c = ''] = parts.slice(at)
        const [inA, inB, inC] = each.slice(at)
        expect(await ask(`${a} OR ${b}`)).toEqual(combined((run) => inA?.has(run) === true || inB?.has(run) === true))
        expect(await ask(`NOT (${a}) AND ${c}`)).toEqual(combined((run) => !inA?.has(run) && inC?.has(run) === true))
        expect(await ask(`NOT ((${a} OR ${b}) AND NOT ${c})`)).toEqual(
          combined((run) => !((inA?.has(run) === true || inB?.has(run) === true) && !inC?.has(run))),
        )
      }
    })

    test('comparisons beyond MLflow’s, from every store alike', async () => {
      const runs = content.runs
      const rates = runs.runIds().map((id) => [id, runs.run(runs.rowOf(id))] as const)
      const those = (holds: (run: (typeof rates)[number][1]) => boolean): string[] =>
        rates.flatMap(([id, run]) => (holds(run) ? [id] : []))
      const lr = (run: (typeof rates)[number][1]): string => run.params.get('lr') ?? ''

      const expected: Readonly<Record<string, readonly string[]>> = {
        "params.lr RLIKE '^[0-9.]+$'": those((run) => /^[0-9.]+$/.test(lr(run))),
        "params.lr NOT RLIKE '^[0-9.]+$'": those((run) => run.params.has('lr') && !/^[0-9.]+$/.test(lr(run))),
        "params.lr IN ('0.1', 'fast')": those((run) => ['0.1', 'fast'].includes(lr(run))),
        "params.lr NOT IN ('0.1', 'fast')": those((run) => run.params.has('lr') && !['0.1', 'fast'].includes(lr(run))),
        'params.lr = 0.1': those((run) => ['0.1', '0.10', '1e-1', '.1'].includes(lr(run))),
        'params.lr >= 1 AND params.lr < 11': those((run) => ['1', '10', ' 5 '].includes(lr(run))),
        "tags.note NOT LIKE 'a%'": those((run) => run.tags.get('note')?.startsWith('a') === false),
        'metrics.loss IS NULL': those((run) => !run.metrics.has('loss')),
        'metrics.loss IN (1, 0.5)': those((run) => [1, 0.5].includes(run.metrics.get('loss')?.value ?? NaN)),
        "status IN ('FAILED', 'KILLED')": those(({ info }) => ['FAILED', 'KILLED'].includes(info.status)),
        "duration > '1h'": those(({ info }) => (info.endTime ?? 0) - (info.startTime ?? 0) > 3_600_000),
        'duration IS NULL': those(({ info }) => info.endTime === null),
      }
      for (const [filter, wanted] of Object.entries(expected)) {
        const found = await ask(filter)
        expect(wanted.length, filter).toBeGreaterThan(0)
        expect(new Set(found), filter).toEqual(new Set(wanted))
      }
      for (const direction of ['ASC', 'DESC']) await ask('', [`duration ${direction}`])
    })

    test('comparisons of experiments beyond MLflow’s', () =>
      holdsFor('experiments', {
        "name = 'alpha' OR tags.team = 'Adam'": ({ name, tags }) => name === 'alpha' || tags.get('team') === 'Adam',
        "NOT tags.team LIKE '%'": ({ tags }) => !tags.has('team'),
        "name RLIKE '^[a-z]+$'": ({ name }) => /^[a-z]+$/.test(name),
        "name NOT IN ('alpha', 'Alpha')": ({ name }) => !['alpha', 'Alpha'].includes(name),
        "experiment_id = 1 AND NOT (name = 'beta 2')": ({ experimentId }) => experimentId === '1',
      }))
    test('comparisons of registeredModels beyond MLflow’s', () =>
      holdsFor('registeredModels', {
        "name = 'empty' OR tags.live = 'yes'": ({ name, tags }) => name === 'empty' || tags.get('live') === 'yes',
        'tags.live IS NULL': ({ tags }) => !tags.has('live'),
        "aliases = 'alias-2'": ({ aliases }) => aliases.has('alias-2'),
        "NOT aliases LIKE '%'": ({ aliases }) => aliases.size === 0,
        "name NOT LIKE 'p%' AND name RLIKE '_|δ'": ({ name }) => /_|δ/.test(name),
        'last_updated_timestamp > 0': () => true,
      }))
    test('comparisons of modelVersions beyond MLflow’s', () =>
      holdsFor('modelVersions', {
        "current_stage = 'Production'": ({ currentStage }) => currentStage === 'Production',
        "aliases IN ('champion')": ({ aliases }) => aliases.includes('champion'),
        'run_id IS NULL': ({ runId }) => runId === '',
        'version_number IN (1, 3)': ({ version }) => ['1', '3'].includes(version),
        "NOT (version_number < 3 OR tags.note = 'sgd')": ({ version, tags }) =>
          Number(version) >= 3 && tags.get('note') !== 'sgd',
        "source_path NOT ILIKE '%ADAM'": ({ source }) => !source.toLowerCase().endsWith('adam'),
      }))
    test('comparisons of loggedModels beyond MLflow’s', () =>
      holdsFor('loggedModels', {
        "status = 'READY'": ({ status }) => status === 'READY',
        "status != 'READY'": ({ status }) => status !== 'READY',
        'status = FAILED': ({ status }) => status === 'UPLOAD_FAILED',
        "status IN ('UPLOAD_FAILED', '2')": () => true,
        "status NOT IN ('FAILED', 'PENDING')": ({ status }) => status === 'READY',
        "name = 'tree' OR metrics.score = 2": ({ name, metrics }) =>
          name === 'tree' || metrics.some(({ key, value }) => key === 'score' && value === 2),
        'metrics.score IN (3, 0.5)': ({ metrics }) =>
          metrics.some(({ key, value }) => key === 'score' && [3, 0.5].includes(value)),
        'metrics.score IS NULL': ({ metrics }) => !metrics.some(({ key }) => key === 'score'),
        'NOT metrics.score > -1e300': ({ metrics }) =>
          !metrics.some(({ key, value }) => key === 'score' && value > -1e300),
        "tags.which RLIKE '^a' AND params.lr IS NOT NULL": ({ tags, params }) =>
          tags.get('which')?.startsWith('a') === true && params.has('lr'),
        'params.lr >= 1': ({ params }) =>
          ['1', '10', ' 5 ', 'inf', '9007199254740993'].includes(params.get('lr') ?? ''),
      }))

    /** Filters, and what holds for those that are found. */
    async function holdsFor<K extends keyof Found>(
      kind: K,
      filters: Readonly<Record<string, (item: Found[K]) => boolean>>,
    ): Promise<void> {
      const all: { readonly [L in keyof Found]: readonly Found[L][] } = content
      const identify: (item: Found[K]) => string = idOf[kind]
      for (const [filter, holds] of Object.entries<(item: Found[K]) => boolean>(filters)) {
        const wanted = all[kind].filter(holds).map(identify)
        expect(wanted.length, filter).toBeGreaterThan(0)
        expect(new Set(await ask(filter, [], kind)), filter).toEqual(new Set(wanted))
      }
    }
  })
})

/**
 * What MLflow 2 answers otherwise than 3, and so than we from a database: it takes fractions of whole numbers and numbers beyond all
 * bounds, and looks for the context of a dataset among all runs that have the dataset. What it refuses, we may answer as MLflow 3 does.
 */
const differs = /(time|version_number)\s*\W+\d*(\.|\d+e-|\d{20})|context NOT IN/

describe('MLflow 2', () => {
  test('what its client finds in a database and on a server, we find', async () => {
    const database = path.join(await newFolder(), 'mlflow.db')
    const uri = `sqlite:///${database}`
    const seeded = await seed('2', uri)
    const searches = generateSearches(seeded).filter(({ of }) => of !== 'loggedModels') // it has none
    const answers = await oracle('2', uri, searches)
    expect(answers.filter(isFound).length).toBeGreaterThan(200)
    await using sqlite = await open(uri)
    await using server = await startServer({ version: '2', database })
    await using rest = await open(server.url)
    const common = searches.filter((search, at) => Array.isArray(answers[at]) && !differs.test(search.filter))
    const byClient = answers.filter((answer, at) => Array.isArray(answer) && !differs.test(searches[at]?.filter ?? ''))
    expect(await differences(common, byClient, (search) => askStore(sqlite, search))).toEqual([])
    const fewer = some(common)
    const byDatabase = await Promise.all(fewer.map((search) => askStore(sqlite, search)))
    expect(await differences(fewer, byDatabase, (search) => askStore(rest, search))).toEqual([])

    // What it refuses, we answer as from its database, or refuse it as well.
    // (At some searches by dataset its SQL fails.)
    const refused = some(
      searches.filter(({ filter }, at) => answers[at] === null && !filter.includes('dataset') && !differs.test(filter)),
    )
    expect(refused.length).toBeGreaterThan(50)
    const lines = []
    let answered = 0
    for (const search of refused) {
      const [wanted, given] = [await askStore(sqlite, search), await askStore(rest, search)]
      if (wanted !== null) answered++
      if (inShort(given) !== inShort(wanted))
        lines.push(`${JSON.stringify(search)}: ${inShort(wanted)}, on a server ${inShort(given)}`)
    }
    expect(lines).toEqual([])
    expect(answered).toBeGreaterThan(5)
  })
})
