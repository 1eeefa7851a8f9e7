/** The columns of a runs table in words, and as its grid takes them. */
import { t } from '../../shared/l10n'
import type { Arrangement } from '../../shared/runsTable/protocol'
import { type Column, type ColumnGroup, columnId, type MetricValue, type TableView } from '../../shared/runsTable/view'
import type { GridColumn, GridData } from '../grid/types'

/** The column that names the run: always there, and always the first. */
export const nameColumn: Column = { group: 'attribute', key: 'name' }
export const nameId = columnId(nameColumn)

const groups: Record<ColumnGroup, () => string> = {
  attribute: () => t('Attributes'),
  metric: () => t('Metrics'),
  param: () => t('Parameters'),
  tag: () => t('Tags'),
  dataset: () => t('Datasets'),
  model: () => t('Models'),
}
export const columnGroups = Object.keys(groups) as ColumnGroup[]
export const groupLabel = (group: ColumnGroup): string => groups[group]()

const labels: Readonly<Record<string, () => string>> = {
  'attribute:name': () => t('Run'),
  'attribute:status': () => t('Status'),
  'attribute:start_time': () => t('Started'),
  'attribute:end_time': () => t('Ended'),
  'attribute:duration': () => t('Duration'),
  'attribute:user_id': () => t('User'),
  'attribute:run_id': () => t('Run ID'),
  'attribute:experiment': () => t('Experiment'),
  'attribute:source': () => t('Source'),
  'attribute:version': () => t('Version'),
  'attribute:note': () => t('Note'),
  'dataset:name': () => t('Dataset'),
  'dataset:digest': () => t('Digest'),
  'model:registered': () => t('Registered models'),
  'model:logged': () => t('Logged models'),
}

const values: Record<MetricValue, () => string> = {
  latest: () => t('latest'),
  first: () => t('first'),
  min: () => t('least'),
  max: () => t('greatest'),
  best: () => t('best'),
}
export const metricValues = Object.keys(values) as MetricValue[]
export const metricValueLabel = (value: MetricValue): string => values[value]()

const groupedAttributes: readonly string[] = ['status', 'user_id', 'experiment', 'source', 'version']

/** Whether runs can be grouped by a column: its values are words that several runs may share. */
export function groupable({ group, key }: Column): boolean {
  if (group === 'attribute') return groupedAttributes.includes(key)
  return group === 'param' || group === 'tag' || (group === 'dataset' && key === 'name')
}

export function columnLabel(column: Column): string {
  const known = labels[`${column.group}:${column.key}`]
  if (known) return known()
  const { value } = column
  return value === undefined || value === 'latest' ? column.key : `${column.key} (${metricValueLabel(value)})`
}

type ArrangedColumn = Arrangement['columns'][number]

/** Widths of a character and of what stands around it, px. */
const characterWidth = 7.4
const around = 20
const leadAround = 104

/** Least and greatest width that a column gets unasked, and characters of what it shows, by kind. */
const sizes: Record<ArrangedColumn['kind'], { least: number; most: number; characters: (longest: number) => number }> =
  {
    // A number that is cut is another number: `−1.23457e−10` has room.
    number: { least: 88, most: 180, characters: (longest) => Math.min(Math.max(longest, 9), 13) + 1 },
    time: { least: 96, most: 180, characters: () => 10 },
    duration: { least: 104, most: 180, characters: () => 12 },
    status: { least: 104, most: 180, characters: () => 10 },
    text: { least: 64, most: 240, characters: (longest) => longest + 1 },
  }

function widthOf({ column, kind, width, longest, draw }: ArrangedColumn, label: string): number {
  if (width !== undefined) return width
  const size = sizes[kind]
  const characters = Math.max(size.characters(longest), Math.min(label.length + 3, 24))
  if (columnId(column) === nameId) return clamp(characters * characterWidth + leadAround, 220, 340)
  const drawn = draw === 'sparkline' ? 62 : 0
  return clamp(characters * characterWidth + around, size.least, size.most) + drawn
}

const clamp = (width: number, least: number, most: number): number => Math.round(Math.min(most, Math.max(least, width)))

/** An arrangement of the runs `of` something as the grid shows it: the column that names the run first, whether it is listed or not. */
export function gridDataOf(arrangement: Arrangement, view: TableView, of: string): GridData {
  const lead = arrangement.columns.find(({ column }) => columnId(column) === nameId) ?? {
    column: nameColumn,
    kind: 'text',
    extent: null,
    longest: 20,
  }
  const others = arrangement.columns.filter(({ column }) => columnId(column) !== nameId)
  return {
    revision: arrangement.revision,
    rows: arrangement.rows,
    pinnedRows: arrangement.pinnedRows,
    columns: [
      { ...gridColumnOf(lead, view), group: of, pinned: true },
      ...others.map((column) => gridColumnOf(column, view)),
    ],
    order: view.orderBy.map(({ column, descending }) => ({ id: columnId(column), descending })),
  }
}

function gridColumnOf(shown: ArrangedColumn, view: TableView): GridColumn {
  const { column, kind, extent, pinned, draw } = shown
  const label = columnLabel(column)
  return {
    id: columnId(column),
    label,
    group: groupLabel(column.group),
    kind,
    width: widthOf(shown, label),
    pinned: pinned === true,
    draw,
    extent,
    better: column.group === 'metric' && Object.hasOwn(view.better, column.key) ? view.better[column.key] : undefined,
    mono: column.group === 'attribute' && (column.key === 'run_id' || column.key === 'version'),
  }
}
