import { matchRuns, parseFilter, parseOrderBy, type Expression, type Ordering } from '../../shared/filter'
import { RunFrame, RunFrameBuilder } from '../../shared/runFrame'
import { compareRuns, sortRuns } from '../../shared/runOrder'
import { oneAtATime } from '../coalesce'
import type { RunChanges } from '../stores'
import { pagesOf, unseen, type LiveQuery } from './liveQuery'
import { Pace } from './pace'
import { reconcile } from './reconcile'
import { runsById } from './runsById'
import type { FeedMember, RunFeed } from './runFeed'
import { differingRows } from './sameRuns'

/** Ids of runs that came into the list, changed in it, and left it. */
export interface LiveChange {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export interface Refreshing {
  /** True reads all again, which shows every edit; false asks only what has changed. Left out: whatever keeps the cost in proportion. */
  readonly thorough?: boolean
}

/**
 * Thorough looks that nobody asked for. A database shows its pages in no time, and knows when nobody has written to it. A server takes
 * seconds, and a folder all of its files; what its finished runs are like can't be told otherwise, so that it is looked at for ever.
 */
const paces = {
  rest: () => new Pace(60_000),
  sqlite: () => new Pace(1_000),
  files: () => new Pace(60_000, 100),
} as const
/** A list is compacted once so many of its rows belong to runs that left it. */
const mostDropped = 0.25

/** The runs that one query finds, kept fresh. */
export class LiveRuns implements FeedMember, Disposable {
  readonly #feed: RunFeed
  readonly #filter: Expression | undefined
  readonly #order: readonly Ordering[]
  readonly #pace: Pace
  readonly #listeners = new Set<(change: LiveChange) => void>()
  readonly #refresh = oneAtATime((signal) => this.#refreshNow(signal))
  #query: LiveQuery
  #frame = RunFrame.empty
  #rows: Uint32Array = new Uint32Array()
  /** In the frame, but not in the list any more. */
  readonly #dropped = new Set<string>()
  #complete = false
  #updatedAt: number | undefined
  /** Something may have changed that only a thorough look shows. */
  #owed = false
  #wanted: Refreshing = {}
  #toldWhileLoading: Set<string> | undefined

  /** @throws FilterError where the query's filter or order can't be understood */
  constructor(feed: RunFeed, query: Omit<LiveQuery, 'experimentIds'>) {
    this.#feed = feed
    this.#query = { ...query, experimentIds: feed.experimentIds }
    this.#filter = parseFilter(query.filter ?? '', 'runs')
    this.#order = parseOrderBy(query.orderBy ?? [], 'runs')
    this.#pace = paces[feed.store.kind]()
  }

  /** The runs of the list, and perhaps some that left it. */
  get frame(): RunFrame {
    return this.#frame
  }

  /** Their rows in `frame`, in the order of the query. */
  get rows(): Uint32Array {
    return this.#rows
  }

  /** True where the query finds no more than these. */
  get complete(): boolean {
    return this.#complete
  }

  /** When the list was last known to be as the store has it, in milliseconds since the epoch. */
  get updatedAt(): number | undefined {
    return this.#updatedAt
  }

  get limit(): number {
    return this.#query.limit
  }

  /** True where something may have changed that only a thorough look shows. */
  get isOwed(): boolean {
    return this.#owed || this.#isShort
  }

  /** True where a thorough look is owed and in proportion by now. */
  get isThoroughDue(): boolean {
    return this.isOwed && this.#pace.isDue()
  }

