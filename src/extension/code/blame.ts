/** Which commit a line of a file is from. Knows no vscode. */
import { t } from '../../shared/l10n'
import { GitError, gitText, type GitOptions } from './git'
import { type Blamed, parseBlame } from './lineRule'

export interface BlamedFile {
  /** In the folder where git runs. */
  readonly name: string
  /** As it is in an editor; undefined where that is what the file holds. */
  readonly text: string | undefined
}

/** @param line counts from 1 @throws GitError */
export async function blameLine({ name, text }: BlamedFile, line: number, options: GitOptions): Promise<Blamed> {
  const how = ['--porcelain', ...(text === undefined ? [] : ['--contents', '-'])]
  const which = ['-L', `${line},${line}`, '--', name]
  const blame = (...more: string[]): Promise<string> =>
    gitText(['blame', ...how, ...more, ...which], { ...options, ...(text !== undefined && { input: text }) })
  try {
    const blamed = parseBlame(await blame().catch(withoutIgnoring(blame)))
    if (blamed) return blamed
  } catch (error) {
    if (isNotInHead(error)) return { commit: undefined, time: Date.now(), summary: '' }
    throw error
  }
  throw new Error(t('Git does not tell which commit line {0} of {1} is from.', line, name))
}

/** `blame.ignoreRevsFile` may name a file that this clone does not have: git then tells nothing at all. */
const withoutIgnoring =
  (blame: (option: string) => Promise<string>) =>
  (error: unknown): Promise<string> => {
    if (GitError.is(error, 'failed') && error.message.includes('object name list'))
      return blame('--no-ignore-revs-file')
    throw error
  }

/** The file is not committed yet, or nothing is. */
const isNotInHead = (error: unknown): boolean =>
  GitError.is(error, 'failed') && /no such (?:path '.*' in|ref:) HEAD/.test(error.message)
