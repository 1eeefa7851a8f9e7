/** Search expressions: what the SQLite store finds is what the real MLflow finds on the same file, in the same order. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TrackingStore } from '../../src/extension/stores'
import { StoreError } from '../../src/extension/stores/errors'
import { openSqliteStore } from '../../src/extension/stores/sqlite'
import { python, seedStore, type SeededStore } from './servers'
import { workerPath } from './sqliteWorker'

interface Search {
  readonly of: 'runs' | 'experiments' | 'registeredModels' | 'modelVersions'
  readonly filter: string
  readonly orderBy: readonly string[]
  readonly experimentIds?: readonly string[]
}

let seed: SeededStore
let store: TrackingStore
let oracle: Map<Search, readonly string[] | null>
const searches: Search[] = []

beforeAll(async () => {
  seed = await seedStore('3')
  store = await openSqliteStore(seed.database, 'sqlite:///x', { workerPath })
  searches.push(...generated(seed))
  const file = path.join(seed.folder, 'searches.json')
  await writeFile(file, JSON.stringify(searches))
  const script = path.join(import.meta.dirname, 'sqliteSearch.py')
  const answers = JSON.parse(await python('3', [script, seed.database, file])) as (string[] | null)[]
  oracle = new Map(searches.map((search, at) => [search, answers[at] ?? null]))
})
afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await seed[Symbol.asyncDispose]()
})

describe.each(['runs', 'experiments', 'registeredModels', 'modelVersions'] as const)('searches of %s', (kind) => {
  test('give what MLflow gives', async () => {
    const differing = []
    const counts = { refused: 0, empty: 0, found: 0 }
    for (const search of searches.filter(({ of }) => of === kind)) {
      const expected = oracle.get(search) ?? null
      const actual = await attempt(search)
      counts[expected === null ? 'refused' : expected.length === 0 ? 'empty' : 'found']++
      if (JSON.stringify(actual) !== JSON.stringify(expected)) differing.push({ search, expected, actual })
    }
    expect(differing).toEqual([])
    // Otherwise the searches would prove nothing.
    expect(counts.found).toBeGreaterThan(20)
    expect(counts.refused).toBeGreaterThan(5)
  })
})

async function attempt(search: Search): Promise<string[] | null> {
  try {
    return (await found(search)).slice(0, 60)
  } catch (error) {
    if (StoreError.is(error, 'badRequest')) return null
    throw error
  }
}

async function found({ of, filter, orderBy, experimentIds = [] }: Search): Promise<string[]> {
  const ids: string[] = []
  switch (of) {
    case 'runs':
      for await (const frame of store.searchRuns({ experimentIds, filter, orderBy, maxResults: 60 }))
        ids.push(...frame.data.infos.map(({ runId }) => runId))
      return ids
    case 'experiments':
      for await (const page of store.searchExperiments({ filter, orderBy, view: 'ALL' }))
        ids.push(...page.map(({ experimentId }) => experimentId))
      return ids
    case 'registeredModels':
      for await (const page of store.searchRegisteredModels({ filter, orderBy }))
        ids.push(...page.map(({ name }) => name))
      return ids
    case 'modelVersions': {
      // Without an order the store has one of its own.
      const order = orderBy.length > 0 ? orderBy : ['last_updated_timestamp DESC', 'name ASC', 'version_number DESC']
      for await (const page of store.searchModelVersions({ filter, orderBy: order }))
        ids.push(...page.map(({ name, version }) => `${name} ${version}`))
      return ids
    }
  }
}

/** Every name with every comparator and value that could matter, and the same random mixtures of them at each run. */
function generated({ experiments, runs }: SeededStore): Search[] {
  const random = randomNumbers(7)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  const experimentIds = Object.values(experiments)
  const numbers = ['0', '0.5', '-1', '1e-3', '2.5e-1', '.5', '1.', '1750000000000', '1750000100000']
  const texts = [
    "'0.5'",
    '"0.5"',
    "''",
    "'adam'",
    "'AD%'",
    "'ad%'",
    "'_dam'",
    "'even'",
    "'%1%'",
    "'FINISHED'",
    "'finished'",
    "'bulk 7'",
    "'BULK%'",
  ]
  const wrong = ['adam', '0x10', "'a", '(1)', "('a')", 'nan', '1e', "'it''s'", "'a' 'b'", '`x`']
  const runNames = [
    ...[
      'metrics.loss',
      'metric.accuracy',
      'metrics.`val loss/top-1`',
      'metrics."diverged"',
      'metrics.missing',
      'metrics.__proto__',
    ],
    ...['params.lr', 'param.layers', 'parameters.optimizer', 'parameter.`a b/c.d-e`', 'params.missing', 'params."lr"'],
    ...['tags.parity', 'tag.rare', 'tags.mlflow.runName', 'tags.`mlflow.user`', 'tags.empty', 'tags.missing'],
    ...[
      'status',
      'run_id',
      'attributes.run_name',
      'attr.user_id',
      'run.artifact_uri',
      'start_time',
      'attribute.end_time',
      'Created',
    ],
    ...['`run name`', '"start_time"', 'datasets.name', 'dataset.digest', 'datasets.context', 'datasets.other'],
    ...['Metrics.loss', 'unknown.key', 'nothing', 'metrics.val-loss', "'status'", '5', 'attributes.`Run Name`'],
  ]
  const comparators = [
    '=',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    'LIKE',
    'like',
    'ILIKE',
    'ilike',
    'IN',
    'NOT IN',
    'IS NULL',
    'is not null',
    '==',
    '<>',
    'NOT LIKE',
  ]
  const comparison = (names: readonly string[]) => {
    const name = pick(names)
    const comparator = pick(comparators)
    if (/null/i.test(comparator)) return `${name} ${comparator}`
    if (comparator.endsWith('IN'))
      return `${name} ${comparator} (${pick([`'${pick(Object.values(runs))}', 'x'`, "'train'", "'training',", '\'pricing\', "b"', '1', "'a' 'b'", ''])})`
    const numeric = /metric|time|created|version_number|experiment_id/i.test(name)
    const value = pick([...(numeric ? numbers : texts), ...(random() < 0.1 ? wrong : [])])
    return `${name}${pick([' ', '  '])}${comparator}${/\w$/.test(comparator) ? ' ' : pick(['', ' '])}${value}`
  }
  const mixture = (names: readonly string[], length: number) =>
    Array.from({ length }, () => comparison(names)).join(pick([' AND ', ' and ', '  And\n']))
  const orders = (names: readonly string[]) =>
    Array.from(
      { length: Math.floor(random() * 3) },
      () => `${pick(names)}${pick(['', ' ASC', ' DESC', ' desc', ' down'].slice(0, random() < 0.1 ? 5 : 4))}`,
    )
  const orderable = runNames.filter(
    (name) => !/dataset|other|Metrics|unknown|nothing|val-loss|'status'|^5/.test(name) || random() < 0.2,
  )

  const list: Search[] = []
  const add = (of: Search['of'], filter: string, orderBy: readonly string[]) =>
    list.push({ of, filter, orderBy, ...(of === 'runs' && { experimentIds }) })

  for (const name of runNames)
    for (const comparator of ['=', '!=', '>', 'LIKE', 'IS NULL'])
      add(
        'runs',
        comparator === 'IS NULL'
          ? `${name} IS NULL`
          : `${name} ${comparator} ${/metric|time|created/i.test(name) ? pick(numbers) : pick(texts)}`,
        [],
      )
  for (const name of orderable) for (const direction of ['', ' DESC']) add('runs', '', [`${name}${direction}`])
  for (let at = 0; at < 120; at++) add('runs', mixture(runNames, 1 + Math.floor(random() * 3)), orders(orderable))
  for (const filter of [
    ...[
      '',
      ' ',
      'metrics.loss',
      'metrics.loss >',
      '> 1',
      'metrics.loss > 1 OR metrics.loss < 0',
      '(metrics.loss > 1)',
      'metrics.loss > 0.1;',
    ],
    ...[
      "run_id IN ('x', 'y'",
      `run_id = '${runs.curves ?? ''}'`,
      `run_id NOT IN ('${runs.curves ?? ''}')`,
      'start_time > 99999999999999999999',
    ],
    ...[
      "params.lr = '0.1' AND metrics.loss < 0.01 AND tags.parity = 'odd'",
      "tags.`mlflow.note.content` ILIKE '%BOLD%'",
      'metrics.accuracy != 0.5',
      'metrics.accuracy = 0',
    ],
    ...[
      "tags.mlflow.parentRunId = 'not an id <b>'",
      "run_name LIKE '%🚀%'",
      "params.`<b>\"k`e'y\"</b>` = 'any'",
      'metrics.accuracy > 1e308',
      'metrics.loss BETWEEN 1 AND 2',
    ],
  ])
    add('runs', filter, [])

  const experimentNames = [
    'name',
    'attribute.name',
    'experiment_id',
    'creation_time',
    'attribute.last_update_time',
    'tags.team',
    'tag.`mlflow.note.content`',
    'tags.missing',
    'attributes.name',
    'other',
  ]
  const exact = [
    "name = 'kinds'",
    "name != 'kinds'",
    "name LIKE '%e%'",
    "name ILIKE '%E%'",
    "experiment_id = '1'",
    "experiment_id IN ('1','2')",
    "experiment_id NOT IN ('1')",
    'creation_time > 0',
    "tags.team = 'ünïcode'",
    "tags.team != 'x'",
    'tags.team IS NULL',
    'tags.team IS NOT NULL',
    "name IN ('kinds')",
    'creation_time > 0.5',
    "experiment_id = 'a'",
    "tags.team LIKE '%code' AND name LIKE 'n%'",
    "name LIKE 'K%'",
  ]
  for (const filter of exact)
    for (const orderBy of [
      [],
      ['name'],
      ['creation_time DESC'],
      ['experiment_id'],
      ['last_update_time ASC', 'name DESC'],
    ])
      add('experiments', filter, orderBy)
  for (let at = 0; at < 40; at++)
    add(
      'experiments',
      mixture(experimentNames, 1).replace(/ (i?like) /, (word) => word.toUpperCase()),
      orders(['name', 'creation_time', 'experiment_id', 'last_update_time', 'tags.team']),
    )

  const modelFilters = [
    '',
    "name = 'pricing'",
    "name != 'pricing'",
    "name LIKE 'pri%'",
    "name ILIKE 'PRI%'",
    "name LIKE 'PRI%'",
    "name IN ('pricing', 'empty model')",
    "name NOT IN ('pricing')",
    "tags.team = 'ünïcode'",
    "tags.team != 'x' AND name LIKE '%'",
    "tags.missing = 'x'",
    "tags.team LIKE 'ü%' AND tags.`__proto__` = 'x'",
    'name > 1',
    "other = 'x'",
    "tags.team IN ('x')",
    "attributes.name = 'x'",
    'tags.team IS NULL',
    'name = pricing',
  ]
  for (const filter of modelFilters)
    for (const orderBy of [
      [],
      ['name DESC'],
      ['last_updated_timestamp DESC'],
      ['timestamp ASC', 'name'],
      ['version_number'],
    ])
      add('registeredModels', filter, orderBy)

  const versionFilters = [
    '',
    "name = 'pricing'",
    "name IN ('pricing')",
    "run_id = 'x'",
    `run_id = '${runs.artifacts ?? ''}'`,
    `run_id IN ('${runs.artifacts ?? ''}', 'x')`,
    `run_id NOT IN ('x')`,
    'version_number > 5',
    'version_number = 3',
    'version_number != 4',
    'version_number > 5.5',
    "version_number = '5'",
    "source_path LIKE '%model'",
    "source_path ILIKE '%MODEL'",
    "tags.number = '7'",
    "tags.number LIKE '1%' AND version_number < 12",
    "source_path IN ('x')",
    "current_stage = 'Production'",
    "name LIKE '%'",
  ]
  for (const filter of versionFilters)
    for (const orderBy of [
      [],
      ['name DESC'],
      ['version_number'],
      ['creation_timestamp DESC'],
      ['last_updated_timestamp', 'version_number DESC'],
      ['run_id'],
    ])
      add('modelVersions', filter, orderBy)
  return list
}

/** Mulberry32: the same numbers at each run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
