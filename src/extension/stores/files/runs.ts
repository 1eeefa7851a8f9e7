import path from 'node:path'
import { matchRuns, type Expression, type Ordering } from '../../../shared/filter'
import type { LoggedModel, ViewType } from '../../../shared/model'
import { RunFrame, RunFrameBuilder, type RunFrameData } from '../../../shared/runFrame'
import { compareRuns, sortRuns } from '../../../shared/runOrder'
import { SeriesBuilder, inOrder, type Points } from '../series'
import { ProblemError as AnyProblemError, type Call } from '../worker/protocol'
import { wordOf } from './disk'
import type { FileStore } from './fileStore'
import { modelsOfRun } from './loggedModels'
import { readMetricFile, type Place } from './metricFile'
import { readLines } from './metricLines'
import { ProblemError } from './problems'
import { readRun } from './runFiles'
import type { RunIndex } from './runIndex'

export interface RunSearch {
  readonly experimentIds: readonly string[]
  readonly filter: Expression | undefined
  readonly orderBy: readonly Ordering[]
  readonly view: ViewType
  readonly limit: number | undefined
}

/** Rows of one frame, in order. */
interface Found {
  readonly frame: RunFrame
  readonly rows: Uint32Array
}

/** Ids of all matching runs, in order. Of each run no more is read than the search asks for. */
export function findRuns(store: FileStore, search: RunSearch, call: Call): string[] {
  const reading = store.reading(call)
  const needsInfosOnly =
    mentionsOnlyAttributes(search.filter) && search.orderBy.every(({ name }) => name.entity === 'attribute')
  const indexes = indexesOf(store, search.experimentIds)
  const parts = indexes.map((index): Found => {
    index.look('thorough', reading)
    const { frame, rows } = needsInfosOnly ? index.infos() : index.whole(index.ids, reading)
    const { deleted } = frame.data.infos
    const inView =
      search.view === 'ALL' ? rows : rows.filter((row) => (deleted[row] === 1) === (search.view === 'DELETED_ONLY'))
    return { frame, rows: sortRuns(frame, search.orderBy, matchRuns(frame, search.filter, inView)) }
  })
  store.trim(search.experimentIds)
  const ids = merged(parts, search.orderBy, search.limit ?? Infinity)
  const [only] = indexes
  if (only && indexes.length === 1) only.expect(ids)
  return ids
}

function mentionsOnlyAttributes(expression: Expression | undefined): boolean {
  switch (expression?.kind) {
    case undefined:
      return true
    case 'comparison':
      return expression.name.entity === 'attribute'
    case 'not':
      return mentionsOnlyAttributes(expression.operand)
    case 'and':
    case 'or':
      return expression.operands.every(mentionsOnlyAttributes)
  }
}

function indexesOf(store: FileStore, experimentIds: readonly string[]): RunIndex[] {
  store.check()
  return [...new Set(experimentIds)].flatMap((id) => store.index(id) ?? [])
}

/** Ids of the runs of several experiments, each in order, in one order. */
function merged(parts: readonly Found[], orderings: readonly Ordering[], limit: number): string[] {
  const places = parts.map(() => 0)
  const comparers = new Map<string, (rowA: number, rowB: number) => number>()
  const compare = (a: number, b: number): number => {
    const [left, right] = [parts[a], parts[b]]
    if (!left || !right) return 0
    const key = `${a} ${b}`
    const comparer = comparers.get(key) ?? compareRuns(left.frame, right.frame, orderings)
    comparers.set(key, comparer)
    return comparer(left.rows[places[a] ?? 0] ?? 0, right.rows[places[b] ?? 0] ?? 0)
  }
  const left = new Set([...parts.keys()].filter((part) => (parts[part]?.rows.length ?? 0) > 0))
  const ids: string[] = []
  while (left.size > 0 && ids.length < limit) {
    let first = -1
    for (const part of left) if (first < 0 || compare(part, first) < 0) first = part
    const part = parts[first]
    const place = places[first] ?? 0
    if (!part) break
    ids.push(part.frame.runId(part.rows[place] ?? 0))
    places[first] = place + 1
    if (place + 1 === part.rows.length) left.delete(first)
  }
  return ids
}

export interface RunPage {
  readonly experimentIds: readonly string[]
  readonly ids: readonly string[]
}

/** The runs of the given ids, in that order; those that are gone are left out. */
export function readRuns(store: FileStore, { experimentIds, ids }: RunPage, call: Call): RunFrameData {
  const reading = store.reading(call)
  const place = new Map(ids.map((id, at) => [id, at]))
  const builder = new RunFrameBuilder(ids.length)
  for (const index of indexesOf(store, experimentIds)) {
    index.listOnce(reading)
    const { frame, rows } = index.whole(
      ids.filter((id) => index.has(id)),
      reading,
    )
    if (rows.length > 0) builder.append(frame.slice(rows))
  }
  store.trim(experimentIds)
  const frame = builder.build()
  const inOrder = Uint32Array.from({ length: frame.length }, (_, row) => row).sort(
    (a, b) => (place.get(frame.runId(a)) ?? 0) - (place.get(frame.runId(b)) ?? 0),
  )
  return frame.slice(inOrder).data
}

