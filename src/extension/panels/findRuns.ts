import { RunFrame, RunFrameBuilder } from '../../shared/runFrame'
import { runsById } from '../live/runsById'
import type { TrackingStore } from '../stores'
import { StoreError } from '../stores/errors'

/** Runs that are asked for by themselves, to learn of which experiment they are; for the rest all experiments are searched. */
export const mostAlone = 8

export type RunFinder = Pick<TrackingStore, 'getRun' | 'searchRuns' | 'searchExperiments'>

/** Those of the runs that are there, deleted ones too. Runs compared are mostly of a few experiments, which one of each tells. */
export async function findRuns(store: RunFinder, ids: readonly string[], signal: AbortSignal): Promise<RunFrame> {
  let found = RunFrame.empty
  const gone = new Set<string>()
  const searched: string[] = []
  const missing = (): string[] => ids.filter((id) => found.rowOf(id) < 0 && !gone.has(id))
  const search = async (experimentIds: readonly string[]): Promise<void> => {
    const builder = new RunFrameBuilder(ids.length)
    const known = new Set(found.runIds())
    for await (const page of runsById(store, { experimentIds, view: 'ALL' }, missing(), signal)) {
      const rows = page.runIds().flatMap((id, row) => (known.has(id) ? [] : [row]))
      for (const row of rows) known.add(page.runId(row))
      builder.append(page.slice(rows))
    }
    found = found.merge(builder.build())
    searched.push(...experimentIds)
  }
  for (let tries = 0; tries < mostAlone; tries++) {
    const [first] = missing()
    if (first === undefined) return found
    const experimentId = await experimentOf(store, first, signal)
    if (experimentId === undefined || searched.includes(experimentId)) gone.add(first)
    else await search([experimentId])
  }
  if (missing().length === 0) return found
  const others: string[] = []
  for await (const page of store.searchExperiments({ view: 'ALL' }, signal))
    for (const { experimentId } of page) if (!searched.includes(experimentId)) others.push(experimentId)
  await search(others)
  return found
}

async function experimentOf(store: RunFinder, runId: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await store.getRun(runId, signal)).info.experimentId
  } catch (error) {
    if (StoreError.is(error, 'notFound')) return undefined
    throw error
  }
}
