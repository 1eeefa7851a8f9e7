/** The lists of one experiment's runs, kept fresh together: they share one watch. Knows stores, not the editor. */
import type { Run } from '../../shared/model'
import { LiveRuns, Pace, RunFeed } from '../live'
import type { TrackingStore } from '../stores'
import { childrenOf, nestedOnes, placeNested, topLevel, type NestedRuns, type RunList } from './runQueries'

/** A live list as runs, which stay the same objects while they don't change. */
export class ShownRuns implements RunList, Disposable {
  readonly #known = new Map<string, Run>()
  readonly #subscription: Disposable
  #runs: readonly Run[] | undefined

  constructor(readonly live: LiveRuns) {
    this.#subscription = live.onDidChange(({ changed, removed }) => {
      for (const id of [...changed, ...removed]) this.#known.delete(id)
      this.#runs = undefined
    })
  }

  /** The same array while nothing changes. */
  get runs(): readonly Run[] {
    return (this.#runs ??= Array.from(this.live.rows, (row) => this.#runAt(row)))
  }

  get more(): boolean {
    return !this.live.complete
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]()
    this.live[Symbol.dispose]()
  }

  #runAt(row: number): Run {
    const { frame } = this.live
    const id = frame.runId(row)
    const known = this.#known.get(id)
    if (known) return known
    const run = frame.run(row)
    this.#known.set(id, run)
    return run
  }
}

export interface Listing {
  readonly experimentId: string
  /** With a filter every run that it finds is listed, children too: a flat list. */
  readonly filter: string | undefined
  readonly orderBy: readonly string[]
}

export class RunLists implements Disposable {
  readonly #feed: RunFeed
  readonly #lists = new Set<ShownRuns>()
  /** Looks that nobody asked for take up a fifth of the time at most. */
  readonly #pace = new Pace(0, 5)
  #top: ShownRuns | undefined
  #nested: ShownRuns | undefined
  #loadingNested: Promise<ShownRuns> | undefined
  #isNestedOld = false
  #nestedPlaces: { readonly of: readonly unknown[]; readonly nested: NestedRuns } | undefined

  constructor(
    readonly store: TrackingStore,
    private readonly listing: Listing,
  ) {
    this.#feed = new RunFeed(store, [listing.experimentId])
  }

  /** What the experiment shows first. Undefined before it is loaded. */
  get top(): RunList | undefined {
    return this.#top
  }

  /** When all of it was last known to be as the store has it. */
  get updatedAt(): number | undefined {
    return this.#top?.live.updatedAt
  }

  /** True where a thorough look is still to come. */
  get isOwed(): boolean {
    return [...this.#lists].some(({ live }) => live.isOwed)
  }

  /** Reads the first `limit` runs of the top level: all of them anew. */
  async load(limit: number, signal: AbortSignal): Promise<RunList> {
    if (this.#top) await this.#again(this.#top, limit, signal)
    else this.#top = await this.#list(this.listing.filter ?? topLevel, limit, signal)
    this.#isNestedOld = true
    return this.#top
  }

  /** The cheapest way to what is new. */
  async poll(signal: AbortSignal): Promise<void> {
    if (this.#lists.size > 0 && this.#pace.isDue()) await this.#pace.time(() => this.#feed.poll(signal))
    for (const { live } of [...this.#lists]) if (live.isThoroughDue) await live.refresh({ thorough: true }, signal)
  }

  /** The runs below a run. Dispose of it. */
  async children(runId: string, limit: number, signal: AbortSignal): Promise<ShownRuns> {
    return this.#list(childrenOf(runId), limit, signal)
  }

  /** Reads a list anew, perhaps with more runs. */
  async again(list: ShownRuns, limit: number, signal: AbortSignal): Promise<void> {
    await this.#again(list, limit, signal)
  }

  drop(list: ShownRuns): void {
    this.#lists.delete(list)
    list[Symbol.dispose]()
  }

  /** Where the nested runs stand, the first `limit` of them: the same object while nothing changes. Undefined in a flat list. */
  async nested(limit: number, signal: AbortSignal): Promise<NestedRuns | undefined> {
    if (this.listing.filter !== undefined || !this.#top) return undefined
    if (!this.#nested) this.#nested = await (this.#loadingNested ??= this.#loadNested(limit, signal))
    else if (this.#isNestedOld || this.#nested.live.limit < limit) await this.#again(this.#nested, limit, signal)
    this.#isNestedOld = false
    const of = [this.#nested.live.frame, this.#nested.live.rows, this.#top.live.frame, this.#top.live.rows]
    if (this.#nestedPlaces?.of.every((part, at) => part === of[at])) return this.#nestedPlaces.nested
    const nested = await placeNested(this.store, this.listing.experimentId, this.#nested.live, this.#top.live, signal)
    this.#nestedPlaces = { of, nested }
    return nested
  }

  [Symbol.dispose](): void {
    this.#feed[Symbol.dispose]()
    for (const list of this.#lists) list[Symbol.dispose]()
    this.#lists.clear()
  }

  async #loadNested(limit: number, signal: AbortSignal): Promise<ShownRuns> {
    try {
      return await this.#list(nestedOnes, limit, signal)
    } finally {
      this.#loadingNested = undefined
    }
  }

  async #list(filter: string, limit: number, signal: AbortSignal): Promise<ShownRuns> {
    const list = new ShownRuns(new LiveRuns(this.#feed, { filter, orderBy: this.listing.orderBy, limit }))
    try {
      await list.live.load(signal)
    } catch (error) {
      list[Symbol.dispose]()
      throw error
    }
    this.#lists.add(list)
    return list
  }

  async #again({ live }: ShownRuns, limit: number, signal: AbortSignal): Promise<void> {
    if (live.limit === limit) await live.refresh({ thorough: true }, signal)
    else await live.setLimit(limit, signal)
  }
}
