import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import * as vscode from 'vscode'
import { formatCount } from '../../shared/format'
import { t } from '../../shared/l10n'
import type { RunRef } from '../../shared/protocol'
import type { Json } from '../commands'
import type { Connections } from '../connections/connection'
import { withProgress } from '../ui/progress'
import { locate } from './locate'
import { uriOn } from './openCode'
import { type Change, changesBetween, filesOf } from './repository'
import { byStart, hasFile, readSide, type Side } from './side'
import { sideLabel, sideOfRun } from './workspace'

/** Files that the multi-file diff editor is given. */
const mostShown = 300

/** One of the two versions of the code that are compared. */
export interface Version {
  readonly label: string
  /** Files that differ from the commit by a logged diff. */
  readonly changed: readonly string[]
  has(path: string): Promise<boolean>
  read(path: string): Promise<Buffer>
  uri(path: string): vscode.Uri
}

/** Shows what differs between a run's code and the working tree; only in one file, where a path is given. */
export async function compareWithWorkingTree(
  connections: Connections,
  run: RunRef,
  only: string | undefined,
): Promise<Json> {
  const { side, right, changes } = await withProgress(t('Comparing code'), async (signal) => {
    const side = await sideOfRun(run, connections, signal)
    const left = await versionOf(side, signal)
    const right = workingTree(side.commit.clone.root)
    const listed = await changesBetween(side.commit, 'workingTree', signal)
    return { side, right, changes: await differences(left, right, listed) }
  })
  const says = [side.says, t('Files that git does not track are not compared, nor are submodules.')].join(' ')
  const shown = await show(changes, { only, source: side.facts.source, root: side.commit.clone.root, says }, [
    sideLabel(side),
    right.label,
  ])
  return { ...run, commit: side.commit.id, files: shown, says }
}

/** Shows what differs between the code of two runs, the older one on the left. */
export async function compareRunCode(
  connections: Connections,
  runs: readonly [RunRef, RunRef],
  only: string | undefined,
): Promise<Json> {
  const { sides, changes } = await withProgress(t('Comparing code'), (signal) =>
    differencesOfRuns(connections, runs, signal),
  )
  const [left, right] = sides
  const says = sides.map((side) => `${sideLabel(side)}: ${side.says}`).join(' ')
  const shown = await show(changes, { only, source: right.facts.source, root: right.commit.clone.root, says }, [
    sideLabel(left),
    sideLabel(right),
  ])
  return {
    runIds: sides.map(({ run }) => run.runId),
    commits: sides.map(({ commit }) => commit.id),
    files: shown,
    says,
  }
}

interface RunDifferences {
  /** The older one first. */
  readonly sides: readonly [Side, Side]
  readonly versions: readonly [Version, Version]
  readonly changes: readonly Difference[]
}

/** What differs between the code of two runs. */
export async function differencesOfRuns(
  connections: Connections,
  runs: readonly [RunRef, RunRef],
  signal: AbortSignal,
): Promise<RunDifferences> {
  const [first, second] = await Promise.all([
    sideOfRun(runs[0], connections, signal),
    sideOfRun(runs[1], connections, signal),
  ])
  const sides = byStart(first, second) <= 0 ? ([first, second] as const) : ([second, first] as const)
  const [one, other] = sides
  if (one.commit.clone.root !== other.commit.clone.root)
    throw new Error(t('The runs’ commits are of different repositories: {0} and {1}.', one.commit.clone.root, other.commit.clone.root)) // prettier-ignore
  const [left, right] = [await versionOf(one, signal), await versionOf(other, signal)]
  const changes = await differences(left, right, await changesBetween(one.commit, other.commit, signal))
  return { sides, versions: [left, right], changes }
}

async function versionOf(side: Side, signal: AbortSignal): Promise<Version> {
  const tree = new Set(await filesOf(side.commit, signal))
  const moved = [...(side.diff?.files.values() ?? [])].flatMap(({ oldPath }) => oldPath ?? [])
  return {
    label: sideLabel(side),
    changed: [...(side.diff?.files.keys() ?? []), ...moved],
    has: (file) => Promise.resolve(hasFile(side, tree, file)),
    read: (file) => readSide(side.commit, side.diff?.files, file, signal),
    uri: (file) => uriOn(side, file),
  }
}

