import { describe, expect, it, vi } from 'vitest'
import { Channel, type Message } from '../../../src/shared/channel'
import { tableHostHalf, tableWebviewHalf, type Loading } from '../../../src/shared/runsTable/protocol'
import { defaultView, type Column, type TableView } from '../../../src/shared/runsTable/view'
import type { Connection } from '../../../src/extension/connections/connection'
import { TableMemory } from '../../../src/extension/panels/runsTable/memory'
import { TableHost } from '../../../src/extension/panels/runsTable/tableHost'
import type { TableUi } from '../../../src/extension/panels/runsTable/tableUi'
import type { MetricSeries } from '../../../src/shared/model'
import type { TrackingStore } from '../../../src/extension/stores'
import { FakeStore } from '../live/fakeStore'

const name: Column = { group: 'attribute', key: 'name' }
const subject = { connection: 'c', experimentIds: ['1'] }

export function memento() {
  const values = new Map<string, unknown>()
  return {
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown) => {
      values.set(key, JSON.parse(JSON.stringify(value)))
      return Promise.resolve()
    },
  }
}

type HostEnd = Channel<typeof tableHostHalf, typeof tableWebviewHalf>

/** A table and its webview's end of the line, over a store that can be changed. */
function setUp(
  fill: (store: FakeStore) => void = () => undefined,
  memory = memento(),
  shared = new TableMemory(memory, () => undefined),
) {
  const fake = new FakeStore()
  fill(fake)
  const histories = vi.fn<(runId: string, key: string, signal?: AbortSignal) => Promise<MetricSeries>>((runId, key) =>
    Promise.resolve({ runId, key, ...seriesOf([3, 1, 2]) }),
  )
  const store = {
    ...fake.store,
    getExperiment: () => Promise.resolve({ name: 'pricing' }),
    getMetricHistory: histories,
    sampleMetricHistories: undefined,
    searchModelVersions: () => pagesOf([{ runId: 'r1', name: 'pricing', version: '3' }]),
    searchLoggedModels: () =>
      pagesOf([
        { sourceRunId: 'r2', name: 'tree' },
        { sourceRunId: 'r2', name: 'forest' },
      ]),
  } as unknown as TrackingStore
  const connection = { id: 'c', name: 'here', uri: 'sqlite:///x.db', store: () => Promise.resolve(store) }
  const ui = {
    run: vi.fn<TableUi['run']>(() => Promise.resolve(null)),
    copy: vi.fn<TableUi['copy']>(() => Promise.resolve()),
    open: vi.fn<TableUi['open']>(() => Promise.resolve()),
    save: vi.fn<TableUi['save']>(() => Promise.resolve()),
    askViewName: vi.fn<TableUi['askViewName']>(() => Promise.resolve('mine')),
    confirmDeleteView: vi.fn<TableUi['confirmDeleteView']>(() => Promise.resolve()),
    shareView: vi.fn<TableUi['shareView']>(() => Promise.resolve()),
    showProblem: vi.fn<TableUi['showProblem']>(),
    bundle: {},
  }
  const log = { trace: vi.fn(), debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const complain = vi.fn()
  const changed = vi.fn()
  const loading = vi.fn<(loading: Loading) => void>()
  const views = vi.fn()
  const ends: { receive(message: unknown): void }[] = []
  const post = (to: number) => (message: Message) => queueMicrotask(() => ends[to]?.receive(structuredClone(message)))
  const host = new TableHost(subject, (name, body) => hostEnd.notify(name, body), {
    connections: { get: () => connection as unknown as Connection, discovered: Promise.resolve() },
    memory: shared,
    colorOf: () => 3,
    ui,
    log,
  })
  const hostEnd: HostEnd = new Channel({
    mine: tableHostHalf,
    theirs: tableWebviewHalf,
    handlers: host.handlers,
    post: post(1),
    complain,
  })
  const webview = new Channel<typeof tableWebviewHalf, typeof tableHostHalf>({
    mine: tableWebviewHalf,
    theirs: tableHostHalf,
    handlers: { commands: {}, requests: {}, notifications: { changed, loading, views } },
    post: post(0),
    complain,
  })
  ends.push(hostEnd, webview)
  const view = (change: Partial<TableView> = {}): TableView => ({ ...defaultView, ...change })
  const arrange = (change: Partial<TableView> = {}) => webview.request('arrange', { view: view(change) })
  /** Once all runs are there. */
  const whole = async (change: Partial<TableView> = {}) => {
    await arrange(change)
    await vi.waitFor(() => expect(host.loading.state).toBe('complete'))
    return arrange(change)
  }
  const keys = async (revision: number) =>
    (await webview.request('rows', { revision, from: 0, to: 100, columns: [] })).rows?.map(({ key }) => key)
  return { fake, host, webview, ui, changed, loading, views, complain, arrange, whole, keys, histories, view, memory }
}

async function* pagesOf<T>(page: T[]): AsyncGenerator<T[]> {
  yield await Promise.resolve(page)
}

export const seriesOf = (values: readonly number[]): Pick<MetricSeries, 'steps' | 'values' | 'timestamps'> => ({
  steps: Float64Array.from(values, (_, at) => at),
  values: Float64Array.from(values),
  timestamps: Float64Array.from(values, (_, at) => 1000 + at),
})

function seven(store: FakeStore): void {
  for (let at = 0; at < 7; at++) store.put(`r${at}`, { startTime: at, metrics: { loss: (at * 3) % 7 } })
}

describe('a table', () => {
  it('says who it is, arranges and hands out rows', async () => {
    const { webview, whole, keys, complain } = setUp(seven)
    const hello = await webview.request('hello', null)
    expect(hello).toMatchObject({
      connection: { id: 'c', name: 'here' },
      experiments: [{ id: '1', name: 'pricing' }],
      view: defaultView,
    })
    const arranged = await whole()
    expect(arranged).toMatchObject({ runs: 7, matching: 7, rows: 7, loading: { state: 'complete', loaded: 7 } })
    expect(await keys(arranged.revision)).toEqual(['r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0'])
    const loss = { group: 'metric', key: 'loss' } as const
    const byLoss = await whole({ orderBy: [{ column: loss, descending: false }] })
    expect(await keys(byLoss.revision)).toEqual(['r0', 'r5', 'r3', 'r1', 'r6', 'r4', 'r2'])
    const window = await webview.request('rows', { revision: byLoss.revision, from: 1, to: 3, columns: [loss] })
    expect(window.rows).toMatchObject([
      { key: 'r5', color: 3, kind: 'run' },
      { key: 'r3', depth: 0, starred: false },
    ])
    expect(window.columns).toMatchObject([
      { kind: 'number', values: Float64Array.of(1, 2), states: Uint8Array.of(1, 1) },
    ])
    expect(complain).not.toHaveBeenCalled()
  })

  it('shows the first page early, and tells of the others in fewer words', async () => {
    const { fake, webview, arrange, changed, keys, host } = setUp(seven)
    const gate = Promise.withResolvers<undefined>()
    fake.before = (call, page) => (call === 'search' && page === 1 ? gate.promise : undefined)
    expect(await arrange()).toMatchObject({ runs: 0, loading: { state: 'loading' } })
    await vi.waitFor(() => expect(changed).toHaveBeenCalled())
    const first = await arrange()
    expect(first).toMatchObject({ runs: 3, loading: { state: 'loading', loaded: 3 } })
    expect(await keys(first.revision)).toEqual(['r6', 'r5', 'r4'])
    gate.resolve(undefined)
    await vi.waitFor(() => expect(host.loading.state).toBe('complete'))
    expect(await arrange()).toMatchObject({ runs: 7 })
    expect(changed.mock.calls.length).toBeLessThanOrEqual(3)
    // Rows of an arrangement that is not the newest can still be had for a while.
    expect(await keys(first.revision)).toEqual(['r6', 'r5', 'r4'])
    expect(await webview.request('rows', { revision: 999, from: 0, to: 1, columns: [] })).toEqual({
      rows: null,
      columns: [],
    })
  })

  it('takes up what changes, and reads nothing that did not', async () => {
    const { fake, host, whole, arrange, changed, keys } = setUp(seven)
    await whole()
    changed.mockClear()
    fake.calls.length = 0
    fake.put('r9', { startTime: 99, status: 'RUNNING' })
    fake.put('r0', { metrics: { loss: 42 } })
    fake.remove('r1')
    host.refresh()
    await vi.waitFor(() => expect(changed).toHaveBeenCalled())
    const arranged = await arrange()
    expect(await keys(arranged.revision)).toEqual(['r9', 'r6', 'r5', 'r4', 'r3', 'r2', 'r0'])
    expect(fake.calls).not.toContain('search')
  })

  it('keeps its rows where a refresh fails, and says why', async () => {
    const { fake, host, whole, arrange, loading, webview } = setUp(seven)
    await whole()
    fake.before = () => {
      throw new Error('the disk is gone')
    }
    webview.command('refresh', null)
    await vi.waitFor(() => expect(host.loading.state).toBe('failed'))
    expect(loading).toHaveBeenLastCalledWith(expect.objectContaining({ state: 'failed', problem: 'the disk is gone' }))
    expect(await arrange()).toMatchObject({ runs: 7, loading: { state: 'failed' } })
    fake.before = () => undefined
    webview.command('refresh', null)
    await vi.waitFor(() => expect(host.loading).toMatchObject({ state: 'complete', problem: null }))
  })

  it('can be stopped, stays so, and goes on when asked', async () => {
    const { fake, host, webview, arrange, changed } = setUp(seven)
    const gate = Promise.withResolvers<undefined>()
    fake.before = (call, page) => (call === 'search' && page === 1 ? gate.promise : undefined)
    await arrange()
    await vi.waitFor(() => expect(changed).toHaveBeenCalled())
    webview.command('stop', null)
    gate.resolve(undefined)
    await vi.waitFor(() => expect(host.loading.state).toBe('stopped'))
    const calls = fake.calls.length
    host.refresh() // an interval's
    expect([host.loading.state, fake.calls.length]).toEqual(['stopped', calls])
    expect(await arrange()).toMatchObject({ runs: 3, loading: { state: 'stopped' } })
    webview.command('refresh', null)
    await vi.waitFor(() => expect(host.loading.state).toBe('complete'))
    expect(await arrange()).toMatchObject({ runs: 7 })
  })

  it('answers only the newest question', async () => {
    const { webview, whole, view } = setUp(seven)
    await whole()
    const old = webview.request('arrange', { view: view({ filter: 'r1' }) })
    const refused = expect(old).rejects.toMatchObject({ reason: 'cancelled' })
    const newest = await webview.request('arrange', { view: view({ filter: 'r2' }) })
    await refused
    expect(newest).toMatchObject({ matching: 1, filterIsText: true })
  })

  it('has deleted runs from the store when they are asked for', async () => {
    const { whole, keys } = setUp((store) => {
      seven(store)
      store.put('r3', { lifecycleStage: 'deleted' })
    })
    expect(await keys((await whole({ lifecycle: 'deleted' })).revision)).toEqual(['r3'])
    expect((await whole({ lifecycle: 'all' })).runs).toBe(7)
    expect((await whole()).runs).toBe(6)
  })

  it('remembers stars, filters, saved views and how it was set', async () => {
    const { webview, whole, arrange, ui, views, memory } = setUp(seven)
    const view = { filter: 'metrics.loss > 3', pinnedRuns: ['r0'] }
    await whole(view)
    webview.command('star', { runIds: ['r0', 'r1'], on: true })
    webview.command('star', { runIds: ['r1'], on: false })
    webview.command('used', { filter: 'a' })
    webview.command('used', { filter: 'b' })
    webview.command('used', { filter: 'a' })
    webview.command('keepFilter', { filter: 'kept', on: true })
    webview.command('keepFilter', { filter: 'no longer', on: true })
    webview.command('keepFilter', { filter: 'no longer', on: false })
    webview.command('saveView', { view: { ...defaultView, ...view } })
    await vi.waitFor(() => expect(views).toHaveBeenCalledWith({ savedViews: ['mine'], view: null }))
    expect(ui.showProblem).not.toHaveBeenCalled()

    const again = setUp(seven, memory)
    expect(await again.webview.request('hello', null)).toMatchObject({
      view,
      history: ['a', 'b'],
      savedFilters: ['kept'],
      savedViews: ['mine'],
    })
    expect(await again.webview.request('loadView', { name: 'mine' })).toMatchObject(view)
    await expect(again.webview.request('loadView', { name: 'other' })).rejects.toThrow('other')
    const { revision } = await again.whole(view)
    const { rows } = await again.webview.request('rows', { revision, from: 0, to: 1, columns: [] })
    expect(rows).toMatchObject([{ key: 'r0', starred: true, pinned: true }])
    const dismissed = new Error('dismissed')
    again.ui.confirmDeleteView.mockRejectedValueOnce(dismissed)
    again.webview.command('deleteView', { name: 'mine' })
    await vi.waitFor(() => expect(again.ui.showProblem).toHaveBeenCalledWith(dismissed))
    expect(again.views).not.toHaveBeenCalled()
    expect(await again.webview.request('loadView', { name: 'mine' })).toMatchObject(view)
    again.webview.command('deleteView', { name: 'mine' })
    await vi.waitFor(() => expect(again.views).toHaveBeenCalledWith({ savedViews: [], view: null }))
    await arrange()
  })

  it('reads histories of the rows in sight, a few at once, and no longer when they are gone', async () => {
    const { webview, whole, changed, histories } = setUp(seven)
    const first: Column = { group: 'metric', key: 'loss', value: 'min' }
    const gate = Promise.withResolvers<undefined>()
    const signals: AbortSignal[] = []
    histories.mockImplementation(async (runId, key, signal) => {
      if (signal) signals.push(signal)
      await gate.promise
      return { runId, key, ...seriesOf([3, 1, 2]) }
    })
    const { revision } = await whole()
    const window = (from: number, to: number, at = revision) =>
      webview.request('rows', { revision: at, from, to, columns: [first] })
    expect(await window(0, 6)).toMatchObject({ columns: [{ states: Uint8Array.of(2, 2, 2, 2, 2, 2) }] })
    await vi.waitFor(() => expect(histories).toHaveBeenCalledTimes(4))
    await window(6, 7)
    await vi.waitFor(() => expect(signals.slice(0, 4).every(({ aborted }) => aborted)).toBe(true))
    changed.mockClear()
    gate.resolve(undefined)
    await vi.waitFor(() => expect(changed).toHaveBeenCalled())
    const { revision: next } = await whole()
    expect(await window(6, 7, next)).toMatchObject({
      columns: [{ values: Float64Array.of(1), states: Uint8Array.of(1) }],
    })
    const read = histories.mock.calls.length
    await window(6, 7, next)
    expect(histories).toHaveBeenCalledTimes(read)
  })

  it('reads all histories to sort by them, and says how far it is', async () => {
    const { whole, keys, histories, loading } = setUp(seven)
    histories.mockImplementation((runId, key) => Promise.resolve({ runId, key, ...seriesOf([10 - Number(runId[1])]) }))
    const { revision } = await whole({ orderBy: [{ column: { group: 'metric', key: 'loss', value: 'first' }, descending: false }] }) // prettier-ignore
    expect(await keys(revision)).toEqual(['r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0'])
    expect(histories).toHaveBeenCalledTimes(7)
    expect(loading.mock.calls.map(([loaded]) => loaded.what)).toContain('Reading metric histories: 7 of 7')
  })

  it('takes no failure for “nothing logged”: the value stays unknown, is tried again, and is not exported as missing', async () => {
    const { webview, whole, histories, ui } = setUp(seven)
    const least: Column = { group: 'metric', key: 'loss', value: 'min' }
    histories.mockImplementation((runId, key) =>
      runId === 'r3' ? Promise.reject(new Error('503')) : Promise.resolve({ runId, key, ...seriesOf([3, 1, 2]) }),
    )
    const view = { orderBy: [{ column: least, descending: false }], columns: [{ column: name }, { column: least }] }
    const { revision } = await whole(view)
    const states = async (at: number) =>
      (await webview.request('rows', { revision: at, from: 0, to: 7, columns: [least] })).columns[0]
    expect(await states(revision)).toMatchObject({ states: Uint8Array.of(1, 1, 1, 1, 1, 1, 2) })
    webview.command('export', { format: 'csv', to: 'clipboard', runIds: null })
    await vi.waitFor(() => expect(ui.showProblem).toHaveBeenCalledOnce())
    expect(ui.copy).not.toHaveBeenCalled()
    histories.mockImplementation((runId, key) => Promise.resolve({ runId, key, ...seriesOf([3, 1, 2]) }))
    webview.command('refresh', null)
    expect(await states((await whole(view)).revision)).toMatchObject({ states: Uint8Array.of(1, 1, 1, 1, 1, 1, 1) })
    webview.command('export', { format: 'csv', to: 'clipboard', runIds: null })
    await vi.waitFor(() => expect(ui.copy).toHaveBeenCalledOnce())
  })

  it('tells of a run in a few lines, and of none where there is none', async () => {
    const { webview, whole } = setUp(seven)
    await whole()
    expect(await webview.request('about', { runId: 'r1' })).toContain('loss: 3')
    expect(await webview.request('about', { runId: 'gone' })).toEqual([])
  })

  it('shows a star in every table of the runs', async () => {
    const memory = new TableMemory(memento(), () => undefined)
    const [here, there] = [setUp(seven, undefined, memory), setUp(seven, undefined, memory)]
    await here.whole()
    await there.whole()
    there.changed.mockClear()
    here.webview.command('star', { runIds: ['r1'], on: true })
    await vi.waitFor(() => expect(there.changed).toHaveBeenCalled())
    const { revision } = await there.whole({ onlyStarred: true })
    expect(await there.keys(revision)).toEqual(['r1'])
  })

  it('keeps saved views that another version wrote, though it can’t show them', () => {
    const values = memento()
    const key = JSON.stringify(['c', '1'])
    void values.update('mlflow.runsTable.tables', [
      ['elsewhere', { last: { version: 2 }, saved: [['newer', { version: 2 }]] }],
      [key, { last: { version: 2 }, saved: [['mine', defaultView], ['newer', { version: 2 }]] }], // prettier-ignore
    ])
    const memory = new TableMemory(values, () => undefined)
    expect(memory.lastView(subject)).toEqual(defaultView)
    expect([...memory.savedViews(subject).keys()]).toEqual(['mine'])
    memory.saveView(subject, 'other', defaultView)
    memory.deleteView(subject, 'mine')
    expect([...memory.savedViews(subject).keys()]).toEqual(['other'])
    const kept = JSON.stringify(values.get('mlflow.runsTable.tables'))
    expect(kept.match(/"newer",\{"version":2\}/g)).toHaveLength(2)
  })

  it('knows which way is better of a metric of any name', async () => {
    const { webview, whole } = setUp((store) => store.put('r1', { metrics: { constructor: 1 } }))
    const better = Object.fromEntries([['constructor', 'higher' as const]])
    await whole({ better, columns: [{ column: { group: 'metric', key: 'constructor' } }] })
    expect((await webview.request('hello', null)).view.better).toEqual(better)
  })

  it('is set as it was told to be also where its webview was hidden then', async () => {
    const { host, webview, views, view, arrange } = setUp(seven)
    const shared = view({ filter: 'shared' })
    host.show(shared)
    expect((await webview.request('hello', null)).view).toEqual(shared)
    await vi.waitFor(() => expect(views).toHaveBeenCalledTimes(2))
    expect(views).toHaveBeenLastCalledWith({ savedViews: [], view: shared })
    await arrange({ filter: 'other' })
    expect((await webview.request('hello', null)).view.filter).toBe('other')
    await arrange()
    expect(views).toHaveBeenCalledTimes(2)
  })

  it('gives up reading histories to sort by when it is stopped', async () => {
    const { host, webview, whole, histories, view, loading } = setUp(seven)
    await whole()
    const gate = Promise.withResolvers<undefined>()
    histories.mockImplementation(async (runId, key) => {
      if (runId !== 'r6') await gate.promise
      return { runId, key, ...seriesOf([1]) }
    })
    const column: Column = { group: 'metric', key: 'loss', value: 'max' }
    const sorting = webview.request('arrange', { view: view({ orderBy: [{ column, descending: false }] }) })
    const refused = expect(sorting).rejects.toMatchObject({ reason: 'cancelled' })
    await vi.waitFor(() => expect(loading.mock.lastCall?.[0]).toMatchObject({ state: 'loading', what: expect.stringContaining('1 of 7') as string })) // prettier-ignore
    webview.command('stop', null)
    await vi.waitFor(() => expect(histories.mock.calls[0]?.[2]?.aborted).toBe(true))
    gate.resolve(undefined)
    await refused
    expect(host.loading.state).toBe('complete')
    expect(histories.mock.calls.length).toBeLessThan(7)
  })

  it('reads which models runs have once a column shows it', async () => {
    const { webview, whole, changed, arrange } = setUp(seven)
    const columns = ['registered', 'logged'].map((key): Column => ({ group: 'model', key }))
    const view = { columns: columns.map((column) => ({ column })), orderBy: [{ column: name, descending: false }] }
    await whole(view)
    const cells = async () => {
      const { revision } = await arrange(view)
      return (await webview.request('rows', { revision, from: 0, to: 3, columns })).columns
    }
    await vi.waitFor(async () => {
      expect(await cells()).toMatchObject([
        { values: [null, 'pricing v3', null] },
        { values: [null, null, 'tree, forest'] },
      ])
    })
    expect(changed).toHaveBeenCalled()
  })

  it('looks again where it is asked to while it looks', async () => {
    const { fake, host, whole, arrange } = setUp(seven)
    await whole()
    const gate = Promise.withResolvers<undefined>()
    fake.before = () => gate.promise
    host.refresh()
    await vi.waitFor(() => expect(fake.calls.at(-1)).toBe('changes'))
    fake.before = () => undefined
    fake.calls.length = 0
    host.refresh()
    gate.resolve(undefined)
    await vi.waitFor(() => expect(fake.calls).toContain('changes'))
    fake.put('r8', { startTime: 80 })
    host.refresh()
    await vi.waitFor(async () => expect((await arrange()).runs).toBe(8))
  })

  it('tells when it last looked, also where nothing changed', async () => {
    const { host, whole, loading, changed } = setUp(seven)
    await whole()
    loading.mockClear()
    changed.mockClear()
    host.refresh()
    await vi.waitFor(() => expect(loading).toHaveBeenCalledWith(expect.objectContaining({ state: 'complete' })))
    expect(changed).not.toHaveBeenCalled()
  })

  it('draws sparklines, nothing for runs without the metric', async () => {
    const { webview, whole, fake } = setUp(seven)
    fake.put('bare', { startTime: 50 })
    await whole()
    const lines = await webview.request('sparklines', { runIds: ['r1', 'bare', 'gone'], key: 'loss', width: 10 })
    expect(lines).toEqual([Float64Array.of(3, 1, 2), new Float64Array(), new Float64Array()])
  })

  it('hands actions to the extension’s commands', async () => {
    const { webview, whole, ui } = setUp(seven)
    await whole()
    webview.command('act', { action: 'setTag', runIds: ['r1', 'r2'] })
    await vi.waitFor(() => expect(ui.run).toHaveBeenCalledTimes(1))
    const one = (runId: string) => ({ connection: 'c', runId, name: runId, experimentId: '1' })
    expect(ui.run).toHaveBeenCalledWith('mlflow.setTag', { connection: 'c', selection: [one('r1'), one('r2')] })
    webview.command('act', { action: 'open', runIds: ['r3'] })
    await vi.waitFor(() => expect(ui.run).toHaveBeenCalledWith('mlflow.openRun', one('r3')))
    webview.command('act', { action: 'rename', runIds: ['r1', 'r2'] })
    await vi.waitFor(() => expect(ui.showProblem).toHaveBeenCalledTimes(1))
    webview.command('act', { action: 'delete', runIds: ['gone'] })
    await vi.waitFor(() => expect(ui.showProblem).toHaveBeenCalledTimes(2))
  })

  it('finds only what is starred, as stars come and go', async () => {
    const { webview, whole, arrange, keys, changed } = setUp(seven)
    expect((await whole({ onlyStarred: true })).matching).toBe(0)
    const before = changed.mock.calls.length
    webview.command('star', { runIds: ['r2', 'r4'], on: true })
    await vi.waitFor(() => expect(changed.mock.calls.length).toBeGreaterThan(before))
    expect(await keys((await arrange({ onlyStarred: true })).revision)).toEqual(['r4', 'r2'])
    webview.command('star', { runIds: ['r4'], on: false })
    expect(await keys((await arrange({ onlyStarred: true })).revision)).toEqual(['r2'])
  })

  it('exports what it finds', async () => {
    const { webview, whole, ui } = setUp(seven)
    await whole({ filter: 'metrics.loss > 4', columns: [{ column: { group: 'metric', key: 'loss' } }] })
    webview.command('export', { format: 'csv', to: 'clipboard', runIds: null })
    await vi.waitFor(() => expect(ui.copy).toHaveBeenCalledWith('run_id,metrics.loss\r\nr4,5\r\nr2,6\r\n'))
    webview.command('export', { format: 'searchRuns', to: 'editor', runIds: null })
    await vi.waitFor(() =>
      expect(ui.open).toHaveBeenCalledWith(expect.stringContaining('"metrics.loss > 4"'), 'python'),
    )
    webview.command('export', { format: 'json', to: 'file', runIds: ['r0'] })
    await vi.waitFor(() =>
      expect(ui.save).toHaveBeenCalledWith('runs.json', expect.stringContaining('"r0"'), undefined),
    )
  })

  it('says how far the histories are that an export needs, and can be stopped meanwhile', async () => {
    const { webview, whole, ui, histories, loading } = setUp(seven)
    await whole({ columns: [{ column: { group: 'metric', key: 'loss', value: 'min' } }] })
    const gate = Promise.withResolvers<undefined>()
    const answer = histories.getMockImplementation()
    histories.mockImplementation(async (runId, key, signal) => {
      if (histories.mock.calls.length > 1) await gate.promise
      return (await answer?.(runId, key, signal)) ?? { runId, key, ...seriesOf([]) }
    })
    webview.command('export', { format: 'csv', to: 'clipboard', runIds: null })
    const said = () => loading.mock.calls.map(([{ what }]) => what)
    await vi.waitFor(() => expect(said()).toContain('Reading metric histories: 1 of 7'))
    webview.command('stop', null)
    gate.resolve(undefined)
    await vi.waitFor(() => expect(loading.mock.lastCall?.[0].state).toBe('complete'))
    expect([ui.copy.mock.calls.length, ui.showProblem.mock.calls.length]).toEqual([0, 0])
    webview.command('export', { format: 'csv', to: 'clipboard', runIds: null })
    await vi.waitFor(() => expect(ui.copy).toHaveBeenCalledOnce())
    expect(ui.copy.mock.lastCall?.[0]).toContain('r0,1')
  })

  it('ends with its panel, also in mid-request', async () => {
    const { fake, host, arrange, changed } = setUp(seven)
    const gate = Promise.withResolvers<undefined>()
    fake.before = () => gate.promise
    await arrange()
    host[Symbol.dispose]()
    gate.resolve(undefined)
    await host.settled
    expect(changed).not.toHaveBeenCalled()
  })
})