  onDidChange(told: (change: LiveChange) => void): Disposable {
    this.#listeners.add(told)
    return { [Symbol.dispose]: () => this.#listeners.delete(told) }
  }

  /** Reads the list for the first time, telling of each page. Rejects like the store does. */
  load(signal?: AbortSignal): Promise<void> {
    return this.#pace.time(() => this.#loadNow(signal))
  }

  /** Takes more runs, or fewer, into the list. */
  async setLimit(limit: number, signal?: AbortSignal): Promise<void> {
    this.#query = { ...this.#query, limit }
    await this.refresh({ thorough: true }, signal)
  }

  /** Brings the list up to date; it stays as it is until then, and where that fails. Calls that come meanwhile share one more. */
  refresh({ thorough }: Refreshing = {}, signal?: AbortSignal): Promise<void> {
    if (thorough === true || (thorough === undefined && this.isThoroughDue)) this.#wanted = { thorough: true }
    return this.#refresh(signal)
  }

  /** The feed tells what has changed. */
  apply(changes: RunChanges): void {
    if (this.#toldWhileLoading) {
      for (const id of [...changes.changed.runIds(), ...changes.gone]) this.#toldWhileLoading.add(id)
      return
    }
    this.#owed ||= changes.untouched !== true
    this.#take(changes, !this.#complete)
    this.#updatedAt = Date.now()
  }

  [Symbol.dispose](): void {
    this.#feed.remove(this)
    this.#listeners.clear()
  }

  /** Fewer than the query would find: runs left a list that was cut off. */
  get #isShort(): boolean {
    return !this.#complete && this.#rows.length < this.limit
  }

  async #loadNow(signal: AbortSignal | undefined): Promise<void> {
    await this.#feed.begin(signal)
    const told = (this.#toldWhileLoading = new Set())
    this.#feed.add(this)
    try {
      await this.#readPages(signal)
      while (told.size > 0) await this.#readTold(told, signal)
    } catch (error) {
      this.#feed.remove(this)
      throw error
    } finally {
      this.#toldWhileLoading = undefined
    }
    this.#owed = false
    this.#updatedAt = Date.now()
  }

  async #readPages(signal: AbortSignal | undefined): Promise<void> {
    const { limit } = this
    const seen = new Set<string>()
    const builder = new RunFrameBuilder()
    this.#show(RunFrame.empty)
    for await (const page of this.#feed.store.searchRuns(pagesOf(limit + 1, this.#query), signal)) {
      const fresh = unseen(page, seen)
      const kept = seen.size > limit ? fresh.slice(upTo(fresh.length - (seen.size - limit))) : fresh
      builder.append(kept)
      this.#show(builder.view())
      this.#tell({ added: kept.runIds(), changed: [], removed: [] })
    }
    this.#complete = seen.size <= limit
  }

  /** Runs that changed while pages were read: nobody knows whether the page or what was told is newer, so they are read again. */
  async #readTold(told: Set<string>, signal: AbortSignal | undefined): Promise<void> {
    const ids = [...told]
    told.clear()
    const found = new RunFrameBuilder()
    const query = { experimentIds: this.#query.experimentIds, view: 'ALL' } as const
    for await (const page of runsById(this.#feed.store, query, ids, signal)) found.append(page)
    const changed = found.build()
    this.#take({ changed, gone: ids.filter((id) => changed.rowOf(id) < 0) }, !this.#complete)
  }

  #show(frame: RunFrame): void {
    this.#frame = frame
    this.#rows = upTo(frame.length)
    this.#dropped.clear()
  }

  async #refreshNow(signal: AbortSignal): Promise<void> {
    const { thorough } = this.#wanted
    this.#wanted = {}
    try {
      if (thorough) await this.#feed.refreshing(() => this.#pace.time(() => this.#thoroughly(signal)), signal)
      else await this.#feed.poll(signal)
    } catch (error) {
      if (thorough) this.#wanted = { thorough } // for the next one
      throw error
    }
  }

  async #thoroughly(signal: AbortSignal): Promise<void> {
    await this.#feed.begin(signal)
    this.#compact()
    const query = this.#query
    const found = await reconcile(this.#feed.store, query, this.#frame, signal)
    this.#take(found, false)
    this.#complete = found.complete
    this.#cut()
    await this.#feed.look(signal) // what changed while we read
    this.#owed = false
  }