function workingTree(root: string): Version {
  const place = (file: string): string => path.join(root, ...file.split('/'))
  return {
    label: t('Working Tree'),
    changed: [],
    has: (file) =>
      stat(place(file)).then(
        (found) => found.isFile(),
        () => false,
      ),
    read: (file) => readFile(place(file)),
    uri: (file) => vscode.Uri.file(place(file)),
  }
}

export interface Difference extends Change {
  readonly left: vscode.Uri | undefined
  readonly right: vscode.Uri | undefined
}

/** @param listed what differs between the commits, to which the logged diffs come */
async function differences(left: Version, right: Version, listed: readonly Change[]): Promise<Difference[]> {
  const logged = new Set([...left.changed, ...right.changed])
  const pairs = new Map<string, string>()
  for (const { path, oldPath = path } of listed) pairs.set(path, oldPath)
  const before = new Set(pairs.values())
  for (const path of logged) if (!pairs.has(path) && !before.has(path)) pairs.set(path, path)
  const found: Difference[] = []
  for (const [path, oldPath] of pairs) {
    const [hasLeft, hasRight] = [await left.has(oldPath), await right.has(path)]
    if (!hasLeft && !hasRight) continue
    const isTouched = logged.has(path) || logged.has(oldPath)
    if (hasLeft && hasRight && isTouched && path === oldPath && (await isSame(left, right, path))) continue
    const kind = !hasLeft ? 'added' : !hasRight ? 'deleted' : path === oldPath ? 'changed' : 'renamed'
    found.push({
      kind,
      path,
      ...(kind === 'renamed' && { oldPath }),
      left: hasLeft ? left.uri(oldPath) : undefined,
      right: hasRight ? right.uri(path) : undefined,
    })
  }
  return found
}

/** Whether a file that a logged diff changed is the same on both sides; not where that can't be told. */
async function isSame(left: Version, right: Version, file: string): Promise<boolean> {
  try {
    const [one, other] = [await left.read(file), await right.read(file)]
    return one.equals(other)
  } catch {
    return false // opened, it says why
  }
}

interface Shown {
  readonly only: string | undefined
  /** What the run ran, which comes first. */
  readonly source: string
  readonly root: string
  readonly says: string
}

/** By path, after the script that the run says it ran. */
export function scriptFirst(changes: readonly Difference[], source: string, root: string): Difference[] {
  const paths = changes.map(({ path }) => path)
  const [script] = locate(paths, { name: source, root })
  return changes.toSorted((a, b) => Number(b.path === script) - Number(a.path === script) || (a.path < b.path ? -1 : 1))
}

/** Opens the differences. Resolves to what they are, as JSON. */
async function show(changes: readonly Difference[], { only, source, root, says }: Shown, labels: [string, string]) {
  const title = t('{0} ↔ {1}', ...labels)
  const wanted = only === undefined ? changes : changes.filter(({ path, oldPath }) => path === only || oldPath === only)
  const sorted = scriptFirst(wanted, source, root)
  const [first] = sorted
  if (!first)
    void vscode.window.showInformationMessage(
      only === undefined
        ? t('No file differs: {0}. {1}', title, says)
        : t('{0} does not differ: {1}. {2}', only, title, says),
    )
  else if (sorted.length === 1 && first.left && first.right)
    await vscode.commands.executeCommand('vscode.diff', first.left, first.right, t('{0}: {1}', first.path, title))
  else {
    const shown = sorted.slice(0, mostShown)
    const count =
      shown.length < sorted.length ? ` · ${t('{0} of {1} files', shown.length, formatCount(sorted.length))}` : ''
    const resources = shown.map(({ left, right }) => [right ?? left, left, right])
    await vscode.commands.executeCommand('vscode.changes', title + count, resources)
  }
  if (first) vscode.window.setStatusBarMessage(`$(git-compare) ${says}`, 15_000)
  return sorted.map(({ kind, path, oldPath }) => ({ kind, path, ...(oldPath !== undefined && { oldPath }) }))
}
