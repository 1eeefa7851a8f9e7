/** The store of a tracking server against a server with faults. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { StoreError, type StoreErrorReason } from '../../src/extension/stores/errors'
import type { TrackingStore } from '../../src/extension/stores'
import type { Credentials, StoreOptions } from '../../src/extension/stores/open'
import { openRestStore } from '../../src/extension/stores/rest'
import { Authorization } from '../../src/extension/stores/rest/authorization'
import { RestClient } from '../../src/extension/stores/rest/client'
import { milliseconds } from '../../src/extension/stores/rest/failures'
import { parseTrackingUri } from '../../src/extension/stores/uri'
import { workers } from './workers'
import { dying, inTurn, json, page, startFaulty, text, type FaultyServer, type Route } from './faultyServer'

const getRun = '/api/2.0/mlflow/runs/get'
const searchRuns = '/api/2.0/mlflow/runs/search'
const createExperiment = '/api/2.0/mlflow/experiments/create'

const leftovers: AsyncDisposable[] = []
afterEach(async () => {
  for (const leftover of leftovers.splice(0).reverse()) await leftover[Symbol.asyncDispose]()
})

async function faulty(routes: Readonly<Record<string, Route>> = {}): Promise<FaultyServer> {
  const server = await startFaulty(routes)
  leftovers.push(server)
  return server
}

async function open(uri: string, options: Partial<StoreOptions> = {}, signal?: AbortSignal): Promise<TrackingStore> {
  const store = await openRestStore(parseTrackingUri(uri), { workers, ...options }, signal)
  leftovers.push(store)
  return store
}

/** A store on a faulty server, and its answer to `getRun`. */
async function answerTo(
  route: Route,
  options: Partial<StoreOptions> = {},
): Promise<{ server: FaultyServer; answer: Promise<unknown> }> {
  const server = await faulty({ [getRun]: route })
  const store = await open(server.url, options)
  return { server, answer: store.getRun('r') }
}

async function expectError(promise: Promise<unknown>, reason: StoreErrorReason, message: RegExp): Promise<StoreError> {
  const error: unknown = await promise.then(
    (value) => value,
    (failure: unknown) => failure,
  )
  if (!(error instanceof StoreError)) throw new Error(`expected a StoreError, got ${String(error)}`, { cause: error })
  expect([error.reason, error.message]).toEqual([reason, expect.stringMatching(message)])
  return error
}

const info = { run_id: 'r', experiment_id: '1', status: 'FINISHED', lifecycle_stage: 'active' }
const aRun = json({ run: { info } })

describe('no connection', () => {
  test('server down', async () => {
    const server = await startFaulty()
    await server[Symbol.asyncDispose]()
    const lines: string[] = []
    const error = await expectError(
      open(server.url, { log: (line) => lines.push(line) }),
      'unreachable',
      /refused.*Start the server/,
    )
    expect(error.message).toContain(server.url)
    expect(lines.filter((line) => line.startsWith('GET'))).toHaveLength(4)
  })

  test('unknown host', async () => {
    await expectError(
      open('http://no-such-host.invalid:5000'),
      'unreachable',
      /no-such-host\.invalid:5000 is not known/,
    )
  })

  test('a port that speaks something else', async () => {
    const other = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.9\r\n')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    leftovers.push({
      [Symbol.asyncDispose]: async () => {
        await once(other.close(), 'close')
      },
    })
    await expectError(
      open(`http://127.0.0.1:${(other.address() as AddressInfo).port}`),
      'badAnswer',
      /does not speak HTTP/,
    )
  })

  test('https:// to a server of http://', async () => {
    const server = await faulty()
    await expectError(open(server.url.replace('http:', 'https:')), 'unreachable', /does not speak TLS/)
  })

  test('an answer that does not come', async () => {
    const { answer } = await answerTo(() => undefined, { timeout: 300 })
    await expectError(answer, 'timeout', /runs\/get within 0\.3 s.*mlflow\.requestTimeout/)
  })

  test('an answer that stops half way', async () => {
    const { answer } = await answerTo((_, response) => void response.write('{"run": '), { timeout: 300 })
    await expectError(answer, 'timeout', /within 0\.3 s/)
  })

  test('a server that dies while it answers is asked again', async () => {
    const { server, answer } = await answerTo(inTurn(dying, aRun))
    expect(await answer).toMatchObject({ info: { runId: 'r' } })
    expect(server.countOf(getRun)).toBe(2)
  })

  test('a server that always dies', async () => {
    const { server, answer } = await answerTo(dying)
    await expectError(answer, 'unreachable', /broke before the answer was whole/)
    expect(server.countOf(getRun)).toBe(4)
  })
})

