import type { AcrossData } from '../../shared/across/data'
import { acrossData, type Place } from '../../shared/across/fromFrames'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import { RunFrame, RunFrameBuilder } from '../../shared/runFrame'
import { runsById } from '../live/runsById'
import type { TrackingStore } from '../stores'
import { StoreError } from '../stores/errors'

/** Runs that are asked for by themselves, to learn of which experiment they are; for the rest all experiments are searched. */
const mostAlone = 8

export interface Opened {
  readonly store: Pick<TrackingStore, 'getRun' | 'searchRuns' | 'searchExperiments'>
  experimentName(experimentId: string): Promise<string>
}

/**
 * Many runs of any experiments and connections by column, in a few searches a connection. A run that is not there, or whose
 * connection can't be reached, has the reason in its place; rejects where that is so of all.
 */
export async function acrossRuns(
  refs: readonly RunRef[],
  open: (connection: string) => Promise<Opened>,
  signal: AbortSignal,
): Promise<AcrossData> {
  const places = new Map<string, Place>()
  const names = new Map<string, string>()
  const failures: unknown[] = []
  const connections = [...new Set(refs.map(({ connection }) => connection))]
  for (const connection of connections) {
    const ids = refs.filter((ref) => ref.connection === connection).map(({ runId }) => runId)
    try {
      const opened = await open(connection)
      const frame = await findRuns(opened.store, ids, signal)
      for (const experimentId of new Set(frame.runIds().map((_, row) => frame.info(row).experimentId)))
        names.set(`${connection}\n${experimentId}`, await nameOf(opened, experimentId, signal))
      for (const id of ids) {
        const row = frame.rowOf(id)
        places.set(`${connection}\n${id}`, row < 0 ? { problem: t('This run is not there any more.') } : { frame, row })
      }
    } catch (error) {
      if (signal.aborted) throw error
      failures.push(error)
      const problem = error instanceof Error ? error.message : String(error)
      for (const id of ids) places.set(`${connection}\n${id}`, { problem })
    }
  }
  if (connections.length > 0 && failures.length === connections.length) throw failures[0]
  return acrossData(
    refs.map(({ connection, runId }) => places.get(`${connection}\n${runId}`) ?? { problem: '' }),
    (at, info) => names.get(`${refs[at]?.connection ?? ''}\n${info.experimentId}`) ?? '',
  )
}

/** A name is worth no failure. */
async function nameOf(opened: Opened, experimentId: string, signal: AbortSignal): Promise<string> {
  try {
    return await opened.experimentName(experimentId)
  } catch (error) {
    if (signal.aborted) throw error
    return experimentId
  }
}

/** Those of the runs that are there, deleted ones too. Runs compared are mostly of a few experiments, which one of each tells. */
async function findRuns(store: Opened['store'], ids: readonly string[], signal: AbortSignal): Promise<RunFrame> {
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

async function experimentOf(store: Opened['store'], runId: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await store.getRun(runId, signal)).info.experimentId
  } catch (error) {
    if (StoreError.is(error, 'notFound')) return undefined
    throw error
  }
}
