/** The menus of a runs table. */
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import {
  type Arrangement,
  type ExportFormat,
  exportFormatSchema,
  type RunAction,
  type TableRow,
} from '../../shared/runsTable/protocol'
import { type Column, columnId, type MetricValue, type ShownColumn, type TableView } from '../../shared/runsTable/view'
import { statusWord } from '../ui/icons'
import type { Menu, MenuItem } from '../ui/menu'
import { columnLabel, groupable, metricValueLabel, metricValues, nameId } from './columns'
import { rangeText } from './dateRange'
import { addColumn, changeColumn, hideColumn, moveColumn, sortBy, unsort } from './viewEdits'

type Change = (change: Partial<TableView>) => void

/** What can be done with a column. `columns` are those of the view, `arranged` those that show. */
export function columnMenu(
  column: Column,
  view: TableView,
  columns: readonly ShownColumn[],
  arranged: Arrangement['columns'],
  change: Change,
): Menu {
  const id = columnId(column)
  const shown = columns.find((one) => columnId(one.column) === id)
  const order = view.orderBy.find((one) => columnId(one.column) === id)
  const isName = id === nameId
  const neighbours = arranged.map((one) => columnId(one.column)).filter((other) => other !== nameId)
  const at = neighbours.indexOf(id)
  const beside = (by: number): MenuItem['off'] =>
    isName || neighbours[at + by] === undefined ? t('at the end') : undefined
  const move = (by: number) => (): void => change(moveColumn(columns, id, neighbours[at + by] ?? id))
  const elsewhere = view.orderBy.length > (order ? 1 : 0)
  return [
    { label: t('Sort ascending'), icon: 'arrowUp', run: () => change(sortBy(view, column, false)) },
    { label: t('Sort descending'), icon: 'arrowDown', run: () => change(sortBy(view, column, true)) },
    ...(elsewhere
      ? [
          {
            label: t('Then sort ascending'),
            detail: t('Shift+click'),
            run: () => change(sortBy(view, column, false, true)),
          },
          { label: t('Then sort descending'), run: () => change(sortBy(view, column, true, true)) },
        ]
      : []),
    ...(order ? [{ label: t('Do not sort by this'), run: () => change(unsort(view, column)) }] : []),
    'line',
    ...(isName
      ? []
      : [
          {
            label: t('Pinned'),
            checked: shown?.pinned === true,
            run: () => change(changeColumn(columns, id, { pinned: shown?.pinned ? undefined : true })),
          },
          { label: t('Move left'), detail: t('Alt+Left'), off: beside(-1), run: move(-1) },
          { label: t('Move right'), detail: t('Alt+Right'), off: beside(1), run: move(1) },
          { label: t('Hide column'), icon: 'eyeClosed' as const, run: () => change(hideColumn(columns, id)) },
        ]),
    { label: t('Width that fits'), run: () => change(changeColumn(columns, id, { width: undefined })) },
    ...(column.group === 'metric' ? metricItems(column, view, columns, shown, change) : []),
    ...(groupable(column) ? groupItems(column, view, change) : []),
  ]
}

function metricItems(
  column: Column,
  view: TableView,
  columns: readonly ShownColumn[],
  shown: ShownColumn | undefined,
  change: Change,
): Menu {
  const id = columnId(column)
  const draw = (what: 'bar' | 'sparkline', label: string): MenuItem => ({
    label,
    checked: shown?.draw === what,
    run: () => change(changeColumn(columns, id, { draw: shown?.draw === what ? undefined : what })),
  })
  const current = Object.hasOwn(view.better, column.key) ? view.better[column.key] : undefined
  const better = (which: 'lower' | 'higher', label: string): MenuItem => ({
    label,
    checked: current === which,
    run: () => {
      const others = Object.entries(view.better).filter(([key]) => key !== column.key)
      change({ better: Object.fromEntries(current === which ? others : [...others, [column.key, which]]) })
    },
  })
  return [
    'line',
    draw('bar', t('Bars')),
    draw('sparkline', t('Sparklines')),
    'line',
    better('lower', t('Lower is better')),
    better('higher', t('Higher is better')),
    {
      label: t('Another value as a column'),
      items: () =>
        metricValues
          .filter((value) => value !== (column.value ?? 'latest'))
          .map((value: MetricValue) => ({
            label: columnLabel({ ...column, value }),
            detail: metricValueLabel(value),
            off: value === 'best' && current === undefined ? t('say first which is better') : undefined,
            run: () => change(addColumn(columns, { ...column, value })),
          })),
    },
  ]
}

function groupItems(column: Column, view: TableView, change: Change): Menu {
  const id = columnId(column)
  const grouped = view.groupBy.some((one) => columnId(one) === id)
  const others = view.groupBy.filter((one) => columnId(one) !== id)
  return [
    'line',
    {
      label: t('Group by this'),
      checked: grouped,
      run: () => change({ groupBy: grouped ? others : [...others, column] }),
    },
  ]
}