describe('answers that are errors', () => {
  const notMlflow: Record<string, [Route, StoreErrorReason, RegExp]> = {
    'a web page': [page(200, 'Sign in & go'), 'badAnswer', /web page \(“Sign in & go”\).*sign-in page/],
    'a 404 page': [page(404, 'Not Found'), 'notFound', /nothing at \/api\/2\.0.*prefix/],
    'a 405': [page(405, 'Method Not Allowed'), 'badAnswer', /405/],
    'a 401 with no credentials': [
      text(401, 'Unauthorized', { 'www-authenticate': 'Basic' }),
      'unauthorized',
      /MLFLOW_TRACKING_TOKEN/,
    ],
    'a 403 of MLflow’s host check': [
      text(403, 'Invalid Host header - possible DNS rebinding attack detected'),
      'forbidden',
      /--allowed-hosts 127\.0\.0\.1:\d+/,
    ],
    'a 403 of MLflow’s origin check': [
      text(403, 'Cross-origin request blocked'),
      'forbidden',
      /--cors-allowed-origins/,
    ],
    'a 403 of a proxy': [page(403, 'Access Denied'), 'forbidden', /\(403\): Access Denied\. .*proxy or VPN/],
    'a 500 page': [
      page(500, 'Internal Server Error'),
      'serverError',
      /\(500\): Internal Server Error\. The server’s log/,
    ],
    'no text': [text(200, ''), 'badAnswer', /empty answer/],
    'a list': [json([]), 'badAnswer', /the answer is a list instead of an object/],
  }
  test.each(Object.entries(notMlflow))('on opening: %s', async (_, [route, reason, message]) => {
    const server = await faulty({
      '/api/2.0/mlflow/experiments/search': route,
      '/ajax-api/2.0/mlflow/experiments/search': route,
    })
    const error = await expectError(open(server.url), reason, message)
    expect(error.message).toContain(server.url)
  })

  const sql =
    "(sqlite3.IntegrityError) UNIQUE constraint failed: experiments.name\n[SQL: INSERT INTO experiments (name) VALUES (?)]\n[parameters: ('secret',)]\n(Background on this error at: https://sqlalche.me/e/20/gkpj)"
  const failing: Record<string, [Route, StoreErrorReason, RegExp]> = {
    'no such run': [
      json({ error_code: 'RESOURCE_DOES_NOT_EXIST', message: "Run 'r' not found" }, 404),
      'notFound',
      /: Run 'r' not found$/,
    ],
    'a user without permission': [text(403, 'Permission denied'), 'forbidden', /Your user at .* may not do this/],
    'an SQL error': [
      json({ error_code: 'BAD_REQUEST', message: sql }, 400),
      'badRequest',
      /UNIQUE constraint failed: experiments\.name$/,
    ],
    'an endpoint that is not there': [
      page(404, 'Not Found'),
      'unsupported',
      /\(MLflow 3\.99\.0\) does not offer \/api/,
    ],
    'a feature that is off': [
      json({ error_code: 'FEATURE_DISABLED', message: 'Not here' }, 500),
      'unsupported',
      /Not here/,
    ],
    'workspaces that are off': [
      text(503, 'Workspaces are not enabled'),
      'unavailable',
      /\(503\): Workspaces are not enabled/,
    ],
    'broken JSON': [text(200, '{"run": {"info": '), 'badAnswer', /broken JSON/],
    'bare NaN': [
      text(200, '{"run": {"data": {"metrics": [{"key": "a", "value": NaN}]}}}'),
      'badAnswer',
      /NaN or Infinity/,
    ],
    'a run without an id': [
      json({ run: { info: { ...info, run_id: '' } } }),
      'badAnswer',
      /run\.info\.run_id is empty/,
    ],
    'a run with a new status': [
      json({ run: { info: { ...info, status: 'SLEEPING' } } }),
      'badAnswer',
      /“SLEEPING” instead of RUNNING/,
    ],
    'metrics that are no list': [
      json({ run: { info, data: { metrics: { a: 1 } } } }),
      'badAnswer',
      /metrics is an object instead of a list/,
    ],
    'a metric that is no number': [
      json({ run: { info, data: { metrics: [{ key: 'a', value: 'x' }] } } }),
      'badAnswer',
      /metric\.value is a string/,
    ],
    'an error that is no object': [text(400, '"just words"'), 'badRequest', /just words/],
    'a page of bytes': [text(418, '\0\x01\x02'), 'badRequest', /418/],
  }
  test.each(Object.entries(failing))('to one call: %s', async (_, [route, reason, message]) => {
    const { answer } = await answerTo(route)
    await expectError(answer, reason, message)
  })

  test('a fallback to what MLflow 2 serves under a static prefix', async () => {
    const server = await faulty({
      '/api/2.0/mlflow/experiments/search': page(404, 'Not Found'),
      '/team/ajax-api/2.0/mlflow/experiments/search': json({}),
      '/version': text(200, '2.22.5'),
    })
    const store = await open(`${server.url}/team/`)
    expect(store.version).toBe('MLflow 2.22.5')
    expect(store.uri).toBe(`${server.url}/team`)
  })
})

