import { describe, expect, it, vi } from 'vitest'
import { Limiter } from '../../src/extension/stores/limiter'
import { SeriesCache, type SeriesRequest } from '../../src/extension/panels/seriesCache'
import type { MetricSeries } from '../../src/shared/model'

function seriesOf(length: number, values?: Float64Array): MetricSeries {
  const steps = Float64Array.from({ length }, (_, index) => index)
  return { runId: 'r', key: 'k', steps, values: values ?? steps.slice(), timestamps: steps.toReversed() }
}

const cacheOf = (maxBytes = 1e9): SeriesCache => new SeriesCache({ limiter: new Limiter(4), maxBytes, now: () => 5 })

const requestOf = (id: string, load: SeriesRequest['load'], version = '1'): SeriesRequest => ({ id, version, load })

/** A load that ends when told to. */
function held(): { load: SeriesRequest['load']; finish: (series: MetricSeries) => void; aborted: () => boolean } {
  const { promise, resolve, reject } = Promise.withResolvers<MetricSeries>()
  let aborted = false
  return {
    load: (signal) => {
      signal.addEventListener('abort', () => {
        aborted = true
        reject(new Error('aborted'))
      })
      return promise
    },
    finish: resolve,
    aborted: () => aborted,
  }
}

describe('SeriesCache', () => {
  it('reads a series once', async () => {
    const cache = cacheOf()
    const load = vi.fn(() => Promise.resolve(seriesOf(10)))
    const both = await Promise.all([cache.get(requestOf('a', load)), cache.get(requestOf('a', load))])
    const again = await cache.get(requestOf('a', load))
    expect(load).toHaveBeenCalledOnce()
    expect(both[0]).toBe(both[1])
    expect(again.stats).toMatchObject({ count: 10, min: 0, max: 9 })
    expect(again.asOf).toBe(5)
  })

  it('reads it again when there is a newer version', async () => {
    const cache = cacheOf()
    await cache.get(requestOf('a', () => Promise.resolve(seriesOf(1)), '1'))
    const newer = await cache.get(requestOf('a', () => Promise.resolve(seriesOf(2)), '2'))
    expect(newer.stats.count).toBe(2)
  })

  it('keeps the old series when reading the newer one fails, and says why', async () => {
    const cache = cacheOf()
    await cache.get(requestOf('a', () => Promise.resolve(seriesOf(1)), '1'))
    const kept = await cache.get(requestOf('a', () => Promise.reject(new Error('server down')), '2'))
    expect(kept.stats.count).toBe(1)
    expect(kept.refreshError).toBe('server down')
    const recovered = await cache.get(requestOf('a', () => Promise.resolve(seriesOf(2)), '3'))
    expect(recovered.refreshError).toBeUndefined()
  })

  it('does not ask again with each zoom for what has just failed, and says so meanwhile', async () => {
    let now = 0
    const cache = new SeriesCache({ limiter: new Limiter(4), maxBytes: 1e9, now: () => now })
    await cache.get(requestOf('a', () => Promise.resolve(seriesOf(1)), '1'))
    const load = vi.fn<SeriesRequest['load']>(() => Promise.reject(new Error('server down')))
    for (now of [100, 200, 9_000])
      expect(await cache.get(requestOf('a', load, '2'))).toMatchObject({ refreshError: 'server down', asOf: 0 })
    expect(load).toHaveBeenCalledTimes(1)
    await cache.get(requestOf('a', load, '3')) // what is newer is asked for
    expect(load).toHaveBeenCalledTimes(2)
    now = 30_000
    await cache.get(requestOf('a', load, '3'))
    expect(load).toHaveBeenCalledTimes(3)
    cache.expire('') // somebody refreshes
    await cache.get(requestOf('a', load, '3'))
    expect(load).toHaveBeenCalledTimes(4)
    load.mockResolvedValue(seriesOf(2))
    now = 60_000
    expect((await cache.get(requestOf('a', load, '3'))).refreshError).toBeUndefined()
  })

  it('asks again for what somebody gave up', async () => {
    const cache = cacheOf()
    await cache.get(requestOf('a', () => Promise.resolve(seriesOf(1)), '1'))
    const { load } = held()
    const abort = new AbortController()
    const waiting = cache.get(requestOf('a', load, '2'), abort.signal)
    abort.abort()
    await expect(waiting).rejects.toThrow()
    const again = await cache.get(requestOf('a', () => Promise.resolve(seriesOf(2)), '2'))
    expect(again).toMatchObject({ refreshError: undefined, stats: { count: 2 } })
  })

  it('rejects when there is nothing older', async () => {
    const failing = cacheOf().get(requestOf('a', () => Promise.reject(new Error('server down'))))
    await expect(failing).rejects.toThrow('server down')
  })

  it('reads expired series again', async () => {
    const cache = cacheOf()
    const load = vi.fn(() => Promise.resolve(seriesOf(1)))
    await cache.get(requestOf('one\nr', load))
    await cache.get(requestOf('two\nr', load))
    cache.expire('one\n')
    await cache.get(requestOf('one\nr', load))
    await cache.get(requestOf('two\nr', load))
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('continues the series that it has, unless that was expired', async () => {
    const cache = cacheOf()
    const load = vi.fn<SeriesRequest['load']>(() => Promise.resolve(seriesOf(3)))
    const { series } = await cache.get(requestOf('a', load, '1'))
    await cache.get(requestOf('a', load, '2'))
    cache.expire('a')
    await cache.get(requestOf('a', load, '2'))
    expect(load.mock.calls.map(([, known]) => known)).toEqual([undefined, series, undefined])
  })

  it('does not keep what was being read when it was expired', async () => {
    const cache = cacheOf()
    const old = held()
    const waiting = cache.get(requestOf('a', old.load))
    cache.expire('a')
    const fresh = vi.fn(() => Promise.resolve(seriesOf(5)))
    expect((await cache.get(requestOf('a', fresh))).stats.count).toBe(5)
    old.finish(seriesOf(2))
    expect((await waiting).stats.count).toBe(2)
    expect((await cache.get(requestOf('a', fresh))).stats.count).toBe(5)
    expect(fresh).toHaveBeenCalledOnce()
  })

  it('forgets the least recently used first once memory is full', async () => {
    const bytes = 100 * 8 * 3 // steps, values, timestamps
    const cache = cacheOf(2 * bytes)
    const load = vi.fn(() => Promise.resolve(seriesOf(100)))
    for (const id of ['a', 'b', 'a', 'c']) await cache.get(requestOf(id, load))
    expect(cache.bytes).toBe(2 * bytes)
    expect(load).toHaveBeenCalledTimes(3)
    await cache.get(requestOf('a', load))
    expect(load).toHaveBeenCalledTimes(3)
    await cache.get(requestOf('b', load))
    expect(load).toHaveBeenCalledTimes(4)
  })

  it('counts what is derived from a series later, and makes room for that too', async () => {
    const bytes = 100 * 8 * 3
    const cache = cacheOf(2 * bytes)
    const load = vi.fn(() => Promise.resolve(seriesOf(100)))
    await cache.get(requestOf('a', load))
    const b = await cache.get(requestOf('b', load))
    b.by('time') // the timestamps run backwards: a sorted copy
    expect(cache.bytes).toBe(bytes + 2 * 100 * 8)
    await cache.get(requestOf('a', load))
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('keeps a single series that is larger than the limit while it is the newest', async () => {
    const cache = cacheOf(10)
    const load = vi.fn(() => Promise.resolve(seriesOf(100)))
    await cache.get(requestOf('a', load))
    await cache.get(requestOf('a', load))
    expect(load).toHaveBeenCalledOnce()
  })

  it('stops reading only when all who asked have given up', async () => {
    const cache = cacheOf()
    const loading = held()
    const [one, two] = [new AbortController(), new AbortController()]
    const first = cache.get(requestOf('a', loading.load), one.signal)
    const second = cache.get(requestOf('a', loading.load), two.signal)
    one.abort()
    await expect(first).rejects.toMatchObject({ reason: 'cancelled' })
    expect(loading.aborted()).toBe(false)
    two.abort()
    await expect(second).rejects.toMatchObject({ reason: 'cancelled' })
    expect(loading.aborted()).toBe(true)
    const fresh = await cache.get(requestOf('a', () => Promise.resolve(seriesOf(3))))
    expect(fresh.stats.count).toBe(3)
  })

  it('still answers the others when one gives up', async () => {
    const cache = cacheOf()
    const loading = held()
    const impatient = new AbortController()
    const first = cache.get(requestOf('a', loading.load), impatient.signal)
    const second = cache.get(requestOf('a', loading.load))
    impatient.abort()
    await expect(first).rejects.toMatchObject({ reason: 'cancelled' })
    loading.finish(seriesOf(4))
    expect((await second).stats.count).toBe(4)
  })

  it('takes the greatest double for the infinity that a database could not hold', async () => {
    const values = Float64Array.of(1, Number.MAX_VALUE, -Number.MAX_VALUE)
    const { stats, ...loaded } = await cacheOf().get(requestOf('a', () => Promise.resolve(seriesOf(3, values))))
    expect(stats).toMatchObject({ min: 1, max: 1, plusInfinity: 1, minusInfinity: 1 })
    expect([...loaded.by('step').y]).toEqual([1, Infinity, -Infinity])
  })
})

describe('Limiter', () => {
  it('runs no more than it may at once, in order', async () => {
    const limiter = new Limiter(2)
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<number>())
    const started: number[] = []
    const tasks = gates.map((gate, index) =>
      limiter.run(() => {
        started.push(index)
        return gate.promise
      }),
    )
    await Promise.resolve()
    expect(started).toEqual([0, 1])
    gates[1]?.resolve(1)
    await tasks[1]
    await vi.waitFor(() => expect(started).toEqual([0, 1, 2]))
    for (const gate of gates) gate.resolve(0)
    await Promise.all(tasks)
    expect(started).toEqual([0, 1, 2, 3])
  })

  it('never starts a task that was cancelled while it waited, and goes on after a failure', async () => {
    const limiter = new Limiter(1)
    const gate = Promise.withResolvers<never>()
    const failing = limiter.run(() => gate.promise)
    const cancelled = new AbortController()
    const never = vi.fn(() => Promise.resolve())
    const waiting = limiter.run(never, cancelled.signal)
    const last = limiter.run(() => Promise.resolve('ran'))
    cancelled.abort()
    await expect(waiting).rejects.toMatchObject({ reason: 'cancelled' })
    gate.reject(new Error('failed'))
    await expect(failing).rejects.toThrow('failed')
    expect(await last).toBe('ran')
    expect(never).not.toHaveBeenCalled()
  })
})
