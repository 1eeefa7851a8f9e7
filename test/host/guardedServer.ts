/** A door before a real tracking server: asks for a login, and can be shut. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface GuardedServer extends AsyncDisposable {
  readonly url: string
  /** What the door demands, as `Authorization` says it; undefined lets everybody in. */
  expected: string | undefined
  /** True answers everything with 503. */
  shut: boolean
  /** True answers nothing at all. */
  silent: boolean
  /** Every `Authorization` that was sent. */
  readonly presented: Set<string>
}

export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

export async function guard(target: string): Promise<GuardedServer> {
  const server = createServer((incoming, outgoing) => answer(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const guarded: GuardedServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    expected: undefined,
    shut: false,
    silent: false,
    presented: new Set(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { authorization } = incoming.headers
    if (authorization !== undefined) guarded.presented.add(authorization)
    if (guarded.silent) return
    if (guarded.shut) outgoing.writeHead(503).end('shut')
    else if (guarded.expected !== undefined && authorization !== guarded.expected)
      outgoing.writeHead(401, { 'WWW-Authenticate': 'Basic realm="mlflow"' }).end('You are not authenticated.')
    else pass(incoming, outgoing)
  }

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method } = incoming
    const forwarded = request(
      new URL(incoming.url ?? '/', target),
      { ...(method !== undefined && { method }), headers: { ...incoming.headers, host: new URL(target).host } },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(outgoing)
      },
    )
    forwarded.on('error', () => outgoing.destroy())
    incoming.pipe(forwarded)
  }
  return guarded
}
