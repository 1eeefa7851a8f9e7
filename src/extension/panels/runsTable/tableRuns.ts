import { formatCount } from '../../../shared/format'
import { t } from '../../../shared/l10n'
import type { ViewType } from '../../../shared/model'
import { RunFrame } from '../../../shared/runFrame'
import type { Loading, TableSubject } from '../../../shared/runsTable/protocol'
import type { TableView } from '../../../shared/runsTable/view'
import { messageOf } from '../../messageOf'
import type { Connection } from '../../connections/connection'
import { LiveRuns, RunFeed } from '../../live'
import { StoreError, type TrackingStore } from '../../stores'

export type Lifecycle = TableView['lifecycle']

const viewOf: Readonly<Record<Lifecycle, ViewType>> = { active: 'ACTIVE_ONLY', deleted: 'DELETED_ONLY', all: 'ALL' }

/** Runs with the rows of them that count. */
export interface Listed {
  readonly frame: RunFrame
  readonly rows: Uint32Array
}

export interface TableRunsOptions {
  readonly subject: TableSubject
  readonly connection: () => Connection
  /** Runs came, changed or left. */
  readonly changed: () => void
  /** @param turned it is in another state than before */
  readonly loading: (loading: Loading, turned: boolean) => void
  /** The first load may ask for credentials: somebody opened the table just now. */
  readonly interactive: boolean
}

interface Open {
  readonly store: TrackingStore
  readonly feed: RunFeed
  readonly live: LiveRuns
  /** All runs have arrived: from then on it is kept fresh. */
  whole: boolean
}

/** Milliseconds between two words on how far the loading is. */
const wordsEvery = 100

/** The runs of a table, of one lifecycle at a time: loaded page by page, then kept fresh. A failure keeps what is there. */
export class TableRuns implements Disposable {
  readonly #options: TableRunsOptions
  #lifecycle: Lifecycle | undefined
  #open: Open | undefined
  /** What shows until a list that is loaded anew is complete. */
  #former: Listed | undefined
  #loading: Loading = { state: 'stopped', what: '', loaded: 0, since: 0, updatedAt: null, problem: null }
  #work: { readonly abort: AbortController; readonly done: Promise<void> } | undefined
  /** Asked for while something else was under way. */
  #owed: { readonly thorough: boolean | undefined } | undefined
  /** How the loading stood before something else was waited for. */
  #unsaid: Loading | undefined

  constructor(options: TableRunsOptions) {
    this.#options = options
  }

  get loading(): Loading {
    return this.#loading
  }

