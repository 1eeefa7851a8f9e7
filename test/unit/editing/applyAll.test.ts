/** What a real server does is in test/stores/editing.test.ts; here is what one can't be made to do. */
import { expect, test } from 'vitest'
import { applyAll } from '../../../src/extension/editing/applyAll'
import type { Step } from '../../../src/extension/editing/edits'
import { madeExperiment, registered } from '../../../src/extension/editing/making'
import { StoreError, type TrackingStore, type TrackingWriter } from '../../../src/extension/stores'

const run = { runId: 'a', experimentId: '1', name: 'run a' }
const step: Step = {
  target: { kind: 'run', ...run, description: '', tags: new Map(), deleted: false },
  edit: { act: 'setTag', key: 'team', value: 'red' },
}
const gone = new StoreError('unreachable', 'Nothing answers.')

/** A store with one run, and a writer to it that fails after or before it has written. */
function failing({ writes, answersAfterwards }: { writes: boolean; answersAfterwards: boolean }): {
  store: TrackingStore
  writer: TrackingWriter
  sent: string[]
} {
  const tags = new Map<string, string>()
  const sent: string[] = []
  let isDown = false
  const info = { runId: run.runId, experimentId: run.experimentId, runName: run.name, lifecycleStage: 'active' }
  const read = <T>(value: T): Promise<T> => (isDown ? Promise.reject(gone) : Promise.resolve(value))
  async function* pages(): AsyncGenerator<never[]> {
    yield await read([])
  }
  const fail = (what: string): Promise<never> => {
    sent.push(what)
    isDown = !answersAfterwards
    return Promise.reject(new StoreError('timeout', 'No answer.'))
  }
  const store: Partial<TrackingStore> = {
    kind: 'rest',
    getRun: () => read({ info, tags: new Map(tags) }) as unknown as ReturnType<TrackingStore['getRun']>,
    searchExperiments: pages,
    searchModelVersions: pages,
  }
  const writer: Partial<TrackingWriter> = {
    setRunTag(_, key, value) {
      if (writes) tags.set(key, value)
      return fail(`${key}=${value}`)
    },
    createExperiment: (name) => fail(name),
    createModelVersion: ({ name }) => fail(name),
    deleteRegisteredModel: (name) => fail(`delete ${name}`),
  }
  return { store: store as TrackingStore, writer: writer as TrackingWriter, sent }
}

test('after a failure it is as the store says', async () => {
  const made = failing({ writes: true, answersAfterwards: true })
  expect(await applyAll([step], made)).toMatchObject({ done: [step], failed: [] })
  const not = failing({ writes: false, answersAfterwards: true })
  expect(await applyAll([step], not)).toMatchObject({ done: [], failed: [{ why: 'failed', message: 'No answer.' }] })
})

test('where the store can’t be asked, it is not known; asked again, it is', async () => {
  const { store, writer, sent } = failing({ writes: true, answersAfterwards: false })
  const { done, failed } = await applyAll([step], { store, writer })
  expect(done).toEqual([])
  expect(failed).toMatchObject([{ why: 'unknown', message: expect.stringMatching(/not known whether/) as string }])
  const later = failing({ writes: true, answersAfterwards: true })
  await later.writer.setRunTag('a', 'team', 'red').catch(() => undefined)
  const again = await applyAll(failed, { store: later.store, writer: later.writer })
  expect(again.done).toEqual([{ ...step, repairs: [] }]) // as it was before: it can be undone
  expect(sent).toEqual(['team=red'])
})

test('what can’t be asked beforehand is not sent', async () => {
  const { store, writer, sent } = failing({ writes: true, answersAfterwards: false })
  await applyAll([step], { store, writer })
  expect(await applyAll([step], { store, writer })).toMatchObject({
    failed: [{ why: 'failed', message: gone.message }],
  })
  expect(sent).toHaveLength(1)
})

test('an experiment or a version that may be there is not said to have failed, nor is its model deleted', async () => {
  const { store, writer } = failing({ writes: true, answersAfterwards: false })
  await expect(madeExperiment(writer, store, 'new')).rejects.toThrow(/not known whether/)
  const other = failing({ writes: true, answersAfterwards: false })
  const asked = { name: 'model', source: 'runs:/a/model' }
  await expect(registered(other.writer, other.store, asked, true)).rejects.toThrow(/not known whether/)
  expect(other.sent).toEqual(['model'])
})
