/** How long loading runs keeps the extension host from anything else. */
import { openStore } from '../src/extension/stores'
import { limited, longestBlock, type Row } from './measure'
import { expectRuns, experiment, readLive, type Setting } from './reading'

export async function* blockRows({ database, folders, replay, options }: Setting): AsyncGenerator<Row> {
  const places = { 'mlflow.db': database, 'a server': replay, 'mlruns/': folders[10_000] }
  for (const [called, uri] of Object.entries(places)) {
    if (uri === undefined) continue
    await using store = await openStore(uri, options)
    const id = await experiment(store, 'runs')
    const load = async (): Promise<void> => expectRuns(await readLive(store, id), 10_000)
    const longest: number[] = []
    for (let round = 0; round < 5; round++) longest.push(await longestBlock(load))
    yield limited(
      `longest block of the event loop while 10,000 runs load from ${called}`,
      Math.max(...longest),
      50,
      'ms',
      `the worst of ${longest.length} loads, the first one cold`,
    )
  }
}
