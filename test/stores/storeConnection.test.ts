/** How a connection is, over the life of its server. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { arrange } from '../../src/extension/connections/sources'
import { StoreConnection } from '../../src/extension/connections/storeConnection'
import type { Credentials } from '../../src/extension/stores/open'
import { json, page, startFaulty, text, type FaultyServer, type Route } from './faultyServer'

const search = '/api/2.0/mlflow/experiments/search'
const right = { kind: 'basic', username: 'me', password: 'right' } as const
const wrong = { kind: 'bearer', token: 'wrong' } as const

function connectionTo(server: FaultyServer, credentials: readonly Credentials[] = []) {
  const source = { origin: 'setting', uri: server.url, folder: '/', where: '', byUser: true } as const
  const [entry] = arrange([source]).entries
  if (!entry) throw new Error('no entry')
  const changes: string[] = []
  const connection: StoreConnection = new StoreConnection(entry, {
    storeOptions: () => ({ workers: '', timeout: 2000 }),
    credentialsFor: () => Promise.resolve(credentials),
    signIn: () => Promise.reject(new Error('nobody is there to ask')),
    changed: () => changes.push(connection.state.status),
  })
  onTestFinished(() => connection.close())
  return { connection, changes }
}

/** A server whose answer to a search can be changed. */
async function changeable() {
  let route: Route = json({})
  const server = await startFaulty({
    [search]: (...call) => route(...call),
    '/api/2.0/mlflow/runs/get': json({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' }, 404),
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return { server, become: (changed: Route) => (route = changed) }
}

const read = async (connection: StoreConnection): Promise<string> => {
  const store = await connection.store()
  try {
    for await (const _ of store.searchExperiments());
    return 'answered'
  } catch (error) {
    return error instanceof Error ? error.message : 'thrown'
  }
}

const dies: Route = (_, response) => void response.destroy()

describe('the state of a connection', () => {
  test.each<[string, Route, RegExp]>([
    ['goes away', dies, /broke before the answer was whole/],
    ['is overloaded', text(503, 'busy'), /failed on .* \(503\)/],
    ['wants a login', text(401, 'no'), /asks for a user name/],
    ['is behind a sign-in page by now', page(200, 'Sign in'), /with a web page/],
  ])('is true when a server that was there %s, and when it is back', async (_, fault, message) => {
    const { server, become } = await changeable()
    const { connection, changes } = connectionTo(server)
    const store = await connection.store()
    expect(await read(connection)).toBe('answered')
    become(fault)
    expect(await read(connection)).toMatch(message)
    expect(connection.state).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(message) as string },
    })
    expect(await connection.store()).toBe(store)
    become(json({}))
    expect(await read(connection)).toBe('answered')
    expect(connection.state).toEqual({ status: 'ready', store })
    expect(changes).toEqual(['connecting', 'ready', 'failed', 'ready'])
  })

  test('is not touched by failures of one thing', async () => {
    const { server, become } = await changeable()
    const { connection } = connectionTo(server)
    const store = await connection.store()
    await expect(store.getRun('r')).rejects.toThrow('none')
    become(page(500, 'Oops'))
    expect(await read(connection)).toMatch('Oops')
    await expect(store.getRun('r', AbortSignal.abort())).rejects.toThrow('Cancelled')
    expect(connection.state.status).toBe('ready')
  })

  test('after reconnecting, the store is opened anew', async () => {
    const { server, become } = await changeable()
    const { connection } = connectionTo(server)
    const store = await connection.store()
    become(dies)
    await read(connection)
    await connection.reconnect()
    expect(connection.state.status).toBe('closed')
    become(json({}))
    expect(await connection.store()).not.toBe(store)
    await expect(store.getRun('r')).rejects.toThrow('closed')
    expect(connection.state.status).toBe('ready') // the old store has no say any more
  })
})

describe('the credentials of a connection', () => {
  const asks: Route = (request, response, count) =>
    request.headers.authorization === `Basic ${btoa('me:right')}`
      ? json({})(request, response, count)
      : text(401, 'You are not authenticated.')(request, response, count)

  test('are those that the server accepted, not the first that it might be sent', async () => {
    const { server, become } = await changeable()
    become(asks)
    const { connection } = connectionTo(server, [wrong, right])
    expect(connection.credentials).toBeUndefined()
    await connection.store()
    expect(connection.credentials).toEqual(right)
    await connection.close()
    expect(connection.credentials).toBeUndefined()
  })

  test('are none where none were accepted', async () => {
    const { server, become } = await changeable()
    become(asks)
    const { connection } = connectionTo(server, [wrong])
    await expect(connection.store()).rejects.toThrow('does not accept')
    expect(connection.credentials).toBeUndefined()
  })
})
