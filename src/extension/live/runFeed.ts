import { RunFrame } from '../../shared/runFrame'
import { inTurn, oneAtATime } from '../coalesce'
import type { RunChanges, RunWatch, TrackingStore } from '../stores'

/** A list of runs that wants to be told of changes. */
export interface FeedMember {
  /** The runs that it has. */
  readonly frame: RunFrame
  apply(changes: RunChanges): void
}

type InTurn = ReturnType<typeof inTurn>

/** One refresh at a time per store. */
const turns = new WeakMap<TrackingStore, InTurn>()

function turnOf(store: TrackingStore): InTurn {
  let turn = turns.get(store)
  if (!turn) turns.set(store, (turn = inTurn()))
  return turn
}

/** What changes among the runs of some experiments, asked for once for all lists of them. */
export class RunFeed implements Disposable {
  readonly #members = new Set<FeedMember>()
  readonly #closed = new AbortController()
  readonly #poll = oneAtATime((signal) => this.refreshing(() => this.look(signal), signal))
  readonly #begin = oneAtATime(async (signal) => {
    if (this.#watch) return
    const watch = await this.store.watchRuns(this.experimentIds, this.#until(signal))
    if (this.#closed.signal.aborted) watch[Symbol.dispose]()
    else this.#watch = watch
  })
  #watch: RunWatch | undefined
  #union: { readonly parts: readonly RunFrame[]; readonly whole: RunFrame } = { parts: [], whole: RunFrame.empty }

  constructor(
    readonly store: TrackingStore,
    readonly experimentIds: readonly string[],
  ) {}

  add(member: FeedMember): void {
    this.#members.add(member)
  }

  remove(member: FeedMember): void {
    this.#members.delete(member)
  }

  /** Asks for what has changed and tells all lists. Calls that come meanwhile share one more look. */
  poll(signal?: AbortSignal): Promise<void> {
    return this.#poll(this.#until(signal))
  }

  /** Runs a refresh when no other is under way on the store. */
  refreshing<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return turnOf(this.store)(work, this.#until(signal))
  }

  /** Watches from now on, unless it does already. */
  begin(signal?: AbortSignal): Promise<void> {
    return this.#begin(this.#until(signal))
  }

  /** Asks and tells; only within `refreshing`. */
  async look(signal?: AbortSignal): Promise<void> {
    await this.begin(signal)
    const changes = await this.#watch?.changes(this.#known(), this.#until(signal))
    if (!changes) return // closed meanwhile
    for (const member of this.#members) member.apply(changes)
  }

  /** Ends what is under way, and the watch. */
  [Symbol.dispose](): void {
    this.#closed.abort()
    this.#members.clear()
    this.#watch?.[Symbol.dispose]()
    this.#watch = undefined
  }

  /** The runs of all lists. */
  #known(): RunFrame {
    const frames = [...this.#members].map(({ frame }) => frame)
    const { parts } = this.#union
    if (frames.length !== parts.length || frames.some((frame, at) => frame !== parts[at]))
      this.#union = { parts: frames, whole: frames.reduce((known, frame) => known.merge(frame), RunFrame.empty) }
    return this.#union.whole
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal
  }
}
