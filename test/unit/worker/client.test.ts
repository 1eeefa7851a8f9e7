/** What becomes of requests when some are given up, take long, or can't be sent. */
import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Worker } from 'node:worker_threads'
import * as esbuild from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WorkerClient } from '../../../src/extension/stores/worker/client'

interface Service {
  readonly thread: () => number
  readonly remember: (word: string) => string[]
  /** Of a pipe: the system keeps the thread until somebody writes. */
  readonly open: (argument: { readonly file: string; readonly begun: SharedArrayBuffer }) => void
  readonly [method: string]: (argument: never) => unknown
  /** Blocks its thread for so many milliseconds; `stubborn` does not look whether it is still wanted. */
  readonly work: (argument: {
    readonly ms: number
    readonly stubborn?: boolean
    readonly begun?: SharedArrayBuffer
    readonly buffer?: ArrayBuffer
  }) => string
}

const source = `
import { openSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import { serve } from './src/extension/stores/worker/serve'
const remembered = []
serve({
  methods: {
    work: ({ ms, stubborn, begun }, call) => {
      if (begun) Atomics.store(new Int32Array(begun), 0, 1)
      const end = Date.now() + ms
      while (Date.now() < end) if (!stubborn) call.checkpoint()
      return 'done ' + ms
    },
    open: ({ file, begun }) => {
      Atomics.store(new Int32Array(begun), 0, 1)
      openSync(file, 'r')
    },
    thread: () => threadId,
    remember: (word) => (remembered.push(word), remembered),
    forget: () => void remembered.splice(0),
    detached: () => {
      const buffer = new ArrayBuffer(8)
      structuredClone(buffer, { transfer: [buffer] })
      return buffer
    },
  },
  transfers: { detached: (buffer) => [buffer] },
})`

let folder = ''
let script = ''
let client: WorkerClient<Service, never>
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'mlflow-worker-'))
  script = path.join(folder, 'worker.cjs')
  const stdin = { contents: source, resolveDir: process.cwd(), loader: 'ts' } as const
  const { outputFiles } = await esbuild.build({ stdin, bundle: true, platform: 'node', format: 'cjs', write: false })
  writeFileSync(script, outputFiles[0]?.contents ?? '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let started = 0
beforeEach(() => {
  started = 0
  client = new WorkerClient<Service, never>({
    script,
    name: 'test',
    prepare: () => {
      started++
      return { data: undefined }
    },
    deadline: 60_000,
    errorOf: ({ kind, detail }) => new Error(detail === undefined ? kind : `${kind}: ${detail}`),
  })
})
afterEach(() => client.dispose())

const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => String(error))

test('giving up a request in the line does not end the work of another', { timeout: 30_000 }, async () => {
  for (const buffer of [undefined, new ArrayBuffer(8)]) {
    const transfer = buffer ? [buffer] : []
    const argument = { ms: 2600, stubborn: true, ...(buffer && { buffer }) }
    const long = client.call('work', argument, undefined, transfer)
    const abort = new AbortController()
    const waiting = outcome(client.call('work', { ms: 1 }, abort.signal))
    abort.abort()
    expect(await waiting).toMatch('cancelled')
    expect(await long).toBe('done 2600')
  }
  expect(started).toBe(1)
})

test(
  'a request that does not end when it is given up is ended with its worker, and the others are asked again',
  { timeout: 30_000 },
  async () => {
    const abort = new AbortController()
    const begun = new SharedArrayBuffer(4)
    const stubborn = outcome(client.call('work', { ms: 600_000, stubborn: true, begun }, abort.signal))
    await vi.waitUntil(() => Atomics.load(new Int32Array(begun), 0) === 1)
    const next = client.call('work', { ms: 1 })
    const buffer = new ArrayBuffer(8)
    const transferred = outcome(client.call('work', { ms: 2, buffer }, undefined, [buffer]))
    abort.abort()
    expect(await stubborn).toMatch('cancelled')
    expect(await next).toBe('done 1')
    expect(await transferred).toMatch('stopped') // its argument is gone
    expect(started).toBe(2)
  },
)

test('the time of a request begins when it is its turn', async () => {
  let threads = 0
  const prepare = () => ({ data: threads++ })
  const errorOf = ({ kind }: { kind: string }) => new Error(kind)
  const brief = new WorkerClient<Service, never>({ script, name: 'brief', deadline: 2_000, prepare, errorOf })
  try {
    const asked = [600_000, 1, 1500, 1500, 1500].map((ms) => outcome(brief.call('work', { ms, stubborn: true })))
    expect(await Promise.all(asked)).toEqual(['Error: timeout', 'done 1', 'done 1500', 'done 1500', 'done 1500'])
    expect(threads).toBe(2)
  } finally {
    await brief.dispose()
  }
}, 30_000)