describe('answers that are too much', () => {
  test.each([
    [
      'that say so',
      (size: number): Route =>
        (_, response) =>
          void response.writeHead(200, { 'content-length': size }).write('{'),
    ],
    [
      'that just go on',
      (size: number): Route =>
        (_, response) =>
          void response.write(Buffer.alloc(size, ' ')),
    ],
  ])('answers %s', async (_, route) => {
    const server = await faulty({ '/big': route(2_000_001) })
    await using client = new RestClient(server.url, new Authorization(server.url, undefined, undefined), {
      workers,
      largestAnswer: 2_000_000,
    })
    await expectError(client.text({ method: 'GET', path: '/big', reads: true }), 'badAnswer', /more than 2 MB/)
  })
})

describe('repeating', () => {
  test('waits as long as the server asks for', async () => {
    const times: number[] = []
    const { answer } = await answerTo((request, response, count) => {
      times.push(performance.now())
      if (count === 0) text(429, 'Too many', { 'retry-after': '1' })(request, response, count)
      else aRun(request, response, count)
    })
    await answer
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990)
  })

  test('does not wait longer than the deadline', async () => {
    const { server, answer } = await answerTo(text(429, 'Too many', { 'retry-after': '3600' }))
    await expectError(answer, 'rateLimited', /too many requests/)
    expect(server.countOf(getRun)).toBe(1)
  })

  test.each([502, 503, 504])('a read after %d', async (status) => {
    const { server, answer } = await answerTo(inTurn(page(status, 'Gateway'), aRun))
    expect(await answer).toMatchObject({ info: { runId: 'r' } })
    expect(server.countOf(getRun)).toBe(2)
  })

  test('ends', async () => {
    const { server, answer } = await answerTo(page(502, 'Bad Gateway'))
    await expectError(answer, 'unavailable', /\(502\): Bad Gateway/)
    expect(server.countOf(getRun)).toBe(4)
  })

  test('never after 500', async () => {
    const { server, answer } = await answerTo(page(500, 'Internal Server Error'))
    await expectError(answer, 'serverError', /500/)
    expect(server.countOf(getRun)).toBe(1)
  })

  test.each<[string, Route, number]>([
    ['after 429', text(429, '', { 'retry-after': '0' }), 2],
    ['after 503 that says when to come back', text(503, '', { 'retry-after': '0' }), 2],
    ['but not after 503 alone', text(503, ''), 1],
    ['nor after 502', page(502, 'Bad Gateway'), 1],
    ['nor after a connection that breaks', dying, 1],
  ])('a write %s', async (_, route, times) => {
    const server = await faulty({ [createExperiment]: inTurn(route, json({ experiment_id: '7' })) })
    const store = await open(server.url)
    const answer = store.writer?.createExperiment('x') ?? Promise.reject(new Error('no writer'))
    if (times === 2) expect(await answer).toBe('7')
    else await expect(answer).rejects.toBeInstanceOf(StoreError)
    expect(server.countOf(createExperiment)).toBe(times)
  })

  test('reads Retry-After as seconds or as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    expect(milliseconds('2', now)).toBe(2000)
    expect(milliseconds('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5000)
    expect(milliseconds('Thu, 01 Jan 2020 00:00:05 GMT', now)).toBe(0)
    expect(milliseconds('soon', now)).toBeUndefined()
    expect(milliseconds(undefined, now)).toBeUndefined()
  })
})

