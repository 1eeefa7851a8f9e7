import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** @param count how often this path was asked for before */
export type Route = (request: IncomingMessage, response: ServerResponse, count: number) => void

export interface FaultyServer extends AsyncDisposable {
  readonly url: string
  readonly http: Server
  /** Paths and methods in the order they came: "GET /version". */
  readonly requests: string[]
  /** The headers `authorization` in the order they came. */
  readonly authorizations: (string | undefined)[]
  countOf(path: string): number
}

/** A server that answers as MLflow does with nothing in it, save for the paths given. */
export async function startFaulty(routes: Readonly<Record<string, Route>> = {}): Promise<FaultyServer> {
  const requests: string[] = []
  const authorizations: (string | undefined)[] = []
  const counts = new Map<string, number>()
  const all: Record<string, Route> = {
    '/api/2.0/mlflow/experiments/search': json({}),
    '/version': text(200, '3.99.0'),
    ...routes,
  }
  const http = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://any').pathname // a proxy is asked for whole addresses
    requests.push(`${request.method ?? ''} ${path}`)
    authorizations.push(request.headers.authorization)
    const count = counts.get(path) ?? 0
    counts.set(path, count + 1)
    const route = all[path] ?? page(404, 'Not Found')
    request.resume().on('end', () => route(request, response, count))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    http,
    requests,
    authorizations,
    countOf: (path) => counts.get(path) ?? 0,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}

export function json(body: unknown, status = 200): Route {
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Route {
  return (_, response) => void response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body)
}

/** An HTML page with that title. */
export function page(status: number, title: string): Route {
  const body = `<!doctype html>\n<html lang=en>\n<title>${title}</title>\n<h1>${title}</h1>\n<p>words</p>\n`
  return text(status, body, { 'content-type': 'text/html' })
}

/** The first answers by these routes, all later ones by the last. */
export function inTurn(...routes: readonly Route[]): Route {
  return (request, response, count) => routes[Math.min(count, routes.length - 1)]?.(request, response, count)
}

/** Begins an answer of that length and dies. */
export const dying: Route = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
  response.write('{"runs": [', () => response.destroy())
}
