import { RunFrame, RunFrameBuilder } from '../../../shared/runFrame'
import type { RunWatch } from '..'
import type { SqliteClient } from './client'
import type { Look } from './look'
import { stampOf } from '../fileStamp'

/** Runs that are read in one piece: some 50 ms, no longer may writers be kept waiting. */
const runsAtOnce = 2_500

/**
 * Watches the runs of some experiments of the database `file`. While nobody writes to the file, that costs two looks at its
 * metadata; else the worker compares the runs with what they were. What they were is kept here, so that a worker may end.
 */
export async function watchRuns(
  client: SqliteClient,
  file: string,
  experimentIds: readonly string[],
  signal?: AbortSignal,
): Promise<RunWatch> {
  const look = (before: Look | undefined, isReplaced: boolean, abort?: AbortSignal): Promise<Look> =>
    client.call('lookAtRuns', { experimentIds, before: before?.state, isReplaced }, abort)
  let stamp = await stampOf(file)
  let last = await look(undefined, false, signal)
  /** What was found but not told yet, as reading it failed. */
  let untold = { changed: new Set<string>(), lost: false }

  return {
    async changes(known, abort) {
      const now = await stampOf(file)
      const isTold = untold.changed.size === 0 && !untold.lost
      if (isTold && now.isSettled && now.word === stamp.word)
        return { changed: RunFrame.empty, gone: [], untouched: true }
      last = await look(last, now.file !== stamp.file, abort)
      stamp = now
      untold = { changed: new Set([...untold.changed, ...last.changed]), lost: untold.lost || last.lost }
      const changed = await readAll(client, [...untold.changed], abort)
      const gone = untold.lost ? await missing(client, known.runIds(), abort) : []
      untold = { changed: new Set(), lost: false }
      return { changed, gone }
    },
    [Symbol.dispose]: () => undefined,
  }
}

/** Of runs that are only looked for, so many take as long. */
const runsSoughtAtOnce = 20_000

async function missing(client: SqliteClient, ids: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const gone: string[] = []
  for (let at = 0; at < ids.length; at += runsSoughtAtOnce)
    gone.push(...(await client.call('missingRuns', ids.slice(at, at + runsSoughtAtOnce), signal)))
  return gone
}

async function readAll(client: SqliteClient, ids: readonly string[], signal?: AbortSignal): Promise<RunFrame> {
  const runs = new RunFrameBuilder(ids.length)
  for (let at = 0; at < ids.length; at += runsAtOnce)
    runs.append(new RunFrame(await client.call('readRuns', ids.slice(at, at + runsAtOnce), signal)))
  return runs.build()
}
