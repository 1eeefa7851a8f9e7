import { describe, expect, it, vi } from 'vitest'
import { acrossRuns } from '../../../src/extension/panels/acrossRuns'
import { StoreError, type TrackingStore } from '../../../src/extension/stores'
import { differencesOf } from '../../../src/shared/across/differences'
import { Dimensions, dimensionNames } from '../../../src/shared/across/dimension'
import { acrossData } from '../../../src/shared/across/fromFrames'
import { withPackages } from '../../../src/shared/across/packages'
import { Channel } from '../../../src/shared/channel'
import { hostHalf } from '../../../src/shared/protocol'
import type { Run } from '../../../src/shared/model'
import { type RunFrame, RunFrameBuilder } from '../../../src/shared/runFrame'

interface Logged {
  readonly metrics?: Record<string, number>
  readonly params?: Record<string, string>
}

/** Ids are an experiment's id and a number: `7-3`. */
function frameOf(runs: Record<string, Logged>): RunFrame {
  const builder = new RunFrameBuilder()
  for (const [runId, { metrics = {}, params = {} }] of Object.entries(runs)) {
    const row = builder.addRun({
      ...{ runId, experimentId: runId.split('-')[0] ?? '', runName: `run ${runId}`, userId: 'ada', status: 'FINISHED' },
      ...{ startTime: 1000, endTime: 61_000, artifactUri: '', lifecycleStage: 'active' },
    })
    for (const [key, value] of Object.entries(metrics)) builder.setMetric(row, key, value, 0, 0)
    for (const [key, value] of Object.entries(params)) builder.setParam(row, key, value)
  }
  return builder.build()
}

const placesOf = (frame: RunFrame) => frame.runIds().map((_, row) => ({ frame, row }))

/** The dimension of a parameter that runs have with these values. */
function param(...values: (string | undefined)[]) {
  const runs = values.map((value, at) => [`1-${at}`, value === undefined ? {} : { params: { p: value } }] as const)
  return new Dimensions(acrossData(placesOf(frameOf(Object.fromEntries(runs))), () => 'pricing')).get('param:p')
}

describe('dimensions', () => {
  it('of parameters are numbers where all values are, or say that there is none', () => {
    const rate = param('1e-3', '0.1', 'None', undefined, 'inf', '.5')
    expect(rate?.numeric).toBe(true)
    expect([...(rate?.values ?? [])]).toEqual([0.001, 0.1, NaN, NaN, Infinity, 0.5])
    expect([2, 3].map((row) => rate?.textAt(row))).toEqual(['None', undefined])
    expect(param('None', 'None')?.numeric).toBe(false)
    expect(param('0x10', '12')?.numeric).toBe(false)
    expect(param('', '3')?.numeric).toBe(true)
  })

  it('write each number of a list alike, wherever it stands there', () => {
    const rate = param('0.25', '0.125')
    expect([0.25, 0.125, 0.0625].map(rate?.format ?? String)).toEqual(['0.25', '0.125', '0.0625'])
  })

  it('are words in natural order otherwise', () => {
    const layers = param('l10', 'l2', undefined, 'l2')
    expect(layers?.words).toEqual(['l2', 'l10'])
    expect([...(layers?.values ?? [])]).toEqual([1, 0, NaN, 0])
  })

  it('of metrics tell a logged NaN from none, and infinities as databases hold them', () => {
    const runs = { '1-0': { metrics: { m: NaN } }, '1-1': {}, '1-2': { metrics: { m: Number.MAX_VALUE } } }
    const metric = new Dimensions(acrossData(placesOf(frameOf(runs)), () => '')).get('metric:m')
    expect([0, 1, 2].map((row) => metric?.textAt(row))).toEqual(['NaN', undefined, '∞'])
    expect(metric?.values[2]).toBe(Infinity)
  })

  it('are kept apart by kind, case and name, whatever that is', () => {
    const keys = ['lr', 'LR', '__proto__', 'a:b', 'constructor']
    const params = Object.fromEntries(keys.map((key) => [key, key]))
    const frame = frameOf({ '1-0': { params: { ...params, ['__proto__']: '__proto__' }, metrics: { lr: 3 } } })
    const data = acrossData(placesOf(frame), () => 'pricing')
    const dimensions = new Dimensions(data)
    for (const key of keys) expect(dimensions.get(`param:${key}`)?.textAt(0)).toBe(key)
    expect(dimensions.get('metric:lr')?.values[0]).toBe(3)
    expect(dimensionNames(data).filter(({ key }) => key === 'lr')).toHaveLength(2)
    expect(dimensions.get('fact:duration')?.values[0]).toBe(60_000)
    expect(dimensions.get('fact:experiment')?.words).toEqual(['pricing'])
    expect(dimensions.get('fact:constructor')).toBeUndefined()
    expect(dimensions.get('param:nobody')).toBeUndefined()
  })

  it('take room for what was logged only', () => {
    const runs = Object.fromEntries(
      Array.from({ length: 50 }, (_, run) => [
        `1-${run}`,
        { metrics: Object.fromEntries(Array.from({ length: 240 }, (__, key) => [`${run}/${key}`, run])) },
      ]),
    )
    const { metrics } = acrossData(placesOf(frameOf(runs)), () => '')
    expect(metrics.keys).toHaveLength(12_000)
    expect(metrics.values).toHaveLength(12_000)
  })

  it('hold texts that differ only beyond what crosses to be different', () => {
    const long = 'x'.repeat(5000)
    const frame = frameOf({ '1-0': { params: { p: `${long}a` } }, '1-1': { params: { p: `${long}b` } } })
    const { params, dictionary } = acrossData(placesOf(frame), () => '')
    expect(dictionary[params.codes[0] ?? 0]).toHaveLength(2001)
    expect(params.codes[0]).not.toBe(params.codes[1])
  })
})

