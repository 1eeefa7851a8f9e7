/** A logged diff: which files it changes, and how they were with its changes. Pure; the patches are jsdiff's. */
import { applyPatch, parsePatch, type StructuredPatch } from 'diff'
import { t } from '../../shared/l10n'
import { isInside } from './inside'

export class PatchError extends Error {
  override readonly name = 'PatchError'
}

/** What a diff does to one file. Paths are from the root of the repository, with `/`. */
export interface PatchedFile {
  /** After the change; where it is deleted, before. */
  readonly path: string
  readonly kind: 'added' | 'deleted' | 'renamed' | 'changed'
  /** Before, where it was renamed. */
  readonly oldPath?: string
  /** In their order; a file that was changed, staged and changed again has two. */
  readonly patches: readonly StructuredPatch[]
  /** Bytes that a diff of text does not have. */
  readonly binary: boolean
}

export type LoggedDiff = ReadonlyMap<string, PatchedFile>

/** @throws PatchError for what is no diff */
export function readDiff(text: string): LoggedDiff {
  const files = new Map<string, PatchedFile>()
  const hasBinary = text.includes('\nGIT binary patch')
  const patches = parsed(text)
  const prefixed = isPrefixed(patches)
  for (const patch of patches) {
    const [before, after] = namesOf(patch, prefixed)
    const path = after ?? before
    if (path === undefined) continue
    if (!isInside(path) || (before !== undefined && !isInside(before)))
      throw new PatchError(t('The logged diff names “{0}”, which lies outside the repository.', path))
    const earlier = files.get(path)
    files.set(path, {
      path,
      kind: earlier?.kind ?? kindOf(before, after),
      ...(before !== undefined && after !== undefined && before !== after && { oldPath: before }),
      patches: [...(earlier?.patches ?? []), patch],
      binary: earlier?.binary === true || isBinary(patch, hasBinary),
    })
  }
  if (files.size === 0) throw new PatchError(t('The logged diff changes no file.'))
  return files
}

function parsed(text: string): StructuredPatch[] {
  try {
    return parsePatch(text)
  } catch (error) {
    throw new PatchError(t('The logged diff could not be read: {0}', error instanceof Error ? error.message : ''), {
      cause: error,
    })
  }
}

/** The file with the diff's changes. @param before the file as committed; empty where the diff adds it. @throws PatchError */
export function patched(before: string, { path, patches, binary }: PatchedFile): string {
  if (binary)
    throw new PatchError(t('The logged diff says that {0} changed, but a binary file’s content is not in it.', path))
  // MLflow writes what was not staged first, and what was staged after it: the latter was made before the former.
  const after = inTurn(before, patches) ?? inTurn(before, patches.toReversed())
  if (after === undefined)
    throw new PatchError(t('The logged diff does not fit {0} as it is in the run’s commit.', path))
  return after
}

function inTurn(before: string, patches: readonly StructuredPatch[]): string | undefined {
  let text = before
  for (const patch of patches) {
    const after = applyPatch(text, patch)
    if (after === false) return undefined
    text = after
  }
  return text
}

/** Names before and after; undefined where there is no file. */
function namesOf(patch: StructuredPatch, prefixed: boolean): [string | undefined, string | undefined] {
  const isStripped = prefixed || hasMadeUpNames(patch)
  const strip = (name: string | undefined): string | undefined => (isStripped ? name?.slice(2) : name)
  return [
    patch.isCreate ? undefined : strip(realName(patch.oldFileName)),
    patch.isDelete ? undefined : strip(realName(patch.newFileName)),
  ]
}

const realName = (name: string | undefined): string | undefined =>
  name === '/dev/null' || name === '' ? undefined : name

/** Whether names begin with a/ and b/, or with diff.mnemonicPrefix with two of c/ i/ w/ o/; not so with diff.noprefix. */
function isPrefixed(patches: readonly StructuredPatch[]): boolean {
  const telling = patches.filter((patch) => !hasMadeUpNames(patch))
  return telling.every((patch) => {
    const names = [realName(patch.oldFileName), realName(patch.newFileName)].filter((name) => name !== undefined)
    const [one, other] = names.map((name) => /^[abciow12](?=\/)/.exec(name)?.[0])
    if (names.length === 0) return true // of an empty file, a mode or bytes, with prefixes that the parser does not know
    return names.length === 2 ? one !== undefined && other !== undefined && one !== other : one !== undefined
  })
}

/** Where a diff says `rename from` and changes nothing, the parser puts a/ and b/ before the names itself. */
const hasMadeUpNames = ({ hunks, isRename, isCopy }: StructuredPatch): boolean =>
  hunks.length === 0 && (isRename === true || isCopy === true)

function kindOf(before: string | undefined, after: string | undefined): PatchedFile['kind'] {
  if (before === undefined) return 'added'
  if (after === undefined) return 'deleted'
  return before === after ? 'changed' : 'renamed'
}

/** Neither a hunk nor a reason for having none. */
function isBinary(patch: StructuredPatch, hasBinary: boolean): boolean {
  if (patch.isBinary) return true
  if (patch.hunks.length > 0 || patch.isRename || patch.isCopy || patch.isDelete) return false
  return patch.isCreate ? hasBinary : patch.oldMode === undefined
}
