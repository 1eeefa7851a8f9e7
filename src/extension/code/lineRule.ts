/** Which runs ran with a line as it is now. Pure. */

export interface Blamed {
  /** Undefined: not committed yet. */
  readonly commit: string | undefined
  /** When it was committed, ms since the epoch. */
  readonly time: number
  readonly summary: string
}

/** What `git blame --porcelain` says of one line. */
export function parseBlame(text: string): Blamed | undefined {
  const commit = /^\^?([0-9a-f]{40,64}) /.exec(text)?.[1]
  const header = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1] ?? ''
  if (commit === undefined) return undefined
  const isCommitted = !/^0+$/.test(commit)
  return {
    commit: isCommitted ? commit : undefined,
    time: Number(header('committer-time')) * 1000,
    summary: isCommitted ? header('summary') : '',
  }
}

export interface LineRule {
  /** Commits of runs that have the line, and such as this clone does not have. */
  readonly having: readonly string[]
  readonly unknown: readonly string[]
  /** Runs of which the commit does not tell count where they started later; ms since the epoch. */
  readonly since: number
}

const commitTag = 'tags.`mlflow.source.git.commit`'

/** Runs that count, as a filter of the runs table. */
export function filterOf({ having, unknown, since }: LineRule): string {
  const later = `attributes.start_time >= ${Math.floor(since)}`
  return [
    ...(having.length > 0 ? [listed(having)] : []),
    `(${commitTag} IS NULL AND ${later})`,
    ...(unknown.length > 0 ? [`(${listed(unknown)} AND ${later})`] : []),
  ].join(' OR ')
}

const listed = (commits: readonly string[]): string =>
  `${commitTag} IN (${commits.map((commit) => `'${commit}'`).join(', ')})`

/** Whether a run counts, and by which part of the rule. */
export function ruleFor(
  commit: string | undefined,
  startTime: number | null,
  having: ReadonlySet<string>,
  known: ReadonlySet<string>,
  since: number,
): 'commit' | 'time' | undefined {
  if (commit !== undefined && having.has(commit)) return 'commit'
  if (commit !== undefined && known.has(commit)) return undefined
  return startTime !== null && startTime >= Math.floor(since) ? 'time' : undefined
}