describe('acrossRuns', () => {
  it('stops, in the middle of a search, when the page is closed', async () => {
    const searching = Promise.withResolvers<AbortSignal>()
    const store = {
      getRun: () => Promise.resolve({ info: { experimentId: '1' } }),
      // eslint-disable-next-line require-yield -- it never comes to that
      async *searchRuns(_: unknown, signal: AbortSignal) {
        searching.resolve(signal)
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new StoreError('cancelled', 'cancelled'))
          })
        })
      },
    } as unknown as TrackingStore
    const ended = Promise.withResolvers<unknown>()
    const half = { commands: {}, notifications: {}, requests: { across: hostHalf.requests.across } }
    const none = { commands: {}, notifications: {}, requests: {} }
    const host = new Channel<typeof half, typeof none>({
      ...{ mine: half, theirs: none, post: () => undefined, complain: () => undefined },
      handlers: {
        ...{ commands: {}, notifications: {} },
        requests: {
          across: (query, signal) => {
            const opened = { store, experimentName: (id: string) => Promise.resolve(id) }
            const answer = acrossRuns(query.runs, () => Promise.resolve(opened), signal)
            answer.catch(ended.resolve)
            return answer
          },
        },
      },
    })
    const body = { runs: [{ connection: 'c', runId: 'a' }], interactive: false }
    host.receive({ kind: 'request', id: '1', name: 'across', body })
    expect((await searching.promise).aborted).toBe(false)
    host.close()
    expect(await ended.promise).toMatchObject({ reason: 'cancelled' })
  })

  const never = new AbortController().signal

  /** A store of runs `experiment-number`. */
  function storeOf(ids: readonly string[]) {
    const store = {
      getRun: vi.fn((runId: string) =>
        ids.includes(runId)
          ? Promise.resolve({ info: { experimentId: runId.split('-')[0] } } as unknown as Run)
          : Promise.reject(new StoreError('notFound', 'no such run')),
      ),
      searchRuns: vi.fn(async function* ({ experimentIds, filter = '' }: { experimentIds: string[]; filter?: string }) {
        await Promise.resolve()
        const found = ids.filter((id) => experimentIds.includes(id.split('-')[0] ?? '') && filter.includes(`'${id}'`))
        if (found.length > 0) yield frameOf(Object.fromEntries(found.map((id) => [id, {}])))
      }),
      searchExperiments: vi.fn(async function* () {
        await Promise.resolve()
        yield [...new Set(ids.map((id) => ({ experimentId: id.split('-')[0] })))]
      }),
    }
    return {
      store: store as unknown as TrackingStore & typeof store,
      experimentName: (id: string) => Promise.resolve(`#${id}`),
    }
  }

  const fail = (): never => {
    throw new Error('no implementation')
  }
  const refs = (ids: readonly string[], connection = 'c') => ids.map((runId) => ({ connection, runId }))
  const idsOf = (experiments: number, runs: number) =>
    Array.from({ length: runs }, (_, run) => `${run % experiments}-${run}`)

  it('finds hundreds of runs without asking for each, in the order asked for', async () => {
    const ids = idsOf(3, 500)
    const opened = storeOf(ids)
    const { runs } = await acrossRuns(refs(ids.toReversed()), () => Promise.resolve(opened), never)
    expect(runs.map(({ name }) => name)).toEqual(ids.toReversed().map((id) => `run ${id}`))
    expect(runs[0]?.experimentName).toBe('#1')
    expect(opened.store.getRun.mock.calls.length).toBeLessThanOrEqual(3)
    expect(opened.store.searchRuns.mock.calls.length).toBeLessThan(30)
  })

  it('asks for few runs by themselves, of however many experiments they are, or gone', async () => {
    const ids = idsOf(40, 120)
    const opened = storeOf(ids)
    const gone = Array.from({ length: 100 }, (_, run) => `9-gone${run}`)
    const { runs } = await acrossRuns(refs([...gone, ...ids]), () => Promise.resolve(opened), never)
    expect(runs.filter(({ found }) => found)).toHaveLength(120)
    expect(runs[0]).toMatchObject({ found: false, problem: 'This run is not there any more.' })
    expect(opened.store.getRun.mock.calls.length).toBeLessThanOrEqual(8)
  })

  it('of several connections shows those that can be reached; rejects where none can', async () => {
    const opened = storeOf(['1-1'])
    const open = (connection: string) =>
      connection === 'c' ? Promise.resolve(opened) : Promise.reject(new Error('unreachable'))
    const both = [...refs(['1-1']), ...refs(['1-1'], 'd')]
    const { runs } = await acrossRuns(both, open, never)
    expect(runs.map(({ found, problem }) => [found, problem])).toEqual([
      [true, null],
      [false, 'unreachable'],
    ])
    await expect(acrossRuns(refs(['1-1'], 'd'), open, never)).rejects.toThrow('unreachable')
  })

  it('keeps what may not be read from those that may', async () => {
    const opened = storeOf(['1-1', '2-1', '3-1'])
    const forbidden = new StoreError('forbidden', 'Permission denied')
    const { store } = opened
    const find = store.getRun.getMockImplementation() ?? fail
    store.getRun.mockImplementation((runId) => (runId === '1-1' ? Promise.reject(forbidden) : find(runId)))
    const asked = refs(['1-1', '2-1', '3-1'])
    const { runs } = await acrossRuns(asked, () => Promise.resolve(opened), never)
    expect(runs.map(({ found, problem }) => [found, problem])).toEqual([
      [false, 'Permission denied'],
      [true, null],
      [true, null],
    ])
    store.getRun.mockRejectedValue(forbidden)
    const many = await acrossRuns(refs(idsOf(9, 9)), () => Promise.resolve(opened), never)
    expect(many.runs[8]?.problem).toBe('This run is not there any more, or may not be read.')
    store.getRun.mockRejectedValue(new StoreError('unreachable', 'The server is down'))
    await expect(acrossRuns(asked, () => Promise.resolve(opened), never)).rejects.toThrow('is down')
  })

  it('keeps the runs of an experiment that may not be searched from others', async () => {
    const opened = storeOf(['1-1', '2-1'])
    const { store } = opened
    const search = store.searchRuns.getMockImplementation() ?? fail
    store.searchRuns.mockImplementation(async function* (query) {
      if (query.experimentIds.includes('1')) throw new StoreError('forbidden', 'Permission denied')
      yield* search(query)
    })
    const { runs } = await acrossRuns(refs(['1-1', '2-1']), () => Promise.resolve(opened), never)
    expect(runs.map(({ problem }) => problem)).toEqual(['Permission denied', null])
  })

  it('stops when it is not wanted any more', async () => {
    const abort = new AbortController()
    abort.abort(new Error('closed'))
    const open = () => Promise.reject(new Error('closed'))
    await expect(acrossRuns([...refs(['1-1']), ...refs(['1-1'], 'd')], open, abort.signal)).rejects.toThrow('closed')
  })
})

