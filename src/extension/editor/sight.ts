import type { Connection } from '../connections/connection'
import type { TrackingStore } from '../stores'
import type { CodeView } from './codeView'
import type { ExperimentRuns } from './experimentRuns'
import type { projectEntries } from './projectSight'
import type { Subject } from './subject'

/** What is known of a file in sight. */
export interface Sight {
  readonly view: CodeView
  /** Finds out what belongs to the file, as far as that isn't known. */
  readonly look: () => Promise<void>
  readonly closed: AbortController
  file?: Awaited<ReturnType<CodeView['file']>>
  /** What was found, also if that is nothing, and by what: while that is the same, so is what was found. */
  found?: Found | undefined
  /** The next look may ask a store that did not answer the last time. */
  mayAsk: boolean
  /** The next look asks for what is known, too. */
  isOld: boolean
  /** Somebody has looked, whatever came of it. */
  isLookedAt?: boolean
  /** Why it could not be looked at the last time. */
  problem?: string | undefined
  /** The tracking URI that the code sets, where no connection has it. */
  missing?: { readonly missing: string; readonly line: number } | undefined
  subject?: Subject | undefined
  runs?: ExperimentRuns | undefined
  /** Where its runs are, or would be. */
  connection?: Connection | undefined
  store?: TrackingStore | undefined
  /** Where its models are, as far as that is known. */
  registry?: Connection | undefined
  /** The registry and the models whose versions were read last. */
  models?: string
  /** Of an MLproject file. */
  entries?: Awaited<ReturnType<typeof projectEntries>> | undefined
}

interface Found {
  readonly key: string
  readonly store: TrackingStore
  /** Milliseconds since the epoch. */
  readonly at: number
  /** It took a search through the runs. */
  readonly isCostly: boolean
  /** Why nothing was found: it is not asked for again with every key. */
  readonly problem?: Error
}

/** Milliseconds after which what took a search through all runs is asked for again. */
const patience = 60_000

/** Whether the store may tell something else by now, at least once an interval. */
export const isDue = ({ found }: Sight): boolean => !found?.isCostly || Date.now() - found.at >= patience

/** Nothing belongs to the file. */
export function forget(sight: Sight): void {
  sight.subject = sight.runs = sight.found = sight.connection = sight.registry = sight.store = sight.entries = undefined
}

export const runsIn = ({ runs, entries = [] }: Sight): ExperimentRuns[] =>
  runs ? [runs] : entries.map((entry) => entry.runs)
