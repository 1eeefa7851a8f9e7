import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { saveArtifact, type SaveOptions } from '../../src/extension/artifactFiles/save'
import type { FileInfo } from '../../src/shared/model'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-save-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const dir = (name: string): FileInfo => ({ path: name, isDir: true, fileSize: null })
const file = (name: string, fileSize: number | null = 5): FileInfo => ({ path: name, isDir: false, fileSize })

/** A store with these folders, all files of which are `hello`, in pieces. */
const storeOf = (folders: Readonly<Record<string, readonly FileInfo[]>>): SaveOptions['store'] => ({
  listArtifacts: (_runId, within = '') => Promise.resolve([...(folders[within] ?? [])]),
  async *readArtifact() {
    await Promise.resolve()
    yield Buffer.from('hel')
    yield Buffer.from('lo')
  },
})

const save = (change: Partial<SaveOptions> = {}) =>
  saveArtifact({
    store: storeOf({
      '': [dir('model'), file('a.txt')],
      model: [file('model/MLmodel'), dir('model/data')],
      'model/data': [file('model/data/w.bin')],
    }),
    runId: 'r',
    artifact: 'a.txt',
    target: path.join(folder, 'saved'),
    overwrite: false,
    signal: new AbortController().signal,
    ...change,
  })

const all = async (): Promise<string[]> => (await readdir(folder, { recursive: true })).sort()

describe('saveArtifact', () => {
  it('saves a file, telling how far it is', async () => {
    const told: unknown[] = []
    expect(await save({ told: (progress) => told.push(progress) })).toEqual({ files: 1, bytes: 5 })
    expect(await readFile(path.join(folder, 'saved'), 'utf8')).toBe('hello')
    expect(told).toEqual([
      { bytes: 3, of: 5, file: 'a.txt' },
      { bytes: 5, of: 5, file: 'a.txt' },
    ])
  })

  it('saves a folder whole, and all artifacts', async () => {
    expect(await save({ artifact: 'model' })).toEqual({ files: 2, bytes: 10 })
    expect(await all()).toEqual(['saved', 'saved/MLmodel', 'saved/data', 'saved/data/w.bin'])
    await save({ artifact: '', target: path.join(folder, 'everything') })
    expect(await readFile(path.join(folder, 'everything/model/data/w.bin'), 'utf8')).toBe('hello')
  })

  it('saves a folder with nothing in it', async () => {
    await save({ store: storeOf({ '': [dir('empty')] }), artifact: 'empty' })
    expect(await all()).toEqual(['saved'])
  })

  it('leaves nothing behind where it is cancelled, or fails', async () => {
    const abort = new AbortController()
    await expect(save({ artifact: 'model', signal: abort.signal, told: () => abort.abort() })).rejects.toMatchObject({
      reason: 'cancelled',
    })
    expect(await all()).toEqual([])
    const breaking = {
      ...storeOf({ '': [file('a.txt')] }),
      async *readArtifact() {
        await Promise.resolve()
        yield Buffer.from('hel')
        throw new Error('the line broke')
      },
    }
    await expect(save({ store: breaking })).rejects.toThrow(/a\.txt could not be saved: the line broke/)
    expect(await all()).toEqual([])
  })

  it('replaces a file only where it may, and never half', async () => {
    const target = path.join(folder, 'saved')
    await writeFile(target, 'older')
    await expect(save()).rejects.toThrow(/already/)
    const abort = new AbortController()
    await expect(save({ overwrite: true, signal: abort.signal, told: () => abort.abort() })).rejects.toThrow()
    expect(await readFile(target, 'utf8')).toBe('older')
    await save({ overwrite: true })
    expect(await readFile(target, 'utf8')).toBe('hello')
    await expect(save({ artifact: 'model', target: folder, overwrite: true })).rejects.toThrow(/already/)
  })

  it.each(['../evil', '/evil', 'model/../../evil', 'other/evil', 'model/..', 'model/a\\..\\b', 'model/', 'model/a/b'])(
    'refuses a store that names %s in a folder',
    async (evil) => {
      const store = storeOf({ '': [dir('model')], model: [file(evil)] })
      await expect(save({ store, artifact: 'model' })).rejects.toMatchObject({ reason: 'refused' })
      expect(await all()).toEqual([])
    },
  )

  it('refuses folders without end, and what is not there', async () => {
    const endless = {
      ...storeOf({}),
      listArtifacts: (_runId: string, within = '') => Promise.resolve([dir(within === '' ? 'model' : `${within}/x`)]),
    }
    await expect(save({ store: endless, artifact: 'model' })).rejects.toMatchObject({ reason: 'refused' })
    await expect(save({ artifact: 'nowhere' })).rejects.toMatchObject({ reason: 'notFound' })
  })
})
