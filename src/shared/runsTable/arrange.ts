/** From the runs that there are and a view to the rows that show. */
import { parentRunTag } from '../model'
import type { RunFrame } from '../runFrame'
import type { RunGroup } from '../runGroups'
import type { Steps } from '../steps'
import { changesIn, defaultColumns, measure, type ArrangedColumn } from './columns'
import { fieldOf, type Beyond } from './fields'
import { flat, nest, parentsOf, type Forest } from './forest'
import { groupKey, groupTable } from './groups'
import { layOutForest, layOutGroups, type Layout } from './layout'
import { sortGroups, sortTable } from './order'
import { selectRuns, understandOrKeep, type FilterProblem, type Selection } from './select'
import { columnId, type ShownColumn, type TableView } from './view'

export interface TableInput {
  readonly frame: RunFrame
  /** Rows of the frame whose runs are there; it may hold others that left. */
  readonly base: Uint32Array
  readonly view: TableView
  readonly beyond: Beyond
  /** Ids of runs that the user starred. */
  readonly stars: ReadonlySet<string>
  /** Runs of several experiments. */
  readonly several: boolean
  /** ms since the epoch */
  readonly now: number
}

/** Rows as they show, with all that is needed to fill a window of them. */
export interface Arranged {
  readonly input: TableInput
  /** The filter that these rows are of: that of the view unless there is a problem with it. */
  readonly filter: string
  readonly filterProblem: FilterProblem | null
  readonly filterIsOurs: boolean
  readonly filterIsText: boolean
  readonly selection: Selection
  /** The runs found, in the table's order. */
  readonly ordered: Uint32Array
  readonly forest: Forest
  readonly groups: readonly RunGroup[]
  readonly groupKeys: readonly string[]
  readonly pinned: Uint8Array
  readonly expanded: ReadonlySet<string>
  readonly layout: Layout
  /** Runs found that don't show because their parents are closed. */
  readonly closed: number
  readonly columns: readonly ArrangedColumn[]
  readonly stages: Stages
}

/** What was computed, with what it was computed from. */
interface Stage<T> {
  readonly of: readonly unknown[]
  readonly value: T
}

interface Stages {
  readonly selection: Stage<Selection>
  readonly ordered: Stage<Uint32Array>
  readonly forest: Stage<Forest>
  readonly groups: Stage<readonly RunGroup[]>
  readonly defaults: Stage<readonly ShownColumn[]> | undefined
  readonly columns: ReadonlyMap<string, Stage<ArrangedColumn>>
}

/** Groups that are named without a pause. */
const keysAtOnce = 10_000

/** A time range moves on; rows found for it are good for so many ms. */
const timeGrain = 10_000

/**
 * Filters, sorts, groups and nests, in steps that take some ten milliseconds each for 100,000 runs.
 *
 * @param former what was arranged before: what would come out the same is taken from it, and its filter where that of the view is wrong
 */
export function* arrange(input: TableInput, former?: Arranged): Steps<Arranged> {
  const { frame, view, beyond, now } = input
  const { filter, understood, problem } = understandOrKeep(view.filter, former?.filter ?? '', frame)
  const selection = yield* reused(
    former?.stages.selection,
    [
      ...[
        frame,
        input.base,
        filter,
        view.lifecycle,
        view.dataset,
        listed(view.startedBetween),
        listed(view.statuses),
        listed(view.hiddenRuns),
      ],
      view.onlyStarred ? input.stars : null,
      ...[view.startedWithin, view.startedWithin === null ? 0 : Math.floor(now / timeGrain)],
    ],
    () => selectRuns(frame, input.base, view, view.onlyStarred ? input.stars : null, understood, now),
  )
  const { found, usable } = selection.value
  const pinnedRows = pinnedIn(frame, view, usable)
  const pinned = new Uint8Array(frame.length)
  for (const row of pinnedRows) pinned[row] = 1

  const orderKey = [listed(view.orderBy), beyond.version, listed(view.better)]
  const ordered = yield* reused(former?.stages.ordered, [found, ...orderKey], () =>
    sortTable(frame, view.orderBy, found, beyond),
  )
  const isGrouped = view.groupBy.length > 0
  const isNested = view.nested && !isGrouped && frame.tag(parentRunTag) !== undefined
  const forest = yield* reused(
    former?.stages.forest,
    [ordered.value, usable, isNested, isGrouped, listed(view.pinnedRuns)],
    function* () {
      if (isGrouped)
        return flat(yield* sortTable(frame, view.orderBy, Uint32Array.from(pinnedRows), beyond), frame.length)
      // Mostly these are the runs found and no others, whose order is known.
      const sorted = function* (rows: Uint32Array): Steps<Uint32Array> {
        return rows.length === found.length ? ordered.value : yield* sortTable(frame, view.orderBy, rows, beyond)
      }
      if (isNested) return yield* nest(found, pinnedRows, yield* parentsOf(frame, input.base, usable), sorted)
      const there = new Uint8Array(frame.length)
      for (const row of found) there[row] = 1
      return flat(
        yield* sorted(Uint32Array.from([...found, ...pinnedRows.filter((row) => there[row] !== 1)])),
        frame.length,
      )
    },
  )
  const groups = yield* reused(
    former?.stages.groups,
    [ordered.value, listed(view.groupBy), view.aggregate, beyond.version],
    function* () {
      if (!isGrouped) return []
      const made = yield* groupTable(frame, view.groupBy, ordered.value, beyond)
      yield
      return yield* sortGroups(frame, made, view, beyond)
    },
  )
  yield
  const expanded = new Set(view.expanded)
  const groupKeys: string[] = []
  for (const group of groups.value) if (groupKeys.push(groupKey(group)) % keysAtOnce === 0) yield
  const layout = isGrouped
    ? layOutGroups(groups.value, forest.value.top, (group) => expanded.has(groupKeys[group] ?? ''))
    : layOutForest(forest.value, pinned, openRows(frame, expanded, forest.value))
  yield
  const { columns, defaults } = yield* arrangeColumns(input, found, former)
  return {
    input,
    filter,
    filterProblem: problem,
    filterIsOurs: understood.isOurs,
    filterIsText: understood.isText,
    selection: selection.value,
    ordered: ordered.value,
    forest: forest.value,
    groups: groups.value,
    groupKeys,
    pinned,
    expanded,
    layout,
    closed: isNested ? found.length - laidOut(layout, found, frame.length) : 0,
    columns: columns.map(({ value }) => value),
    stages: {
      selection,
      ordered,
      forest,
      groups,
      defaults,
      columns: new Map(columns.map((column) => [columnId(column.value.column), column])),
    },
  }
}