describe('credentials', () => {
  const guard =
    (expected: string, then: Route): Route =>
    (request, response, count) =>
      request.headers.authorization === expected
        ? then(request, response, count)
        : text(401, 'no')(request, response, count)

  test('of the callback, tried once more after a refusal', async () => {
    const server = await faulty({ '/api/2.0/mlflow/experiments/search': guard('Bearer new', json({})) })
    const asked: (Credentials | undefined)[] = []
    await open(server.url, {
      credentials: (rejected) => {
        asked.push(rejected)
        return Promise.resolve({ kind: 'bearer', token: rejected ? 'new' : 'old' })
      },
    })
    expect(asked).toEqual([undefined, { kind: 'bearer', token: 'old' }])
    expect(server.authorizations.slice(0, 2)).toEqual(['Bearer old', 'Bearer new'])
  })

  test('that stay wrong are tried no more', async () => {
    const server = await faulty({ '/api/2.0/mlflow/experiments/search': text(401, 'no') })
    const credentials = vi.fn<NonNullable<StoreOptions['credentials']>>(() =>
      Promise.resolve({ kind: 'bearer', token: 'x' }),
    )
    await expectError(open(server.url, { credentials }), 'unauthorized', /does not accept the credentials/)
    expect(credentials).toHaveBeenCalledTimes(2)
    expect(server.requests).toHaveLength(2)
  })

  test('are asked for once however many calls are refused', async () => {
    const server = await faulty({ [getRun]: guard('Bearer 2', aRun) })
    let asked = 0
    const store = await open(server.url, {
      credentials: () => Promise.resolve({ kind: 'bearer', token: String(++asked) }),
    })
    await Promise.all([store.getRun('r'), store.getRun('r'), store.getRun('r')])
    expect(asked).toBe(2)
  })

  test('go on being asked for when the call that asked is aborted', async () => {
    const server = await faulty({ [getRun]: guard('Bearer good', aRun) })
    const first = new AbortController()
    let asked = 0
    const store = await open(server.url, {
      credentials: async (_, signal) => {
        asked++
        if (asked === 1) return undefined
        if (asked > 2) return { kind: 'bearer', token: 'good' }
        signal?.addEventListener('abort', () => undefined)
        first.abort()
        return await Promise.reject(new Error('aborted'))
      },
    })
    const [aborted, other] = await Promise.allSettled([store.getRun('r', first.signal), store.getRun('r')])
    expect(aborted).toMatchObject({ status: 'rejected', reason: { reason: 'cancelled' } })
    expect(other).toMatchObject({ status: 'fulfilled', value: { info: { runId: 'r' } } })
  })

  test('of the URI go first, and into neither the URI nor the log nor an error', async () => {
    const server = await faulty({ [getRun]: page(500, 'Oops') })
    const lines: string[] = []
    const store = await open(server.url.replace('://', '://us%40er:s3cr%3At@'), { log: (line) => lines.push(line) })
    expect(store.uri).toBe(server.url)
    expect(new Set(server.authorizations)).toEqual(new Set([`Basic ${btoa('us@er:s3cr:t')}`]))
    const error = await expectError(store.getRun('r'), 'serverError', /Oops/)
    expect(error.message + lines.join()).not.toMatch(/s3cr/)
  })

  test('that no header can hold', async () => {
    const server = await faulty()
    await expectError(
      open(server.url, { credentials: () => Promise.resolve({ kind: 'bearer', token: 'a\r\nx: y' }) }),
      'unauthorized',
      /characters/,
    )
    expect(server.requests).toEqual([])
  })
})

