import { expect, test } from 'vitest'
import { Changes } from '../../../src/extension/editing/changes'
import type { Step } from '../../../src/extension/editing/edits'

const step = (runId: string): Step => ({
  target: { kind: 'run', runId, experimentId: '1', name: runId, description: '', tags: new Map(), deleted: false },
  edit: { act: 'rename', name: 'new' },
})
const noted = (...runIds: string[]): Changes => {
  const changes = new Changes()
  for (const id of runIds) changes.add({ label: id, connection: 'db', undo: [[step(id)]] })
  return changes
}

test('the last change that can be undone is; what could not be stays', async () => {
  const changes = noted('a', 'b')
  changes.add({ label: 'for good', connection: 'db', undo: undefined })
  expect((await changes.undoLast(() => Promise.resolve([]))).label).toBe('b')
  const left = [[step('left')]]
  await changes.undoLast(() => Promise.resolve(left))
  expect(changes.all.map(({ label, undo }) => [label, undo])).toEqual([
    ['for good', undefined],
    ['a', left],
  ])
  await expect(changes.undoLast(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(changes.all).toHaveLength(2)
  await changes.undoLast(() => Promise.resolve([]))
  await expect(changes.undoLast(() => Promise.resolve([]))).rejects.toThrow(/nothing to undo/)
})

test('undo waits for a change that is under way, and for another undo', async () => {
  const changes = noted('first')
  const editing = Promise.withResolvers<null>()
  const edit = changes.during(async () => {
    await editing.promise
    changes.add({ label: 'second', connection: 'db', undo: [[step('second')]] })
  })
  const undoing = Promise.withResolvers<null>()
  const order: string[] = []
  const undo = (): Promise<unknown> =>
    changes.undoLast(async ({ label }) => {
      order.push(`${label} begins`)
      await undoing.promise
      order.push(`${label} ends`)
      return []
    })
  const both = [undo(), undo()]
  editing.resolve(null)
  await edit
  undoing.resolve(null)
  await Promise.all(both)
  expect(order).toEqual(['second begins', 'second ends', 'first begins', 'first ends'])
})
