import { expect, test } from 'vitest'
import { productionRun } from '../../../src/extension/editor/production'
import { StoreError, type TrackingStore } from '../../../src/extension/stores'
import type { ModelVersion, Run } from '../../../src/shared/model'
import { frameOf } from './runs'

/** A store with two versions in Production, the newer one of the run `new`. */
function storeOf(answers: Readonly<Record<string, Run | StoreError>>): TrackingStore {
  const version = (runId: string, creationTime: number): Partial<ModelVersion> => ({
    ...{ name: 'm', runId, creationTime, currentStage: 'Production', aliases: [] },
  })
  const part = {
    searchModelVersions: async function* () {
      yield await Promise.resolve([version('old', 1), version('new', 2)])
    },
    getRun: (runId: string) => {
      const answer = answers[runId]
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
  }
  return part as unknown as TrackingStore
}

const runs = frameOf({ old: {}, new: {} })
const { signal } = new AbortController()
const found = (answers: Parameters<typeof storeOf>[0]): Promise<Run | undefined> =>
  productionRun(storeOf(answers), storeOf({}), '1', signal)

test('of the run in Production: a deleted one is none, one that could not be read is not taken for that', async () => {
  const [old, newest] = [runs.run(0), runs.run(1)]
  expect((await found({ old, new: newest }))?.info.runId).toBe('new')
  expect((await found({ old, new: new StoreError('notFound', 'No such run.') }))?.info.runId).toBe('old')
  await expect(found({ old, new: new StoreError('busy', 'The server is busy.') })).rejects.toThrow(
    'The server is busy.',
  )
})
