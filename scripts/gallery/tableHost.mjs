// Stands in for the extension on the page of a runs table.
/* global window */
import { tableHostHalf, tableWebviewHalf } from '../../src/shared/runsTable/protocol'
import { defaultView } from '../../src/shared/runsTable/view'
import { defaultColor } from '../../src/shared/runColor'
import { applyTheme, number, options, sayAll, serveHost } from './page.mjs'
import { arrange, cellsOf, idOf, idOfColumn, makeTable, numberOf } from './table.mjs'

const state = options.get('state')
const now = Date.now()
const table = makeTable({
  runs: number('runs', 20),
  metrics: number('metrics', 0),
  hostile: state === 'hostile',
  nested: options.has('nested'),
  now,
})
const starred = new Set([idOf(2)])
table.isStarred = (n) => starred.has(idOf(n))
let waits = number('wait', 0)
/** Rejects what is waited for. */
const stops = new Set()

let revision = 0
let current
let problem = state === 'error' ? 'Can’t reach the tracking server http://127.0.0.1:5000 (ECONNREFUSED).' : null

const wait = (signal) =>
  new Promise((resolve, reject) => {
    const stop = () => reject(Object.assign(new Error('Cancelled.'), { reason: 'cancelled' }))
    signal?.addEventListener('abort', stop)
    stops.add(stop)
    if (state !== 'loading') setTimeout(resolve, waits)
  })

const loading = () => ({
  state: problem ? 'failed' : state === 'partial' ? 'loading' : state === 'stopped' ? 'stopped' : 'complete',
  what: 'Reading runs of demand-forecast from mlflow.db',
  loaded: problem ? 0 : table.runs,
  since: now,
  updatedAt: problem ? null : now,
  problem,
})

/** Attributes, and metrics and parameters as far as a table would show them unasked. */
function chosenColumns(view) {
  if (view.columns) return view.columns.toSorted((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false))
  return table.columns.slice(0, number('columns', 50)).map(({ column }) => ({
    column,
    ...(idOfColumn(column) === 'attribute:name' ? { pinned: true } : {}),
  }))
}

const same = new Set(['param:dropout', 'param:features'])
const kinds = new Map(table.columns.map(({ column, kind }) => [idOfColumn(column), kind]))
const kindOf = (column) => kinds.get(idOfColumn({ ...column, value: undefined })) ?? 'text'

function arrangedColumn(shown) {
  const { column } = shown
  const kind = kindOf(column)
  const sample = Array.from({ length: Math.min(200, table.runs) }, (_, n) => n)
  const finite = kind === 'number' ? sample.map(table.numberAt(column)).filter(Number.isFinite) : []
  return {
    ...shown,
    kind,
    extent: finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : null,
    longest:
      kind === 'number' ? 9 : Math.max(...sample.slice(0, 50).map((n) => (table.textAt(column)(n) ?? '').length), 4),
  }
}

/** What a filter that can't be understood would be told. */
function problemOf(filter) {
  const at = filter.indexOf('==')
  if (filter.startsWith('"') || at < 0) return null
  const meant = [filter.replace('==', '=')]
  return { message: 'Use = to compare: MLflow has no “==”.', from: at, to: at + 2, meant }
}

