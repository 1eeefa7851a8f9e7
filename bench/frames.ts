/** What 100,000 runs of 50 columns take in memory, and what sorting, filtering and grouping them costs. */
import { matchRuns, parseFilter, parseOrderBy } from '../src/shared/filter'
import type { RunFrame } from '../src/shared/runFrame'
import { groupRuns } from '../src/shared/runGroups'
import { sortRuns } from '../src/shared/runOrder'
import { arrange, type Arranged } from '../src/shared/runsTable/arrange'
import { nothingBeyond } from '../src/shared/runsTable/fields'
import { defaultView, type TableView } from '../src/shared/runsTable/view'
import { atOnce } from '../src/shared/steps'
import { footprint } from './footprint'
import { madeUpPage, mixes } from './madeUp'
import { limited, pairs, type Row } from './measure'
import { expectRuns, type Setting } from './reading'

const count = 100_000

export async function* frameRows(setting: Setting): AsyncGenerator<Row> {
  for (const [mix, { metrics, params, distinctParams, tags }] of Object.entries(mixes)) {
    const { kept } = await footprint(setting, 'made', mix)
    const columns = `${metrics} metrics, ${params + distinctParams} parameters, ${tags} tags`
    yield limited(`memory: 100,000 runs × 50 columns (${columns})`, kept, 150, 'MB')
  }

  const frame = madeUpPage(0, count, mixes.mixed ?? { metrics: 50, params: 0, distinctParams: 0, tags: 0 })
  const column = frame.metric('metric_3')?.values ?? new Float64Array()
  const plainSort = (): Uint32Array =>
    Uint32Array.from(column, (_, row) => row).sort((a, b) => (column[a] ?? 0) - (column[b] ?? 0))
  // 150 ms are some six times what the plain sort takes on the machine where that was decided.
  for (const [name, order] of Object.entries({
    'a metric': ['metrics.metric_3 DESC'],
    'a parameter of four values': ['params.param_3'],
    'a parameter of as many values as runs': ['params.distinct_1 DESC'],
    'run id': ['run_id'],
    duration: ['duration DESC'],
    'a tag, then a metric': ['tags.tag_3', 'metrics.metric_1 DESC'],
    'name, then a parameter': ['run_name', 'params.distinct_0'],
  })) {
    const orderings = parseOrderBy(order, 'runs')
    yield {
      what: `sort 100,000 runs × 50 columns by ${name}`,
      against: 'sorting the row numbers by one Float64Array',
      budget: 5,
      ...(await pairs(() => expectRuns(sortRuns(frame, orderings), count), plainSort, 5)),
    }
  }

  const filter = parseFilter("metrics.metric_1 > 0.1 AND params.param_2 = '0.01' AND tags.tag_0 LIKE 'run-9%'", 'runs')
  const metric = frame.metric('metric_1')?.values ?? new Float64Array()
  const byHand = (): number[] => {
    const rows: number[] = []
    for (let row = 0; row < count; row++)
      if (
        (metric[row] ?? NaN) > 0.1 &&
        frame.paramAt(row, 'param_2') === '0.01' &&
        frame.tagAt(row, 'tag_0')?.startsWith('run-9') === true
      )
        rows.push(row)
    return rows
  }
  const found = byHand().length
  yield {
    what: 'filter 100,000 runs by a metric, a parameter and a tag',
    against: 'the same three conditions written by hand',
    budget: 10,
    ...(await pairs(() => expectRuns(filter ? matchRuns(frame, filter) : [], found), byHand)),
  }
  const rows = Uint32Array.from({ length: count }, (_, row) => row)
  const bare = arrangedBy(frame, rows, {})
  for (const [name, view] of Object.entries<Partial<TableView>>({
    'a word anywhere': { filter: 'run-9' },
    'two words anywhere': { filter: 'team run-12' },
    'an expression': { filter: 'metrics.metric_1 > 0.1' },
    'no filter, sorted by a metric': { orderBy: [{ column: { group: 'metric', key: 'metric_3' }, descending: true }] },
    'no filter, sorted by name': { orderBy: [{ column: { group: 'attribute', key: 'name' }, descending: false }] },
  }))
    yield {
      what: `runs table: 100,000 runs × 50 columns with ${name}`,
      against: 'sorting the row numbers by one Float64Array',
      budget: 8, // some 200 ms, of which a frame and the way to the page take a part
      ...(await pairs(() => arrangedBy(frame, rows, view, bare), plainSort, 5)),
    }
  yield {
    what: 'group 100,000 runs by a parameter and a tag, with mean, min and max of 20 metrics',
    against: 'sorting the row numbers by one Float64Array',
    ...(await pairs(() => {
      const groups = groupRuns(frame, [
        { entity: 'param', key: 'param_1' },
        { entity: 'tag', key: 'tag_1' },
      ])
      return groups.map(({ metric }) => frame.metricKeys.map(metric))
    }, plainSort)),
  }
}

function arrangedBy(frame: RunFrame, base: Uint32Array, view: Partial<TableView>, former?: Arranged): Arranged {
  const input = {
    frame,
    base,
    view: { ...defaultView, ...view },
    beyond: nothingBeyond,
    stars: new Set<string>(),
    several: false,
    now: 0,
  }
  return atOnce(arrange(input, former))
}