/** What the user may do with the table's runs. */
export interface May {
  readonly mayEdit: boolean
  readonly mayDelete: boolean
}

/** Actions on runs, in the order of menus; some need exactly one run, some the runs' state. */
const actions: readonly {
  action: RunAction
  label: () => string
  one?: true
  of?: 'active' | 'deleted'
  line?: true
  /** Which right it needs. */
  needs?: keyof May
}[] = [
  { action: 'open', label: () => t('Open'), one: true },
  { action: 'compare', label: () => t('Compare') },
  { action: 'openInWebUi', label: () => t('Open in the MLflow web UI'), one: true },
  { action: 'rename', label: () => t('Rename…'), one: true, line: true, needs: 'mayEdit' },
  { action: 'editDescription', label: () => t('Edit description…'), one: true, needs: 'mayEdit' },
  { action: 'setTag', label: () => t('Set tag…'), needs: 'mayEdit' },
  { action: 'removeTag', label: () => t('Remove tag…'), needs: 'mayEdit' },
  { action: 'registerModel', label: () => t('Register model…'), one: true, line: true },
  { action: 'copyId', label: () => t('Copy run ID'), line: true },
  { action: 'delete', label: () => t('Delete…'), of: 'active', line: true, needs: 'mayDelete' },
  { action: 'restore', label: () => t('Restore'), of: 'deleted', needs: 'mayDelete' },
]

/** What is not possible is there, and says why. */
export function actionItems(
  count: number,
  state: 'active' | 'deleted' | 'mixed',
  may: May,
  act: (action: RunAction) => void,
): Menu {
  return actions
    .filter(({ of }) => of === undefined || state === 'mixed' || of === state)
    .flatMap(({ action, label, one, line, needs }): Menu => {
      const off =
        needs && !may[needs]
          ? t('not allowed for you')
          : one && count !== 1
            ? t('one run only')
            : action === 'compare' && count < 2
              ? t('two runs or more')
              : undefined
      return [...(line ? ['line' as const] : []), { label: label(), off, run: () => act(action) }]
    })
}

/** What is done to the runs chosen, of which `row` is one, without a command. */
export function starAndPinItems(
  row: TableRow,
  runIds: readonly string[],
  view: TableView,
  change: Change,
  star: (on: boolean) => void,
): Menu {
  const pinned = view.pinnedRuns.includes(row.key)
  const others = view.pinnedRuns.filter((runId) => !runIds.includes(runId))
  return [
    { label: t('Star'), checked: row.starred, run: () => star(!row.starred) },
    {
      label: t('Keep at the top'),
      checked: pinned,
      run: () => change({ pinnedRuns: pinned ? others : [...others, ...runIds] }),
    },
    {
      label: runIds.length > 1 ? t('Hide these runs') : t('Hide run'),
      icon: 'eyeClosed',
      run: () => change({ hiddenRuns: [...new Set([...view.hiddenRuns, ...runIds])] }),
    },
  ]
}

const formats: Record<ExportFormat, () => string> = {
  csv: () => t('CSV'),
  json: () => t('JSON'),
  markdown: () => t('Markdown table'),
  pandas: () => t('pandas snippet'),
  searchRuns: () => t('mlflow.search_runs call'),
}

export function exportMenu(
  what: string,
  go: (format: ExportFormat, to: 'clipboard' | 'file' | 'editor') => void,
): Menu {
  const targets = [
    ['clipboard', t('Copy')],
    ['file', t('Save as a file…')],
    ['editor', t('Open in an editor')],
  ] as const
  return exportFormatSchema.options.map((format) => ({
    label: formats[format](),
    detail: what,
    items: () => targets.map(([to, label]) => ({ label, detail: formats[format](), run: () => go(format, to) })),
  }))
}

const hour = 3_600_000
const spans: readonly (readonly [number | null, () => string])[] = [
  [null, () => t('Any time')],
  [hour, () => t('Last hour')],
  [24 * hour, () => t('Last 24 hours')],
  [7 * 24 * hour, () => t('Last 7 days')],
  [30 * 24 * hour, () => t('Last 30 days')],
  [365 * 24 * hour, () => t('Last 365 days')],
]
const spanLabel = (span: number): string =>
  spans.find(([ms]) => ms === span)?.[1]() ?? t('Last {0} hours', formatCount(Math.round(span / hour)))

export function startedMenu(view: TableView, change: Change, choose: () => void): Menu {
  return [
    ...spans.map(([startedWithin, label]) => ({
      label: label(),
      checked: view.startedWithin === startedWithin && view.startedBetween === null,
      run: () => change({ startedWithin, startedBetween: null }),
    })),
    'line',
    { label: t('Between dates…'), checked: view.startedBetween !== null, run: choose },
  ]
}

