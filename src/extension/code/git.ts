/** Runs git: by argument vector, never a shell; without prompts, hooks, pagers, external diffs or writes to the repository. */
import { execFile, type ExecFileException } from 'node:child_process'
import { formatBytes } from '../../shared/format'
import { t } from '../../shared/l10n'

export interface GitOptions {
  /** The executable; git on PATH where left out. */
  readonly git?: string | undefined
  /** Where it runs: a folder in the repository. */
  readonly folder: string
  readonly signal?: AbortSignal | undefined
  /** Given to it as its standard input. */
  readonly input?: string
}

/** `missing`: there is no git. `failed`: it ended with an error. `late`: it took too long. `large`: it printed too much. */
export type GitFailure = 'missing' | 'failed' | 'late' | 'large'

export class GitError extends Error {
  override readonly name = 'GitError'

  constructor(
    readonly reason: GitFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }

  static is(error: unknown, reason?: GitFailure): error is GitError {
    return error instanceof GitError && (reason === undefined || error.reason === reason)
  }
}

/** Milliseconds. */
const deadline = 60_000
/** Bytes: file names of a big repository, or a big file. */
const mostOutput = 64 * 1024 * 1024

/** Paths are paths, not patterns; a repository's own file watcher is not started. */
const always = ['--no-pager', '--no-optional-locks', '--literal-pathspecs', '-c', 'core.fsmonitor=false']

/** What git prints. @throws GitError; the signal's reason where it is aborted */
export function git(args: readonly string[], { git = 'git', folder, signal, input }: GitOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      git,
      [...always, ...args],
      {
        cwd: folder,
        env: environment(),
        encoding: 'buffer',
        maxBuffer: mostOutput,
        timeout: deadline,
        killSignal: 'SIGKILL',
        windowsHide: true,
        signal,
      },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout)
        else if (signal?.aborted) reject(new Error(t('Cancelled.'), { cause: error }))
        else reject(failure(error, git, args[0] ?? '', stderr.toString()))
      },
    )
    child.stdin?.on('error', () => undefined) // it may end before it has read all: its exit code tells
    child.stdin?.end(input ?? '')
  })
}

export const gitText = async (args: readonly string[], options: GitOptions): Promise<string> =>
  (await git(args, options)).toString().trimEnd()

/** Entries of a list that git ends with NULs. */
export const gitList = async (args: readonly string[], options: GitOptions): Promise<string[]> =>
  (await git(args, options)).toString().split('\0').slice(0, -1)

function failure(error: ExecFileException, executable: string, command: string, stderr: string): GitError {
  if (error.code === 'ENOENT')
    return new GitError('missing', t('{0} was not found: install Git, or set “git.path” to where it is.', executable), {
      cause: error,
    })
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return new GitError('large', t('git {0} gave more than {1}.', command, formatBytes(mostOutput)), { cause: error })
  if (error.killed)
    return new GitError('late', t('git {0} did not finish within {1} s.', command, deadline / 1000), { cause: error })
  const lines = stderr.trim().split('\n')
  const said = lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? ''
  return new GitError('failed', t('git {0}: {1}', command, said === '' ? error.message : said), { cause: error })
}

/** Ours without what would lead git to another repository or index, or make it ask something. */
function environment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !/^GIT_(?!SSH|SSL|HTTP|CONFIG_NOSYSTEM)/i.test(name))
  return { ...Object.fromEntries(others), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
}