  /**
   * Takes over what has changed.
   *
   * @param isCutOff of runs that belong behind the last row nothing is known: there may be others before them
   */
  #take({ changed, gone }: RunChanges, isCutOff: boolean): void {
    const old = this.#frame
    const differs = new Set(differingRows(changed, old))
    const belongs = this.#belonging(changed)
    const last = this.#rows.at(-1)
    const compareToOld = compareRuns(changed, old, this.#order)
    const isKnowable = (row: number): boolean => !isCutOff || (last !== undefined && compareToOld(row, last) <= 0)

    const left = new Set<string>()
    const coming: number[] = []
    const change = { added: [] as string[], changed: [] as string[], removed: [] as string[] }
    for (let row = 0; row < changed.length; row++) {
      const id = changed.runId(row)
      const isListed = old.rowOf(id) >= 0 && !this.#dropped.has(id)
      if (belongs.has(row) && isKnowable(row)) {
        if (isListed && !differs.has(row)) continue
        coming.push(row)
        if (isListed) left.add(id)
        change[isListed ? 'changed' : 'added'].push(id)
      } else if (isListed) {
        left.add(id)
        change.removed.push(id)
      }
    }
    for (const id of gone)
      if (old.rowOf(id) >= 0 && !this.#dropped.has(id) && !left.has(id)) {
        left.add(id)
        change.removed.push(id)
      }
    if (coming.length === 0 && left.size === 0) return

    const kept = left.size === 0 ? this.#rows : this.#rows.filter((row) => !left.has(old.runId(row)))
    this.#insert(changed.slice(coming), kept)
    for (const id of change.removed) this.#dropped.add(id)
    for (const id of change.added) this.#dropped.delete(id)
    this.#tell(isCutOff ? without(this.#cut(), change) : change)
    if (this.#dropped.size > mostDropped * this.#frame.length) this.#compact()
  }

  /** Puts runs in their places among the `kept` rows of the frame, which stay in their order. */
  #insert(coming: RunFrame, kept: Uint32Array): void {
    const old = this.#frame
    let length = old.length
    const places = Uint32Array.from({ length: coming.length }, (_, row) => {
      const at = old.rowOf(coming.runId(row))
      return at >= 0 ? at : length++
    })
    const compare = compareRuns(coming, old, this.#order)
    const sorted = sortRuns(coming, [...this.#order])
    const rows = new Uint32Array(kept.length + sorted.length)
    let from = 0
    let to = 0
    for (const row of sorted) {
      const until = firstAfter(kept, from, (other) => compare(row, other) < 0)
      rows.set(kept.subarray(from, until), to)
      to += until - from
      from = until
      rows[to++] = places[row] ?? 0
    }
    rows.set(kept.subarray(from), to)
    this.#frame = old.merge(coming)
    this.#rows = rows
  }

  /** Rows of `changed` whose runs are such as the query asks for. */
  #belonging(changed: RunFrame): ReadonlySet<number> {
    const { experimentIds, view = 'ACTIVE_ONLY' } = this.#query
    const inQuestion: number[] = []
    for (let row = 0; row < changed.length; row++) {
      const { experimentId, lifecycleStage } = changed.info(row)
      const inView = view === 'ALL' || (view === 'DELETED_ONLY') === (lifecycleStage === 'deleted')
      if (inView && experimentIds.includes(experimentId)) inQuestion.push(row)
    }
    if (!this.#filter) return new Set(inQuestion)
    return new Set(matchRuns(changed, this.#filter, Uint32Array.from(inQuestion)))
  }

  /** Leaves out what is beyond the limit. */
  #cut(): string[] {
    if (this.#rows.length <= this.limit) return []
    const beyond = Array.from(this.#rows.subarray(this.limit), (row) => this.#frame.runId(row))
    this.#rows = this.#rows.slice(0, this.limit)
    for (const id of beyond) this.#dropped.add(id)
    this.#complete = false
    return beyond
  }

  #compact(): void {
    if (this.#dropped.size > 0) this.#show(this.#frame.slice(this.#rows))
  }

  #tell(change: LiveChange): void {
    if (change.added.length + change.changed.length + change.removed.length === 0) return
    for (const told of this.#listeners) told(change)
  }
}

/** The same change where some of the runs did not fit in after all. */
function without(beyond: readonly string[], { added, changed, removed }: LiveChange): LiveChange {
  if (beyond.length === 0) return { added, changed, removed }
  const cut = new Set(beyond)
  const stays = (id: string): boolean => !cut.has(id)
  const left = beyond.filter((id) => !added.includes(id))
  return { added: added.filter(stays), changed: changed.filter(stays), removed: [...removed, ...left] }
}

const upTo = (length: number): Uint32Array => Uint32Array.from({ length }, (_, row) => row)

/** The first place from `from` on whose row comes after; those that do are at the end. */
function firstAfter(rows: Uint32Array, from: number, comesAfter: (row: number) => boolean): number {
  let low = from
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (comesAfter(rows[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}
