/** Rows and cells of what is arranged, as they cross to the webview. */
import { stringAt, statusCodes, artifactUriAt, type RunFrame } from '../runFrame'
import type { Arranged } from './arrange'
import { groupNumber, groupText } from './aggregate'
import { fieldOf, isText, presenceAt, type NumberField } from './fields'
import { groupLabel } from './groups'
import { cellState, type Cells, type TableRow } from './protocol'
import { columnId, type Column } from './view'

/** What a run looks like, that is not in its data. */
export interface Look {
  readonly colorOf: (runId: string) => number
  readonly isStarred: (runId: string) => boolean
}

export const longestCell = 300

/** Rows `from` to `to` (exclusive), as far as there are. */
export function rowsOf(arranged: Arranged, from: number, to: number, look: Look): TableRow[] {
  const { items } = arranged.layout
  return Array.from(items.subarray(from, to), (item, at) => {
    const depth = arranged.layout.depths[from + at] ?? 0
    return item < 0 ? groupRow(arranged, -1 - item, depth) : runRow(arranged, item, depth, look)
  })
}

function groupRow({ groups, groupKeys, expanded, input }: Arranged, at: number, depth: number): TableRow {
  const group = groups[at]
  const key = groupKeys[at] ?? ''
  return {
    key,
    kind: 'group',
    depth,
    children: group?.count ?? 0,
    expanded: expanded.has(key),
    label: group ? groupLabel(group, input.view.groupBy) : '',
    status: null,
    color: null,
    starred: false,
    pinned: false,
    deleted: false,
    context: false,
    problem: null,
  }
}

function runRow({ input, forest, pinned, expanded }: Arranged, row: number, depth: number, look: Look): TableRow {
  const { infos } = input.frame.data
  const key = infos.runIds[row] ?? ''
  const children = forest.children(row).length
  const context = forest.context[row] === 1
  return {
    key,
    kind: 'run',
    depth,
    children,
    expanded: children > 0 && (context || expanded.has(key)),
    label: stringAt(infos.runNames, row) ?? '',
    status: statusCodes[infos.statuses[row] ?? 0] ?? null,
    color: look.colorOf(key),
    starred: look.isStarred(key),
    pinned: pinned[row] === 1,
    deleted: infos.deleted[row] === 1,
    context,
    problem: infos.problems.get(row) ?? null,
  }
}

/** A column of those rows. */
export function cellsOf(arranged: Arranged, column: Column, from: number, to: number): Cells {
  const { input, layout, groups } = arranged
  const { frame, beyond, view } = input
  const field = fieldOf(frame, column, beyond)
  const items = layout.items.subarray(from, to)
  if (isText(field)) {
    const different: number[] = []
    const values = Array.from(items, (item) => {
      const group = item < 0 ? groups[-1 - item] : undefined
      const shared = group && groupText(field, group.rows)
      different.push(shared?.different ?? 0)
      return cut(item < 0 ? shared?.text : stringAt(field, item))
    })
    return { kind: 'text', values, different }
  }
  const values = new Float64Array(items.length).fill(NaN)
  const states = new Uint8Array(items.length)
  const aggregates: Extract<Cells, { kind: 'number' }>['groups'] = []
  items.forEach((item, at) => {
    if (item >= 0) {
      const row = placing(arranged, column, item)
      const state = presenceAt(field, row)
      values[at] = numberAt(field, row)
      states[at] = row !== item && state === cellState.value ? cellState.below : state
      if (state === cellState.missing && isDuration(column) && goesOn(frame, row)) {
        values[at] = frame.data.infos.startTimes[row] ?? NaN
        states[at] = cellState.since
      }
      aggregates.push(null)
      return
    }
    const { value, summary } = groupNumber(field, column, view.aggregate, groups[-1 - item]?.rows ?? new Uint32Array())
    const { finite, nan, infinite, missing, min = NaN, max = NaN } = summary
    values[at] = value
    states[at] = finite + nan + infinite > 0 ? cellState.value : cellState.missing
    aggregates.push({ finite, nan, infinite, missing, ...(finite > 0 ? { min, max } : { min: 0, max: 0 }) })
  })
  return { kind: 'number', values, states, groups: aggregates }
}

const isDuration = ({ group, key }: Column): boolean => group === 'attribute' && key === 'duration'

const goesOn = ({ data: { infos } }: RunFrame, row: number): boolean =>
  statusCodes[infos.statuses[row] ?? -1] === 'RUNNING' && !Number.isNaN(infos.startTimes[row] ?? NaN)

/** The row whose value a run is sorted by: of a closed one perhaps that of a run below it. */
function placing({ input, forest, expanded }: Arranged, column: Column, row: number): number {
  const [first] = input.view.orderBy
  if (!first || columnId(first.column) !== columnId(column)) return row
  return forest.context[row] === 1 || expanded.has(input.frame.runId(row)) ? row : forest.first(row)
}

const numberAt = ({ values }: NumberField, row: number): number => values[row] ?? NaN

/** Never in the middle of a character that takes two units. */
export function cut(text: string | undefined): string | null {
  if (text === undefined) return null
  if (text.length <= longestCell) return text
  const last = text.charCodeAt(longestCell - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? longestCell - 1 : longestCell)
}

/** Ids of the runs in rows `from` to `to`, of several without those that are there only since their children match; a group's row stands for its members. */
export function idsOf({ input, layout, groups, forest }: Arranged, from: number, to: number): string[] {
  const { frame } = input
  const ids = new Set<string>()
  const items = layout.items.subarray(from, to)
  for (const item of items) {
    if (item >= 0 && items.length > 1 && forest.context[item] === 1) continue
    if (item >= 0) ids.add(frame.runId(item))
    else for (const row of groups[-1 - item]?.rows ?? []) ids.add(frame.runId(row))
  }
  return [...ids]
}

/** Row of a run or a group, or -1. */
export function rowOfKey({ input, layout, groupKeys }: Arranged, key: string): number {
  const group = groupKeys.indexOf(key)
  const item = group >= 0 ? -1 - group : input.frame.rowOf(key)
  return group < 0 && item < 0 ? -1 : layout.items.indexOf(item)
}

/** The whole value of a cell, as one would copy it; null where there is none. */
export function wholeCell({ input }: Pick<Arranged, 'input'>, runId: string, column: Column): string | null {
  const { frame, beyond } = input
  const row = frame.rowOf(runId)
  if (row < 0) return null
  if (column.group === 'attribute' && column.key === 'artifact_uri') return artifactUriAt(frame.data.infos, row)
  const field = fieldOf(frame, column, beyond)
  if (isText(field)) return stringAt(field, row) ?? null
  return presenceAt(field, row) === 1 ? String(numberAt(field, row)) : null
}
