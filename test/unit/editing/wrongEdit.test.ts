import { expect, test } from 'vitest'
import { edited, holds, inverseOf, type Edit, type Target } from '../../../src/extension/editing/edits'
import { requirePermission } from '../../../src/extension/editing/permitted'
import { wrongEdit, wrongKey, wrongName } from '../../../src/extension/editing/wrongEdit'
import type { TrackingStore } from '../../../src/extension/stores'
import type { Permission } from '../../../src/extension/stores/rights'

const run: Target = {
  ...{ kind: 'run', runId: 'a', experimentId: '1', name: 'run a', description: '', deleted: false },
  tags: new Map([['team', 'red']]),
}
const version: Target = {
  ...{ kind: 'version', name: 'model', version: '1', stage: 'None', description: '', deleted: false },
  tags: new Map([['team', 'red']]),
}

test('lengths are counted as Python counts them', () => {
  const set = (value: string): Edit => ({ act: 'setTag', key: 'long', value })
  expect(wrongEdit(run, set('🚀'.repeat(8000)))).toBeUndefined()
  expect(wrongEdit(run, set('🚀'.repeat(8001)))).toMatch(/8001 characters; MLflow keeps only 8000/)
  expect(wrongName('run', '🚀'.repeat(250))).toBeUndefined()
  expect(wrongName('run', '🚀'.repeat(251))).toMatch(/at most 250/)
  expect(wrongKey('𝒂'.repeat(250))).toBeUndefined()
})

const edits: [Target, Edit][] = [
  [run, { act: 'rename', name: 'b' }],
  [run, { act: 'describe', description: 'a note' }],
  [run, { act: 'setTag', key: 'team', value: 'blue' }],
  [run, { act: 'setTag', key: 'new', value: '' }],
  [run, { act: 'setTag', key: 'mlflow.note.content', value: 'a note' }],
  [run, { act: 'removeTag', key: 'team' }],
  [run, { act: 'delete' }],
  [version, { act: 'stage', stage: 'Staging', archive: false }],
  [version, { act: 'describe', description: 'what for' }],
]
test.each(edits)('%o is as it was after %o and back', (target, edit) => {
  expect(holds(target, edit)).toBe(false)
  expect(holds(edited(target, edit), edit)).toBe(true)
  const back = inverseOf(target, edit)
  expect(back && edited(back.target, back.edit)).toEqual(target)
})

test('a permission that was refused is asked for anew before the user is', async () => {
  let given: Permission = 'EDIT'
  let known: Permission | undefined
  const rights = {
    account: () => Promise.resolve({ username: 'ana', isAdmin: false }),
    permission: () => Promise.resolve((known ??= given)),
    forget: () => (known = undefined),
  }
  const store = { rights, uri: 'http://server' } as unknown as TrackingStore
  await requirePermission([{ target: version, act: 'setTag' }], store)
  await expect(requirePermission([{ target: version, act: 'removeTag' }], store)).rejects.toThrow(/needs MANAGE/)
  given = 'MANAGE'
  await requirePermission([{ target: version, act: 'removeTag' }], store)
})
