import { describe, expect, it, vi } from 'vitest'
import { Channel, type Message } from '../../../src/shared/channel'
import { tableHostHalf, tableWebviewHalf } from '../../../src/shared/runsTable/protocol'
import { defaultView, type TableView } from '../../../src/shared/runsTable/view'
import type { Connection } from '../../../src/extension/connections/connection'
import { TableMemory } from '../../../src/extension/panels/runsTable/memory'
import { TableHost, type TableUi } from '../../../src/extension/panels/runsTable/tableHost'
import type { MetricSeries } from '../../../src/shared/model'
import type { TrackingStore } from '../../../src/extension/stores'
import { FakeStore } from '../live/fakeStore'

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
function setUp(fill: (store: FakeStore) => void = () => undefined, memory = memento()) {
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
  } as unknown as TrackingStore
  const connection = { id: 'c', name: 'here', uri: 'sqlite:///x.db', store: () => Promise.resolve(store) }
  const ui = {
    run: vi.fn<TableUi['run']>(() => Promise.resolve(null)),
    copy: vi.fn<TableUi['copy']>(() => Promise.resolve()),
    open: vi.fn<TableUi['open']>(() => Promise.resolve()),
    save: vi.fn<TableUi['save']>(() => Promise.resolve()),
    askViewName: vi.fn<TableUi['askViewName']>(() => Promise.resolve('mine')),
    shareView: vi.fn<TableUi['shareView']>(() => Promise.resolve()),
    showProblem: vi.fn<TableUi['showProblem']>(),
    bundle: {},
  }
  const log = { trace: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const complain = vi.fn()
  const changed = vi.fn()
  const loading = vi.fn()
  const views = vi.fn()
  const ends: { receive(message: unknown): void }[] = []
  const post = (to: number) => (message: Message) => queueMicrotask(() => ends[to]?.receive(structuredClone(message)))
  const host = new TableHost(subject, (name, body) => hostEnd.notify(name, body), {
    connections: { get: () => connection as unknown as Connection, discovered: Promise.resolve() },
    memory: new TableMemory(memory, () => undefined),
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
})
