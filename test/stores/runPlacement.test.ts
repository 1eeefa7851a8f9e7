/** Where the tree shows runs: with what real stores answer, none is lost, and none stands beside its parent. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Run } from '../../src/shared/model'
import { openStore, type TrackingStore } from '../../src/extension/stores'
import { RunLists } from '../../src/extension/tree/runLists'
import type { NestedRuns, RunList } from '../../src/extension/tree/runQueries'
import { python, startServer, type MlflowMajor, type MlflowServer } from './servers'
import { workers } from './workers'

const childCount = 125
const everything = 1000
const newestFirst = ['attributes.start_time DESC']

interface Seed {
  readonly experiment: string
  readonly runs: Readonly<Record<string, string>>
}

describe.each<[string, MlflowMajor, 'database' | 'server']>([
  ['a database', '3', 'database'],
  ['a server of MLflow 3', '3', 'server'],
  ['a server of MLflow 2, which can’t search for runs without a parent', '2', 'server'],
])('%s', (_, version, kind) => {
  let folder: string
  let seed: Seed
  let server: MlflowServer | undefined
  let store: TrackingStore

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-placement-'))
    const database = path.join(folder, 'mlflow.db')
    const script = path.join(import.meta.dirname, 'runPlacement.py')
    seed = JSON.parse(await python(version, [script, database, String(childCount)])) as Seed
    if (kind === 'server') server = await startServer({ version, database })
    store = await openStore(server?.url ?? database, { workers })
  }, 240_000)
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }, 60_000)

  const { signal } = new AbortController()
  const listsOf = (filter?: string): RunLists =>
    new RunLists(store, { experimentId: seed.experiment, orderBy: newestFirst, filter })
  async function list(limit: number, filter?: string): Promise<RunList> {
    using lists = listsOf(filter)
    const { runs, more } = await lists.load(limit, signal)
    return { runs, more }
  }
  async function nestedOnes(): Promise<NestedRuns | undefined> {
    using lists = listsOf()
    await lists.load(everything, signal)
    return await lists.nested(everything, signal)
  }
  async function children(runId: string, limit: number): Promise<RunList> {
    using lists = listsOf()
    const { runs, more } = await lists.children(runId, limit, signal)
    return { runs, more }
  }
  const names = (runs: readonly Run[]): string[] => runs.map(({ info }) => info.runName)

  async function below(run: Run, seen: Set<string>): Promise<void> {
    if (seen.has(run.info.runId)) return
    seen.add(run.info.runId)
    for (const child of (await children(run.info.runId, everything)).runs) await below(child, seen)
  }

  test('every run can be reached', async () => {
    const top = await list(everything)
    const nested = await nestedOnes()
    const reached = new Set<string>()
    for (const run of [...top.runs, ...(nested?.strays ?? [])]) await below(run, reached)
    expect([...reached].sort()).toEqual(Object.values(seed.runs).sort())
  })

  test('a run whose parent is there stands below it only', async () => {
    const top = names((await list(everything)).runs)
    expect(top).toEqual(expect.arrayContaining(['new', 'parent', 'old']))
    expect(top.filter((name) => /child|below/.test(name))).toEqual([])
    expect(new Set(top).size).toBe(top.length)
  })

  test('a page is filled with runs of the top level, not with children', async () => {
    const { runs, more } = await list(2)
    expect(runs).toHaveLength(2)
    expect(more).toBe(true)
    expect((await list(everything)).more).toBe(false)
  })

  test('children come in pages', async () => {
    const page = await children(seed.runs.parent ?? '', 100)
    expect([page.runs.length, page.more]).toEqual([100, true])
    const all = await children(seed.runs.parent ?? '', childCount)
    expect([all.runs.length, all.more]).toEqual([childCount, false])
  })

  test('a filter lists what it finds, nested or not', async () => {
    const { runs } = await list(everything, "attributes.run_name ILIKE '%OF A%'")
    expect(names(runs)).toEqual(['of a parent elsewhere', 'of a deleted parent'])
  })

  test.skipIf(version === '2')('nested runs are counted, and strays are told', async () => {
    const nested = await nestedOnes()
    expect(names(nested?.strays ?? []).sort()).toEqual(
      ['of a deleted parent', 'of a parent elsewhere', 'of itself', 'of nobody', 'ring 1', 'ring 2'].sort(),
    )
    expect(nested?.counts.get(seed.runs.parent ?? '')).toBe(childCount)
    expect([nested?.looked, nested?.more]).toEqual([childCount + 8, false])
  })
})