  get listed(): Listed {
    if (this.#former) return this.#former
    const { frame, rows } = this.#open?.live ?? empty
    return { frame, rows }
  }

  /** What is under way now; resolves however it ends. */
  get settled(): Promise<void> {
    return this.#work?.done ?? Promise.resolve()
  }

  /** Shows the runs of that lifecycle: loads them where it shows others. */
  show(lifecycle: Lifecycle): void {
    if (this.#lifecycle === lifecycle) return
    this.#lifecycle = lifecycle
    this.#former = undefined
    this.#owed = undefined
    this.#close()
    this.#begin((signal) => this.#load(lifecycle, this.#options.interactive, signal))
  }

  /**
   * Brings the runs up to date; loads them where that failed.
   *
   * @param thorough somebody asked for it: reads all again, goes on with what was stopped, and may ask for credentials
   */
  refresh(thorough?: boolean): void {
    const lifecycle = this.#lifecycle
    if (lifecycle === undefined) return
    if (this.#work) {
      this.#owed = { thorough: this.#owed?.thorough ?? thorough }
      return
    }
    if (this.#loading.state === 'stopped' && !this.#open?.whole && thorough !== true) return
    this.#begin((signal) => this.#refresh(lifecycle, thorough, signal))
  }

  /** Ends what is under way; what has arrived stays. */
  stop(): void {
    this.#owed = undefined
    this.#work?.abort.abort()
  }

  /** Shows in `loading` that something else is waited for, or no longer. */
  say(what: string | undefined): void {
    if (this.#work) return
    if (what !== undefined) {
      this.#unsaid ??= this.#loading
      this.#become({ state: 'loading', what })
    } else if (this.#unsaid) this.#become(this.#unsaid)
  }

  [Symbol.dispose](): void {
    this.#owed = undefined
    this.#close()
  }

  #begin(work: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController()
    this.#unsaid = undefined
    const mine = { abort, done: this.#run(work, abort.signal, () => this.#work?.abort === abort) }
    this.#work = mine
    void mine.done.then(() => {
      if (this.#work !== mine) return
      this.#work = undefined
      const owed = this.#owed
      this.#owed = undefined
      if (owed) this.refresh(owed.thorough)
    })
  }

  async #run(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal, isMine: () => boolean): Promise<void> {
    await Promise.resolve() // #work is set by then
    try {
      await work(signal)
      if (isMine()) this.#become({ state: 'complete', what: '', updatedAt: Date.now(), problem: null })
    } catch (error) {
      if (!isMine()) return
      if (signal.aborted || StoreError.is(error, 'cancelled')) this.#become({ state: 'stopped', what: '' })
      else this.#become({ state: 'failed', what: '', problem: messageOf(error) })
    }
  }

  async #load(lifecycle: Lifecycle, interactive: boolean, signal: AbortSignal): Promise<void> {
    const { subject, connection, changed } = this.#options
    const { name } = connection()
    const since = Date.now()
    this.#become({ state: 'loading', what: t('Connecting to {0}', name), since, loaded: 0, problem: null })
    const store = await connection().store({ signal, interactive })
    const feed = new RunFeed(store, subject.experimentIds)
    const live = new LiveRuns(feed, { limit: Infinity, view: viewOf[lifecycle] })
    this.#close(true)
    const open: Open = (this.#open = { store, feed, live, whole: false })
    this.#become({ what: t('Reading runs from {0}', name) })
    const isOpen = (): boolean => this.#open === open
    let nextWords = 0
    live.onDidChange(() => {
      if (!isOpen()) return
      const loaded = live.rows.length
      if (this.#loading.state === 'loading' && performance.now() >= nextWords) {
        nextWords = performance.now() + wordsEvery
        this.#become({ loaded, what: t('Reading runs from {0}: {1} so far', name, formatCount(loaded)) })
      }
      if (!this.#former) changed()
    })
    await live.load(signal)
    open.whole = true
    this.#former = undefined
    if (isOpen()) changed()
  }

  async #refresh(lifecycle: Lifecycle, thorough: boolean | undefined, signal: AbortSignal): Promise<void> {
    const open = this.#open
    const interactive = thorough === true
    if (open?.whole && open.store === (await this.#options.connection().store({ signal, interactive }))) {
      await open.live.refresh(thorough === undefined ? {} : { thorough }, signal)
      return
    }
    // Another store, or a list that never was whole.
    if (this.listed.rows.length > 0) this.#former = this.listed
    await this.#load(lifecycle, interactive, signal)
  }

  #become(change: Partial<Loading>): void {
    const loaded = this.listed.rows.length
    const next = { ...this.#loading, loaded, ...change }
    const turned = next.state !== this.#loading.state
    this.#loading = next
    if (next.state !== 'loading') this.#unsaid = undefined
    this.#options.loading(next, turned)
  }

  /** @param onlyOpen what is under way goes on */
  #close(onlyOpen = false): void {
    if (!onlyOpen) {
      this.#work?.abort.abort()
      this.#work = undefined
    }
    const open = this.#open
    this.#open = undefined
    open?.live[Symbol.dispose]()
    open?.feed[Symbol.dispose]()
  }
}

const empty: Listed = { frame: RunFrame.empty, rows: new Uint32Array() }
