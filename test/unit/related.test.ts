import { describe, expect, it } from 'vitest'
import { relatedTo } from '../../src/extension/panels/related'
import type { TrackingStore } from '../../src/extension/stores'
import { StoreError } from '../../src/extension/stores/errors'
import type { Run, RunInfo } from '../../src/shared/model'

const info = (runId: string): RunInfo => ({
  runId,
  experimentId: '7',
  runName: `name of ${runId}`,
  userId: '',
  status: 'FINISHED',
  startTime: 5,
  endTime: 6,
  artifactUri: '',
  lifecycleStage: 'active',
})
const runOf = (runId: string, parent?: string): Run => ({
  info: info(runId),
  metrics: new Map(),
  params: new Map(),
  tags: new Map(parent === undefined ? [] : [['mlflow.parentRunId', parent]]),
  datasets: [],
  modelOutputs: [],
})

/** A store with so many children of any run, and what it was asked. */
function storeWith(children: number, change: Partial<TrackingStore> = {}) {
  const asked: unknown[] = []
  async function* nothing(): AsyncGenerator<never[]> {
    await Promise.resolve()
    yield []
  }
  const store = {
    getRun: (runId: string) => Promise.resolve(runOf(runId)),
    async *searchRuns(query: { maxResults: number }) {
      await Promise.resolve()
      asked.push(query)
      const infos = Array.from({ length: Math.min(children, query.maxResults) }, (_, n) => info(`child ${n}`))
      yield { length: infos.length, info: (row: number) => infos[row] }
    },
    searchModelVersions: nothing,
    searchLoggedModels: nothing,
    ...change,
  } as unknown as TrackingStore
  return { store, asked }
}
const never = new AbortController().signal

describe('relatedTo', () => {
  it('asks for the children of the run in its experiment, and tells of the first and of how many there are', async () => {
    const { store, asked } = storeWith(120)
    const related = await relatedTo(runOf('r1', 'p'), store, 50, never)
    expect(asked).toEqual([
      {
        experimentIds: ['7'],
        filter: "tags.`mlflow.parentRunId` = 'r1'",
        orderBy: ['attributes.start_time ASC'],
        maxResults: 1001,
      },
    ])
    expect(related).toMatchObject({ childCount: 120, moreChildren: false, problems: [] })
    expect(related.children).toHaveLength(50)
    expect(related.parent).toEqual({ runId: 'p', name: 'name of p', status: 'FINISHED', startTime: 5 })
  })

  it('counts to a thousand, and says that there are more', async () => {
    const related = await relatedTo(runOf('r1'), storeWith(3000).store, 50, never)
    expect(related).toMatchObject({ childCount: 1000, moreChildren: true, parent: null })
  })

  it('keeps the id of a parent that is gone', async () => {
    const getRun = () => Promise.reject(new StoreError('notFound', 'no such run'))
    const { parent, problems } = await relatedTo(runOf('r1', 'gone'), storeWith(0, { getRun }).store, 50, never)
    expect(parent).toEqual({ runId: 'gone', name: '', status: null, startTime: null })
    expect(problems).toEqual([])
  })

  it('shows the rest where a part can’t be read, and says why', async () => {
    const searchModelVersions = (): never => {
      throw new StoreError('forbidden', 'You may not see the registry.')
    }
    const related = await relatedTo(runOf('r1'), storeWith(3, { searchModelVersions }).store, 50, never)
    expect(related).toMatchObject({ childCount: 3, versions: [], problems: ['You may not see the registry.'] })
  })

  it('rejects where nobody waits any more', async () => {
    const abort = new AbortController()
    abort.abort()
    const getRun = () => Promise.reject(new StoreError('cancelled', 'Cancelled.'))
    await expect(relatedTo(runOf('r1', 'p'), storeWith(0, { getRun }).store, 50, abort.signal)).rejects.toMatchObject({
      reason: 'cancelled',
    })
  })
})
