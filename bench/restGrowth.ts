/** What reading runs over REST costs and keeps as they grow in number, against a server of made-up ones. */
import { openStore, type TrackingStore } from '../src/extension/stores'
import { footprint } from './footprint'
import { pairs, type Row } from './measure'
import { expectRuns, experiment, readRuns, type Setting } from './reading'
import { barePages } from './servers'

export async function* restGrowthRows(setting: Setting): AsyncGenerator<Row> {
  for (const runs of [1000, 10_000, 100_000]) {
    const url = `${setting.made}/${runs}`
    await using store = await openStore(url, setting.options)
    const id = await experiment(store, 'runs')
    const { ratio, detail, ours } = await pairs(
      async () => expectRuns(await readRuns(store, id), runs),
      () => barePages(url, id, 100, runs),
      runs > 10_000 ? 3 : 5,
    )
    const { kept, peak } = await footprint(setting, 'store', url)
    yield {
      what: `growth: ${runs.toLocaleString('en')} runs over REST, made up in memory`,
      against: 'bare undici paging with JSON.parse',
      ratio,
      detail: `${detail}: ${((ours / runs) * 1000).toFixed(1)} µs a run; ${kept.toFixed(1)} MB kept, ${peak.toFixed(0)} MB the process at most`,
    }
  }

  await using store = await openStore(`${setting.made}/10000`, setting.options)
  await using twice = await openStore(`${setting.made}/20000`, setting.options)
  const read = async (from: TrackingStore, runs: number): Promise<void> =>
    expectRuns(await readRuns(from, await experiment(from, 'runs')), runs)
  yield {
    what: '20,000 runs over REST',
    against: '10,000',
    budget: 2.1,
    ...(await pairs(
      () => read(twice, 20_000),
      () => read(store, 10_000),
      5,
    )),
  }
}
