import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Step } from '../../../src/extension/editing/edits'
import { pendingEdits } from '../../../src/extension/editing/pendingEdits'
import { withPending } from '../../../src/extension/tree/presentation'

const step = (runId: string): Step => ({
  target: { kind: 'run', runId, experimentId: '1', name: 'old', description: '', tags: new Map(), deleted: false },
  edit: { act: 'rename', name: 'new' },
})

let told = 0
let subscription: { dispose: () => void }
beforeEach(() => {
  vi.useFakeTimers()
  told = 0
  subscription = pendingEdits.onDidChange(() => told++)
})
afterEach(() => {
  vi.runAllTimers()
  subscription.dispose()
  vi.useRealTimers()
})

const row = { runId: 'a', experimentId: '1', name: 'old' }

test('an edit shows from its beginning until the store was read again', () => {
  expect(pendingEdits.of('db', row)).toBeUndefined()
  pendingEdits.begin('db', [step('a')])
  expect(pendingEdits.of('db', row)).toEqual({ act: 'rename', name: 'new' })
  expect(pendingEdits.of('other', row)).toBeUndefined()
  pendingEdits.end('db', [step('a')], [step('a')])
  pendingEdits.readAgain(['model'])
  expect(pendingEdits.of('db', row)).toBeDefined()
  pendingEdits.readAgain(['experiment', 'run'])
  expect(pendingEdits.of('db', row)).toBeUndefined()
  expect(told).toBe(3)
})

test('one that failed shows no longer at once; one that nobody reads again, after a while', () => {
  pendingEdits.begin('db', [step('a'), step('b')])
  pendingEdits.end('db', [step('a'), step('b')], [step('b')])
  expect(pendingEdits.of('db', row)).toBeUndefined()
  expect(pendingEdits.of('db', { runId: 'b' })).toBeDefined()
  vi.advanceTimersByTime(10_000)
  expect(pendingEdits.of('db', { runId: 'b' })).toBeUndefined()
})

test('a row says what it will be, and that it is not yet', () => {
  const looks = { label: 'old', description: '5 min ago' }
  expect(withPending(looks, undefined)).toBe(looks)
  expect(withPending(looks, { act: 'rename', name: 'new' })).toMatchObject({
    label: 'new',
    description: 'saving… · 5 min ago',
  })
  expect(withPending(looks, { act: 'delete' })).toMatchObject({ label: 'old', description: 'deleting… · 5 min ago' })
})