describe('redirects', () => {
  const to = (location: string, status = 302): Route => text(status, '', { location })

  test('are followed at the same server', async () => {
    const server = await faulty({ [getRun]: to('/moved?run_id=r'), '/moved': aRun })
    const store = await open(server.url)
    expect(await store.getRun('r')).toMatchObject({ info: { runId: 'r' } })
  })

  test('are not followed to another one, which gets no credentials', async () => {
    const other = await faulty()
    const server = await faulty({ [getRun]: to(`${other.url}/login`) })
    const store = await open(server.url, { credentials: () => Promise.resolve({ kind: 'bearer', token: 'secret' }) })
    const error = await expectError(store.getRun('r'), 'badAnswer', /redirects .*Nothing was sent there/)
    expect(error.message).toContain(other.url)
    expect(other.requests).toEqual([])
  })

  test('in a circle end', async () => {
    const { answer } = await answerTo(to(getRun))
    await expectError(answer, 'badAnswer', /again and again/)
  })

  test('of a write are followed only where they keep it a write', async () => {
    const server = await faulty({
      [createExperiment]: inTurn(to('/made'), to('/made', 307)),
      '/made': json({ experiment_id: '7' }),
    })
    const store = await open(server.url)
    await expectError(Promise.resolve(store.writer?.createExperiment('x')), 'badAnswer', /a change is not sent on/)
    expect(server.countOf('/made')).toBe(0)
    expect(await store.writer?.createExperiment('x')).toBe('7')
    expect(server.requests.at(-1)).toBe('POST /made')
  })
})

