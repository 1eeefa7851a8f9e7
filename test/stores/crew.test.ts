/** Threads that read the runs of a folder together. */
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Crew, Reader } from '../../src/extension/stores/files/crew'
import { Patience } from '../../src/extension/stores/files/disk'
import { FileStore } from '../../src/extension/stores/files/fileStore'
import { LatestValues } from '../../src/extension/stores/files/metricFile'
import { findRuns } from '../../src/extension/stores/files/runs'
import { MadeUpFolder } from './madeUpFolder'
import { workers } from './workers'

let folder: MadeUpFolder
let wanted: readonly { readonly id: string }[]
const helpers: Worker[] = []
const note = (worker: Worker): number => helpers.push(worker)
beforeEach(() => {
  folder = new MadeUpFolder()
  wanted = Array.from({ length: 500 }, () => ({ id: folder.run() }))
  process.on('worker', note)
})
afterEach(async () => {
  vi.restoreAllMocks()
  process.off('worker', note)
  await Promise.all(helpers.splice(0).map((worker) => worker.terminate()))
  folder[Symbol.dispose]()
})

/** @param idleTime milliseconds */
const begin = (idleTime?: number): Reader =>
  new Crew(path.join(workers, 'filesWorker.js'), idleTime).begin(
    { id: '1', folder: path.join(folder.root, '1'), deleted: false },
    wanted,
  )

/** Ids of what the helpers hand over until there is enough. */
async function received(reader: Reader, enough: number): Promise<Set<string>> {
  const ids = new Set<string>()
  while (ids.size < enough) {
    reader.receive((batch) => batch.runs.forEach(({ id }) => ids.add(id)))
    await sleep(5)
  }
  return ids
}

test('are kept until they have read what they were given, and let go afterwards', async () => {
  const reader = begin(20)
  expect((await received(reader, wanted.length)).size).toBe(wanted.length)
  for (const helper of helpers) if (helper.threadId >= 0) await once(helper, 'exit')
})

test('are not waited for when they are gone', async () => {
  const reader = begin()
  const ids = await received(reader, 1)
  await Promise.all(helpers.map((helper) => helper.terminate()))
  const reading = { latest: new LatestValues(), patience: new Patience(), checkpoint: () => undefined }
  const start = Date.now()
  const take = (batch: Parameters<Parameters<Reader['receive']>[0]>[0]): void =>
    batch.runs.forEach(({ id }) => ids.add(id))
  reader.work(reading, take, () => false)
  expect(Date.now() - start).toBeLessThan(10_000)
  expect(ids.size).toBe(wanted.length)
})

describe('stop reading ahead', () => {
  const search = { experimentIds: ['1'], filter: undefined, orderBy: [], view: 'ALL', limit: undefined } as const
  const store = (): FileStore => new FileStore(folder.root, new Crew(path.join(workers, 'filesWorker.js')))

  test('where a first search is given up', () => {
    const stopped = vi.spyOn(Reader.prototype, 'stop')
    const giveUp = (): void => {
      throw new Error('given up')
    }
    expect(() => findRuns(store(), search, { isCancelled: () => true, checkpoint: giveUp })).toThrow('given up')
    expect(stopped).toHaveBeenCalledOnce()
  })

  test('where the store is closed', () => {
    const closed = store()
    findRuns(closed, search, { isCancelled: () => false, checkpoint: () => undefined })
    const stopped = vi.spyOn(Reader.prototype, 'stop')
    closed.close()
    expect(stopped).toHaveBeenCalledOnce()
  })
})