describe('Python environments', () => {
  const frame = frameOf({ '1-0': { params: { lr: '1' } }, '1-1': {}, '1-2': {} })
  const environments = [[['numpy', '1.26'], ['mlflow', '3.1']], [['numpy', '2.1'], ['mlflow', '3.1']], []] as const // prettier-ignore
  const data = withPackages(
    acrossData(placesOf(frame), () => ''),
    (row) => environments[row],
  )
  const dimensions = new Dimensions(data)

  it('are compared by version; a run without one does not differ', () => {
    const group = differencesOf(data, dimensions, [0, 1, 2]).find(({ heading }) => heading === 'Python environment')
    expect(group?.rows).toEqual([
      { id: 'package:mlflow', key: 'mlflow', differs: false },
      { id: 'package:numpy', key: 'numpy', differs: true },
    ])
    const numpy = dimensions.get('package:numpy')
    expect([0, 1, 2].map((row) => numpy?.textAt(row))).toEqual(['1.26', '2.1', undefined])
    expect([1, 2].map((row) => numpy?.same(row, 0))).toEqual([false, true])
  })

  it('are no numbers, and leave all else as it was', () => {
    const numpy = dimensions.get('package:numpy')
    expect(numpy?.numeric).toBe(false)
    expect(dimensions.get('param:lr')?.textAt(0)).toBe('1')
    expect(withPackages(data, () => undefined).packages.keys).toEqual([])
  })
})