test('a worker whose answer can’t be read is ended', async () => {
  const worker = Promise.withResolvers<Worker>()
  process.once('worker', worker.resolve)
  const waiting = outcome(client.call('work', { ms: 600_000 }))
  const started = await worker.promise
  started.emit('messageerror', new Error('no such thing')) // nothing that is posted here can't be read
  expect(await waiting).toMatch('stopped: no such thing')
  await expect.poll(() => started.threadId, { timeout: 10_000 }).toBe(-1)
})

test('one that looks is ended at once, by its worker itself', async () => {
  const abort = new AbortController()
  const cancelled = outcome(client.call('work', { ms: 600_000 }, abort.signal))
  const next = client.call('work', { ms: 1 })
  abort.abort()
  expect(await cancelled).toMatch('cancelled')
  expect(await next).toBe('done 1')
  expect(started).toBe(1)
})

test('what can’t be sent, or answered, is told, and the worker goes on', async () => {
  expect(await outcome(client.call('work', { ms: 1, stubborn: (() => 0) as never }))).toMatch(
    /stopped: .*could not be cloned/,
  )
  expect(await outcome(client.call('detached' as 'work', { ms: 1 }))).toMatch(/stopped: .*transfer/)
  expect(await client.call('work', { ms: 1 })).toBe('done 1')
  expect(started).toBe(1)
})

test('closing does not wait for a thread that the system keeps', async ({ skip, onTestFinished }) => {
  if (process.platform === 'win32') skip('no pipes there')
  const file = path.join(folder, 'pipe')
  execFileSync('mkfifo', [file])
  const begun = new SharedArrayBuffer(4)
  const kept = outcome(client.call('open', { file, begun }))
  await vi.waitUntil(() => Atomics.load(new Int32Array(begun), 0) === 1, 10_000)
  onTestFinished(() => closeSync(openSync(file, constants.O_WRONLY | constants.O_NONBLOCK))) // lets it go
  await client.dispose()
  expect(await kept).toMatch('closed')
})

describe('a thread that may be used again', () => {
  const open = () =>
    new WorkerClient<Service, never>({
      script,
      name: 'test',
      forgetBy: 'forget',
      errorOf: ({ kind }) => new Error(kind),
    })
  const ask = (of: WorkerClient<Service, never>): Promise<number> => of.call('thread', undefined)

  test('serves the next client, and only one at a time', async () => {
    const first = open()
    const thread = await ask(first)
    await first.dispose()
    const [second, third] = [open(), open()]
    expect(await ask(second)).toBe(thread)
    expect(await ask(third)).not.toBe(thread)
    await expect(ask(first)).rejects.toThrow('closed')
    await Promise.all([second.dispose(), third.dispose()])
  })

  test('remembers nothing of the one before', async () => {
    const first = open()
    const thread = await ask(first)
    expect(await first.call('remember', 'something')).toEqual(['something'])
    await first.dispose()
    const [second, third] = [open(), open()]
    const threads = await Promise.all([ask(second), ask(third)])
    expect(threads).toContain(thread)
    const words = await Promise.all([second.call('remember', 'a'), third.call('remember', 'a')])
    expect(words).toEqual([['a'], ['a']])
    await Promise.all([second.dispose(), third.dispose()])
  })

  test('does not, where it was busy or has ended', async () => {
    const first = open()
    const thread = await ask(first)
    const busy = outcome(first.call('work', { ms: 600_000 }))
    await first.dispose()
    expect(await busy).toMatch('closed')
    const second = open()
    expect(await ask(second)).not.toBe(thread)
    await second.dispose()
  })
})

test('a worker without work ends, and another is started when there is some', async () => {
  const brief = new WorkerClient<Service, never>({
    script,
    name: 'brief',
    idle: 300,
    prepare: () => {
      started++
      return { data: undefined, clear: () => ended++ }
    },
    errorOf: ({ kind }) => new Error(kind),
  })
  let ended = 0
  try {
    await Promise.all([brief.call('work', { ms: 1 }), brief.call('work', { ms: 400 })]) // busy for longer than that
    expect(ended).toBe(0)
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(1)
    expect(await brief.call('work', { ms: 1 })).toBe('done 1')
    expect(started).toBe(2)
  } finally {
    await brief.dispose()
  }
})
