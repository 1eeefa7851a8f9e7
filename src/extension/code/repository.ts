/** What git knows in the clones of this workspace. Knows no vscode. */
import { shortCommit } from '../../shared/commits'
import { t } from '../../shared/l10n'
import { type Clone, nestedClones, optionsOf } from './clones'
import { CodeMissing } from './codeMissing'
import { git, GitError, gitList, gitText } from './git'
import { isInside } from './inside'
import { type CodeFacts, isSameRepository } from './runFacts'

/** A commit in a clone; its id whole. */
export interface Commit {
  readonly clone: Clone
  readonly id: string
}

/** A file that a commit changed. */
export interface Change {
  readonly kind: 'added' | 'deleted' | 'renamed' | 'changed'
  readonly path: string
  /** Before, where it was renamed. */
  readonly oldPath?: string
}

/** The run's commit in one of the clones, or in one that lies within. @throws CodeMissing where it is in none of them */
export async function commitOf(facts: CodeFacts, clones: readonly Clone[], signal?: AbortSignal): Promise<Commit> {
  const { commit, repository } = facts
  if (commit === undefined)
    throw new CodeMissing(
      t(
        'The run names no Git commit. MLflow notes it where the script lies in a repository and GitPython is installed.',
      ),
    )
  for (const clone of clones) {
    const id = await wholeId(clone, commit, signal)
    if (id !== undefined) return { clone, id }
  }
  for (const clone of clones)
    for (const nested of await nestedClones(clone, signal)) {
      const id = await wholeId(nested, commit, signal)
      if (id !== undefined) return { clone: nested, id }
    }
  throw await whyMissing(commit, repository, clones, signal)
}

/** @param commit hexadecimal, of any length: git itself would take a branch or tag of that name first */
async function wholeId(clone: Clone, commit: string, signal?: AbortSignal): Promise<string | undefined> {
  const id = await resolved(clone, commit, signal)
  if (id === undefined || id.startsWith(commit)) return id
  const objects = await gitText(['rev-parse', `--disambiguate=${commit}`], optionsOf(clone, signal))
  const commits: string[] = []
  for (const object of objects.split('\n')) if ((await resolved(clone, object, signal)) === object) commits.push(object)
  return commits.length === 1 ? commits[0] : undefined
}

async function resolved(clone: Clone, name: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    return await gitText(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
      optionsOf(clone, signal),
    )
  } catch (error) {
    if (GitError.is(error, 'failed')) return undefined
    throw error
  }
}

async function whyMissing(
  commit: string,
  repository: string,
  clones: readonly Clone[],
  signal?: AbortSignal,
): Promise<CodeMissing> {
  const short = shortCommit(commit)
  const [first] = clones
  if (!first)
    return new CodeMissing(
      repository === ''
        ? t('No folder of this workspace is in a Git repository. Open the clone that has commit {0}.', short)
        : t('No folder of this workspace is in a Git repository. Clone {0} and open it.', repository),
      isCloneable(repository) ? { command: `git clone ${repository}`, folder: undefined } : undefined,
    )
  for (const clone of clones)
    for (const { name, url } of await remotesOf(clone, signal))
      if (repository === '' || isSameRepository(url, repository))
        return new CodeMissing(
          t('Commit {0} is not in this clone. It may have to be fetched from {1}, or was never pushed.', short, name),
          { command: `git fetch ${name} ${commit}`, folder: clone.root },
        )
  if (repository !== '')
    return new CodeMissing(
      t('Commit {0} is of another repository than this workspace: {1}. Open a clone of that one.', short, repository),
      isCloneable(repository) ? { command: `git clone ${repository}`, folder: undefined } : undefined,
    )
  return new CodeMissing(
    t('Commit {0} is not in {1}, which has no remote that it could be fetched from.', short, first.root),
  )
}

/** An address that needs no quotes in any shell. */
const isCloneable = (repository: string): boolean =>
  /^(?:https?:\/\/|ssh:\/\/|git@)[\w.~@:/+-]+$/.test(repository) && !repository.includes('..')

async function remotesOf(clone: Clone, signal?: AbortSignal): Promise<{ name: string; url: string }[]> {
  const lines = await gitText(['remote', '-v'], optionsOf(clone, signal))
  return lines.split('\n').flatMap((line) => {
    const [, name, url] = /^([\w./-]+)\t(\S+) \(fetch\)/.exec(line) ?? []
    return name !== undefined && url !== undefined && !name.startsWith('-') ? [{ name, url }] : []
  })
}

/** Paths of all files of a commit. */
export const filesOf = ({ clone, id }: Commit, signal?: AbortSignal): Promise<string[]> =>
  gitList(['ls-tree', '-r', '-z', '--name-only', '--full-tree', id], optionsOf(clone, signal))

/** A file as it is in a commit, or of a submodule its commit, as git's own diffs write it. @throws GitError where it is not there */
export async function contentOf({ clone, id }: Commit, path: string, signal?: AbortSignal): Promise<Buffer> {
  if (!isInside(path)) throw new Error(t('“{0}” lies outside the repository.', path))
  const options = optionsOf(clone, signal)
  try {
    return await git(['cat-file', 'blob', `${id}:${path}`], options)
  } catch (error) {
    if (!GitError.is(error, 'failed')) throw error
    const [entry = ''] = await gitList(['ls-tree', '-z', '--full-tree', id, '--', path], options)
    const commit = /^160000 commit ([0-9a-f]+)\t/.exec(entry)?.[1]
    if (commit === undefined) throw error
    return Buffer.from(`Subproject commit ${commit}\n`)
  }
}

/** What differs from one commit to another, or to the working tree: there only what git tracks, without submodules. */
export async function changesBetween(
  from: Commit,
  to: Commit | 'workingTree',
  signal?: AbortSignal,
): Promise<Change[]> {
  const how = ['--name-status', '-z', '-M']
  const args =
    to === 'workingTree'
      ? ['diff', ...how, '--ignore-submodules=all', '--no-ext-diff', '--no-textconv', from.id, '--']
      : ['diff-tree', '-r', ...how, '--ignore-submodules=none', from.id, to.id]
  const words = await gitList(args, optionsOf(from.clone, signal))
  const changes: Change[] = []
  while (words.length > 0) {
    const status = words.shift() ?? ''
    const path = words.shift() ?? ''
    if (/^[RC]/.test(status)) {
      const renamed = words.shift() ?? ''
      changes.push(
        status.startsWith('R') ? { kind: 'renamed', path: renamed, oldPath: path } : { kind: 'added', path: renamed },
      )
    } else changes.push({ kind: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'changed', path })
  }
  return changes
}
