/** What reading an mlflow.db costs, against the least that the same data can be read with, and how that grows. */
import { openStore } from '../src/extension/stores'
import { pairs, type Row } from './measure'
import { footprint } from './footprint'
import { bareSelects, expectRuns, experiment, readRuns, type Setting } from './reading'

export async function* databaseRows({ database, doubled, options }: Setting): AsyncGenerator<Row> {
  await using store = await openStore(database, options)
  await using twice = await openStore(doubled, options)
  const id = await experiment(store, 'runs')
  const twiceId = await experiment(twice, 'runs')
  const ours = async (): Promise<void> => expectRuns(await readRuns(store, id), 10_000)
  const half = async (): Promise<void> => expectRuns(await readRuns(twice, twiceId, 10_000), 10_000)
  const all = async (): Promise<void> => expectRuns(await readRuns(twice, twiceId), 20_000)
  yield {
    what: '10,000 runs from mlflow.db into a RunFrame',
    against: 'four bare SELECTs through node:sqlite',
    budget: 1.5,
    ...(await pairs(ours, () => bareSelects(database, id))),
  }
  yield {
    what: '20,000 runs',
    against: '10,000 of them, from the same file',
    budget: 2.1,
    ...(await pairs(all, half)),
  }
}

/** 1,000 → 10,000 → 100,000: SQLite itself grows a little faster than the runs, so each size has its own bare SELECTs beside it. */
export async function* growthRows(setting: Setting): AsyncGenerator<Row> {
  for (const [count, file] of Object.entries(setting.databases)) {
    const runs = Number(count)
    await using store = await openStore(file, setting.options)
    const id = await experiment(store, 'runs')
    const { ratio, detail, ours } = await pairs(
      async () => expectRuns(await readRuns(store, id), runs),
      () => bareSelects(file, id),
      runs > 10_000 ? 3 : 7,
    )
    const { kept, peak } = await footprint(setting, 'store', file)
    yield {
      what: `growth: ${runs.toLocaleString('en')} runs from mlflow.db`,
      against: 'four bare SELECTs through node:sqlite',
      ...(runs > 1000 && { budget: 1.5 }), // of 1,000 the way to the worker and back is a part
      ratio,
      detail: `${detail}: ${((ours / runs) * 1000).toFixed(1)} µs a run; ${kept.toFixed(1)} MB kept, ${peak.toFixed(0)} MB the process at most`,
    }
  }
}
