/** What git knows of a project, for the tags that `mlflow run` would set on a run it makes itself. */
import { finished, HelperError } from '../python/helper'

export interface GitFacts {
  readonly commit: string
  /** Of the remote `origin`, without credentials. */
  readonly remote: string | undefined
  /** Of the project inside the repository, with `/`; '' at its root. */
  readonly subfolder: string
}

const deadline = 5_000

/** Undefined where there is no git, no repository or no commit. */
export async function gitFacts(folder: string, signal?: AbortSignal): Promise<GitFacts | undefined> {
  const git = async (...args: string[]): Promise<string | undefined> => {
    try {
      const { stdout } = await finished('git', args, { cwd: folder, deadline, signal })
      return stdout.trim()
    } catch (error) {
      if (error instanceof HelperError) return undefined // no git, or nothing to say
      throw error
    }
  }
  const [commit, remote, prefix] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('remote', 'get-url', 'origin'),
    git('rev-parse', '--show-prefix'),
  ])
  if (!commit) return undefined
  return { commit, remote: remote && withoutCredentials(remote), subfolder: (prefix ?? '').replace(/\/$/, '') }
}

export function withoutCredentials(remote: string): string {
  return remote.replace(/^(https?:\/\/)[^/@]*@/i, '$1')
}
