import { expect, test, vi } from 'vitest'
import { LiveRuns, reconcile, RunFeed, type LiveChange } from '../../../src/extension/live'
import { StoreError, type TrackingStore } from '../../../src/extension/stores'
import { FakeStore } from './fakeStore'

const shown = ({ frame, rows }: LiveRuns): string[] => Array.from(rows, (row) => frame.runId(row))

interface Setting {
  readonly fake?: FakeStore
  readonly runs?: number
  readonly filter?: string
  readonly orderBy?: readonly string[]
  readonly limit?: number
}

/** Runs `r1` … with `r1` the oldest, in a list that is loaded. */
async function listOf({ fake = new FakeStore(), runs = 5, limit = Infinity, ...query }: Setting = {}) {
  for (let i = 1; i <= runs; i++) fake.put(`r${i}`, { startTime: i, metrics: { loss: i } })
  const feed = new RunFeed(fake.store, ['1'])
  const list = new LiveRuns(feed, { ...query, limit })
  const told: LiveChange[] = []
  list.onDidChange((change) => told.push(change))
  await list.load()
  told.length = 0
  fake.calls.length = 0
  return { fake, feed, list, told }
}

test('a list is in the order of its query, page by page, and knows whether it is all', async () => {
  const { list } = await listOf({ runs: 7 })
  expect(shown(list)).toEqual(['r7', 'r6', 'r5', 'r4', 'r3', 'r2', 'r1'])
  expect(list.complete).toBe(true)
  const { list: cut } = await listOf({ runs: 7, limit: 4, orderBy: ['metrics.loss ASC'] })
  expect(shown(cut)).toEqual(['r1', 'r2', 'r3', 'r4'])
  expect(cut.complete).toBe(false)
})

test('new, changed, deleted, restored and removed runs show up, each told of once, without a search', async () => {
  const { fake, list, told } = await listOf()
  fake.put('new', { startTime: 4.5 })
  fake.put('r2', { runName: 'renamed' })
  fake.put('r5', { lifecycleStage: 'deleted' })
  fake.remove('r1')
  await list.refresh({ thorough: false })
  expect(shown(list)).toEqual(['new', 'r4', 'r3', 'r2'])
  expect(list.frame.info(list.rows[3] ?? -1).runName).toBe('renamed')
  expect(told).toEqual([{ added: ['new'], changed: ['r2'], removed: ['r5', 'r1'] }])
  fake.put('r5', { lifecycleStage: 'active' })
  await list.refresh({ thorough: false })
  expect(shown(list)).toEqual(['r5', 'new', 'r4', 'r3', 'r2'])
  expect(told.at(-1)).toEqual({ added: ['r5'], changed: [], removed: [] })
  expect(fake.calls).toEqual(['changes', 'changes'])
})

test('nothing new: one question, no event, the same objects', async () => {
  const { fake, list, told } = await listOf()
  const { frame, rows } = list
  const before = list.updatedAt ?? Infinity
  await list.refresh()
  expect(fake.calls).toEqual(['changes'])
  expect(told).toEqual([])
  expect(list.frame).toBe(frame)
  expect(list.rows).toBe(rows)
  expect(list.updatedAt).toBeGreaterThanOrEqual(before)
})

test('a filter and an order decide what comes in, what leaves, and where it stands', async () => {
  const { fake, list } = await listOf({ filter: 'metrics.loss < 4', orderBy: ['metrics.loss DESC'] })
  expect(shown(list)).toEqual(['r3', 'r2', 'r1'])
  fake.put('r1', { metrics: { loss: 2.5 } })
  fake.put('r3', { metrics: { loss: 9 } })
  fake.put('r5', { metrics: { loss: 1 } })
  await list.refresh({ thorough: false })
  expect(shown(list)).toEqual(['r1', 'r2', 'r5'])
})

