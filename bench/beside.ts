/** What it takes to show runs beside the code, once they are there. */
import { rowsOfFile } from '../src/extension/editor/belonging'
import { mostRuns } from '../src/extension/editor/experimentRuns'
import { lineNotes } from '../src/extension/editor/lineNotes'
import { sparkline, type Curve } from '../src/extension/editor/pictures'
import { findMlflowCalls } from '../src/extension/editor/pythonCalls'
import { runLenses } from '../src/extension/editor/runLenses'
import { LiveRuns, RunFeed } from '../src/extension/live'
import { openStore } from '../src/extension/stores'
import type { RunFrame } from '../src/shared/runFrame'
import { limited, median, milliseconds, type Row } from './measure'
import { experiment, type Setting } from './reading'

const lines = 2000
const calls = 50

export async function* besideRows({ database, options }: Setting): AsyncGenerator<Row> {
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
