/** The Python that a runs table exports finds, in the real MLflow, just the runs that the table shows, in its order. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeExport } from '../../src/extension/panels/runsTable/exporting'
import { openStore, type TrackingStore } from '../../src/extension/stores'
import { RunFrame } from '../../src/shared/runFrame'
import { arrange, type Arranged } from '../../src/shared/runsTable/arrange'
import { nothingBeyond } from '../../src/shared/runsTable/fields'
import type { ExportFormat } from '../../src/shared/runsTable/protocol'
import { defaultView, type Column, type TableView } from '../../src/shared/runsTable/view'
import { atOnce } from '../../src/shared/steps'
import { python, seedStore, type MlflowMajor, type SeededStore } from './servers'
import { workers } from './workers'

const metric = (key: string): Column => ({ group: 'metric', key })
const by = (column: Column, descending = false) => ({ orderBy: [{ column, descending }] })

/** Runs each exported script in the same Python, and prints what an expression, also in Python, makes of it. */
const runner = `
import json, sys
import pandas as pd
results = []
for script, expression in json.load(open(sys.argv[1])):
    scope = {"pd": pd}
    exec(script, scope)
    results.append(eval(expression, scope))
print("\\n" + json.dumps(results))
`

const views: readonly [string, Partial<TableView>][] = [
  ['all, newest first', {}],
  ['by a metric, downwards', by(metric('loss'), true)],
  ['by a metric whose name needs quotes', by(metric('val loss/top-1'))],
  ['by a tag', by({ group: 'tag', key: 'mlflow.runName' })],
  ['deleted ones', { lifecycle: 'deleted' }],
  ['all of them, by state', { lifecycle: 'all', ...by({ group: 'attribute', key: 'status' }) }],
  ['of some states', { statuses: ['FINISHED', 'FAILED'] }],
  ['of the last half of a while', { startedWithin: 700 }],
  ['with a filter', { filter: 'metrics.loss < 0.5', ...by(metric('loss')) }],
  ['with quotes of both kinds', { filter: `params.x IN ('a', "b") and attributes.status != 'FAILED'` }],
  ['with a filter of ours', { filter: 'metrics.loss < 0.1 or metrics.loss > 0.9', ...by(metric('loss')) }],
  ['with plain text', { filter: '77' }],
  ['without a parameter, which MLflow 2 can’t be asked', { filter: 'params.x IS NULL' }],
  ['none', { filter: "attributes.run_name = 'there is no such run'" }],
]

