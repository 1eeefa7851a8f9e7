import type { ModelVersion } from '../../shared/model'
import { filterProblems, type Served } from './filterProblems'
import { nameProblems, type FileNames, type RunKeys } from './nameProblems'
import { paramProblems } from './paramProblems'
import type { Code, Problem } from './problem'
import { stageProblems } from './stageProblems'
import { viewProblems, type ViewFacts } from './viewProblems'

/** What the stores say that the code is held against. */
export interface Facts {
  readonly keys: RunKeys
  /** What other files of the workspace log, as far as that is known. */
  readonly others: readonly FileNames[]
  readonly versionsOf: (model: string) => readonly ModelVersion[] | undefined
  /** The connection that the code searches in; undefined where it isn't known which or what MLflow it is of. */
  readonly served: Served | undefined
  /** Undefined as long as it isn't known. */
  readonly views: ViewFacts | undefined
}

/** All that is wrong with what the code says to MLflow. Pure. */
export function codeProblems(code: Code, { keys, others, versionsOf, served, views }: Facts): Problem[] {
  return [
    ...nameProblems(code, keys, others),
    ...paramProblems(code),
    ...filterProblems(code, served),
    ...stageProblems(code, versionsOf),
    ...(views ? viewProblems(code, views) : []),
  ]
}
