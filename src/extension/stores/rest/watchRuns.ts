import { RunFrameBuilder, statusCodes, type RunFrame } from '../../../shared/runFrame'
import type { RunChanges, RunQuery, RunWatch } from '..'

/** Clocks of the machines that train differ by so much at most; a run may appear this late among those that started before it. Milliseconds. */
const clockDifference = 120_000
/** A start time further ahead than this is a mistake: what starts later than it would never be seen. */
const farAhead = 24 * 3600_000
/** Runs under way that are asked for by their status, newest first; runs that nobody ended go on "running" for ever. */
const mostByStatus = 100
const idsAtOnce = 80
/** Runs that are asked for by id in one look; where more are under way, they take turns. */
const mostById = 2 * idsAtOnce

type Search = (query: RunQuery, signal?: AbortSignal) => AsyncIterable<RunFrame>

/**
 * Watches the runs of some experiments of a server, which tells of no changes by itself: asks for runs that started after the newest
 * one seen, for those that are running, and, by id, for those that were under way and are not among them. So runs that ended are
 * read, and once more the next time, since some things are logged after the end. Edits of other runs are not seen.
 */
export function watchRuns(search: Search, experimentIds: readonly string[]): RunWatch {
  const disposed = new AbortController()
  const newestAtFirst = (signal: AbortSignal = disposed.signal): Promise<number> =>
    newestStart(search({ experimentIds, view: 'ALL', maxResults: 1 }, signal))
  let first: Promise<number> | undefined = newestAtFirst()
  first.catch(() => undefined) // asked for again when it is needed
  let newest = -Infinity
  /** Since when it is the newest. */
  let newestSince = 0
  const setNewest = (start: number): void => {
    newest = start
    newestSince = performance.now() - Math.max(0, Date.now() - start)
  }
  let justEnded: readonly string[] = []
  let turn = 0

  return {
    async changes(known, signal): Promise<RunChanges> {
      if (first) {
        const start = await first.catch(() => newestAtFirst(signal))
        first = undefined
        setNewest(start)
      }
      const found = new Found(known)
      // Once the clocks can't differ by the time that has passed, there is nothing to expect before the newest run.
      const overlap = Math.max(0, clockDifference - (performance.now() - newestSince))
      const after = Number.isFinite(newest) ? `attributes.start_time > ${newest - overlap}` : undefined
      const newer = search({ experimentIds, view: 'ALL', ...(after !== undefined && { filter: after }) }, signal)
      await found.add(newer, (oldest) => oldest <= newest) // newest first: the first page has enough of those before it
      const filter = "attributes.status = 'RUNNING'"
      await found.add(search({ experimentIds, filter, maxResults: mostByStatus }, signal))
      const { ids, next } = someOf(
        underWay(known).filter((id) => !found.has(id)),
        turn,
      )
      for (const chunk of chunksOf([...new Set([...justEnded.filter((id) => !found.has(id)), ...ids])])) {
        const those = `attributes.run_id IN (${chunk.map((id) => `'${id}'`).join(', ')})`
        await found.add(search({ experimentIds, filter: those, view: 'ALL' }, signal))
      }
      const gone = ids.filter((id) => !found.has(id))

      turn = next
      justEnded = found.ended
      if (found.newest > newest) setNewest(found.newest)
      return { changed: found.frame, gone }
    },
    [Symbol.dispose]: () => disposed.abort(),
  }
}

/** What the requests of one look gave, each run once. */
class Found {
  readonly #runs = new RunFrameBuilder()
  readonly #ids = new Set<string>()
  /** Runs that were under way when last known, and are not any more. */
  readonly ended: string[] = []
  newest = -Infinity

  constructor(private readonly known: RunFrame) {}

  get frame(): RunFrame {
    return this.#runs.build()
  }

  has(runId: string): boolean {
    return this.#ids.has(runId)
  }

  /** @param isEnough given the start of a page's last run: true ends the reading */
  async add(pages: AsyncIterable<RunFrame>, isEnough: (start: number) => boolean = () => false): Promise<void> {
    for await (const page of pages) {
      const rows: number[] = []
      for (let row = 0; row < page.length; row++) {
        const id = page.runId(row)
        this.newest = Math.max(this.newest, plausibleStart(page, row))
        if (this.#ids.has(id)) continue
        this.#ids.add(id)
        rows.push(row)
        const before = this.known.rowOf(id)
        if (!isUnderWay(page, row) && (before < 0 || isUnderWay(this.known, before))) this.ended.push(id)
      }
      this.#runs.append(page.slice(rows))
      if (isEnough(page.data.infos.startTimes[page.length - 1] ?? NaN)) return
    }
  }
}

async function newestStart(pages: AsyncIterable<RunFrame>): Promise<number> {
  let newest = -Infinity
  for await (const page of pages)
    for (let row = 0; row < page.length; row++) newest = Math.max(newest, plausibleStart(page, row))
  return newest
}

function plausibleStart({ data }: RunFrame, row: number): number {
  const start = data.infos.startTimes[row] ?? NaN
  return start < Date.now() + farAhead ? start : -Infinity
}

const codesUnderWay = new Set([statusCodes.indexOf('RUNNING'), statusCodes.indexOf('SCHEDULED')])
const isUnderWay = ({ data }: RunFrame, row: number): boolean => codesUnderWay.has(data.infos.statuses[row] ?? -1)

function underWay(known: RunFrame): string[] {
  const ids: string[] = []
  for (let row = 0; row < known.length; row++)
    if (isUnderWay(known, row) && known.data.infos.deleted[row] !== 1) ids.push(known.runId(row))
  return ids
}

/** As many ids as one look asks for, from `turn` on and round again. */
function someOf(ids: readonly string[], turn: number): { ids: string[]; next: number } {
  if (ids.length <= mostById) return { ids: [...ids], next: 0 }
  const start = turn % ids.length
  return { ids: [...ids.slice(start), ...ids.slice(0, start)].slice(0, mostById), next: start + mostById }
}

function* chunksOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += idsAtOnce) yield ids.slice(at, at + idsAtOnce)
}
