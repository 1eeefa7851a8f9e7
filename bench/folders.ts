/** What reading an mlruns/ folder costs, against reading the same files one by one. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { openStore } from '../src/extension/stores'
import { footprint } from './footprint'
import { milliseconds, pairs, spoken, type Row } from './measure'
import { expectRuns, experiment, readCold, readRuns, type Setting } from './reading'

export async function* folderRows(setting: Setting): AsyncGenerator<Row> {
  const { folders, options } = setting
  for (const [count, folder] of Object.entries(folders)) {
    const runs = Number(count)
    const files = globSync(['*/*/meta.yaml', '*/*/{metrics,params,tags}/*'], { cwd: folder }).map((file) =>
      path.join(folder, file),
    )
    const first = await milliseconds(() => readCold(folder, options))
    const { ratio, detail, ours } = await pairs(
      async () => expectRuns(await readCold(folder, options), runs),
      () => files.map((file) => readFileSync(file)),
      runs > 10_000 ? 1 : runs > 3000 ? 3 : 5,
    )
    const { kept, peak } = await footprint(setting, 'store', folder)
    yield {
      // Nothing is remembered of the folder. Threads are: those of the store before serve the next one.
      what: `${runs.toLocaleString('en')} runs (5 metrics × 20 points) from mlruns/, cold`,
      against: 'reading the same files with readFileSync',
      ...(runs === 3000 && { budget: 1.5 }),
      ratio,
      detail: `${detail}: ${((ours / runs) * 1000).toFixed(1)} µs a run, ${spoken(first)} the first time; ${kept.toFixed(1)} MB kept, ${peak.toFixed(0)} MB the process at most`,
    }
    if (runs !== 3000) continue

    await using store = await openStore(folder, options)
    const id = await experiment(store, 'runs')
    using watch = await store.watchRuns([id])
    const known = await readRuns(store, id)
    yield {
      what: 'the same, refreshed with nothing changed',
      against: 'cold',
      budget: 1 / 10,
      ...(await pairs(
        async () => expectRuns((await watch.changes(known)).changed, 0),
        async () => expectRuns(await readCold(folder, options), runs),
        5,
      )),
    }
    yield {
      what: 'the same, all read again by the same store (a thorough look)',
      against: 'cold',
      ...(await pairs(
        async () => expectRuns(await readRuns(store, id), runs),
        async () => expectRuns(await readCold(folder, options), runs),
        3,
      )),
    }
  }
}
