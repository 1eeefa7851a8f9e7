/** A store in memory that can be changed, slowed down and made to fail. */
import { matchRuns, parseFilter, parseOrderBy } from '../../../src/shared/filter'
import type { RunInfo } from '../../../src/shared/model'
import { RunFrameBuilder, type RunFrame } from '../../../src/shared/runFrame'
import { sortRuns } from '../../../src/shared/runOrder'
import { StoreError, type RunQuery, type RunWatch, type TrackingStore } from '../../../src/extension/stores'

export interface FakeRun extends Partial<RunInfo> {
  readonly metrics?: Readonly<Record<string, number>>
  readonly tags?: Readonly<Record<string, string>>
}

export class FakeStore {
  readonly kind: TrackingStore['kind']
  readonly #runs = new Map<string, FakeRun>()
  readonly #changedAt = new Map<string, number>()
  #clock = 0
  pageSize = 3
  /** What was asked for, in order. */
  readonly calls: ('search' | 'changes')[] = []
  /** Called before each page of a search and each answer to `changes`; may wait, change things, or throw. */
  before: (call: 'search' | 'changes', page: number) => Promise<void> | void = () => undefined
  /** False makes `changes` blind for edits, as stores are for some. */
  tells = true

  constructor(kind: TrackingStore['kind'] = 'sqlite') {
    this.kind = kind
  }

  /** The part of it that lists of runs use. */
  get store(): TrackingStore {
    const part: Pick<TrackingStore, 'kind' | 'searchRuns' | 'watchRuns'> = {
      kind: this.kind,
      searchRuns: (query, signal) => this.#search(query, signal),
      watchRuns: () => Promise.resolve(this.#watch()),
    }
    return part as TrackingStore
  }

  put(runId: string, run: FakeRun): void {
    this.#runs.set(runId, { ...this.#runs.get(runId), ...run })
    if (this.tells) this.#changedAt.set(runId, ++this.#clock)
  }

  remove(runId: string): void {
    this.#runs.delete(runId)
    if (this.tells) this.#changedAt.set(runId, ++this.#clock)
  }

  #frameOf(ids: Iterable<string>): RunFrame {
    const builder = new RunFrameBuilder()
    for (const id of ids) {
      const { metrics = {}, tags = {}, ...info } = this.#runs.get(id) ?? {}
      const row = builder.addRun({ ...blank, runName: id, ...info, runId: id })
      for (const [key, value] of Object.entries(metrics)) builder.setMetric(row, key, value, 0, 0)
      for (const [key, value] of Object.entries(tags)) builder.setTag(row, key, value)
    }
    return builder.build()
  }

  /** Ids by offset, as a server's pages are: they shift when runs come. */
  #idsOf({ filter = '', orderBy = [], view = 'ACTIVE_ONLY' }: RunQuery): string[] {
    const all = this.#frameOf(this.#runs.keys())
    const stage = { ACTIVE_ONLY: 'active', DELETED_ONLY: 'deleted', ALL: undefined }[view]
    const rows = Array.from({ length: all.length }, (_, row) => row).filter(
      (row) => stage === undefined || all.info(row).lifecycleStage === stage,
    )
    const expression = parseFilter(filter, 'runs')
    const matching = expression ? matchRuns(all, expression, Uint32Array.from(rows)) : rows
    return Array.from(sortRuns(all, parseOrderBy(orderBy, 'runs'), matching), (row) => all.runId(row))
  }

  async *#search(query: RunQuery, signal?: AbortSignal): AsyncGenerator<RunFrame> {
    this.calls.push('search')
    for (let offset = 0, page = 0; offset < (query.maxResults ?? Infinity); offset += this.pageSize, page++) {
      await this.before('search', page)
      throwIfAborted(signal)
      const ids = this.#idsOf(query).slice(offset, Math.min(offset + this.pageSize, query.maxResults ?? Infinity))
      if (ids.length === 0) return
      yield this.#frameOf(ids)
    }
  }

  #watch(): RunWatch {
    let seen = this.#clock
    return {
      changes: async (known, signal) => {
        this.calls.push('changes')
        await this.before('changes', 0)
        throwIfAborted(signal)
        const since = [...this.#changedAt].filter(([, at]) => at > seen).map(([id]) => id)
        seen = this.#clock
        const untouched = since.length === 0 && this.tells
        return {
          changed: this.#frameOf(since.filter((id) => this.#runs.has(id))),
          gone: since.filter((id) => !this.#runs.has(id) && known.rowOf(id) >= 0),
          untouched,
        }
      },
      [Symbol.dispose]: () => undefined,
    }
  }
}

const blank: RunInfo = {
  runId: '',
  experimentId: '1',
  runName: '',
  userId: '',
  status: 'FINISHED',
  startTime: 0,
  endTime: 0,
  artifactUri: '',
  lifecycleStage: 'active',
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StoreError('cancelled', 'Cancelled.')
}
