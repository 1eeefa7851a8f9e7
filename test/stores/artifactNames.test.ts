/** Artifacts whose names mean something in a URL: listed, read and saved, of a folder and of real servers, or refused in words. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveArtifact } from '../../src/extension/artifactFiles/save'
import { openStore, type TrackingStore } from '../../src/extension/stores'
import { startServer, type MlflowServer } from './servers'
import { workers } from './workers'

const plain = [
  'with space',
  'größe 数🚀',
  '100%',
  'a&b=c;d+e',
  "it's",
  '~home',
  'a:b',
  'dots..',
  '..hidden',
  'what?.txt',
]
/** Servers take these for others: `a%20b` for `a b`, which is there, too. */
const misread = ['a%20b', 'd%41', 'a#b', 'why?', 'tab\there', 'Plot:1.png']
const names = [...plain, 'a b', ...misread]

describe.each(['3', '2'] as const)('with MLflow %s', (version) => {
  let folder: string
  let server: MlflowServer
  let remote: TrackingStore
  let local: TrackingStore
  let runId = ''

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-names-'))
    const database = path.join(folder, 'mlflow.db')
    server = await startServer({ version, database })
    const post = async (endpoint: string, body: object): Promise<Record<string, unknown>> => {
      const response = await fetch(`${server.url}/api/2.0/mlflow/${endpoint}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return (await response.json()) as Record<string, unknown>
    }
    const { experiment_id: experimentId } = await post('experiments/create', {
      name: 'names',
      artifact_location: path.join(folder, 'artifacts'),
    })
    remote = await openStore(server.url, { workers })
    local = await openStore(database, { workers })
    const created = await remote.writer?.createRun({
      experimentId: String(experimentId),
      startTime: 1,
      tags: new Map(),
    })
    runId = created?.runId ?? ''
    for (const within of ['', 'in a ü folder', 'in #1'])
      for (const name of names) {
        const file = path.join(folder, 'artifacts', runId, 'artifacts', within, name)
        await mkdir(path.dirname(file), { recursive: true })
        await writeFile(file, `content of ${name}`)
      }
  })
  afterAll(async () => {
    await remote[Symbol.asyncDispose]()
    await local[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  const read = async (store: TrackingStore, file: string): Promise<string> =>
    Buffer.concat(await Array.fromAsync(store.readArtifact(runId, file))).toString()
  const listed = async (store: TrackingStore, within = ''): Promise<string[]> =>
    (await store.listArtifacts(runId, within))
      .filter(({ isDir }) => !isDir)
      .map((entry) => path.posix.basename(entry.path))
  const signal = new AbortController().signal

  test.each(['', 'in a ü folder', 'in #1'])('of a folder all can be had: in “%s”', async (within) => {
    expect(new Set(await listed(local, within))).toEqual(new Set(names))
    for (const name of names) expect(await read(local, path.posix.join(within, name))).toBe(`content of ${name}`)
    const target = path.join(folder, `saved ${within}`)
    await saveArtifact({ store: local, runId, artifact: within, target, overwrite: false, signal })
    for (const name of names) expect(await readFile(path.join(target, name), 'utf8')).toBe(`content of ${name}`)
  })

  test.each(['', 'in a ü folder'])('of a server those it reads right: in “%s”', async (within) => {
    expect(new Set(await listed(remote, within))).toEqual(new Set(names))
    for (const name of [...plain, 'a b']) {
      const file = path.posix.join(within, name)
      expect(await read(remote, file)).toBe(`content of ${name}`)
      const target = path.join(folder, 'from the server', within, name)
      await saveArtifact({ store: remote, runId, artifact: file, target, overwrite: false, signal })
      expect(await readFile(target, 'utf8')).toBe(`content of ${name}`)
    }
  })

  test.each(misread)('of a server not %j, rather than something else', async (name) => {
    await expect(read(remote, name)).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringMatching(/misreads names/) as string,
    })
  })

  test('nor a folder that it takes for another', async () => {
    await expect(remote.listArtifacts(runId, 'in #1')).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringMatching(/misreads names.*Rename it/) as string,
    })
  })
})
