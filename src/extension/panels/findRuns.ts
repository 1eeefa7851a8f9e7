import { t } from '../../shared/l10n'
import { RunFrame, RunFrameBuilder } from '../../shared/runFrame'
import { runsById } from '../live/runsById'
import type { TrackingStore } from '../stores'
import { StoreError } from '../stores/errors'

/** Runs that are asked for by themselves, to learn of which experiment they are; for the rest all experiments are searched. */
export const mostAlone = 8

export type RunFinder = Pick<TrackingStore, 'getRun' | 'searchRuns' | 'searchExperiments'>

export interface FoundRuns {
  readonly frame: RunFrame
  /** By run id: why others are not in it. */
  readonly problems: ReadonlyMap<string, string>
}

const gone = (): string => t('This run is not there any more.')

/**
 * Those of the runs that are there, deleted ones too, and why others are not. Runs compared are mostly of a few experiments, which one of
 * each tells.
 */
export async function findRuns(store: RunFinder, ids: readonly string[], signal: AbortSignal): Promise<FoundRuns> {
  let frame = RunFrame.empty
  const problems = new Map<string, string>()
  const searched: string[] = []
  const missing = (): string[] => ids.filter((id) => frame.rowOf(id) < 0 && !problems.has(id))
  const search = async (experimentIds: readonly string[]): Promise<void> => {
    searched.push(...experimentIds)
    const builder = new RunFrameBuilder(ids.length)
    const known = new Set(frame.runIds())
    for await (const page of runsById(store, { experimentIds, view: 'ALL' }, missing(), signal)) {
      const rows = page.runIds().flatMap((id, row) => (known.has(id) ? [] : [row]))
      for (const row of rows) known.add(page.runId(row))
      builder.append(page.slice(rows))
    }
    frame = frame.merge(builder.build())
  }
  const problemOf = (error: unknown): string => {
    if (signal.aborted || !StoreError.is(error) || error.isOfTheStore) throw error
    return error.reason === 'notFound' ? gone() : error.message
  }
  for (let tries = 0; tries < mostAlone; tries++) {
    const [first] = missing()
    if (first === undefined) return { frame, problems }
    try {
      const { experimentId } = (await store.getRun(first, signal)).info
      if (!searched.includes(experimentId)) await search([experimentId])
      if (frame.rowOf(first) < 0) problems.set(first, gone())
    } catch (error) {
      problems.set(first, problemOf(error))
    }
  }
  if (missing().length === 0) return { frame, problems }
  const others: string[] = []
  for await (const page of store.searchExperiments({ view: 'ALL' }, signal))
    for (const { experimentId } of page) if (!searched.includes(experimentId)) others.push(experimentId)
  await search(others)
  const allGone = [...problems.values()].every((problem) => problem === gone())
  for (const id of missing())
    problems.set(id, allGone ? gone() : t('This run is not there any more, or may not be read.'))
  return { frame, problems }
}