test('a list that is cut off claims nothing about what lies behind its last row, and fills up again', async () => {
  const { fake, list } = await listOf({ runs: 9, limit: 4, orderBy: ['metrics.loss ASC'] })
  fake.put('r2', { metrics: { loss: 6.5 } }) // among unknown ones
  await list.refresh({ thorough: false })
  expect(shown(list)).toEqual(['r1', 'r3', 'r4'])
  expect(list.isThoroughDue || list.isOwed).toBe(true)
  await list.refresh({ thorough: true })
  expect(shown(list)).toEqual(['r1', 'r3', 'r4', 'r5'])
  fake.put('first', { metrics: { loss: 0 } })
  await list.refresh({ thorough: false })
  expect(shown(list)).toEqual(['first', 'r1', 'r3', 'r4'])
  expect(list.complete).toBe(false)
  await list.setLimit(Infinity)
  expect(shown(list)).toEqual(['first', 'r1', 'r3', 'r4', 'r5', 'r6', 'r2', 'r7', 'r8', 'r9'])
  expect(list.complete).toBe(true)
})

test('edits that nothing tells of show up with a thorough look', async () => {
  const { fake, list, told } = await listOf()
  fake.tells = false
  fake.put('r3', { tags: { team: 'blue' } })
  fake.remove('r2')
  await list.refresh({ thorough: false })
  expect(told).toEqual([])
  await list.refresh({ thorough: true })
  expect(told).toEqual([{ added: [], changed: ['r3'], removed: ['r2'] }])
  expect(list.frame.tagAt(list.frame.rowOf('r3'), 'team')).toBe('blue')
  expect(shown(list)).toEqual(['r5', 'r4', 'r3', 'r1'])
})

test('folders, which never say that nothing was written, are seldom read again for that', async ({
  onTestFinished,
}) => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { fake, list } = await listOf({ fake: new FakeStore('files') })
  fake.tells = false
  for (let seconds = 0; seconds < 57; seconds += 2) {
    vi.advanceTimersByTime(2_000)
    await list.refresh()
  }
  expect(new Set(fake.calls)).toEqual(new Set(['changes']))
  vi.advanceTimersByTime(4_000)
  await list.refresh()
  expect(fake.calls).toContain('search')
})

test('runs that come while pages are read are there once, and none is lost', async () => {
  const fake = new FakeStore()
  for (let i = 1; i <= 12; i++) fake.put(`r${i}`, { startTime: i })
  let coming = 12
  fake.before = (call, page) => {
    if (call === 'search' && page > 0 && coming < 20) fake.put(`r${++coming}`, { startTime: coming }) // shifts every later page
  }
  const list = new LiveRuns(new RunFeed(fake.store, ['1']), { limit: Infinity })
  await list.load()
  await list.refresh()
  const expected = Array.from({ length: coming }, (_, i) => `r${coming - i}`)
  expect(coming).toBeGreaterThan(12)
  expect(shown(list)).toEqual(expected)
})

