/** Parts of artifacts: of a folder, of a real server, and of servers that know no parts. */
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openStore, type ByteRange, type TrackingStore } from '../../src/extension/stores'
import { localArtifacts } from '../../src/extension/stores/artifacts'
import { startFaulty, type FaultyServer, type Route } from './faultyServer'
import { startServer, type MlflowServer } from './servers'
import { workers } from './workers'

const bytes = async (reading: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(reading))

/** Ranges, and what of the ten bytes `0123456789` is in them. */
const ranges: readonly (readonly [ByteRange, string])[] = [
  [{ start: 0, length: 4 }, '0123'],
  [{ start: 3, length: 3 }, '345'],
  [{ start: 8, length: 5 }, '89'],
  [{ start: 10, length: 5 }, ''],
  [{ start: 100, length: 5 }, ''],
  [{ start: 0, length: 1000 }, '0123456789'],
  [{ start: 2, length: Infinity }, '23456789'],
]

describe('of a folder', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mlflow-ranges-'))
    await mkdir(path.join(folder, 'run/artifacts'), { recursive: true })
    await writeFile(path.join(folder, 'run/artifacts/ten'), '0123456789')
    const large = await open(path.join(folder, 'run/artifacts/large'), 'w')
    await large.truncate(2 ** 31 + 10)
    await large.write('the end', 2 ** 31)
    await large.close()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const read = (file: string, range: ByteRange): Promise<Buffer> =>
    bytes(
      localArtifacts([folder], () =>
        Promise.resolve({ artifactUri: path.join(folder, 'run/artifacts'), models: [] }),
      ).read('run', file, undefined, range),
    )

  test.each(ranges)('%o', async (range, expected) => {
    expect((await read('ten', range)).toString()).toBe(expected)
  })

  test('of two gigabytes only what was asked for is read', async () => {
    const started = performance.now()
    expect((await read('large', { start: 0, length: 65_537 })).length).toBe(65_537)
    expect((await read('large', { start: 2 ** 31, length: 100 })).toString('utf8', 0, 7)).toBe('the end')
    expect(performance.now() - started).toBeLessThan(1_000) // all of it takes longer to read
  })

  test('a part leaves the run’s folder as little as the whole', async () => {
    await expect(read('../../secret', { start: 0, length: 5 })).rejects.toMatchObject({ reason: 'refused' })
  })
})

describe.each(['3', '2'] as const)('of MLflow %s', (version) => {
  let server: MlflowServer
  let store: TrackingStore
  let runId = ''
  beforeAll(async () => {
    server = await startServer({ version })
    store = await openStore(server.url, { workers })
    const created = await store.writer?.createRun({ experimentId: '0', startTime: 1, tags: new Map() })
    runId = created?.runId ?? ''
    for (const [name, body] of [
      ['ten', '0123456789'],
      ['none', ''],
      ['large', Buffer.alloc(20_000_000, 'x')],
    ] as const)
      // The form for uploads takes nothing empty and nothing large.
      await fetch(`${server.url}/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/${name}`, {
        method: 'PUT',
        body,
      })
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test.each(ranges)('%o', async (range, expected) => {
    expect((await bytes(store.readArtifact(runId, 'ten', undefined, range))).toString()).toBe(expected)
  })

  test('a file with nothing in it has no part', async () => {
    expect(await bytes(store.readArtifact(runId, 'none', undefined, { start: 0, length: 10 }))).toHaveLength(0)
  })

  test('the middle of a large file', async () => {
    const part = await bytes(store.readArtifact(runId, 'large', undefined, { start: 15_000_000, length: 1000 }))
    expect(part.toString()).toBe('x'.repeat(1000))
  })

  test('of a file that is not there is an error', async () => {
    await expect(
      bytes(store.readArtifact(runId, 'nowhere', undefined, { start: 0, length: 10 })),
    ).rejects.toMatchObject({
      reason: 'notFound',
    })
  })
})

describe('of a server that sends the whole', () => {
  let server: FaultyServer
  let store: TrackingStore
  let sent = 0
  const whole: Route = (request, response) => {
    response.writeHead(200)
    const piece = Buffer.alloc(1_000_000, 'y')
    const write = (): void => {
      while (!response.destroyed && sent < 500_000_000) {
        sent += piece.length
        if (!response.write(piece)) return void response.once('drain', write)
      }
      response.end()
    }
    if (new URL(request.url ?? '', 'http://x').searchParams.get('path') === 'ten') response.end('0123456789')
    else write()
  }
  const start = async (route: Route): Promise<void> => {
    server = await startFaulty({ '/get-artifact': route })
    store = await openStore(server.url, { workers })
    sent = 0
  }
  afterEach(async () => {
    await store[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test.each(ranges)('%o', async (range, expected) => {
    await start(whole)
    expect((await bytes(store.readArtifact('r', 'ten', undefined, range))).toString()).toBe(expected)
  })

  test('reading ends with the part, not with the file', async () => {
    await start(whole)
    const part = await bytes(store.readArtifact('r', 'large', undefined, { start: 1_000_001, length: 70_000 }))
    expect(part).toHaveLength(70_000)
    expect(sent).toBeLessThan(100_000_000)
  })

  test('a part that is too far in is refused, and not waited for', async () => {
    await start(whole)
    await expect(
      bytes(store.readArtifact('r', 'large', undefined, { start: 400_000_000, length: 10 })),
    ).rejects.toMatchObject({ reason: 'unsupported' })
    expect(sent).toBeLessThan(100_000_000)
  })

  test('a part that begins elsewhere than was asked for is put right', async () => {
    await start((_, response) => void response.writeHead(206, { 'content-range': 'bytes 2-9/10' }).end('23456789'))
    expect((await bytes(store.readArtifact('r', 'a', undefined, { start: 4, length: 2 }))).toString()).toBe('45')
  })

  test('a part that begins after what was asked for is an error', async () => {
    await start((_, response) => void response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('56789'))
    await expect(bytes(store.readArtifact('r', 'a', undefined, { start: 4, length: 2 }))).rejects.toMatchObject({
      reason: 'unsupported',
    })
  })
})
