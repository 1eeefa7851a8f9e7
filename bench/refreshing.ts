/** What it costs to stay fresh, against reading all again. */
import { appendFileSync, constants, copyFileSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { openStore } from '../src/extension/stores'
import type { RunFrame } from '../src/shared/runFrame'
import { folderExperiment, makeFolder } from './makeFolder.mjs'
import { pairs, type Row } from './measure'
import { expectRuns, experiment, readCold, readRuns, type Setting } from './reading'

interface Place {
  readonly uri: string
  readonly runs: number
  readonly called: string
  /** Logs one more point of a metric of a run; the file that a watcher would tell of, where there is one. */
  readonly log: (runId: string) => string | undefined
}

export async function* refreshRows(setting: Setting): AsyncGenerator<Row> {
  for (const [count, file] of Object.entries(setting.databases)) {
    if (Number(count) < 10_000) continue
    const copy = path.join(setting.scratch, `${count}.db`)
    copyFileSync(file, copy, constants.COPYFILE_FICLONE)
    age(copy)
    using database = new DatabaseSync(copy)
    yield* refreshesOf(setting, {
      uri: copy,
      runs: Number(count),
      called: 'mlflow.db',
      log: (runId) => logInto(database, runId),
    })
  }
  const folder = path.join(setting.scratch, 'mlruns')
  makeFolder(folder, 1000)
  await setTimeout(2_500) // a file's last change can't be set back, as its content's can
  yield* refreshesOf(setting, {
    uri: folder,
    runs: 1000,
    called: 'mlruns/',
    log: (runId) => {
      const file = path.join(folder, folderExperiment, runId, 'metrics/metric_0')
      appendFileSync(file, `${Date.now()} 0.5 ${nextStep++}\n`)
      return file
    },
  })
}

/** What was written a moment ago is looked at again anyway, which is not what is measured. */
function age(place: string): void {
  const longAgo = new Date(Date.now() - 3600_000)
  utimesSync(place, longAgo, longAgo)
}

async function* refreshesOf({ options }: Setting, { uri, runs, called, log }: Place): AsyncGenerator<Row> {
  await using store = await openStore(uri, options)
  const id = await experiment(store, 'runs')
  using watch = await store.watchRuns([id])
  const known = await readRuns(store, id)
  const cold = async (): Promise<void> => expectRuns(await readCold(uri, options), runs)
  const refreshed = async (): Promise<RunFrame> => (await watch.changes(known)).changed
  const many = runs.toLocaleString('en')
  await refreshed()
  yield {
    what: `refresh of ${many} runs of ${called}, nothing new`,
    against: 'reading all of them',
    budget: 1 / 10,
    ...(await pairs(async () => expectRuns(await refreshed(), 0), cold, 3)),
  }
  const runId = known.runId(runs >> 1)
  yield {
    what: `refresh of ${many} runs of ${called}, one with a new point`,
    against: 'reading all of them',
    budget: 1 / 5,
    ...(await pairs(
      async () => {
        const file = log(runId)
        if (file !== undefined) store.touched?.([file])
        const changed = await refreshed()
        if (changed.rowOf(runId) < 0) throw new Error('the changed run is missing')
      },
      cold,
      3,
    )),
  }
}

let nextStep = 100

/** As MLflow does: a row of the history, and the newest one in `latest_metrics`. */
function logInto(database: DatabaseSync, runId: string): undefined {
  const step = nextStep++
  database.exec('BEGIN IMMEDIATE')
  database
    .prepare("INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES ('metric_0', 0.5, ?, ?, 0, ?)")
    .run(Date.now(), step, runId)
  database
    .prepare("UPDATE latest_metrics SET value = 0.5, step = ? WHERE key = 'metric_0' AND run_uuid = ?")
    .run(step, runId)
  database.exec('COMMIT')
}
