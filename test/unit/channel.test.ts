import * as v from 'valibot'
import { describe, expect, it, vi } from 'vitest'
import { Channel, type Half, type Handlers, type Message, RequestError } from '../../src/shared/channel'

const serverHalf = {
  commands: { note: v.object({ text: v.string() }) },
  notifications: {},
  requests: {
    double: { params: v.object({ value: v.number() }), reply: v.object({ value: v.number() }) },
    wait: { params: v.null(), reply: v.null() },
  },
} satisfies Half

const clientHalf = {
  commands: {},
  notifications: { changed: v.object({ why: v.string() }) },
  requests: {},
} satisfies Half

type Server = Channel<typeof serverHalf, typeof clientHalf>
type Client = Channel<typeof clientHalf, typeof serverHalf>

interface Line {
  server: Server
  client: Client
  noted: string[]
  changes: string[]
  complaints: string[]
}

/** Two ends that hand each other copies, later, as VS Code does. */
function connect(requests: Partial<Handlers<typeof serverHalf>['requests']> = {}): Line {
  const line = { noted: [], changes: [], complaints: [] } as unknown as Line
  line.noted = []
  const deliver = (to: () => Client | Server) => (message: Message) =>
    queueMicrotask(() => to().receive(structuredClone(message)))
  const complain = (sentence: string): void => void line.complaints.push(sentence)
  line.server = new Channel({
    mine: serverHalf,
    theirs: clientHalf,
    post: deliver(() => line.client),
    complain,
    handlers: {
      commands: { note: ({ text }) => void line.noted.push(text) },
      notifications: {},
      requests: {
        double: ({ value }) => Promise.resolve({ value: value * 2 }),
        wait: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('aborted')))
          }),
        ...requests,
      },
    },
  })
  line.client = new Channel({
    mine: clientHalf,
    theirs: serverHalf,
    post: deliver(() => line.server),
    complain,
    handlers: { commands: {}, notifications: { changed: ({ why }) => void line.changes.push(why) }, requests: {} },
  })
  return line
}

const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (RequestError.is(error) ? error.reason : error),
  )

describe('Channel', () => {
  it('carries requests, commands and notifications', async () => {
    const { client, server, noted, changes } = connect()
    client.command('note', { text: 'hello' })
    server.notify('changed', { why: 'new run' })
    expect(await client.request('double', { value: 21 })).toEqual({ value: 42 })
    expect(noted).toEqual(['hello'])
    expect(changes).toEqual(['new run'])
  })

  it('answers each of many requests with its own reply', async () => {
    const { client } = connect()
    const replies = await Promise.all(Array.from({ length: 100 }, (_, value) => client.request('double', { value })))
    expect(replies.map((reply) => reply.value)).toEqual(Array.from({ length: 100 }, (_, value) => value * 2))
  })

  it('hands over why a request failed', async () => {
    const failure = Object.assign(new Error('The server is down. Start it.'), { reason: 'unreachable' })
    const { client, complaints } = connect({ double: () => Promise.reject(failure) })
    const error = await client.request('double', { value: 1 }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ reason: 'unreachable', message: 'The server is down. Start it.' })
    expect(complaints).toEqual([])
  })

  it('complains about a failure that is our own', async () => {
    const { client, complaints } = connect({ double: () => Promise.reject(new TypeError('x is undefined')) })
    expect(await reasonOf(client.request('double', { value: 1 }))).toBe('internal')
    expect(complaints).toHaveLength(1)
  })

  it('cancels: the asking side hears at once, the answering side aborts', async () => {
    const aborted = vi.fn()
    const { client } = connect({
      wait: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted()
            reject(new Error('aborted'))
          })
        }),
    })
    const controller = new AbortController()
    const request = reasonOf(client.request('wait', null, controller.signal))
    await Promise.resolve()
    controller.abort()
    expect(await request).toBe('cancelled')
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce())
  })

  it('refuses to start what is cancelled already', async () => {
    const { client } = connect()
    expect(await reasonOf(client.request('wait', null, AbortSignal.abort()))).toBe('cancelled')
  })

  it('rejects what is pending when it is closed, and all that comes later', async () => {
    const { client, noted } = connect()
    const pending = reasonOf(client.request('wait', null))
    client.close()
    client.command('note', { text: 'too late' })
    expect(await pending).toBe('closed')
    expect(await reasonOf(client.request('double', { value: 1 }))).toBe('closed')
    expect(noted).toEqual([])
  })

  it('aborts what is being answered when the answering side closes or is told to', async () => {
    const { client, server } = connect()
    const pending = reasonOf(client.request('wait', null))
    await new Promise((resolve) => setImmediate(resolve))
    server.abortAnswers()
    expect(await pending).toBe('cancelled')
  })

  it.each([
    ['no object', 'nonsense'],
    ['nothing', null],
    ['an unknown kind', { kind: 'reboot' }],
    ['an unknown command', { kind: 'command', name: 'format', body: {} }],
    ['an inherited name', { kind: 'command', name: 'constructor', body: {} }],
    ['a command with a wrong body', { kind: 'command', name: 'note', body: { text: 5 } }],
    ['an unknown notification', { kind: 'notification', name: '__proto__', body: {} }],
  ])('refuses %s', (_, message) => {
    const { server, noted, complaints } = connect()
    server.receive(message)
    expect(noted).toEqual([])
    expect(complaints).toHaveLength(1)
  })

  it.each([
    ['an unknown request', { kind: 'request', id: 'a', name: 'format', body: {} }],
    ['a request with wrong params', { kind: 'request', id: 'a', name: 'double', body: { value: '1' } }],
  ])('answers %s with a refusal', (_, message) => {
    const { server, client } = connect()
    const receive = vi.spyOn(client, 'receive')
    server.receive(message)
    return vi.waitFor(() =>
      expect(receive).toHaveBeenCalledWith(
        expect.objectContaining({
          kind: 'failure',
          id: 'a',
          failure: expect.objectContaining({ reason: 'malformed' }) as unknown,
        }),
      ),
    )
  })

  it('refuses a reply of the wrong shape', async () => {
    const { client, complaints } = connect({ double: () => Promise.resolve({ value: 'many' } as never) })
    expect(await reasonOf(client.request('double', { value: 1 }))).toBe('malformed')
    expect(complaints).toHaveLength(1)
  })

  it('ignores replies to what it never asked', () => {
    const { client, complaints } = connect()
    client.receive({ kind: 'reply', id: 'old:1', body: {} })
    client.receive({ kind: 'failure', id: 'old:2', failure: { reason: 'x', message: 'y' } })
    expect(complaints).toEqual([])
  })
})
