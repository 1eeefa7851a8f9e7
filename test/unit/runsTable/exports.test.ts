import { describe, expect, it, test } from 'vitest'
import { writeExport } from '../../../src/extension/panels/runsTable/exporting'
import { readViewFile, writeViewFile } from '../../../src/extension/panels/runsTable/viewFile'
import type { ExportFormat } from '../../../src/shared/runsTable/protocol'
import { pythonText } from '../../../src/shared/runsTable/python'
import { defaultView, type Column, type TableView } from '../../../src/shared/runsTable/view'
import { atOnce } from '../../../src/shared/steps'
import { arranged, frameOf } from './tables'

const metric = (key: string): Column => ({ group: 'metric', key })
const columns = [
  { column: { group: 'attribute', key: 'name' } as const },
  { column: metric('loss') },
  { column: { group: 'param', key: 'p' } as const },
  { column: { group: 'attribute', key: 'start_time' } as const },
  { column: { group: 'attribute', key: 'duration' } as const },
]
const frame = frameOf({
  a: { runName: 'a "b", c', metrics: { loss: 0.1 }, params: { p: '=1+1' }, startTime: 1500, endTime: 4000 },
  b: { runName: '-x|y\n*z*', metrics: { loss: NaN }, params: { p: '-0.5' }, startTime: 500 },
  c: { runName: '', metrics: { loss: -Infinity }, startTime: null, endTime: null },
})
const origin = { trackingUri: 'http://here', experimentIds: ['1', '2'] }

const written = (format: ExportFormat, view: Partial<TableView> = {}, runIds: readonly string[] | null = null) =>
  atOnce(writeExport(arranged(frame, { columns, ...view }), format, runIds, origin)).text

describe('a table as text', () => {
  test('CSV: quoted, with what a spreadsheet would compute made harmless, numbers left alone', () => {
    expect(written('csv')).toBe(
      [
        'run_id,run_name,metrics.loss,params.p,start_time,duration_s',
        `a,"a ""b"", c",0.1,'=1+1,1970-01-01T00:00:01.500Z,2.5`,
        `b,"'-x|y\n*z*",nan,-0.5,1970-01-01T00:00:00.500Z,-0.49`,
        'c,,-inf,,,',
        '',
      ].join('\r\n'),
    )
  })

  test('JSON: any key, numbers that JSON lacks as texts', () => {
    const hostile = frameOf({ a: { metrics: { ['__proto__']: 1 } } })
    const table = arranged(hostile, { columns: [{ column: metric('__proto__') }] })
    const text = atOnce(writeExport(table, 'json', null, origin)).text
    expect(text).toContain('"metrics.__proto__": 1')
    const runs = JSON.parse(written('json')) as Record<string, unknown>[]
    expect(runs).toEqual([
      expect.objectContaining({
        run_id: 'a',
        'metrics.loss': 0.1,
        duration_s: 2.5,
        start_time: '1970-01-01T00:00:01.500Z',
      }),
      expect.objectContaining({ run_id: 'b', 'metrics.loss': 'NaN' }),
      { run_id: 'c', run_name: '', 'metrics.loss': '-Infinity' },
    ])
  })

  test('Markdown: nothing in a name is more than text', () => {
    const lines = written('markdown', {}, ['b']).split('\n')
    expect(lines[1]).toBe('| --- | ---: | --- | --- | ---: |')
    expect(lines[2]).toContain('| -x\\|y \\*z\\* | NaN | -0.5 |')
    expect(lines).toHaveLength(4)
  })

  test('pandas: a frame column by column', () => {
    expect(written('pandas')).toContain('"metrics.loss": [0.1, float("nan"), float("-inf")],')
    expect(written('pandas')).toContain('"start_time": [1500, 500, None],')
    expect(written('pandas')).toContain('runs["start_time"] = pd.to_datetime(runs["start_time"], unit="ms", utc=True)')
  })

  test('chosen runs are in the table’s order, also those that it doesn’t find', () => {
    const ids = (text: string) => text.split('\r\n').map((line) => line.split(',')[0])
    const view = { filter: 'metrics.loss = 0.1', orderBy: [{ column: metric('loss'), descending: true }] }
    expect(ids(written('csv', view, ['c', 'a', 'gone']))).toEqual(['run_id', 'a', 'c', ''])
    expect(ids(written('csv', view))).toEqual(['run_id', 'a', ''])
  })

  test('nothing is a header, an empty list, an empty frame', () => {
    expect(written('csv', {}, [])).toBe('run_id,run_name,metrics.loss,params.p,start_time,duration_s\r\n')
    expect(JSON.parse(written('json', {}, []))).toEqual([])
    expect(written('pandas', {}, [])).toContain('"run_id": [],')
  })

  test.each([
    ['plain', '"plain"'],
    ['a "quote" and \\', '"a \\"quote\\" and \\\\"'],
    ['line\nbreak\t\0', '"line\\nbreak\\x09\\x00"'],
    ['\u2028\ud800', '"\\u2028\\ud800"'],
    ['😀 {x}', '"😀 {x}"'],
  ])('%j as Python has it', (text, python) => expect(pythonText(text)).toBe(python))
})

