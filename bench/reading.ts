/** What the measurements have in common: what they are given, and how runs are read. */
import { DatabaseSync } from 'node:sqlite'
import { LiveRuns, RunFeed } from '../src/extension/live'
import { openStore, type StoreOptions, type TrackingStore } from '../src/extension/stores'
import { RunFrameBuilder, type RunFrame } from '../src/shared/runFrame'
import type { Row } from './measure'

export interface Setting {
  /** 10,000 and 20,000 runs of 10 metrics, 10 parameters, 4 tags; the first with five histories of 200,000 points. */
  readonly database: string
  readonly doubled: string
  /** Databases of runs of 3 metrics, 3 parameters, 2 tags, and `mlruns/` folders, by number of runs. */
  readonly databases: Readonly<Record<string, string>>
  readonly folders: Readonly<Record<string, string>>
  /** `mlflow server` on `database`, and its answers replayed from memory. */
  readonly server: string
  readonly replay: string
  /** A server of made-up runs: below `/COUNT` of so many. */
  readonly made: string
  readonly options: StoreOptions
  /** A folder for what is written to; removed afterwards. */
  readonly scratch: string
  /** bench/memory.ts, built. */
  readonly memoryScript: string
}

/** Measurements that belong together. */
export type Group = (setting: Setting) => AsyncIterable<Row>

export async function experiment(store: TrackingStore, name: string): Promise<string> {
  for await (const page of store.searchExperiments({ filter: `name = '${name}'` }))
    for (const found of page) return found.experimentId
  throw new Error(`no experiment ${name} in ${store.uri}`)
}

/** All runs of an experiment in one frame. */
export async function readRuns(store: TrackingStore, experimentId: string, maxResults?: number): Promise<RunFrame> {
  const runs = new RunFrameBuilder()
  const query = { experimentIds: [experimentId], ...(maxResults !== undefined && { maxResults }) }
  for await (const page of store.searchRuns(query)) runs.append(page)
  return runs.build()
}

/** The same as views do it: page by page into a list that stays fresh. */
export async function readLive(store: TrackingStore, experimentId: string): Promise<RunFrame> {
  using feed = new RunFeed(store, [experimentId])
  using runs = new LiveRuns(feed, { limit: Infinity })
  await runs.load()
  return runs.frame
}

export function expectRuns({ length }: { readonly length: number }, expected: number): void {
  if (length !== expected) throw new Error(`${length} runs instead of ${expected}`)
}

/** Opens a store, reads its experiment "runs" and closes it: nothing is remembered from before. */
export async function readCold(uri: string, options: StoreOptions): Promise<RunFrame> {
  await using store = await openStore(uri, options)
  return await readRuns(store, await experiment(store, 'runs'))
}

/** Reads by the four SELECTs that hold the runs of one experiment, with no further work. */
export function bareSelects(file: string, experimentId: string): void {
  using database = new DatabaseSync(file, { readOnly: true })
  const runs = database.prepare('SELECT * FROM runs WHERE experiment_id = ? ORDER BY start_time DESC').all(experimentId)
  const count = database.prepare('SELECT count(*) AS n FROM runs WHERE experiment_id = ?').get(experimentId)?.n
  expectRuns(runs, Number(count))
  for (const table of ['latest_metrics', 'params', 'tags'])
    database
      .prepare(`SELECT t.* FROM ${table} t JOIN runs r ON r.run_uuid = t.run_uuid WHERE r.experiment_id = ?`)
      .all(experimentId)
}