describe('pages', () => {
  const pageOf = (ids: readonly string[], next?: string): Route =>
    json({ runs: ids.map((id) => ({ info: { ...info, run_id: id } })), next_page_token: next })
  const idsOf = async (store: TrackingStore): Promise<string[]> => {
    const ids: string[] = []
    for await (const frame of store.searchRuns({ experimentIds: ['1'] })) ids.push(...frame.runIds())
    return ids
  }

  test('that overlap give each run once', async () => {
    const server = await faulty({
      [searchRuns]: inTurn(pageOf(['a', 'b'], '1'), pageOf(['b', 'c'], '2'), pageOf([], '3'), pageOf(['c', 'd'])),
    })
    expect(await idsOf(await open(server.url))).toEqual(['a', 'b', 'c', 'd'])
  })

  test('that do not advance are an error, not for ever', async () => {
    const server = await faulty({ [searchRuns]: pageOf(['a'], 'same') })
    await expectError(idsOf(await open(server.url)), 'badAnswer', /same page again and again/)
  })

  test('whose token the server no longer knows are an error', async () => {
    const stale = json(
      { error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid page token, could not base64-decode' },
      400,
    )
    const server = await faulty({ [searchRuns]: inTurn(pageOf(['a'], 'old'), stale) })
    await expectError(idsOf(await open(server.url)), 'badRequest', /page token/)
  })

  test('of the wrong form are an error', async () => {
    const wrong = json({
      runs: [{}],
      experiments: {},
      models: 'x',
      registered_models: [3],
      model_versions: 1,
      metrics: {},
    })
    const server = await faulty({
      [searchRuns]: inTurn(pageOf(['a'], '1'), pageOf(['b'], '2'), wrong),
      '/api/2.0/mlflow/experiments/search': inTurn(json({}), wrong),
      '/api/2.0/mlflow/logged-models/search': wrong,
      '/api/2.0/mlflow/registered-models/search': wrong,
      '/api/2.0/mlflow/model-versions/search': wrong,
      '/api/2.0/mlflow/metrics/get-history': wrong,
    })
    const store = await open(server.url)
    const first = (pages: AsyncIterable<unknown>): Promise<unknown> =>
      Promise.resolve(pages[Symbol.asyncIterator]().next())
    await expectError(idsOf(store), 'badAnswer', /run\.info is missing/)
    await expectError(first(store.searchExperiments()), 'badAnswer', /experiments is an object/)
    await expectError(first(store.searchLoggedModels({ experimentIds: ['1'] })), 'badAnswer', /models is a string/)
    await expectError(first(store.searchRegisteredModels()), 'badAnswer', /registered_model is a number/)
    await expectError(first(store.searchModelVersions()), 'badAnswer', /model_versions is a number/)
    await expectError(store.getMetricHistory('r', 'k'), 'badAnswer', /metrics is an object/)
  })

  test('that were read stay where the server dies in the middle of the next', async () => {
    const server = await faulty({ [searchRuns]: inTurn(pageOf(['a'], '1'), dying) })
    const read: string[] = []
    const reading = async (): Promise<void> => {
      for await (const page of (await open(server.url)).searchRuns({ experimentIds: ['1'] }))
        read.push(...page.runIds())
    }
    await expectError(reading(), 'unreachable', /broke before the answer was whole/)
    expect(read).toEqual(['a'])
  })

  test('of 500 MB are refused while they come, and those before them stay', async () => {
    let sent = 0
    const piece = Buffer.alloc(1_000_000, '{"runs": [')
    const huge: Route = (_, response) => {
      const write = (): void => {
        while (sent < 500e6 && !response.destroyed) {
          sent += piece.length
          if (!response.write(piece)) return void response.once('drain', write)
        }
        response.end()
      }
      write()
    }
    const server = await faulty({ [searchRuns]: inTurn(pageOf(['a'], '1'), huge) })
    const read: string[] = []
    const reading = async (): Promise<void> => {
      for await (const page of (await open(server.url)).searchRuns({ experimentIds: ['1'] }))
        read.push(...page.runIds())
    }
    await expectError(reading(), 'badAnswer', /more than 256 MB.*fewer runs/)
    expect(read).toEqual(['a'])
    expect(sent).toBeLessThan(300e6)
  })

  test('are asked for ahead from the second on, and given up with the reader', async () => {
    let closed: Promise<unknown> | undefined
    const hanging: Route = (request) => void (closed = once(request.socket, 'close'))
    const server = await faulty({ [searchRuns]: inTurn(pageOf(['a'], '1'), pageOf(['b'], '2'), hanging) })
    const store = await open(server.url)
    let frames = 0
    for await (const _ of store.searchRuns({ experimentIds: ['1'] })) {
      if (++frames === 1) expect(server.countOf(searchRuns)).toBe(1)
      else await vi.waitFor(() => expect(server.countOf(searchRuns)).toBe(3))
      if (frames === 2) break
    }
    await closed
  })

  test('take what protobuf may send: numbers as texts, nothing for zero', async () => {
    const run = {
      info: { ...info, start_time: '1750000000000', end_time: 5 },
      data: {
        metrics: [
          { key: 'zero' },
          { key: 'nan', value: 'NaN', step: '3', timestamp: '9' },
          { key: 'up', value: 'Infinity' },
          { key: 'down', value: -Number.MAX_VALUE },
        ],
        params: [{ key: 'empty' }],
      },
      inputs: {},
      outputs: {},
    }
    const server = await faulty({ [getRun]: json({ run }) })
    const { info: got, metrics, params } = await (await open(server.url)).getRun('r')
    expect(got).toMatchObject({ startTime: 1_750_000_000_000, endTime: 5, runName: '', userId: '' })
    expect([...metrics]).toEqual([
      ['zero', { value: 0, step: 0, timestamp: 0 }],
      ['nan', { value: NaN, step: 3, timestamp: 9 }],
      ['up', { value: Infinity, step: 0, timestamp: 0 }],
      ['down', { value: -Infinity, step: 0, timestamp: 0 }],
    ])
    expect([...params]).toEqual([['empty', '']])
  })
})

describe('an abort', () => {
  test('ends the request at once and leaves no socket', async () => {
    const controller = new AbortController()
    let closed: Promise<unknown> | undefined
    const server = await faulty({
      [getRun]: (request) => {
        closed = once(request.socket, 'close')
        controller.abort()
      },
    })
    const store = await open(server.url)
    await expectError(store.getRun('r', controller.signal), 'cancelled', /Cancelled/)
    await closed
  })

  test('ends a pause between two tries', async () => {
    const controller = new AbortController()
    const server = await faulty({ [getRun]: text(429, '', { 'retry-after': '20' }) })
    const store = await open(server.url, { log: (line) => line.includes('again in') && controller.abort() })
    await expectError(store.getRun('r', controller.signal), 'cancelled', /Cancelled/)
  })

  test('before anything sends nothing', async () => {
    const server = await faulty()
    await expectError(open(server.url, {}, AbortSignal.abort()), 'cancelled', /Cancelled/)
    expect(server.requests).toEqual([])
  })

  test('ends an artifact half way', async () => {
    const controller = new AbortController()
    let closed: Promise<unknown> | undefined
    const server = await faulty({
      '/get-artifact': (request, response) => {
        closed = once(request.socket, 'close')
        response.write('first piece')
      },
    })
    const store = await open(server.url)
    const read = async (): Promise<void> => {
      for await (const _ of store.readArtifact('r', 'a.txt', controller.signal)) controller.abort()
    }
    await expectError(read(), 'cancelled', /Cancelled/)
    await closed
  })

  test('by closing the store leaves no connection', async () => {
    const server = await faulty()
    const store = await open(server.url)
    await store[Symbol.asyncDispose]()
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) =>
        server.http.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      )
    await vi.waitFor(async () => expect(await connections()).toBe(0))
  })
})

