// A server that answers from memory what a real MLflow server answered once: what is measured against it is the client alone.
// `node replay.mjs ORIGIN` prints `listening PORT`.
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

const origin = process.argv[2]
const answers = new Map()

createServer(async (request, response) => {
  const body = await buffer(request)
  const key = `${request.method} ${request.url} ${body}`
  if (!answers.has(key)) {
    const real = await fetch(origin + request.url, {
      method: request.method,
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      ...(body.length > 0 && { body }),
    })
    answers.set(key, {
      status: real.status,
      type: real.headers.get('content-type') ?? 'text/plain',
      body: Buffer.from(await real.arrayBuffer()),
    })
  }
  const { status, type, body: bytes } = answers.get(key)
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
}).listen(0, '127.0.0.1', function () {
  console.log(`listening ${this.address().port}`)
})