/** What is open: what was opened, and what is there only for what is below it. */
export function openRows(
  frame: RunFrame,
  expanded: ReadonlySet<string>,
  { context }: Forest,
): (row: number) => boolean {
  const open = new Set(Array.from(expanded, (key) => frame.rowOf(key)))
  return (row) => open.has(row) || context[row] === 1
}

/** How many of these runs have a row. */
function laidOut({ items }: Layout, found: Uint32Array, length: number): number {
  const wanted = new Uint8Array(length)
  for (const row of found) wanted[row] = 1
  let count = 0
  for (const item of items) count += wanted[item] ?? 0
  return count
}

function pinnedIn(frame: RunFrame, { pinnedRuns }: TableView, usable: Uint8Array): number[] {
  const rows = new Set(pinnedRuns.map((id) => frame.rowOf(id)))
  return [...rows].filter((row) => row >= 0 && usable[row] === 1)
}

function* arrangeColumns(
  { frame, view, beyond, several }: TableInput,
  found: Uint32Array,
  former: Arranged | undefined,
): Steps<{ columns: Stage<ArrangedColumn>[]; defaults: Stage<readonly ShownColumn[]> | undefined }> {
  const { onlyChanged } = view
  let defaults: Stage<readonly ShownColumn[]> | undefined
  let shown: readonly ShownColumn[] = view.columns ?? []
  if (view.columns === null) {
    // The choice stays as it is while runs come and go, unless they bring new keys.
    const { metrics, params } = frame.data
    const of = [metrics.size, params.size, onlyChanged, several, ...(onlyChanged ? [found] : [])]
    const isEarly = (former?.selection.found.length ?? 0) < 100 && found.length > (former?.selection.found.length ?? 0)
    defaults = yield* reused(isEarly ? undefined : former?.stages.defaults, of, () =>
      defaultColumns(frame, found, onlyChanged, several, beyond),
    )
    shown = defaults.value
  }
  const columns: Stage<ArrangedColumn>[] = []
  for (const column of [...shown.filter(isPinned), ...shown.filter((each) => !isPinned(each))]) {
    if (
      onlyChanged &&
      found.length > 1 &&
      !isName(column) &&
      !changesIn(fieldOf(frame, column.column, beyond), found)
    ) {
      yield
      continue
    }
    const of = [found, beyond.version, listed(view.better), column.width, column.pinned, column.draw]
    columns.push(
      yield* reused(former?.stages.columns.get(columnId(column.column)), of, function* () {
        yield
        const { group, key } = column.column
        return measure(frame, column, found, beyond, group === 'metric' && Object.hasOwn(view.better, key))
      }),
    )
  }
  return { columns, defaults }
}

const isPinned = ({ pinned }: ShownColumn): boolean => pinned === true
const isName = ({ column }: ShownColumn): boolean => column.group === 'attribute' && column.key === 'name'

/** As text, to be compared by what is in it. */
const listed = (value: unknown): string => JSON.stringify(value)

/** What was computed before from the same, or what `make` makes. */
function* reused<T>(former: Stage<T> | undefined, of: readonly unknown[], make: () => Steps<T>): Steps<Stage<T>> {
  if (former?.of.length === of.length && former.of.every((part, at) => Object.is(part, of[at]))) return former
  return { of, value: yield* make() }
}