/** Nobody will ask for the rest of what was found: it need not be read ahead. */
export function stopReading(store: FileStore, experimentIds: readonly string[]): void {
  for (const id of experimentIds) store.index(id)?.stopReading()
}

/** One run, as it is now. @throws ProblemError `noRun` */
export function getRun(store: FileStore, runId: string, call: Call): RunFrameData {
  const experiment = store.experimentOf(runId)
  const builder = new RunFrameBuilder(1)
  if (!experiment || !readRun(experiment, runId, store.reading(call), builder)) throw new ProblemError('noRun', runId)
  return builder.build().data
}

export interface RunsAsked {
  readonly experimentIds: readonly string[]
  /** What the last answer said; undefined to begin. */
  readonly since: RunsSeen | undefined
  /** Paths of files that somebody knows to have changed. */
  readonly touched: readonly string[]
}

export interface RunsSeen {
  /** Of the worker that said it: another one knows nothing of it. */
  readonly epoch: number
  readonly version: number
}

export interface RunsChanged {
  readonly seen: RunsSeen
  readonly changed: RunFrameData
  readonly gone: readonly string[]
  /** Where what has changed can't be told: ids of all runs there are. Then `changed` holds all of them. */
  readonly all: readonly string[] | undefined
}

const epoch = Math.random()

/** What has changed since; to begin, nothing, but from then on. */
export function runChanges(store: FileStore, { experimentIds, since, touched }: RunsAsked, call: Call): RunsChanged {
  const reading = store.reading(call)
  const indexes = indexesOf(store, experimentIds)
  const touchedRuns = new Set(touched.flatMap((file) => runOf(store.root, file) ?? []))
  for (const index of indexes) index.look('quick', reading, touchedRuns)
  const seen: RunsSeen = { epoch, version: store.clock.now }
  if (!since) return { seen, changed: new RunFrameBuilder().build().data, gone: [], all: undefined } // handed over: never the shared one

  const known = indexes.map((index) => (since.epoch === epoch ? index.changesSince(since.version) : undefined))
  const lost = since.epoch === epoch ? store.lostSince(experimentIds, since.version) : []
  const isTold = known.every((changes) => changes !== undefined)
  const builder = new RunFrameBuilder()
  indexes.forEach((index, at) => {
    const { frame, rows } = index.whole(isTold ? (known[at]?.changed ?? []) : index.ids, reading)
    if (rows.length > 0) builder.append(frame.slice(rows))
  })
  store.trim(experimentIds)
  const isThere = (id: string): boolean => indexes.some((index) => index.has(id))
  return {
    seen,
    changed: builder.build().data,
    gone: isTold ? [...known.flatMap(({ gone }) => gone), ...lost.filter((id) => !isThere(id))] : [],
    all: isTold && since.epoch === epoch ? undefined : indexes.flatMap((index) => index.ids),
  }
}

/** The run that a file below the root belongs to. */
function runOf(root: string, file: string): string | undefined {
  const [first, second, third] = path.relative(root, file).split(path.sep)
  return first === '.trash' ? third : second
}

export interface HistoryRequest {
  readonly runId: string
  readonly key: string
  readonly after: Place | undefined
}

export interface History {
  /** By step, timestamp, value. */
  readonly points: Points
  /** Where to go on; undefined where that can't be told. */
  readonly mark: Place | undefined
  /** These are only the points behind `after`. */
  readonly continues: boolean
}

/** @throws ProblemError `noRun`, or what is wrong with the file */
export function readHistory(store: FileStore, { runId, key, after }: HistoryRequest, call: Call): History {
  const experiment = store.experimentOf(runId)
  if (!experiment) throw new ProblemError('noRun', runId)
  const nothing = { points: new SeriesBuilder().points(), mark: undefined, continues: false }
  const parts = key.split('/')
  if (key.includes('\0') || parts.some((part) => part === '' || part === '..' || part === '.')) return nothing
  let series = new SeriesBuilder()
  let continues = after !== undefined
  const { patience, checkpoint } = store.reading(call)
  try {
    const file = readMetricFile(path.join(experiment.folder, runId, 'metrics', ...parts), {
      lines: (bytes) => readLines(bytes, (step, value, timestamp) => series.add(step, value, timestamp)),
      after,
      restart: () => {
        series = new SeriesBuilder()
        continues = false
      },
      patience,
      checkpoint,
    })
    if (!file) return nothing
    const { ino, end, tail, hasOpenLine } = file
    return { points: inOrder(series.points()), mark: hasOpenLine ? undefined : { ino, end, tail }, continues }
  } catch (error) {
    if (error instanceof AnyProblemError) throw error // such as cancelled
    throw new ProblemError('noMetric', `${key}: ${wordOf(error)}`)
  }
}

/** Where a run's artifacts are, and those of the models it logged, newest first. */
export function artifactRoots(
  store: FileStore,
  runId: string,
  call: Call,
): { readonly artifactUri: string; readonly models: readonly LoggedModel[] } {
  const frame = new RunFrame(getRun(store, runId, call))
  const { artifactUri } = frame.info(0)
  return { artifactUri, models: modelsOfRun(store, frame.run(0), store.reading(call)) }
}
