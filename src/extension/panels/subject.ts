import { maxComparedRuns, type RunRef } from '../../shared/protocol'

/** What a page is about. */
export interface PageSubject {
  readonly runs: readonly RunRef[]
  /** Runs asked for beyond `maxComparedRuns`. */
  readonly leftOut: number
}

export function subjectOf(runs: readonly RunRef[]): PageSubject {
  const unique = [...new Map(runs.map((run) => [`${run.connection}\n${run.runId}`, run])).values()]
  return { runs: unique.slice(0, maxComparedRuns), leftOut: Math.max(0, unique.length - maxComparedRuns) }
}
