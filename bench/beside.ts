/** What it takes to show runs beside the code, once they are there. */
import { rowsOfFile } from '../src/extension/editor/belonging'
import { mostRuns } from '../src/extension/editor/experimentRuns'
import { lineNotes } from '../src/extension/editor/lineNotes'
import { sparkline, type Curve } from '../src/extension/editor/pictures'
import { createCallFinder, findMlflowCalls } from '../src/extension/editor/pythonCalls'
import { runLenses } from '../src/extension/editor/runLenses'
import { LiveRuns, RunFeed } from '../src/extension/live'
import { openStore } from '../src/extension/stores'
import type { RunFrame } from '../src/shared/runFrame'
import { limited, median, milliseconds, type Row } from './measure'
import { experiment, type Setting } from './reading'

const lines = 2000
const calls = 50

export async function* besideRows({ database, options }: Setting): AsyncGenerator<Row> {
  yield* longFileRows()
  await using store = await openStore(database, options)
  using feed = new RunFeed(store, [await experiment(store, 'runs')])
  using runs = new LiveRuns(feed, { limit: mostRuns })
  await runs.load()
  const source = script(runs.frame)
  const times: number[] = []
  for (let round = 0; round < 9; round++)
    times.push(await milliseconds(() => expectNotes(show(source, runs.frame, runs.rows))))
  yield limited(
    `notes and lenses of a file of ${lines} lines with ${calls} calls, of 10,000 runs in mlflow.db`,
    median(times.slice(1)),
    50,
    'ms',
    `reading the code included; ${times[0]?.toFixed(1) ?? ''} ms the first time`,
  )
}

/** What the code of a long file says of MLflow: when it is opened, and when it is edited. */
async function* longFileRows(): AsyncGenerator<Row> {
  const source = longScript(10_000)
  const cold: number[] = []
  const edited: number[] = []
  const finder = createCallFinder()
  finder.find(source)
  for (let round = 0; round < 15; round++) {
    cold.push(await milliseconds(() => findMlflowCalls(source)))
    const edit = source.replace('"loss_7"', `"loss_7_${round}"`)
    edited.push(await milliseconds(() => finder.find(edit)))
  }
  const calls = findMlflowCalls(source).length
  if (calls !== 500) throw new Error(`only ${calls} calls`)
  const first = `the first time, uncompiled, ${cold[0]?.toFixed(1) ?? ''} ms`
  yield limited(`the ${calls} calls in Python of 10,000 lines`, median(cold.slice(1)), 30, 'ms', first)
  yield limited('the same after an edit', median(edited), 15, 'ms', 'only what is new is parsed')
}

/** No two lines are the same. Most calls are simple, and some are not. */
function longScript(length: number): string {
  const text = ['import mlflow', 'import numpy as np', '']
  for (let n = 0; text.length < length; n++)
    text.push(
      `class Model${n}:`,
      `    """Number ${n}, with (brackets and 'quotes' in its text."""`,
      `    def fit(self, x_${n}, y, *, rate=0.${n}):`,
      `        for epoch in range(${n}):`,
      `            loss = np.mean((self.predict(x_${n}) - y) ** 2)  # what's the loss?`,
      ...Array.from({ length: 14 }, (_, at) => `            total_${at} = {"a": [loss, ${at}], 'b': f"{loss:.3f}"}`),
      n % 10 === 0
        ? `            mlflow.log_metrics({f"{split}_${n}": total_0["a"][0], "loss_${n}": loss / 2})`
        : `            mlflow.log_metric("loss_${n}", loss, step=epoch)`,
    )
  return text.join('\n')
}

function script({ metricKeys, paramKeys }: RunFrame): string {
  const text = ['import mlflow', 'mlflow.set_experiment("runs")', 'mlflow.start_run()']
  const keys = [
    ...metricKeys.map((key) => `mlflow.log_metric("${key}", value, step=step)`),
    ...paramKeys.map((key) => `mlflow.log_param("${key}", value)`),
  ]
  while (text.length < lines) {
    const call = text.length % (lines / calls) === 0 ? keys[(text.length / (lines / calls)) % keys.length] : undefined
    text.push(call ?? `total_${text.length} = {"a": [loss, ${text.length}], "b": f"{loss:.3f}"}  # what is it?`)
  }
  return text.join('\n')
}

const curve: Curve = { x: Float64Array.from({ length: 300 }, (_, at) => at), y: new Float64Array(300).map(Math.random) }

function show(source: string, frame: RunFrame, rows: Uint32Array): { notes: number; lenses: number } {
  const found = findMlflowCalls(source)
  const ours = rowsOfFile(frame, rows, { path: '/work/train.py', entryPoints: [] })
  const [best] = frame.metricKeys
  const notes = lineNotes(
    found,
    {
      runs: { frame, rows: ours.rows },
      by: { reference: 'best', directionOf: () => 'lower', productionOf: () => undefined },
      primaryMetric: best,
      curveOf: () => curve,
      versionsOf: () => undefined,
    },
    { metrics: true, parameters: true, models: true, autolog: true, marks: true, threshold: 5, history: 20 },
  )
  for (const note of notes) if (note.curve) for (const theme of ['light', 'dark'] as const) sparkline(note.curve, theme)
  const lenses = runLenses(
    found,
    {
      ...{
        connection: '',
        experimentId: '',
        experimentName: 'runs',
        file: 'file:///train.py',
        isComplete: false,
        isStale: false,
        rerun: undefined,
      },
      runs: { frame, rows: ours.rows },
    },
    Date.now(),
  )
  return { notes: notes.length, lenses: lenses.length }
}

function expectNotes({ notes, lenses }: { notes: number; lenses: number }): void {
  if (notes < calls - 2 || lenses < 3) throw new Error(`only ${notes} notes and ${lenses} lenses`)
}
