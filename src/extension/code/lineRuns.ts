import path from 'node:path'
import * as vscode from 'vscode'
import { commitTag } from '../../shared/commits'
import { formatCount, formatDateTime } from '../../shared/format'
import { t } from '../../shared/l10n'
import { shortLine } from '../../shared/markup'
import type { Json } from '../commands'
import type { Connection } from '../connections/connection'
import { withProgress } from '../ui/progress'
import { blameLine } from './blame'
import { git, gitText, type GitOptions } from './git'
import { type Blamed, filterOf, ruleFor } from './lineRule'
import { gitExecutable } from '../settings'
import { requireTrust } from './workspace'

/** Newest runs that are looked at, and experiments. */
const mostRuns = 20_000
const mostExperiments = 200
/** Commits that a filter names, of each kind. */
const mostCommits = 200

/** @param line counts from 1 */
export async function showRunsSinceLine(
  connection: Connection,
  document: vscode.TextDocument,
  line: number,
): Promise<Json> {
  requireTrust()
  if (document.uri.scheme !== 'file') throw new Error(t('Only lines of files on this machine have a history in Git.'))
  if (line < 1 || line > document.lineCount)
    throw new Error(t('{0} has no line {1}.', path.basename(document.fileName), line))
  if (line === document.lineCount && document.lineAt(line - 1).text === '')
    throw new Error(
      t('Line {0} is the empty end of {1}, where nothing changed.', line, path.basename(document.fileName)),
    )
  const { blamed, found } = await withProgress(t('Finding runs since line {0} changed', line), async (signal) => {
    const options: GitOptions = { git: gitExecutable(), folder: path.dirname(document.fileName), signal }
    const blamed = await blame(document, line, options)
    return { blamed, found: await runsSince(connection, blamed, options, signal) }
  })
  const { filter, byCommit, byTime, experimentIds, cut, shortened } = found
  const says = [
    explain(line, blamed, byCommit, byTime),
    ...(cut ? [t('Only the newest {0} runs were looked at.', formatCount(mostRuns))] : []),
    ...(shortened ? [t('The table shows those of the newest {0} commits.', mostCommits)] : []),
  ].join(' ')
  if (byCommit + byTime > 0)
    await vscode.commands.executeCommand('mlflow.openRuns', {
      connection: connection.id,
      experimentIds: experimentIds.slice(0, mostExperiments),
      view: { version: 1, filter },
    })
  void vscode.window.showInformationMessage(says)
  return { commit: blamed.commit ?? null, since: blamed.time, byCommit, byTime, experimentIds, filter, says }
}

/** The commit that made a line what it is, as it stands in the editor. */
async function blame(document: vscode.TextDocument, line: number, options: GitOptions): Promise<Blamed> {
  const name = path.basename(document.fileName)
  // Where the file holds the same, git reads it itself: an editor leaves out its byte order mark.
  const blamed = await blameLine({ name, text: document.isDirty ? document.getText() : undefined }, line, options)
  if (blamed.commit !== undefined || document.isDirty) return blamed
  const { mtime } = await vscode.workspace.fs.stat(document.uri)
  return { ...blamed, time: mtime }
}

async function runsSince(connection: Connection, { commit, time }: Blamed, options: GitOptions, signal: AbortSignal) {
  const store = await connection.store({ interactive: true, signal })
  const ids: string[] = []
  for await (const page of store.searchExperiments({}, signal))
    ids.push(...page.map(({ experimentId }) => experimentId))
  const runs: {
    readonly experimentId: string
    readonly startTime: number | null
    readonly commit: string | undefined
  }[] = []
  if (ids.length > 0)
    for await (const frame of store.searchRuns(
      { experimentIds: ids, orderBy: ['attributes.start_time DESC'], maxResults: mostRuns },
      signal,
    ))
      for (let row = 0; row < frame.length; row++) {
        const { experimentId, startTime } = frame.info(row)
        runs.push({ experimentId, startTime, commit: frame.tagAt(row, commitTag) })
      }
  const { having, known } = await descendants(
    commit,
    runs.flatMap((run) => run.commit ?? []),
    options,
  )
  const experimentIds = new Set<string>()
  const unknown = new Set<string>()
  const counts = { commit: 0, time: 0 }
  for (const run of runs) {
    const rule = ruleFor(run.commit, run.startTime, having, known, time)
    if (rule === undefined) continue
    counts[rule]++
    experimentIds.add(run.experimentId)
    if (rule === 'time' && run.commit !== undefined && isWhole(run.commit)) unknown.add(run.commit)
  }
  const rule = { having: newest(having), unknown: newest(unknown), since: time }
  return {
    filter: filterOf(rule),
    byCommit: counts.commit,
    byTime: counts.time,
    experimentIds: [...experimentIds],
    cut: runs.length >= mostRuns,
    shortened: Math.max(having.size, unknown.size) > mostCommits,
  }
}

/** Runs come newest first, and so do their commits. */
const newest = (commits: ReadonlySet<string>): string[] => [...commits].slice(0, mostCommits)

const isWhole = (commit: string): boolean => /^[0-9a-f]{40,64}$/.test(commit)

/** Which of some commits this clone knows, and which of those come from `commit`, or are it. */
async function descendants(commit: string | undefined, others: readonly string[], options: GitOptions) {
  const candidates = [...new Set(others.filter(isWhole))]
  const checked = await git(['cat-file', '--batch-check'], {
    ...options,
    input: candidates.map((id) => `${id}\n`).join(''),
  })
  const lines = checked.toString().split('\n')
  const known = new Set(candidates.filter((id, index) => lines[index]?.startsWith(`${id} commit `)))
  if (commit === undefined || known.size === 0) return { known, having: new Set<string>() }
  const input = [`^${commit}`, ...known].map((id) => `${id}\n`).join('')
  const after = new Set((await gitText(['rev-list', '--ancestry-path', '--stdin'], { ...options, input })).split('\n'))
  return { known, having: new Set([...known].filter((id) => id === commit || after.has(id))) }
}

/** In sentences: how many runs, and by which rule. */
function explain(line: number, { commit, time, summary }: Blamed, byCommit: number, byTime: number): string {
  if (commit === undefined)
    return t(
      'Line {0} is not committed yet, so no run’s commit has it. Runs that started since it was saved, at {1}, and whose commit is not known here: {2}.',
      line,
      formatDateTime(time),
      formatCount(byTime),
    )
  const changed = t('Line {0} changed in {1} at {2}: “{3}”.', line, commit.slice(0, 7), formatDateTime(time), shortLine(summary, 60)) // prettier-ignore
  const first = t('Runs whose commit has that one: {0}.', formatCount(byCommit))
  const rest = t('Runs with no commit, or one that is not in this clone, that started later: {0}.', formatCount(byTime))
  return `${changed} ${first} ${rest}`
}
