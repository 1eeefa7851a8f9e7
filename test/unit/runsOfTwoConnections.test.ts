import { describe, expect, test, vi } from 'vitest'
import { RunNames } from '../../src/extension/panels/runNames'
import { RunStatuses } from '../../src/extension/panels/runStatuses'

const run = { connection: 'server', runId: 'a' }
const copy = { connection: 'file', runId: 'a' }

describe('runs of two connections with one id', () => {
  test('have names of their own', () => {
    const learned = vi.fn()
    const names = new RunNames(learned)
    names.learn(run, 'fox')
    names.learn(copy, 'owl')
    names.learn(run, 'fox')
    expect([names.of(run), names.of(copy)]).toEqual(['fox', 'owl'])
    expect(learned).toHaveBeenCalledTimes(2)
  })

  test.each([
    [run, copy],
    [copy, run],
  ])('go on as long as one of them does', (going, over) => {
    const statuses = new RunStatuses()
    expect(statuses.someGoOn).toBe(false)
    statuses.learn(going, 'RUNNING')
    statuses.learn(over, 'FINISHED')
    expect(statuses.someGoOn).toBe(true)
    statuses.learn(going, 'KILLED')
    expect(statuses.someGoOn).toBe(false)
  })
})