describe('artifacts', () => {
  test('that end too early are an error', async () => {
    const server = await faulty({ '/get-artifact': dying })
    const store = await open(server.url)
    const read = async (): Promise<void> => {
      for await (const _ of store.readArtifact('r', 'a.txt'));
    }
    await expectError(read(), 'unreachable', /broke before the answer was whole/)
  })

  test('may take longer than the deadline as long as they come', async () => {
    const server = await faulty({
      '/get-artifact': (_, response) => {
        let pieces = 0
        const timer = setInterval(() => {
          response.write('x')
          if (++pieces < 8) return
          clearInterval(timer)
          response.end()
        }, 100)
      },
    })
    const store = await open(server.url, { timeout: 500 })
    let size = 0
    for await (const piece of store.readArtifact('r', 'a.txt')) size += piece.length
    expect(size).toBe(8)
  })

  test('of MLflow 2 under a prefix that the address lacks', async () => {
    const server = await faulty()
    const store = await open(server.url)
    const read = async (): Promise<void> => {
      for await (const _ of store.readArtifact('r', 'a.txt'));
    }
    await expectError(read(), 'unsupported', /--static-prefix/)
  })
})

test('a search that we don’t understand is wrong where the server fails at it', async () => {
  const server = await faulty({ '/api/2.0/mlflow/runs/search': json({ error_code: 'INTERNAL_ERROR' }, 500) })
  const store = await open(server.url)
  const search = (orderBy: string[]) => Array.fromAsync(store.searchRuns({ experimentIds: ['1'], orderBy }))
  await expectError(search(['status', 'status DESC']), 'badRequest', /twice/)
  await expectError(search(['status']), 'serverError', /500/)
})

describe('a long answer', () => {
  const history = '/api/2.0/mlflow/metrics/get-history'
  /** A point a piece, every so often; some of them are long. */
  const dripping =
    (pieces: number, size: number): Route =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"metrics":[')
      let sent = 0
      const timer = setInterval(() => {
        const point = { key: 'k'.repeat(size), value: sent, timestamp: sent, step: sent }
        response.write(`${sent === 0 ? '' : ','}${JSON.stringify(point)}`)
        if (++sent < pieces) return
        clearInterval(timer)
        response.end(']}')
      }, 100)
      response.on('close', () => clearInterval(timer))
    }

  test('may take longer than the deadline as long as it comes', async () => {
    const server = await faulty({ [history]: dripping(15, 100_000) })
    const store = await open(server.url, { timeout: 700 })
    expect((await store.getMetricHistory('r', 'k')).steps.length).toBe(15)
  })

  test('of which only drops come has stalled', async () => {
    const server = await faulty({ [history]: dripping(1000, 1) })
    const store = await open(server.url, { timeout: 700 })
    await expectError(store.getMetricHistory('r', 'k'), 'timeout', /within 0.7 s/)
  })

  test('that MLflow 2 puts together first may begin late', async () => {
    const late: Route = (request, response, count) =>
      void setTimeout(
        () => json({ metrics: [{ key: 'k', value: 1, timestamp: 1, step: 1 }] })(request, response, count),
        1200,
      )
    const old = await faulty({ '/version': text(200, '2.22.5'), [history]: late })
    const store = await open(old.url, { timeout: 700 })
    expect((await store.getMetricHistory('r', 'k')).steps.length).toBe(1)
    const modern = await faulty({ [history]: late })
    await expectError((await open(modern.url, { timeout: 700 })).getMetricHistory('r', 'k'), 'timeout', /within 0.7 s/)
  })
})

test('the proxy of the environment is used, though not for this machine', async () => {
  const proxy = await faulty({ '/team/api/2.0/mlflow/experiments/search': json({}) })
  const server = await faulty()
  vi.stubEnv('HTTP_PROXY', proxy.url)
  try {
    const store = await open('http://mlflow.example:5000/team')
    expect(store.version).toBe('MLflow')
    expect(proxy.requests[0]).toBe('GET /team/api/2.0/mlflow/experiments/search')
    await open(server.url)
    expect(server.requests).toContain('GET /version')
  } finally {
    vi.unstubAllEnvs()
  }
})
