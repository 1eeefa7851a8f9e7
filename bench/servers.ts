/** MLflow's own server on the same file, measured beside us. */
import { request } from 'undici'
import { openStore } from '../src/extension/stores'
import { milliseconds, pairs, spoken, type Row } from './measure'
import { expectRuns, experiment, readLive, readRuns, type Setting } from './reading'

async function json(url: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await request(url, {
    headersTimeout: 600_000,
    bodyTimeout: 600_000,
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  return JSON.parse(await response.body.text()) as Record<string, unknown>
}

/** All pages of an experiment's runs, 1,000 each after a `first` one: bare paging, parsing and nothing else. */
export async function barePages(
  server: string,
  experimentId: string,
  first: number,
  expected = 10_000,
): Promise<{ secondPage: number }> {
  const started = performance.now()
  let token = ''
  let count = 0
  let pages = 0
  let secondPage = NaN
  do {
    const page = await json(`${server}/api/2.0/mlflow/runs/search`, {
      experiment_ids: [experimentId],
      max_results: pages === 0 ? first : 1000,
      ...(token && { page_token: token }),
    })
    count += (page.runs as unknown[] | undefined)?.length ?? 0
    token = (page.next_page_token as string | undefined) ?? ''
    if (++pages === 2) secondPage = performance.now() - started
  } while (token)
  expectRuns({ length: count }, expected)
  return { secondPage }
}

export async function* serverRows({ database, server, replay, options }: Setting): AsyncGenerator<Row> {
  await using store = await openStore(database, options)
  const id = await experiment(store, 'runs')
  const shown = async (): Promise<void> => {
    await using opened = await openStore(database, options)
    const runs = await readLive(opened, await experiment(opened, 'runs'))
    expectRuns(runs, 10_000)
    for (let row = 0; row < 100; row++) runs.run(row)
  }
  await json(`${server}/api/2.0/mlflow/runs/search`, { experiment_ids: [id], max_results: 1 }) // it is awake now
  const untilShown = await milliseconds(shown)
  let secondPage = NaN
  const viaServer = await milliseconds(async () => ({ secondPage } = await barePages(server, id, 1000)))
  yield {
    what: 'our 10,000 runs on screen: store opened, all read, the first 100 taken out',
    against: 'mlflow server on the same file answers its second page of 1,000',
    budget: 1,
    ratio: untilShown / secondPage,
    detail: `${spoken(untilShown)} against ${spoken(secondPage)}, once`,
  }
  const ours = await milliseconds(async () => expectRuns(await readRuns(store, id), 10_000))
  yield {
    what: '10,000 runs from mlflow.db',
    against: 'all pages of mlflow server on the same file',
    budget: 1 / 30,
    ratio: ours / viaServer,
    detail: `${spoken(ours)} against ${spoken(viaServer)}, once`,
  }

  const histories = await readRuns(store, await experiment(store, 'histories'))
  const runIds = histories.runIds()
  const sampled = `${server}/api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=loss&max_results=320&${runIds.map((runId) => `run_ids=${runId}`).join('&')}`
  yield {
    what: '5 metric histories of 200,000 points, all of them',
    against: "the server's sampled bulk-interval endpoint, 320 points each",
    budget: 1 / 5,
    ...(await pairs(
      async () => {
        for (const runId of runIds) {
          const { values } = await store.getMetricHistory(runId, 'loss')
          if (values.length !== 200_000) throw new Error(`${values.length} points instead of 200,000`)
        }
      },
      () => json(sampled),
      5,
    )),
  }

  await using rest = await openStore(replay, options)
  yield {
    what: "10,000 runs over REST, the server's own pages replayed from memory",
    against: 'bare undici paging with JSON.parse',
    budget: 1.15,
    ...(await pairs(
      async () => expectRuns(await readRuns(rest, id), 10_000),
      () => barePages(replay, id, 100),
      15,
    )),
  }
  await using plain = await openStore(server, options)
  const overRest = await milliseconds(async () => expectRuns(await readRuns(plain, id), 10_000))
  yield {
    what: '10,000 runs over REST from mlflow server itself',
    against: 'bare undici paging with JSON.parse',
    ratio: overRest / viaServer,
    detail: `${spoken(overRest)} against ${spoken(viaServer)}, once`,
  }
}
