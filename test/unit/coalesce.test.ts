import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { coalesce, oneAtATime } from '../../src/extension/coalesce'

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
