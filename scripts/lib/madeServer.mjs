// A server of made-up runs, as many as are asked for: what is measured against it is the client alone, with more runs than a real
// server gives out in sensible time. Below /COUNT it is MLflow 3 with an experiment "runs" of so many runs of 10 metrics, 10
// parameters and 4 tags. `node madeServer.mjs` prints `listening PORT`.
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

const start = 1_760_000_000_000 // ms since the epoch
const api = '/api/2.0/mlflow'
const stores = new Map()
const ten = Array.from({ length: 10 }, (_, at) => at)

/** The runs of a store as MLflow sends them, newest first. */
function runsOf(count) {
  if (!stores.has(count))
    stores.set(
      count,
      Array.from({ length: count }, (_, at) => Buffer.from(runOf(count - 1 - at))),
    )
  return stores.get(count)
}

function runOf(index) {
  const id = index.toString(16).padStart(32, '0')
  const begun = start + index * 1000
  const metric = (key, value) => ({
    key,
    value,
    timestamp: begun + 500,
    step: 19,
    model_id: '',
    dataset_name: '',
    dataset_digest: '',
    run_id: '',
  })
  return JSON.stringify({
    info: {
      run_uuid: id,
      experiment_id: '1',
      run_name: `run-${index}`,
      user_id: 'bench',
      status: 'FINISHED',
      start_time: begun,
      end_time: begun + 60_000,
      artifact_uri: `mlflow-artifacts:/1/${id}/artifacts`,
      lifecycle_stage: 'active',
      run_id: id,
    },
    data: {
      metrics: ten.map((at) => metric(`metric_${at}`, ((index + 1) * 0.6180339887 * (at + 1)) % 1)),
      params: ten.map((at) => ({ key: `param_${at}`, value: String([0.001, 0.01, 0.1, 1][(index >> at) % 4]) })),
      tags: [
        { key: 'mlflow.runName', value: `run-${index}` },
        { key: 'mlflow.user', value: 'bench' },
        { key: 'mlflow.source.name', value: 'train.py' },
        { key: 'team', value: `team ${index % 7}` },
      ],
    },
    inputs: {},
  })
}

function page(count, { max_results: size, page_token: token }) {
  const offset = token ? JSON.parse(Buffer.from(token, 'base64').toString()).offset : 0
  const runs = runsOf(count).slice(offset, offset + size)
  const pieces = ['{"runs":[']
  runs.forEach((run, at) => pieces.push(at === 0 ? '' : ',', run))
  const next = Buffer.from(JSON.stringify({ offset: offset + runs.length })).toString('base64')
  pieces.push(offset + runs.length < count ? `],"next_page_token":"${next}"}` : ']}')
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)))
}

function answerTo(count, path, body) {
  if (path === '/version') return Buffer.from('3.17.2')
  if (path === `${api}/experiments/search`)
    return Buffer.from(
      JSON.stringify({
        experiments: [{ experiment_id: '1', name: 'runs', artifact_location: '', lifecycle_stage: 'active' }],
      }),
    )
  return path === `${api}/runs/search` ? page(count, body) : undefined
}

createServer(async (request, response) => {
  const [, count, path] = /^\/(\d+)(\/[^?]*)/.exec(request.url) ?? []
  const body = request.method === 'POST' ? await json(request) : undefined
  const answer = count && answerTo(Number(count), path, body)
  const type = path === '/version' ? 'text/plain' : 'application/json'
  if (answer) response.writeHead(200, { 'content-type': type, 'content-length': answer.length }).end(answer)
  else response.writeHead(404).end()
}).listen(0, '127.0.0.1', function () {
  console.log(`listening ${this.address().port}`)
})