describe.each<MlflowMajor>(['3', '2'])('exported from a store of MLflow %s', (major) => {
  let seed: SeededStore
  let store: TrackingStore
  let frame: RunFrame
  let experimentIds: string[]

  beforeAll(async () => {
    seed = await seedStore(major)
    store = await openStore(seed.database, { workers })
    experimentIds = ['kinds', 'nested', 'bulk'].map((name) => seed.experiments[name] ?? '')
    frame = RunFrame.empty
    for await (const page of store.searchRuns({ experimentIds, view: 'ALL' })) frame = frame.merge(page)
  }, 240_000)
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await seed[Symbol.asyncDispose]()
  })

  function table(view: Partial<TableView>): Arranged {
    const base = Uint32Array.from({ length: frame.length }, (_, row) => row)
    const now = Math.max(...frame.data.infos.startTimes.filter((time) => !Number.isNaN(time)))
    const whole = { ...defaultView, nested: false, ...view }
    return atOnce(
      arrange({ frame, base, view: whole, beyond: nothingBeyond, stars: new Set<string>(), several: true, now }),
    )
  }

  const idsOf = ({ ordered }: Arranged): string[] => Array.from(ordered, (row) => frame.runId(row))

  function written(arranged: Arranged, format: ExportFormat, runIds: string[] | null = null): string {
    const origin = { trackingUri: `sqlite:///${seed.database}`, experimentIds }
    return atOnce(writeExport(arranged, format, runIds, origin)).text
  }

  async function inPython(scripts: readonly (readonly [script: string, expression: string])[]): Promise<unknown[]> {
    const [file, given] = [path.join(seed.folder, 'runner.py'), path.join(seed.folder, 'scripts.json')]
    await writeFile(file, runner)
    await writeFile(given, JSON.stringify(scripts))
    const printed = await python(major, [file, given])
    return JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '') as unknown[]
  }

  test('a search_runs call finds the same runs in the same order', async () => {
    const hiddenRuns = idsOf(table({})).slice(0, 3)
    const [dataset = ''] = [...frame.data.datasets.values()].flat().map((input) => input.dataset.name)
    const all = [...views, ['without hidden runs', { hiddenRuns }], ['of a dataset', { dataset }]] as typeof views
    const cases = all.map(([name, view]) => ({ name, arranged: table(view), runIds: null as string[] | null }))
    const whole = table({ lifecycle: 'all' })
    const many = idsOf(whole)
    expect(many.length).toBeGreaterThan(1000) // more than a database takes at once
    cases.push({ name: 'chosen runs', arranged: whole, runIds: many })
    const byDuration = { ...by({ group: 'attribute', key: 'duration' }, true), filter: 'metrics.loss < 0.5' } as const
    const ordered = table(byDuration) // as MLflow can't
    cases.push({ name: 'some, by how long they took', arranged: ordered, runIds: idsOf(ordered) })
    const tag = frame.tagKeys.find((key) => key.includes('"')) ?? ''
    const odd = table({ ...by({ group: 'tag', key: tag }), lifecycle: 'all' })
    cases.push({ name: 'by a name with quotes of both kinds', arranged: odd, runIds: idsOf(odd) })
    expect([tag, ordered.ordered.length > 10]).toEqual([expect.stringContaining('`'), true])
    const results = await inPython(
      cases.map(({ arranged, runIds }) => [written(arranged, 'searchRuns', runIds), 'list(runs.get("run_id", []))']),
    )
    for (const [at, { name, arranged }] of cases.entries()) expect([name, results[at]]).toEqual([name, idsOf(arranged)])
    const found = cases.filter(({ arranged }) => arranged.ordered.length > 0)
    expect(found.length).toBeGreaterThan(cases.length - 3) // the comparison is of something
  }, 120_000)

  test('a pandas frame and CSV have the same values', async () => {
    const columns = [
      ...(['name', 'start_time', 'note'] as const).map((key) => ({ column: { group: 'attribute', key } as const })),
      ...['loss', ...frame.metricKeys.filter((key) => key !== 'loss').slice(0, 12)].map((key) => ({
        column: metric(key),
      })),
      ...frame.paramKeys.slice(0, 12).map((key) => ({ column: { group: 'param', key } as const })),
    ]
    const arranged = table({ columns, lifecycle: 'all' })
    const expected = idsOf(arranged).map((id) => {
      const { info, metrics } = frame.run(frame.rowOf(id))
      const loss = metrics.get('loss')?.value
      return [id, info.runName, loss === undefined || Number.isNaN(loss) ? null : loss, info.startTime]
    })
    const csv = path.join(seed.folder, 'runs.csv')
    await writeFile(csv, written(arranged, 'csv'))
    const rows =
      '[[r["run_id"], r["run_name"], None if pd.isna(r["metrics.loss"]) else float(r["metrics.loss"]), ' +
      'None if pd.isna(r["start_time"]) else int(r["start_time"].timestamp() * 1000 + 0.5)] for _, r in runs.iterrows()]'
    const reading = `import pandas as pd\nruns = pd.read_csv(${JSON.stringify(csv)}, na_filter=False, dtype=str)\n`
    const asRead = '[list(runs.columns), list(runs["run_id"]), list(runs["run_name"])]'
    const [frames, read] = await inPython([
      [written(arranged, 'pandas'), rows],
      [reading, asRead],
    ])
    expect(frames).toEqual(expected)
    const safe = (name: unknown) => (/^[=+\-@\t\r]/.test(String(name)) ? `'${String(name)}` : name)
    const [header, ids, names] = read as string[][]
    expect(header).toHaveLength(columns.length + 1)
    expect([ids, names]).toEqual([idsOf(arranged), expected.map(([, name]) => safe(name))])
  }, 60_000)
})