/** When the runs started that show, in words, where that is limited. */
export function startedText({ startedWithin, startedBetween }: TableView): string | undefined {
  if (startedBetween) return rangeText(startedBetween)
  return startedWithin === null ? undefined : spanLabel(startedWithin)
}

const lifecycles = [
  ['active', () => t('Active runs')],
  ['deleted', () => t('Deleted runs')],
  ['all', () => t('Active and deleted runs')],
] as const

export function statusMenu(view: TableView, change: Change): Menu {
  return [
    ...(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const).map((status) => ({
      label: statusWord(status),
      stays: true,
      checked: view.statuses.includes(status),
      run: () =>
        change({
          statuses: view.statuses.includes(status)
            ? view.statuses.filter((other) => other !== status)
            : [...view.statuses, status],
        }),
    })),
    'line',
    {
      label: t('Only starred runs'),
      icon: 'star',
      stays: true,
      checked: view.onlyStarred,
      run: () => change({ onlyStarred: !view.onlyStarred }),
    },
    'line',
    ...lifecycles.map(([lifecycle, label]) => ({
      label: label(),
      checked: view.lifecycle === lifecycle,
      run: () => change({ lifecycle }),
    })),
  ]
}

/** What of that is chosen, in words. */
export function statusText({ statuses, lifecycle, onlyStarred }: TableView): string | undefined {
  const words = statuses.map(statusWord)
  if (lifecycle === 'deleted') words.push(t('deleted'))
  if (lifecycle === 'all') words.push(t('deleted too'))
  if (onlyStarred) words.push(t('starred'))
  return words.length > 0 ? words.join(', ') : undefined
}

export function datasetMenu(names: readonly string[], view: TableView, change: Change): Menu {
  const all = view.dataset === null || names.includes(view.dataset) ? names : [view.dataset, ...names]
  return [
    { label: t('Any dataset'), checked: view.dataset === null, run: () => change({ dataset: null }) },
    ...all.map((dataset) => ({ label: dataset, checked: view.dataset === dataset, run: () => change({ dataset }) })),
  ]
}

/** @param sort goes on with a column: descending, ascending, not at all */
export function sortMenu(view: TableView, sort: (column: Column) => void, change: Change, choose: () => void): Menu {
  return [
    ...view.orderBy.map(({ column, descending }) => ({
      label: descending ? t('{0}, descending', columnLabel(column)) : t('{0}, ascending', columnLabel(column)),
      icon: descending ? ('arrowDown' as const) : ('arrowUp' as const),
      stays: true,
      run: () => sort(column),
    })),
    { label: view.orderBy.length > 0 ? t('Then by…') : t('Sort by…'), run: choose },
    'line',
    { label: t('Newest first'), checked: view.orderBy.length === 0, run: () => change({ orderBy: [] }) },
  ]
}

/** The order that the user chose, in words. */
export function orderText({ orderBy }: TableView): string | undefined {
  if (orderBy.length === 0) return undefined
  return orderBy.map(({ column, descending }) => `${columnLabel(column)} ${descending ? '↓' : '↑'}`).join(', ')
}

const aggregates = [
  ['mean', () => t('Mean of a group')],
  ['min', () => t('Least of a group')],
  ['max', () => t('Greatest of a group')],
] as const

export function groupMenu(view: TableView, change: Change, choose: () => void): Menu {
  return [
    ...view.groupBy.map((column) => ({
      label: columnLabel(column),
      checked: true,
      run: () => change({ groupBy: view.groupBy.filter((other) => columnId(other) !== columnId(column)) }),
    })),
    { label: view.groupBy.length > 0 ? t('Then by…') : t('Group by…'), icon: 'group', run: choose },
    ...(view.groupBy.length > 0 ? [{ label: t('No groups'), run: () => change({ groupBy: [] }) }] : []),
    'line',
    ...aggregates.map(([aggregate, label]) => ({
      label: label(),
      checked: view.aggregate === aggregate,
      run: () => change({ aggregate }),
    })),
    'line',
    { label: t('Child runs under their parents'), checked: view.nested, run: () => change({ nested: !view.nested }) },
  ]
}

export function viewsMenu(
  saved: readonly string[],
  does: { load(name: string): void; remove(name: string): void; save(): void; share(): void; reset(): void },
): Menu {
  return [
    ...saved.map((name) => ({ label: name, icon: 'views' as const, run: () => does.load(name) })),
    ...(saved.length > 0 ? ['line' as const] : []),
    { label: t('Save this view…'), run: () => does.save() },
    { label: t('Share this view as a file…'), run: () => does.share() },
    ...(saved.length > 0
      ? [
          {
            label: t('Delete a view'),
            items: () => saved.map((name) => ({ label: name, icon: 'close' as const, run: () => does.remove(name) })),
          },
        ]
      : []),
    { label: t('Reset to the table’s own choice'), run: () => does.reset() },
  ]
}
