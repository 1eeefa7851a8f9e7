/** What reading costs, against the least that the same data can be read with. */
import { DatabaseSync } from 'node:sqlite'
import { request } from 'undici'
import { openStore, type StoreOptions, type TrackingStore } from '../src/extension/stores'
import type { RunFrame } from '../src/shared/runFrame'
import { longestBlock, pairs, type Row } from './measure'

export interface StoreFiles {
  /** 10,000 and 20,000 runs; the first with five histories of 200,000 points. */
  readonly database: string
  readonly doubled: string
  readonly server: string
  readonly replay: string
  readonly options: StoreOptions
}

async function experiment(store: TrackingStore, name: string): Promise<string> {
  for await (const page of store.searchExperiments({ filter: `name = '${name}'` }))
    for (const found of page) return found.experimentId
  throw new Error(`no experiment ${name} in ${store.uri}`)
}

async function readRuns(store: TrackingStore, experimentId: string, maxResults = Infinity): Promise<number> {
  const pages: RunFrame[] = []
  for await (const page of store.searchRuns({ experimentIds: [experimentId], maxResults })) pages.push(page)
  return pages.reduce((count, page) => count + page.length, 0)
}

function expectRuns(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`read ${actual} runs instead of ${expected}`)
}

/** Reads by the four SELECTs that hold the runs of one experiment, with no further work. */
const bareSelects = (file: string, experimentId: string) => (): void => {
  using database = new DatabaseSync(file, { readOnly: true })
  const runs = database.prepare('SELECT * FROM runs WHERE experiment_id = ? ORDER BY start_time DESC').all(experimentId)
  expectRuns(
    runs.length,
    Number(database.prepare('SELECT count(*) AS n FROM runs WHERE experiment_id = ?').get(experimentId)?.n),
  )
  for (const table of ['latest_metrics', 'params', 'tags'])
    database
      .prepare(`SELECT t.* FROM ${table} t JOIN runs r ON r.run_uuid = t.run_uuid WHERE r.experiment_id = ?`)
      .all(experimentId)
}

export async function sqliteRows({ database, doubled, options }: StoreFiles): Promise<Row[]> {
  await using store = await openStore(database, options)
  await using twice = await openStore(doubled, options)
  const id = await experiment(store, 'runs')
  const twiceId = await experiment(twice, 'runs')
  const ours = async (): Promise<void> => expectRuns(await readRuns(store, id), 10_000)
  const half = async (): Promise<void> => expectRuns(await readRuns(twice, twiceId, 10_000), 10_000)
  const all = async (): Promise<void> => expectRuns(await readRuns(twice, twiceId), 20_000)
  return [
    {
      what: '10,000 runs from mlflow.db into RunFrames',
      against: 'four bare SELECTs through node:sqlite',
      budget: 1.5,
      ...(await pairs(ours, bareSelects(database, id))),
    },
    {
      what: '20,000 runs',
      against: '10,000 of them, from the same file',
      budget: 2.1,
      ...(await pairs(all, half, 15)),
    },
    {
      // SQLite alone takes some 2.2 times here: what it goes through no longer fits into the processor's caches.
      what: '20,000 runs',
      against: '10,000 runs from a file with half as many',
      ...(await pairs(all, ours, 15)),
    },
    await blockRow('10,000 runs from mlflow.db', ours),
  ]
}

/** One page of a store may keep the extension host busy; what else it has to do waits for so long. */
async function blockRow(what: string, work: () => Promise<void>): Promise<Row> {
  await work()
  const longest = await longestBlock(work)
  return {
    what: `longest block of the event loop: ${what}`,
    against: 'a frame of 16.7 ms',
    ratio: longest / 16.7,
    detail: `${longest.toFixed(1)} ms`,
  }
}

async function json(url: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await request(url, {
    headersTimeout: 600_000,
    bodyTimeout: 600_000,
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  return JSON.parse(await response.body.text()) as Record<string, unknown>
}

/** All pages of an experiment's runs: bare paging, parsing and nothing else. */
async function barePages(server: string, experimentId: string): Promise<void> {
  let token = ''
  let count = 0
  do {
    const page = await json(`${server}/api/2.0/mlflow/runs/search`, {
      experiment_ids: [experimentId],
      max_results: count === 0 ? 100 : 1000,
      ...(token && { page_token: token }),
    })
    count += (page.runs as unknown[] | undefined)?.length ?? 0
    token = (page.next_page_token as string | undefined) ?? ''
  } while (token)
  expectRuns(count, 10_000)
}

export async function serverRows({ database, server, replay, options }: StoreFiles): Promise<Row[]> {
  await using store = await openStore(database, options)
  await using rest = await openStore(replay, options)
  await using plain = await openStore(server, options)
  const id = await experiment(store, 'runs')
  const histories = await experiment(store, 'histories')
  const runIds: string[] = []
  for await (const page of store.searchRuns({ experimentIds: [histories] }))
    for (let row = 0; row < page.length; row++) runIds.push(page.info(row).runId)

  const viaServer = await pairs(
    async () => expectRuns(await readRuns(store, id), 10_000),
    () => barePages(server, id),
    1,
  )
  const overRest = async (): Promise<void> => expectRuns(await readRuns(rest, id), 10_000)
  const fullHistories = async (): Promise<void> => {
    for (const runId of runIds) {
      const series = await store.getMetricHistory(runId, 'loss')
      if (series.values.length !== 200_000) throw new Error(`${series.values.length} points instead of 200,000`)
    }
  }
  const sampled = `${server}/api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=loss&max_results=320&${runIds.map((runId) => `run_ids=${runId}`).join('&')}`
  return [
    {
      what: '10,000 runs from mlflow.db',
      against: 'all pages of mlflow server on the same file',
      budget: 1 / 30,
      ...viaServer,
    },
    {
      what: '5 metric histories of 200,000 points, all of them',
      against: "the server's sampled bulk-interval endpoint, 320 points each",
      budget: 1 / 5,
      ...(await pairs(fullHistories, () => json(sampled), 5)),
    },
    {
      what: "10,000 runs over REST, the server's own pages replayed from memory",
      against: 'bare undici paging with JSON.parse',
      budget: 1.15,
      ...(await pairs(overRest, () => barePages(replay, id), 15)),
    },
    {
      what: '10,000 runs over REST from mlflow server itself',
      against: 'bare undici paging with JSON.parse',
      ...(await pairs(
        async () => expectRuns(await readRuns(plain, id), 10_000),
        () => barePages(server, id),
        1,
      )),
    },
    await blockRow('10,000 runs over REST', overRest),
  ]
}
