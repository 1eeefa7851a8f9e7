import type { AcrossData } from '../../shared/across/data'
import { acrossData, type Place } from '../../shared/across/fromFrames'
import type { RunRef } from '../../shared/protocol'
import type { RunFrame } from '../../shared/runFrame'
import { messageOf } from '../messageOf'
import { findRuns, type RunFinder } from './findRuns'

export interface Opened {
  readonly store: RunFinder
  experimentName(experimentId: string): Promise<string>
  /** Is told what was read. */
  readonly learn?: (frame: RunFrame) => void
}

/**
 * Many runs of any experiments and connections by column, in a few searches a connection. A run that is not there or may not be read,
 * or whose connection can't be reached, has the reason in its place; rejects where no connection can be reached.
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
      const { frame, problems } = await findRuns(opened.store, ids, signal)
      opened.learn?.(frame)
      for (const experimentId of new Set(frame.runIds().map((_, row) => frame.info(row).experimentId)))
        names.set(`${connection}\n${experimentId}`, await nameOf(opened, experimentId, signal))
      for (const id of ids) {
        const row = frame.rowOf(id)
        places.set(`${connection}\n${id}`, row < 0 ? { problem: problems.get(id) ?? '' } : { frame, row })
      }
    } catch (error) {
      if (signal.aborted) throw error
      failures.push(error)
      const problem = messageOf(error)
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
