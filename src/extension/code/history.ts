import path from 'node:path'
import { GitError, gitText } from './git'

/** Commits of a file that are looked at. */
const most = 20

/** Ids of the latest commits that changed a file, newest first; none where it lies in no repository, or there is no git. */
export async function commitsOf(file: string, git: string | undefined, signal: AbortSignal): Promise<string[]> {
  const args = ['log', '--follow', '--format=%H', `--max-count=${most}`, '--', path.basename(file)]
  try {
    const text = await gitText(args, { git, folder: path.dirname(file), signal })
    return text.split('\n').filter((id) => id !== '')
  } catch (error) {
    if (GitError.is(error, 'failed') || GitError.is(error, 'missing')) return []
    throw error
  }
}
