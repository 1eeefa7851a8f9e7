/** The code of a run as one side of a comparison: a commit, with the changes that the run logged. Knows no vscode. */
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import { messageOf } from '../messageOf'
import type { TrackingStore } from '../stores'
import { type LoggedDiff, patched, readDiff } from './patch'
import type { Clone } from './clones'
import { type Commit, commitOf, contentOf } from './repository'
import { type CodeFacts, codeFactsOf, uncommittedText } from './runFacts'

/** Where a run's diff is: its tag, or an artifact's path. */
export type DiffPlace = { readonly tag: true } | { readonly artifact: string }

export interface Side {
  readonly run: RunRef
  readonly runName: string
  /** Milliseconds since the epoch. */
  readonly startTime: number | null
  readonly facts: CodeFacts
  readonly commit: Commit
  /** The uncommitted changes, where the run logged them. */
  readonly diff: { readonly place: DiffPlace; readonly files: LoggedDiff } | undefined
  /** What is known, and what not, of how this was the code that ran. */
  readonly says: string
}

/** Bytes of a diff. */
const largestDiff = 5 * 1024 * 1024

/** @throws CodeMissing, GitError, StoreError */
export async function sideOf(
  run: RunRef,
  store: TrackingStore,
  clones: readonly Clone[],
  signal: AbortSignal,
): Promise<Side> {
  const { info, tags } = await store.getRun(run.runId, signal)
  const facts = codeFactsOf(tags)
  const commit = await commitOf(facts, clones, signal)
  const found = await loggedDiffOf(run.runId, facts, store, signal)
  const known = uncommittedText(facts, found.diff?.files.size)
  return {
    run,
    runName: info.runName || info.runId,
    startTime: info.startTime,
    facts,
    commit,
    diff: found.diff,
    says: found.problem === undefined ? known : `${known} ${found.problem}`,
  }
}

/** For sorting runs: the older first, since that is how changes are read. */
export const byStart = (a: Pick<Side, 'startTime'>, b: Pick<Side, 'startTime'>): number =>
  (a.startTime ?? 0) - (b.startTime ?? 0)

async function loggedDiffOf(
  runId: string,
  facts: CodeFacts,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<{ readonly diff?: Side['diff']; readonly problem?: string }> {
  try {
    const place: DiffPlace | undefined = facts.diff !== '' ? { tag: true } : await diffArtifact(runId, store, signal)
    if (!place) return {}
    return { diff: { place, files: await readLoggedDiff(runId, facts, place, store, signal) } }
  } catch (error) {
    if (signal.aborted) throw error
    return { problem: messageOf(error) }
  }
}

/** @throws PatchError, StoreError */
export async function readLoggedDiff(
  runId: string,
  facts: CodeFacts,
  place: DiffPlace,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<LoggedDiff> {
  if ('tag' in place) return readDiff(facts.diff)
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of store.readArtifact(runId, place.artifact, signal)) {
    size += piece.length
    if (size > largestDiff) throw new Error(t('The logged diff {0} is too large to be applied.', place.artifact))
    pieces.push(piece)
  }
  return readDiff(Buffer.concat(pieces, size).toString())
}

/** A diff among the run's artifacts, by its name: `git.diff` before others. */
async function diffArtifact(
  runId: string,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<{ readonly artifact: string } | undefined> {
  const top = await store.listArtifacts(runId, undefined, signal)
  const folders = top.filter(({ isDir, path }) => isDir && /^(?:git|code|source|diffs?|patch(?:es)?)$/i.test(path))
  const inside = await Promise.all(folders.map(({ path }) => store.listArtifacts(runId, path, signal)))
  const diffs = [top, ...inside].flat().filter(({ isDir, path }) => !isDir && /\.(?:diff|patch)$/i.test(path))
  const best = diffs.find(({ path }) => /(?:^|\/)git\.(?:diff|patch)$/i.test(path)) ?? diffs[0]
  return best && { artifact: best.path }
}

/** Whether the side has a file. @param tree paths of its commit */
export function hasFile({ diff }: Side, tree: ReadonlySet<string>, path: string): boolean {
  const change = diff?.files.get(path)
  if (change) return change.kind !== 'deleted'
  for (const other of diff?.files.values() ?? []) if (other.kind === 'renamed' && other.oldPath === path) return false
  return tree.has(path)
}

/** A file of the side. @throws PatchError, GitError */
export async function readSide(
  commit: Commit,
  diff: LoggedDiff | undefined,
  path: string,
  signal?: AbortSignal,
): Promise<Buffer> {
  const change = diff?.get(path)
  if (!change) return contentOf(commit, path, signal)
  const before = change.kind === 'added' ? '' : textOf(await contentOf(commit, change.oldPath ?? path, signal), path)
  return Buffer.from(patched(before, change))
}

function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new Error(t('The logged diff changes {0}, which is not UTF-8 text in the run’s commit.', path), {
      cause: error,
    })
  }
}