describe('a search_runs call', () => {
  const call = (view: Partial<TableView>, runIds: readonly string[] | null = null) =>
    written('searchRuns', view, runIds)

  it('asks MLflow what the table is asked', () => {
    const text = call({
      filter: "metrics.`loss` < 1 and tags.team LIKE 'a%'",
      statuses: ['FINISHED', 'RUNNING', 'KILLED'],
      lifecycle: 'all',
      startedWithin: 400,
      dataset: "o'ne",
      hiddenRuns: ['x1'],
      orderBy: [{ column: metric('val loss'), descending: true }],
    })
    expect(text).toContain('experiment_ids=["1", "2"]')
    expect(text).toContain('run_view_type=mlflow.entities.ViewType.ALL')
    expect(text).toContain('order_by=["metrics.`val loss` DESC", "start_time DESC"]')
    const filter = /filter_string="(.*)",$/m.exec(text)?.[1]?.replaceAll('\\"', '"')
    expect(filter).toBe(
      [
        "metrics.loss < 1 AND tags.team LIKE 'a%'",
        "attributes.status != 'SCHEDULED' AND attributes.status != 'FAILED'",
        `attributes.start_time >= 600 AND datasets.name = "o'ne" AND attributes.run_id NOT IN ('x1')`,
      ].join(' AND '),
    )
  })

  it.each([
    ['text', { filter: '-x' }, 'looks for words'],
    ['a filter of ours', { filter: 'metrics.loss = 0.1 or params.p = "-0.5"' }, 'Not every MLflow'],
  ])('names runs by their ids for %s, and says so', (_, view, why) => {
    const text = call(view)
    expect(text).toContain(why)
    expect(text).toContain(`'b'`)
    expect(text).toContain('attributes.run_id IN (')
  })

  it('names chosen runs by their ids, many in parts', () => {
    expect(call({}, ['a'])).toContain(`filter_string="attributes.run_id IN ('a')"`)
    const runs = Object.fromEntries(Array.from({ length: 1200 }, (_, at) => [`r${at}`, {}]))
    const many = atOnce(writeExport(arranged(frameOf(runs)), 'searchRuns', Object.keys(runs), origin)).text
    expect(many).toContain('for at in range(0, len(run_ids), 500)')
  })

  it('says where MLflow’s order is another', () => {
    const duration: Column = { group: 'attribute', key: 'duration' }
    const text = call({ orderBy: [{ column: duration, descending: false }, { column: { group: 'param', key: 'p' }, descending: false }] }) // prettier-ignore
    expect(text).toContain("# MLflow can't order by attribute duration")
    expect(text).toContain('# MLflow orders the parameter p as text')
    expect(text).toContain('order_by=["params.p ASC", "start_time DESC"]')
  })
})

describe('a view’s file', () => {
  const view: TableView = { ...defaultView, filter: 'x', better: { loss: 'lower' } }

  it('is read as it was written', () => {
    const text = writeViewFile({ name: 'mine', experiments: ['pricing'], view })
    expect(readViewFile(text, 'f')).toEqual({ mlflowView: 1, name: 'mine', experiments: ['pricing'], view })
  })

  it.each([
    ['{', /^f is not JSON/],
    ['[1]', /^f is no view/],
    ['{"mlflowView": 2}', /newer MLflow Lens: its version is 2/],
    ['{"mlflowView": 1, "view": {"version": 1, "orderBy": [{}]}}', /^f is not a view that can be shown: view\.orderBy/],
  ])('%s is refused in words', (text, why) => expect(() => readViewFile(text, 'f')).toThrow(why))
})
