/**
 * Which runs stand where. A run with a parent is shown below it, never beside it; a run whose parent is deleted, gone or in
 * another experiment is still shown. Knows stores, not the editor.
 */
import { equals, quotedKey } from '../../shared/filter/quote'
import { parentRunTag, type Run } from '../../shared/model'
import type { RunFrame } from '../../shared/runFrame'
import { runsById } from '../live'
import type { TrackingStore } from '../stores'

export interface RunList {
  readonly runs: readonly Run[]
  /** True where there are more than were asked for. */
  readonly more: boolean
}

const parentKey = `tags.${quotedKey(parentRunTag)}`

/** Finds the runs that stand at the top. */
export const topLevel = `${parentKey} IS NULL`
/** Finds those that don't. */
export const nestedOnes = `${parentKey} IS NOT NULL`
/** Finds those right below a run. */
export const childrenOf = (runId: string): string => equals(parentKey, runId)

export interface NestedRuns {
  /** Those that no run of the top level leads to: their parent is not among the experiment's runs, or is below them. */
  readonly strays: readonly Run[]
  /** Children by their parent's id. */
  readonly counts: ReadonlyMap<string, number>
  /** How many were looked at, and whether there are more. */
  readonly looked: number
  readonly more: boolean
}

/** Some runs as a live list has them. */
interface Listed {
  readonly frame: RunFrame
  readonly rows: Uint32Array
  readonly complete: boolean
}

/**
 * Where an experiment's nested runs stand.
 *
 * @param top the runs of the top level, as far as they are known: others are asked for by their ids
 */
export async function placeNested(
  store: TrackingStore,
  experimentId: string,
  { frame, rows, complete }: Listed,
  top: Listed,
  signal?: AbortSignal,
): Promise<NestedRuns> {
  /** Of each run its parent's id. */
  const parents = new Map<string, string | undefined>()
  for (const row of top.rows) parents.set(top.frame.runId(row), undefined)
  for (const row of rows) parents.set(frame.runId(row), frame.tagAt(row, parentRunTag))
  await addMissing(store, experimentId, parents, signal)

  const counts = new Map<string, number>()
  const strays: Run[] = []
  for (const row of rows) {
    const id = frame.runId(row)
    const parent = parents.get(id) ?? ''
    counts.set(parent, (counts.get(parent) ?? 0) + 1)
    if (!parents.has(parent) || parents.get(topmostOf(id, parents)) === id) strays.push(frame.run(row))
  }
  return { strays, counts, looked: rows.length, more: !complete }
}

async function addMissing(
  store: TrackingStore,
  experimentId: string,
  parents: Map<string, string | undefined>,
  signal?: AbortSignal,
): Promise<void> {
  const asked = new Set<string>()
  for (;;) {
    const missing = new Set<string>()
    for (const parent of parents.values())
      if (parent !== undefined && !parents.has(parent) && !asked.has(parent)) missing.add(parent)
    if (missing.size === 0) return
    for (const id of missing) asked.add(id)
    for await (const found of runsById(
      store,
      { experimentIds: [experimentId], view: 'ACTIVE_ONLY' },
      [...missing],
      signal,
    ))
      for (let row = 0; row < found.length; row++) parents.set(found.runId(row), found.tagAt(row, parentRunTag))
  }
}

function topmostOf(runId: string, parents: ReadonlyMap<string, string | undefined>): string {
  const seen = new Set<string>()
  let top = runId
  for (;;) {
    seen.add(top)
    const parent = parents.get(top)
    if (parent === undefined || !parents.has(parent) || seen.has(parent)) return top
    top = parent
  }
}

export const isUnderWay = ({ info }: Run): boolean => info.status === 'RUNNING' || info.status === 'SCHEDULED'

export const parentOf = (run: Run): string | undefined => run.tags.get(parentRunTag)
