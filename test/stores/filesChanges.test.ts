/** What the file store tells of changes, and what it makes of files that are being written. */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RunWatch, TrackingStore } from '../../src/extension/stores'
import type { Run } from '../../src/shared/model'
import { RunFrame } from '../../src/shared/runFrame'
import { openFolder, runsOf } from './folderStores'
import { MadeUpFolder, yaml } from './madeUpFolder'
import { python } from './servers'

let folder: MadeUpFolder
let store: TrackingStore
beforeEach(() => (folder = new MadeUpFolder()))
afterEach(async () => {
  await store[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Until everything has been there for a while: what was written a moment ago is looked at again anyway. */
async function settle(): Promise<void> {
  await vi.waitFor(() => {
    const places = readdirSync(folder.root, { recursive: true, encoding: 'utf8' })
    const newest = Math.max(...places.map((name) => statSync(path.join(folder.root, name)).ctimeMs))
    expect(newest).toBeLessThan(Date.now() - 2100)
  }, 10_000)
}

describe('a watch tells', () => {
  let watch: RunWatch
  let known: RunFrame
  let ids: string[]

  beforeEach(async () => {
    ids = Array.from({ length: 3 }, () => folder.run({ metrics: { loss: '1 0.5 1\n' }, tags: { a: 'b' } }))
    ids.push(folder.run({ meta: { status: 1, end_time: 'null' }, metrics: { loss: '1 0.5 1\n' } }))
    await settle()
    store = await openFolder(folder.root)
    watch = await store.watchRuns(['1'])
    const frames = await Array.fromAsync(store.searchRuns({ experimentIds: ['1'], view: 'ALL' }))
    known = frames[0] ?? RunFrame.empty
    expect(known.length).toBe(4)
    expect(await changes()).toEqual({ changed: [], gone: [] })
  })

  const id = (at: number): string => ids[at] ?? ''

  async function changes(): Promise<{ changed: string[]; gone: readonly string[] }> {
    const { changed, gone } = await watch.changes(known)
    known = known.merge(changed)
    return { changed: changed.runIds().sort(), gone }
  }

  test('new runs', async () => {
    const added = folder.run({ params: { lr: '1' } })
    await settle()
    expect(await changes()).toEqual({ changed: [added], gone: [] })
    expect(known.run(known.rowOf(added)).params.get('lr')).toBe('1')
    expect(await changes()).toEqual({ changed: [], gone: [] })
  })

  test('what a run under way logs', async () => {
    appendFileSync(folder.of(id(3), 'metrics', 'loss'), '2 0.25 2\n')
    expect((await changes()).changed).toEqual([id(3)])
    expect(known.metricAt(known.rowOf(id(3)), 'loss')?.value).toBe(0.25)
    folder.write(folder.of(id(3), 'metrics', 'new'), '1 1 1\n')
    expect((await changes()).changed).toEqual([id(3)])
    expect(known.metricAt(known.rowOf(id(3)), 'new')?.value).toBe(1)
  })

  test('runs that end, are deleted, restored or renamed: whatever is in meta.yaml', async () => {
    for (const change of [{ lifecycle_stage: 'deleted' }, { lifecycle_stage: 'active' }, { run_name: 'other' }]) {
      const meta = { end_time: 1, experiment_id: "'1'", start_time: 1, status: 3, user_id: 'ana', ...change }
      folder.write(folder.of(id(1), 'meta.yaml'), yaml(meta))
      expect(await changes()).toMatchObject({ changed: [id(1)], gone: [] })
    }
    expect(known.info(known.rowOf(id(1))).runName).toBe('other')
  })

  test('runs that are gone for good', async () => {
    rmSync(folder.of(id(0)), { recursive: true })
    expect(await changes()).toEqual({ changed: [], gone: [id(0)] })
    expect(await changes()).toEqual({ changed: [], gone: [] })
  })

  test('what was edited in a finished run: once somebody points to its file, or reads all again', async () => {
    folder.write(folder.of(id(1), 'tags', 'a'), 'edited')
    expect((await changes()).changed).toEqual([])
    store.touched?.([folder.of(id(1), 'tags', 'a'), path.join(folder.root, 'models/x')])
    expect((await changes()).changed).toEqual([id(1)])
    folder.write(folder.of(id(2), 'tags', 'a'), 'edited too')
    const all = await runsOf(store.searchRuns({ experimentIds: ['1'] }))
    expect(all.filter(({ tags }) => tags.get('a')?.startsWith('edited')).length).toBe(2)
    expect((await changes()).changed).toContain(id(2))
  })

  test('what is written to a file while it looks for what was written before', async () => {
    const file = folder.of(id(1), 'tags', 'a')
    store.touched?.([file])
    const looking = changes()
    store.touched?.([file])
    expect((await looking).changed).toEqual([])
    folder.write(file, 'edited')
    expect((await changes()).changed).toEqual([id(1)])
  })

  test('after an abort, what it was told of before', async () => {
    const file = folder.of(id(1), 'tags', 'a')
    folder.write(file, 'edited')
    store.touched?.([file])
    const abort = new AbortController()
    const aborted = watch.changes(known, abort.signal)
    abort.abort()
    await expect(aborted).rejects.toMatchObject({ reason: 'cancelled' })
    expect((await changes()).changed).toEqual([id(1)])
  })

  test('the same to several watches', async () => {
    const watches = [await store.watchRuns(['1']), await store.watchRuns(['1']), watch]
    const added = folder.run()
    for (const each of watches) expect((await each.changes(known)).changed.runIds()).toEqual([added])
  })

  test('nothing false after an abort', async () => {
    const added = folder.run()
    const abort = new AbortController()
    const aborted = watch.changes(known, abort.signal)
    abort.abort()
    await expect(aborted).rejects.toMatchObject({ reason: 'cancelled' })
    expect((await changes()).changed).toEqual([added])
  })

  test('an experiment that moves to the trash, and out of it', async () => {
    mkdirSync(path.join(folder.root, '.trash'), { recursive: true })
    const [here, there] = [path.join(folder.root, '1'), path.join(folder.root, '.trash', '1')]
    renameSync(here, there)
    expect((await changes()).gone).toEqual([])
    renameSync(there, here)
    expect((await changes()).gone).toEqual([])
    rmSync(here, { recursive: true })
    expect([...(await changes()).gone].sort()).toEqual([...ids].sort())
    expect(await changes()).toEqual({ changed: [], gone: [] })
  })

  test('one experiment that is gone for good, without telling all of the others again', async () => {
    folder.experiment('2', 'second')
    const other = folder.run({ params: { lr: '1' } }, '2')
    await settle()
    using both = await store.watchRuns(['1', '2'])
    const all = known
    await runsOf(store.searchRuns({ experimentIds: ['2'] }))
    rmSync(path.join(folder.root, '1'), { recursive: true })
    const { changed, gone } = await both.changes(all)
    expect([changed.length, [...gone].sort()]).toEqual([0, [...ids].sort()])
    const again = await both.changes(all)
    expect([again.changed.length, again.gone]).toEqual([0, []])
    folder.write(path.join('2', other, 'params', 'lr'), '2')
    store.touched?.([path.join(folder.root, '2', other, 'params', 'lr')])
    expect((await both.changes(all)).changed.runIds()).toEqual([other])
  })

  test('no run as gone where the whole store is: its drive may not be mounted', async () => {
    const [store, elsewhere] = [path.join(folder.root, '1'), `${folder.root}-elsewhere`]
    renameSync(store, elsewhere)
    await expect(changes()).rejects.toThrow(/no MLflow|not.*MLflow/i)
    renameSync(elsewhere, store)
    expect((await changes()).gone).toEqual([])
  })

  test('a file that was rewritten in the same length, with the time of before', async () => {
    const file = folder.of(id(0), 'tags', 'a')
    const { atime, mtime } = statSync(file)
    writeFileSync(file, 'c')
    utimesSync(file, atime, mtime)
    await settle()
    const [run] = await runsOf(store.searchRuns({ experimentIds: ['1'], filter: `run_id = '${id(0)}'` }))
    expect(run?.tags.get('a')).toBe('c')
    expect((await changes()).changed).toEqual([id(0)])
  })
})

test('a run that is deleted while pages are read is in none of them', async () => {
  const ids = Array.from({ length: 150 }, (_, at) => folder.run({ metrics: { loss: `1 ${at} 1\n` } }))
  store = await openFolder(folder.root)
  const [first = '', second = ''] = ids // the oldest come last
  const found: string[] = []
  for await (const page of store.searchRuns({ experimentIds: ['1'] })) {
    found.push(...page.runIds())
    rmSync(folder.of(first), { recursive: true, force: true })
    for (const part of ['metrics', 'params', 'tags']) rmSync(folder.of(second, part), { recursive: true, force: true })
  }
  expect(found).toEqual(ids.slice(1).toReversed())
})

test('a torn line at the end of a long metric file counts once, however often it grows', async () => {
  const lines = Array.from({ length: 6000 }, (_, at) => `${at} 1 ${at}\n`).join('')
  const id = folder.run({ metrics: { loss: `${lines}what is this` } })
  const file = folder.of(id, 'metrics', 'loss')
  const old = new Date(Date.now() - 3600_000)
  utimesSync(file, old, old)
  store = await openFolder(folder.root)
  expect((await store.getRun(id)).info.problem).toMatch(/a damaged line/)
  appendFileSync(file, ' and more')
  utimesSync(file, old, old)
  expect((await store.getRun(id)).info.problem).toMatch(/a damaged line/)
})

describe('many runs', () => {
  test('are read by several threads as by one, and none is told twice', async () => {
    const ids = Array.from({ length: 1500 }, (_, at) =>
      folder.run({ metrics: { loss: `1 ${at} 1\n` }, params: { at: String(at) }, tags: at % 2 ? { odd: 'yes' } : {} }),
    )
    await settle()
    store = await openFolder(folder.root)
    const pages = await Array.fromAsync(store.searchRuns({ experimentIds: ['1'] }))
    expect(pages[0]?.length).toBe(100)
    const found = pages.flatMap((page) => Array.from({ length: page.length }, (_, row) => page.run(row)))
    expect(found.map(({ info }) => info.runId)).toEqual(ids.toReversed())
    for (const { metrics, params, tags } of found) {
      expect(String(metrics.get('loss')?.value)).toBe(params.get('at'))
      expect(tags.has('odd')).toBe(Number(params.get('at')) % 2 === 1)
    }
    const byValue = await runsOf(
      store.searchRuns({ experimentIds: ['1'], filter: "tags.odd = 'yes'", orderBy: ['metrics.loss ASC'] }),
    )
    expect(byValue.map(({ info }) => info.runId)).toEqual(ids.filter((_, at) => at % 2 === 1))
  })
})

test('a metric that grows is continued where it ended, and read again where it was rewritten', async () => {
  const lines = (from: number, to: number, value: number) =>
    Array.from({ length: to - from }, (_, at) => `${from + at} ${value} ${from + at}\n`).join('')
  const id = folder.run({ metrics: { loss: lines(0, 20_000, 1) } })
  const file = folder.of(id, 'metrics', 'loss')
  await settle()
  store = await openFolder(folder.root)
  const first = await store.getMetricHistory(id, 'loss')
  expect(first.mark).toBeDefined()

  appendFileSync(file, `${lines(20_000, 20_010, 2)}20010 3`)
  const second = await store.getMetricHistory(id, 'loss', undefined, first)
  expect(second.steps.length).toBe(20_010) // the line that has no end yet is left out
  expect(second.values.slice(19_998, 20_002)).toEqual(Float64Array.of(1, 1, 2, 2))
  appendFileSync(file, '5 20010\n')
  const third = await store.getMetricHistory(id, 'loss', undefined, second)
  expect(third.values.at(-1)).toBe(35)
  expect(third.steps).toEqual((await store.getMetricHistory(id, 'loss')).steps)

  writeFileSync(file, lines(0, 30_000, 9)) // longer than before, in the same file
  const rewritten = await store.getMetricHistory(id, 'loss', undefined, third)
  expect([rewritten.steps.length, rewritten.values[0]]).toEqual([30_000, 9])
  writeFileSync(file, lines(0, 10, 8))
  const shrunk = await store.getMetricHistory(id, 'loss', undefined, rewritten)
  expect([shrunk.steps.length, shrunk.values[0]]).toEqual([10, 8])
  rmSync(file)
  expect((await store.getMetricHistory(id, 'loss', undefined, shrunk)).steps.length).toBe(0)
})

test('of ten processes of MLflow that write at once, nothing torn is read', async () => {
  store = await openFolder(folder.root)
  const [processes, each] = [10, 4]
  const writers = { done: false }
  const args = [
    path.join(import.meta.dirname, 'file_writers.py'),
    `file://${folder.root}`,
    '1',
    String(processes),
    String(each),
  ]
  const writing = python('3', args).finally(() => (writers.done = true))
  const watch = await store.watchRuns(['1'])
  let known = RunFrame.empty
  const torn: unknown[] = []
  let looks = 0
  const check = (run: Run): void => {
    for (const text of [run.params.get('long'), run.tags.get('text'), run.info.runName])
      if (text !== undefined && !/^<.*>$/s.test(text)) torn.push([run.info.runId, text.length, text.slice(0, 20)])
    const metric = run.metrics.get('value')
    if (metric && Math.abs(metric.value - metric.step - 0.123456789) > 1e-12) torn.push([run.info.runId, metric])
    if (run.info.problem !== undefined) torn.push([run.info.runId, run.info.problem])
  }
  while (!writers.done) {
    const { changed, gone } = await watch.changes(known)
    expect(gone).toEqual([])
    for (let row = 0; row < changed.length; row++) check(changed.run(row))
    known = known.merge(changed)
    if (looks++ % 5 === 0) for (const run of await runsOf(store.searchRuns({ experimentIds: ['1'] }))) check(run)
  }
  await writing
  known = known.merge((await watch.changes(known)).changed)
  expect(torn).toEqual([])
  expect(looks).toBeGreaterThan(5)
  expect(known.length).toBe(processes * each)
  const whole = await runsOf(store.searchRuns({ experimentIds: ['1'] }))
  for (const run of whole) {
    expect(run).toMatchObject({ info: { status: 'FINISHED' } })
    expect(run.metrics.get('value')?.step).toBe(49)
    expect(known.run(known.rowOf(run.info.runId))).toEqual(run)
  }
})