const requests = {
  hello: () =>
    Promise.resolve({
      bundle: {},
      connection: { id: 'demo', name: 'mlflow.db', uri: 'sqlite:///demo/mlflow.db' },
      experiments: [{ id: '1', name: 'demand-forecast' }],
      subject: { connection: 'demo', experimentIds: ['1'] },
      view: { ...defaultView, ...JSON.parse(options.get('view') ?? '{}') },
      savedViews: ['Best of the week', 'Failures'],
      history: ['metrics.loss < 0.2', 'eager'],
      savedFilters: ["metrics.accuracy > 0.9 and params.model = 'mlp'"],
    }),
  async arrange({ view }, signal) {
    await wait(signal)
    const filterProblem = problemOf(view.filter)
    const hidden = new Set(view.hiddenRuns.map(numberOf))
    const { found, rows } = problem
      ? { found: [], rows: { rows: [], pinned: 0 } }
      : arrange(table, filterProblem ? { ...view, filter: '' } : view, hidden)
    current = { revision: ++revision, rows: rows.rows, aggregate: view.aggregate, view }
    const columns = chosenColumns(view).filter(({ column }) => !view.onlyChanged || !same.has(idOfColumn(column)))
    return {
      revision,
      loading: loading(),
      runs: problem ? 0 : table.runs,
      matching: found.length,
      hidden: hidden.size,
      closed: view.nested && view.groupBy.length === 0 ? found.length - rows.rows.length : 0,
      rows: rows.rows.length,
      pinnedRows: rows.pinned,
      columns: columns.map(arrangedColumn),
      filterProblem,
      mayEdit: true,
      mayDelete: true,
      filterIsOurs: view.filter.includes(' OR '),
      filterIsText: view.filter.startsWith('"') || !/[<>=]/.test(view.filter),
    }
  },
  async rows({ revision: asked, from, to, columns }, signal) {
    await wait(signal)
    if (asked !== current.revision) return { rows: null, columns: [] }
    const rows = current.rows.slice(from, to)
    return {
      rows: rows.map(rowOf),
      columns: columns.map((column) => cellsOf(table, column, kindOf(column), rows, current.aggregate)),
    }
  },
  ids: ({ from, to }) =>
    Promise.resolve(
      [...new Set(current.rows.slice(from, to).flatMap(({ n, children }) => (n === undefined ? children : [n])))].map(
        idOf,
      ),
    ),
  find: ({ key }) => Promise.resolve(current.rows.findIndex((row) => (row.group ?? idOf(row.n)) === key)),
  cell: ({ runId, column }) => Promise.resolve(table.textAt(column)(numberOf(runId)) ?? null),
  about({ runId }) {
    const n = numberOf(runId)
    const of = (group, text) =>
      table.columns
        .flatMap(({ column }) => (column.group === group ? [`${column.key}: ${text(column)}`] : []))
        .slice(0, 5)
    return Promise.resolve([
      ...of('metric', (column) => table.numberAt(column)(n)),
      ...of('param', (column) => table.textAt(column)(n)),
    ])
  },
  catalog({ search, group }) {
    const wanted = search.toLowerCase()
    const all = table.columns.filter(
      ({ column }) => (!group || column.group === group) && column.key.toLowerCase().includes(wanted),
    )
    const columns = all
      .slice(0, 1000)
      .map(({ column }) => ({ column, runs: table.runs, changes: !same.has(idOfColumn(column)) }))
    return Promise.resolve({ columns, total: all.length })
  },
  complete({ text, offset }) {
    const start = /[\w.']*$/.exec(text.slice(0, offset))?.index ?? offset
    const typed = text.slice(start, offset).toLowerCase()
    const words = text.startsWith('dataset.name')
      ? ["'sales-2026-q3'", "'sales-2026-q2'"]
      : table.columns.map(({ column: { group, key } }) => `${group}s.${key}`)
    return Promise.resolve(
      words
        .filter((word) => word.toLowerCase().includes(typed))
        .slice(0, 20)
        .map((word) => ({ from: start, to: offset, text: word, label: word, detail: 'name' })),
    )
  },
  sparklines: ({ runIds, width }) =>
    Promise.resolve(
      runIds.map((id) => {
        const n = numberOf(id)
        return Float64Array.from({ length: width }, (_, x) =>
          x > 20 && x < 25 && n % 3 === 0 ? NaN : Math.exp((-x / width) * (2 + (n % 5))) + Math.sin(x * (n + 1)) * 0.03,
        )
      }),
    ),
  loadView: () => Promise.resolve({ ...defaultView, statuses: ['FAILED'] }),
}

function rowOf(row) {
  if (row.group)
    return {
      key: row.group,
      kind: 'group',
      depth: row.depth,
      children: row.children.length,
      expanded: row.open === true,
      label: row.label,
      ...{ status: null, color: null, starred: false, pinned: false, deleted: false, context: false, problem: null },
    }
  const key = idOf(row.n)
  return {
    key,
    kind: 'run',
    depth: row.depth,
    children: row.children.length,
    expanded: row.open === true,
    label: table.nameOf(row.n),
    status: table.statusOf(row.n),
    color: defaultColor(key),
    starred: starred.has(key),
    pinned: current.view.pinnedRuns.includes(key),
    deleted: current.view.lifecycle === 'deleted',
    context: false,
    problem: row.n === 3 ? 'The file meta.yaml is torn.' : null,
  }
}

/** What the page asked for, for tests. */
const commands = []
const channel = serveHost({
  mine: tableHostHalf,
  theirs: tableWebviewHalf,
  handlers: {
    commands: {
      ...Object.fromEntries(
        Object.entries(sayAll(tableHostHalf)).map(([name, say]) => [
          name,
          (body) => {
            commands.push([name, body])
            say(body)
          },
        ]),
      ),
      star({ runIds, on }) {
        for (const id of runIds)
          if (on) starred.add(id)
          else starred.delete(id)
        channel.notify('changed', null)
      },
      refresh: () => channel.notify('changed', null),
      stop() {
        for (const stop of stops) stop()
        stops.clear()
      },
    },
    requests,
    notifications: {},
  },
})

window.gallery = {
  applyTheme,
  commands,
  /** Newer runs arrive at the top of the table. */
  grow: (count) => {
    table.runs += count
    channel.notify('changed', null)
  },
  /** Makes answers wait, ms. */
  wait: (milliseconds) => {
    waits = milliseconds
  },
  fail: (message) => {
    problem = message
    channel.notify('loading', { ...loading(), loaded: table.runs })
  },
}
