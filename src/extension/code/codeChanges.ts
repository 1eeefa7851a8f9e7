/** What differs between the code of two runs, as the lines of a diff that a page can show. */
import { structuredPatch } from 'diff'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { CodeChanges, RunRef } from '../../shared/protocol'
import type { Connections } from '../connections/connection'
import { messageOf } from '../messageOf'
import { type Difference, differencesOfRuns, scriptFirst, type Version } from './compareCode'
import { sideLabel } from './workspace'

/** Files whose lines are shown, lines of one, characters of a line, and bytes of a file that is compared. */
const mostFiles = 40
const mostLines = 1000
const longestLine = 500
const largest = 1024 * 1024
/** Edits after which two texts count as having nothing in common, and milliseconds that are spent on a file. */
const mostEdits = 5000
const mostTime = 1000

/** The older run is on the left. @throws CodeMissing, GitError, StoreError */
export async function codeChanges(
  connections: Connections,
  runs: readonly [RunRef, RunRef],
  signal: AbortSignal,
): Promise<CodeChanges> {
  const { sides, versions, changes } = await differencesOfRuns(connections, runs, signal)
  const [left, right] = sides
  const files: CodeChanges['files'] = []
  for (const change of scriptFirst(changes, right.facts.source, right.commit.clone.root).slice(0, mostFiles)) {
    signal.throwIfAborted()
    const { kind, path, oldPath = null } = change
    files.push({ kind, path, oldPath, ...(await linesOf(change, versions)) })
  }
  const says = sides.map((side) => `${side.runName}: ${side.says}`)
  return { left: sideLabel(left), right: sideLabel(right), says, files, more: changes.length - files.length }
}

type Lines = Pick<CodeChanges['files'][number], 'lines' | 'note'>

async function linesOf(
  { path, oldPath, left, right }: Difference,
  [older, newer]: readonly [Version, Version],
): Promise<Lines> {
  try {
    const [before, after] = [left && (await older.read(oldPath ?? path)), right && (await newer.read(path))]
    const size = Math.max(before?.length ?? 0, after?.length ?? 0)
    if (size > largest) return said(t('{0}: too large to be shown here.', formatBytes(size)))
    if (before?.includes(0) === true || after?.includes(0) === true) return said(t('Not a text.'))
    const patch = structuredPatch('', '', before?.toString() ?? '', after?.toString() ?? '', undefined, undefined, {
      context: 3,
      maxEditLength: mostEdits,
      timeout: mostTime,
    })
    if (!patch) return said(t('The two have so little in common that their lines are not compared here.'))
    const lines = patch.hunks.flatMap((hunk) => [
      `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
      ...hunk.lines,
    ])
    const more = lines.length - mostLines
    return {
      lines: lines
        .slice(0, mostLines)
        .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)),
      note: more > 0 ? t('{0} more lines', more) : '',
    }
  } catch (error) {
    return said(messageOf(error))
  }
}

const said = (note: string): Lines => ({ lines: [], note })
