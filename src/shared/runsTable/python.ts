/** The runs of a table in Python: a pandas frame, and the `mlflow.search_runs` call that finds them. */
import { extensionsIn, parseFilter, splitForServer, writeOrder, type Name } from '../filter'
import { quote } from '../filter/quote'
import { writeName } from '../filter/write'
import { formatExact } from '../format'
import { statusCodes } from '../runFrame'
import type { Steps } from '../steps'
import type { Arranged } from './arrange'
import { sheetColumns, type Sheet, type Value } from './exportTable'
import { tagOfAttribute, type CellKind } from './fields'
import { understand } from './select'
import type { Column, TableOrder } from './view'

/** A text as Python's source has it. */
export function pythonText(text: string): string {
  const escaped = text.replace(/[\\"\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0)
    if (character === '\\' || character === '"') return `\\${character}`
    if (character === '\n') return '\\n'
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}

function pythonValue(value: Value, kind: CellKind): string {
  if (value === undefined) return 'None'
  if (typeof value === 'string') return pythonText(value)
  const written = formatExact(kind === 'duration' ? value / 1000 : value)
  return Number.isFinite(value) && !written.includes('inf') ? written : `float("${written}")`
}

/** Values of one column that are written without a pause. */
const atOnce = 2000

/** Builds the frame, column by column; times become pandas' own. */
export function* toPandas(sheet: Sheet): Steps<string> {
  const parts = ['import pandas as pd\n\nruns = pd.DataFrame(\n    {\n']
  const times: string[] = []
  for (const { header, kind, valueAt } of sheetColumns(sheet)) {
    const name = kind === 'duration' ? `${header}_s` : header
    if (kind === 'time') times.push(name)
    const values: string[] = []
    for (const row of sheet.rows) {
      if (values.length % atOnce === 0) yield
      values.push(pythonValue(valueAt(row), kind))
    }
    parts.push(`        ${pythonText(name)}: [${values.join(', ')}],\n`)
  }
  parts.push('    }\n)\n')
  for (const name of times)
    parts.push(`runs[${pythonText(name)}] = pd.to_datetime(runs[${pythonText(name)}], unit="ms", utc=True)\n`)
  return parts.join('')
}

export interface Origin {
  readonly trackingUri: string
  readonly experimentIds: readonly string[]
}

/** Ids that one call asks for: a database bounds how many it takes. */
const idsAtOnce = 500
/** What `mlflow.search_runs` returns at most where it isn't told. */
const usualResults = 100_000

const runViews = { active: 'ACTIVE_ONLY', deleted: 'DELETED_ONLY', all: 'ALL' } as const

/**
 * The call that finds the same runs in the same order; where MLflow can't be asked that, by their ids.
 *
 * @param runIds these only; `null`: all that the table finds
 */
export function toSearchRuns(arranged: Arranged, runIds: readonly string[] | null, origin: Origin): string {
  const { frame, view, now } = arranged.input
  const { notes, orderBy } = orderOf(view.orderBy)
  const asked = runIds ? undefined : conditionsOf(arranged, now)
  if (asked === undefined) {
    const ids = runIds ?? Array.from(arranged.ordered, (row) => frame.runId(row))
    const isInOrder = notes.length === 0
    return callByIds(ids, { orderBy, isInOrder }, runIds ? [] : [whyIds(arranged)], view.lifecycle, origin)
  }
  const count = arranged.selection.found.length
  const filter = asked.join(' AND ')
  return [
    ...head(origin, notes),
    'runs = mlflow.search_runs(',
    ...parameters(origin, filter === '' ? undefined : pythonText(filter), orderBy, view.lifecycle),
    ...(count > usualResults ? [`    max_results=${count},`] : []),
    ')',
    '',
  ].join('\n')
}

const head = ({ trackingUri }: Origin, notes: readonly string[]): string[] => [
  'import mlflow',
  '',
  `mlflow.set_tracking_uri(${pythonText(trackingUri)})`,
  '',
  ...notes.map((note) => `# ${note.replace(/\s+/g, ' ')}`),
]

function parameters(
  { experimentIds }: Origin,
  filter: string | undefined,
  orderBy: readonly string[],
  lifecycle: keyof typeof runViews,
): string[] {
  return [
    `    experiment_ids=[${experimentIds.map(pythonText).join(', ')}],`,
    ...(filter === undefined ? [] : [`    filter_string=${filter},`]),
    `    run_view_type=mlflow.entities.ViewType.${runViews[lifecycle]},`,
    `    order_by=[${orderBy.map(pythonText).join(', ')}],`,
  ]
}

/** @param isInOrder MLflow gives them in the order of `ids` if it is asked for `orderBy` */
function callByIds(
  ids: readonly string[],
  { orderBy, isInOrder }: { readonly orderBy: readonly string[]; readonly isInOrder: boolean },
  notes: readonly string[],
  lifecycle: keyof typeof runViews,
  origin: Origin,
): string {
  const listed = (some: readonly string[]): string => some.map((id) => `'${id}'`).join(', ')
  if (ids.length === 0 || (ids.length <= idsAtOnce && isInOrder)) {
    // No run has an empty id: nothing is found, as here.
    const filter = pythonText(`attributes.run_id IN (${listed(ids.length > 0 ? ids : [''])})`)
    const inside = parameters(origin, filter, orderBy, lifecycle)
    return [...head(origin, notes), 'runs = mlflow.search_runs(', ...inside, ')', ''].join('\n')
  }
  const inside = parameters(origin, 'f"attributes.run_id IN ({some})"', orderBy, lifecycle)
  return [
    ...head(origin, notes).toSpliced(1, 0, 'import pandas as pd'),
    `# A database takes ${idsAtOnce} ids or so at once: parts of so many runs, one after the other.`,
    `run_ids = [`,
    ...ids.map((id) => `    "${id}",`),
    ']',
    `parts = [run_ids[at : at + ${idsAtOnce}] for at in range(0, len(run_ids), ${idsAtOnce})]`,
    'runs = pd.concat(',
    '    mlflow.search_runs(',
    ...inside.map((line) => `    ${line}`),
    '    )',
    '    for part in parts',
    `    for some in [", ".join(f"'{run_id}'" for run_id in part)]`,
    ')',
    '# In the order of the table.',
    'runs = runs.set_index("run_id").loc[run_ids].reset_index()',
    '',
  ].join('\n')
}

function whyIds({ filterIsText }: Arranged): string {
  return filterIsText
    ? 'The filter looks for words anywhere, which MLflow has no expression for: the runs are named by their ids.'
    : 'Not every MLflow takes this selection as a filter: the runs are named by their ids.'
}

/** MLflow's conditions that find just the table's runs; undefined where it has none. */
function conditionsOf({ input, filter }: Arranged, now: number): string[] | undefined {
  const { view } = input
  const { isText, expression } = understand(filter)
  if (isText || extensionsIn(expression).length > 0) return undefined
  // As MLflow 2 takes it, too: nobody knows which one will be asked.
  const { server, rest } = splitForServer(parseFilter(filter, 'runs'), 'runs', 'early')
  if (rest) return undefined
  const conditions = server === undefined ? [] : [server]
  // MLflow has no OR and no IN for these: all the others are ruled out.
  if (view.statuses.length > 0)
    for (const status of statusCodes)
      if (!view.statuses.includes(status)) conditions.push(`attributes.status != '${status}'`)
  if (view.startedWithin !== null) conditions.push(`attributes.start_time >= ${Math.ceil(now - view.startedWithin)}`)
  const { from = null, to = null } = view.startedBetween ?? {}
  if (from !== null) conditions.push(`attributes.start_time >= ${from}`)
  if (to !== null) conditions.push(`attributes.start_time < ${to}`)
  if (view.dataset !== null) {
    const name = quote(view.dataset)
    if (name === undefined) return undefined
    conditions.push(`datasets.name = ${name}`)
  }
  if (view.hiddenRuns.length > idsAtOnce || view.onlyStarred) return undefined
  if (view.hiddenRuns.length > 0)
    conditions.push(`attributes.run_id NOT IN (${view.hiddenRuns.map((id) => `'${id}'`).join(', ')})`)
  return conditions
}

/** The order as far as MLflow has it, and what it has not in words. */
function orderOf(orders: readonly TableOrder[]): { readonly orderBy: string[]; readonly notes: string[] } {
  const notes: string[] = []
  const orderBy: string[] = []
  for (const { column, descending } of orders) {
    const { group, key } = column
    const name = orderName(column)
    if (name) orderBy.push(writeOrder({ name, ascending: !descending, ours: false }))
    else notes.push(`MLflow can't order by ${group} ${key} as the table does.`)
    if (name && (group === 'param' || group === 'tag'))
      notes.push(`MLflow orders the ${group === 'param' ? 'parameter' : 'tag'} ${key} as text, not by number.`)
  }
  const isByStart = orders.some(({ column }) => column.group === 'attribute' && column.key === 'start_time')
  if (!isByStart) orderBy.push('start_time DESC')
  return { orderBy: [...new Set(orderBy)], notes }
}

const orderableAttributes: Readonly<Record<string, string>> = {
  name: 'run_name',
  status: 'status',
  start_time: 'start_time',
  end_time: 'end_time',
  user_id: 'user_id',
  run_id: 'run_id',
}

/** Splitting an order, MLflow takes these for its own wherever they stand. */
const unorderable = /["`\\]/

function orderName({ group, key, value = 'latest' }: Column): Name | undefined {
  if (unorderable.test(key)) return undefined
  const where = { start: 0, end: 0 }
  switch (group) {
    case 'metric':
      return value === 'latest' ? { entity: 'metric', key, ...where } : undefined
    case 'param':
    case 'tag':
      return { entity: group, key, ...where }
    case 'attribute': {
      const tag = tagOfAttribute(key)
      if (tag !== undefined) return { entity: 'tag', key: tag, ...where }
      const known = Object.hasOwn(orderableAttributes, key) ? orderableAttributes[key] : undefined
      return known === undefined ? undefined : { entity: 'attribute', key: known, ...where }
    }
    case 'dataset':
    case 'model':
      return undefined
  }
}

/** How a column is written in a filter. */
export const filterName = (name: Pick<Name, 'entity' | 'key'>): string => writeName(name)
