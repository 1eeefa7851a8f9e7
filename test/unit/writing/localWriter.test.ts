import { describe, expect, test, vi } from 'vitest'
import type { TrackingWriter } from '../../../src/extension/stores'
import { LocalWriter, type WritingServer } from '../../../src/extension/writing/localWriter'

/** Servers that are up at once. */
class Servers {
  started = 0
  stopped = 0
  /** Whether another file has taken the place of theirs; seen once. */
  isReplaced = false
  readonly #ends: (() => void)[] = []
  /** Resolves the starts that are under way. */
  open: (() => void) | undefined

  readonly start = async (_: string, signal: AbortSignal): Promise<WritingServer> => {
    this.started++
    if (this.isSlow)
      await new Promise<void>((resolve, reject) => {
        this.open = resolve
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      })
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#ends.push(() => resolve(undefined))
    return {
      writer: { number: this.started } as unknown as TrackingWriter,
      exited: promise,
      isCurrent: () => Promise.resolve(!this.isReplaced),
      stop: () => {
        this.stopped++
        resolve(undefined)
        return Promise.resolve()
      },
    }
  }

  constructor(private readonly isSlow = false) {}

  dieAll(): void {
    for (const end of this.#ends.splice(0)) end()
  }
}

const writerOf = (servers: Servers, idle = 60_000): LocalWriter<string> =>
  new LocalWriter({ start: servers.start, idle, failed: () => undefined })
const numberOf = (writer: TrackingWriter): Promise<unknown> =>
  Promise.resolve((writer as unknown as { number: number }).number)

describe('the writer of a local store', () => {
  test('starts one server for all who write', async () => {
    const servers = new Servers()
    const writer = writerOf(servers)
    expect(writer.isUp).toBe(false)
    expect(await Promise.all([writer.use(numberOf, ''), writer.use(numberOf, '')])).toEqual([1, 1])
    expect(writer.isUp).toBe(true)
    await writer.close()
    expect([servers.started, servers.stopped]).toEqual([1, 1])
  })

  test('starts another when the server has died', async () => {
    const servers = new Servers()
    const writer = writerOf(servers)
    await writer.use(numberOf, '')
    servers.dieAll()
    await vi.waitFor(() => expect(writer.isUp).toBe(false))
    expect(await writer.use(numberOf, '')).toBe(2)
    await writer.close()
  })

  test('ends the server when nobody has written for a while, and not while somebody writes', async () => {
    const servers = new Servers()
    const writer = writerOf(servers, 1)
    const { promise, resolve } = Promise.withResolvers<string>()
    const writing = writer.use(() => promise, '')
    await writer.use(numberOf, '')
    await new Promise((done) => setTimeout(done, 20)) // longer than it is kept
    expect(servers.stopped).toBe(0)
    resolve('written')
    expect(await writing).toBe('written')
    await vi.waitFor(() => expect(servers.stopped).toBe(1))
    expect(writer.isUp).toBe(false)
  })

  test('a start goes on while somebody waits for it, and is ended when nobody does; the next one begins anew', async () => {
    const servers = new Servers(true)
    const writer = writerOf(servers)
    const [one, two] = [new AbortController(), new AbortController()]
    const first = writer.use(numberOf, '', one.signal)
    const second = writer.use(numberOf, '', two.signal)
    one.abort(new Error('first'))
    await expect(first).rejects.toThrow('first')
    expect(writer.isUp).toBe(true)
    two.abort(new Error('second'))
    expect(writer.isUp).toBe(false) // at once: who writes now must not wait for a start that was given up
    await expect(second).rejects.toThrow('second')
    const third = writer.use(numberOf, '')
    await vi.waitFor(() => expect(servers.started).toBe(2))
    servers.open?.()
    expect(await third).toBe(2)
    await writer.close()
  })

  test('another server is started where another file has taken the place of the one it writes to', async () => {
    const servers = new Servers()
    const writer = writerOf(servers)
    await writer.ready('')
    servers.isReplaced = true
    expect(await writer.use(numberOf, '')).toBe(2)
    expect(servers.stopped).toBe(1)
    await writer.close()
  })

  test('a start that fails is told, and tried again the next time', async () => {
    let failures = 1
    const servers = new Servers()
    const writer = new LocalWriter<string>({
      start: (context, signal) =>
        failures-- > 0 ? Promise.reject(new Error('no Python')) : servers.start(context, signal),
      idle: 60_000,
      failed: () => undefined,
    })
    await expect(writer.use(numberOf, '')).rejects.toThrow('no Python')
    expect(await writer.use(numberOf, '')).toBe(1)
    await writer.close()
    await expect(writer.use(numberOf, '')).rejects.toThrow('the window closes')
  })
})
