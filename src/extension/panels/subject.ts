import { maxComparedRuns, type RunRef } from '../../shared/protocol'

/** What a page is about. */
export interface PageSubject {
  readonly runs: readonly RunRef[]
  /** Runs asked for beyond `maxComparedRuns`. */
  readonly leftOut: number
}

/** Two connections may have runs of one id. */
export const keyOf = ({ connection, runId }: RunRef): string => `${connection}\n${runId}`

export function subjectOf(runs: readonly RunRef[]): PageSubject {
  const unique = [...new Map(runs.map((run) => [keyOf(run), run])).values()]
  return { runs: unique.slice(0, maxComparedRuns), leftOut: Math.max(0, unique.length - maxComparedRuns) }
}