test('a run that moves to an earlier page during a thorough look is not taken to be gone', async () => {
  const { fake, list, told } = await listOf({ runs: 9, orderBy: ['metrics.loss ASC'] })
  fake.before = (call, page) => {
    if (call === 'search' && page === 1) {
      fake.before = () => undefined
      fake.put('r9', { metrics: { loss: 0 } })
    }
  }
  await list.refresh({ thorough: true })
  expect(shown(list)).toEqual(['r9', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'])
  expect(told.flatMap(({ removed }) => removed)).toEqual([])
})

test('what changes during a load is not overtaken by an older page, nor by an older message', async () => {
  const fake = new FakeStore()
  for (let i = 1; i <= 6; i++) fake.put(`r${i}`, { startTime: i, status: 'RUNNING' })
  const feed = new RunFeed(fake.store, ['1'])
  const list = new LiveRuns(feed, { limit: Infinity })
  fake.before = async (call, page) => {
    if (call !== 'search' || page !== 1) return
    fake.before = () => undefined
    fake.put('r1', { status: 'RUNNING', runName: 'older message' })
    fake.put('r6', { status: 'FINISHED' }) // on the page that was read already
    await feed.poll()
    fake.put('r1', { status: 'FINISHED', runName: 'newer page' })
  }
  await list.load()
  expect(list.frame.info(list.frame.rowOf('r6')).status).toBe('FINISHED')
  expect(list.frame.info(list.frame.rowOf('r1')).runName).toBe('newer page')
})

test('a rejected refresh keeps the rows, and the next one makes up for it', async () => {
  const { fake, list } = await listOf()
  fake.before = () => {
    throw new StoreError('unavailable', 'down')
  }
  fake.put('new', { startTime: 9 })
  await expect(list.refresh({ thorough: false })).rejects.toThrow('down')
  await expect(list.refresh({ thorough: true })).rejects.toThrow('down')
  expect(shown(list)).toHaveLength(5)
  fake.before = () => undefined
  await list.refresh()
  expect(shown(list)[0]).toBe('new')
})

test('one refresh at a time per store; what comes during one is seen by the next', async () => {
  const { fake, list, feed } = await listOf()
  const other = new LiveRuns(new RunFeed(feed.store, ['1']), { limit: 3 })
  await other.load()
  let underWay = 0
  let most = 0
  const gate = Promise.withResolvers<undefined>()
  fake.before = async () => {
    most = Math.max(most, ++underWay)
    await gate.promise
    underWay--
  }
  const all = [list.refresh({ thorough: true }), list.refresh(), list.refresh(), other.refresh(), other.refresh()]
  await Promise.resolve()
  fake.put('trailing', { startTime: 9 })
  gate.resolve(undefined)
  await Promise.all(all)
  expect(most).toBe(1)
  expect(shown(list)[0]).toBe('trailing')
  expect(shown(other)[0]).toBe('trailing')
  expect(fake.calls.filter((call) => call === 'changes').length).toBeLessThanOrEqual(5)
})

test('a refresh is cancelled when nobody waits for it any more, and the next one runs', async () => {
  const { fake, list } = await listOf()
  const reached = Promise.withResolvers<undefined>()
  const gate = Promise.withResolvers<undefined>()
  fake.before = async () => {
    reached.resolve(undefined)
    await gate.promise
  }
  const leaving = new AbortController()
  const first = list.refresh({ thorough: true }, leaving.signal)
  await reached.promise
  fake.put('new', { startTime: 9 })
  leaving.abort()
  await expect(first).rejects.toThrow()
  const second = list.refresh()
  gate.resolve(undefined)
  await second
  expect(shown(list)[0]).toBe('new')
})

test('a closed feed ends what is under way and rejects what comes later', async () => {
  const { fake, list, feed } = await listOf()
  const gate = Promise.withResolvers<undefined>()
  fake.before = () => gate.promise
  const refreshing = list.refresh()
  feed[Symbol.dispose]()
  gate.resolve(undefined)
  await expect(refreshing).rejects.toThrow()
  await expect(list.refresh()).rejects.toThrow()
})

test('a feed has one watch, however many begin it at once, and none once it is closed', async () => {
  const fake = new FakeStore()
  let open = 0
  const answers: PromiseWithResolvers<undefined>[] = []
  const store: TrackingStore = {
    ...fake.store,
    watchRuns: async (experimentIds) => {
      const answer = Promise.withResolvers<undefined>()
      answers.push(answer)
      await answer.promise
      const watch = await fake.store.watchRuns(experimentIds)
      open++
      return { ...watch, [Symbol.dispose]: () => open-- }
    },
  }
  const feed = new RunFeed(store, ['1'])
  const begun = [feed.begin(), feed.begin()]
  for (const answer of answers) answer.resolve(undefined)
  await Promise.all(begun)
  expect(open).toBe(1)
  feed[Symbol.dispose]()
  expect(open).toBe(0)

  answers.length = 0
  const closed = new RunFeed(store, ['1'])
  const late = closed.begin().catch(() => undefined)
  closed[Symbol.dispose]()
  answers[0]?.resolve(undefined)
  await late
  await expect.poll(() => open).toBe(0)
})

test('reconcile gives what differs, and what the query does not find any more', async () => {
  const { fake, list } = await listOf({ runs: 8 })
  fake.put('r2', { metrics: { loss: NaN } })
  fake.put('r9', { startTime: 9 })
  fake.remove('r4')
  const { changed, gone, complete } = await reconcile(
    fake.store,
    { experimentIds: ['1'], limit: Infinity },
    list.frame.slice(list.rows),
  )
  expect(changed.runIds()).toEqual(['r9', 'r2'])
  expect(gone).toEqual(['r4'])
  expect(complete).toBe(true)
})
