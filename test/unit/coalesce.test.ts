import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { coalesce, inTurn, oneAtATime } from '../../src/extension/coalesce'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('many requests are one run, at the end; a steady stream does not starve it', () => {
  const work = vi.fn()
  const coalesced = coalesce(work, 100)
  for (let i = 0; i < 25; i++) {
    coalesced.schedule()
    vi.advanceTimersByTime(10)
  }
  expect(work).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(100)
  expect(work).toHaveBeenCalledTimes(3)
})

test('nothing runs after dispose', () => {
  const work = vi.fn()
  const coalesced = coalesce(work, 100)
  coalesced.schedule()
  coalesced.dispose()
  vi.advanceTimersByTime(1000)
  expect(work).not.toHaveBeenCalled()
})

test('one at a time: calls during a run share one more run after it', async () => {
  const runs: PromiseWithResolvers<undefined>[] = []
  const work = oneAtATime(() => {
    const run = Promise.withResolvers<undefined>()
    runs.push(run)
    return run.promise
  })
  const first = work()
  const second = work()
  const third = work()
  expect(runs).toHaveLength(1)
  runs[0]?.resolve(undefined)
  await first
  await vi.waitFor(() => expect(runs).toHaveLength(2))
  runs[1]?.resolve(undefined)
  await Promise.all([second, third])
  expect(runs).toHaveLength(2)
})

test('one at a time: a failed run does not keep the next from running', async () => {
  let runs = 0
  const work = oneAtATime(() => (++runs === 1 ? Promise.reject(new Error('first')) : Promise.resolve()))
  const first = work()
  const second = work()
  await expect(first).rejects.toThrow('first')
  await second
  expect(runs).toBe(2)
})

test('one at a time: also for calls that come just when a run has ended', async () => {
  for (let late = 0; late < 8; late++) {
    const runs: PromiseWithResolvers<undefined>[] = []
    let [under, most] = [0, 0]
    const work = oneAtATime(async () => {
      most = Math.max(most, ++under)
      const run = Promise.withResolvers<undefined>()
      runs.push(run)
      await run.promise
      under--
    })
    const calls = [work(), work()]
    runs[0]?.resolve(undefined)
    for (let turn = 0; turn < late; turn++) await Promise.resolve()
    calls.push(work())
    await vi.waitFor(() => expect(runs.length).toBeGreaterThan(1))
    const ended = Promise.all(calls).then(() => (most += 0.5))
    await vi.waitFor(() => {
      for (const run of runs) run.resolve(undefined)
      expect(most % 1).toBe(0.5)
    })
    await ended
    expect(most, `${late} turns late`).toBe(1.5)
  }
})

test('one at a time: a run is aborted when the last of those who wait gives up, and one that nobody waits for is not begun', async () => {
  const runs: { signal: AbortSignal; end: PromiseWithResolvers<undefined> }[] = []
  const work = oneAtATime((signal) => {
    const end = Promise.withResolvers<undefined>()
    runs.push({ signal, end })
    return end.promise
  })
  const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()]
  const first = work(one.signal)
  const second = work(two.signal)
  const third = work(three.signal)
  two.abort()
  await expect(second).rejects.toThrow()
  expect(runs[0]?.signal.aborted).toBe(false)
  one.abort()
  await expect(first).rejects.toThrow()
  expect(runs[0]?.signal.aborted).toBe(true)
  three.abort()
  await expect(third).rejects.toThrow()
  runs[0]?.end.reject(new Error('aborted'))
  const fourth = work()
  await vi.waitFor(() => expect(runs).toHaveLength(2))
  runs[1]?.end.resolve(undefined)
  await fourth
  await expect(work(AbortSignal.abort())).rejects.toThrow()
  expect(runs).toHaveLength(2)
})

test('in turn: each begins when those before it have ended, however they did; what was given up is left out', async () => {
  const turn = inTurn()
  const log: string[] = []
  const gate = Promise.withResolvers<undefined>()
  const first = turn(async () => {
    log.push('first')
    await gate.promise
    throw new Error('first')
  })
  const leaving = new AbortController()
  const second = turn(() => Promise.resolve(log.push('second')), leaving.signal)
  const third = turn(() => Promise.resolve(log.push('third')))
  leaving.abort()
  gate.resolve(undefined)
  await expect(first).rejects.toThrow('first')
  await expect(second).rejects.toThrow()
  await third
  expect(log).toEqual(['first', 'third'])
})
